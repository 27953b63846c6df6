"""The README says what the program does: checked, so that it cannot rot."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
sys.path.insert(0, str(ROOT / "docs"))

import refresh  # noqa: E402 (docs/ is not a package)

from bot.quote_checks import Sighting  # noqa: E402
from bot.terminal.cli import cli  # noqa: E402
from bot.terminal.slash_commands import COMMANDS  # noqa: E402
from retrieval.quotes.attribution.speakers import SpeakerVerdict  # noqa: E402
from retrieval.quotes.desk import QuoteDesk  # noqa: E402
from retrieval.quotes.verdict import TextVerdict  # noqa: E402
from tests.fakes import make_article, make_library  # noqa: E402


def test_help_texts_in_the_readme_are_what_the_program_prints() -> None:
    assert refresh.with_help(README) == README


def test_every_command_has_its_help_in_the_readme() -> None:
    names = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    assert names == set(re.findall(r"<!-- help: (\w+) -->", README))


def test_every_repl_command_stands_in_the_readme() -> None:
    assert [name for name in COMMANDS if f"`/{name}" not in README] == []


def test_the_readme_begins_with_the_two_commands_and_shows_real_pictures() -> None:
    assert "make chat" in README
    assert "make test" in README
    for picture in ("repl", "quote"):
        assert "<svg" in (ROOT / "docs" / f"{picture}.svg").read_text("utf-8")


def test_the_readmes_quotations_get_the_verdicts_it_says(tmp_path: Path) -> None:
    article = re.search(r"checked against \"(.+?)\"", README)
    assert article
    with make_library(tmp_path, [make_article(article[1], title="Lease")]) as library:
        rows = re.findall(r"^\| `(\w+)` \| .+ \| \"(.+)\" \| (\d) \|$", README, re.MULTILINE)
        checks = {verdict: Sighting(library).check(QuoteDesk(library).check(words)) for verdict, words, _ in rows}
        assert {verdict: (check.verdict.text, check.code) for verdict, check in checks.items()} == {
            verdict: (verdict, int(code)) for verdict, _, code in rows
        }
        assert set(checks) == set(TextVerdict)


def test_every_speaker_verdict_stands_in_the_readme() -> None:
    assert [verdict for verdict in SpeakerVerdict if f"| `{verdict}` |" not in README] == []
