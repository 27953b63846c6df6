"""The documents: links, paths and imports exist, examples and verdicts are what the program gives."""

from __future__ import annotations

import ast
import importlib
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import refresh  # noqa: E402 (docs/ is not a package)

from bot.settings import documented  # noqa: E402
from retrieval.quotes.attribution.speakers import SpeakerVerdict  # noqa: E402
from retrieval.quotes.verdict import TextVerdict  # noqa: E402
from tests.bot.runs import runner  # noqa: E402
from tests.fakes import make_article  # noqa: E402

PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
README = (ROOT / "README.md").read_text("utf-8")
QUOTES = (DOCS / "quotes.md").read_text("utf-8")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    """Links to other sites are not followed."""
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        path, _, heading = link.partition("#")
        if "://" in link:
            continue
        target = page.parent / path if path else page
        if not target.exists() or (heading and heading not in headings(target)):
            broken.append(link)
    assert broken == []


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_import_in_an_example_exists(page: Path) -> None:
    for example in re.findall(r"```python\n(.+?)```", page.read_text("utf-8"), re.DOTALL):
        for node in ast.walk(ast.parse(example)):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_every_file_that_a_page_names_exists() -> None:
    """Paths of the source tree, as in `retrieval/search/fusion.py`."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES if page.name != "CHANGELOG.md")
    paths = set(re.findall(r"`((?:bot|retrieval|evals|docs|tests|seeds|\.ci)/[\w./-]+)`", text))
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


def test_every_setting_that_a_page_names_exists() -> None:
    """Names in capitals, alone or with a value, as in `CHAT_MODEL=openai:gpt-5`."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES if page.name != "CHANGELOG.md")
    names = set(re.findall(r"(?:`|\$ )([A-Z]+_[A-Z_]+)\b", text))
    assert sorted(names - {name for name, _, _ in documented()} - {"NO_COLOR", "HF_HUB_OFFLINE", "MAX_STALENESS"}) == []


@pytest.mark.slow
def test_the_readmes_examples_print_what_it_shows(real_seeds_store: Path) -> None:
    assert refresh.with_examples(README, refresh.run_in(real_seeds_store.parent)) == README


def test_quotations_in_the_documents_get_the_verdicts_they_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table of verdicts is run, row by row, with its exit codes."""
    article = re.search(r"checked against \"(.+?)\"", QUOTES)
    assert article
    run = runner(tmp_path, monkeypatch, capsys, [make_article(article[1], title="Lease")])
    rows = re.findall(r"^\| `(\w+)` \| .+ \| \"(.+)\" \| (\d) \|$", QUOTES, re.MULTILINE)
    found = {}
    for verdict, words, _ in rows:
        code, out, _ = run("quote", words, "--json")
        found[verdict] = (json.loads(out)["verdict"], code)
    assert found == {verdict: (verdict, int(code)) for verdict, _, code in rows}
    assert set(found) == set(TextVerdict)


def test_every_speaker_verdict_is_documented() -> None:
    assert [verdict for verdict in SpeakerVerdict if f"| `{verdict}` |" not in QUOTES] == []
