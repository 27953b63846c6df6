"""Word lists are kept once, in ``retrieval.text``: nobody writes a second one that comes to disagree with the first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from retrieval.text.abbreviations import ABBREVIATIONS, NEVER_WORDS
from retrieval.text.dates import MONTH_ABBREVIATIONS, MONTHS, WEEKDAYS
from retrieval.text.lexicon import (
    CONDITIONALS,
    CONTRACTIONS,
    HEDGES,
    NEGATED_AUXILIARIES,
    NEGATORS,
    PERSONAL_PRONOUNS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    REFLEXIVE_PRONOUNS,
)
from retrieval.text.number_words import CARDINALS, ORDINALS
from retrieval.text.roles import FEMININE_ROLES, MASCULINE_ROLES, OFFICES, TITLE_ABBREVIATIONS

ROOT = Path(__file__).parents[3]
KEPT_IN = {"abbreviations.py", "dates.py", "lexicon.py", "number_words.py", "reporting_verbs.py", "roles.py"}
"""The modules of ``retrieval/text`` that hold the lists."""

LISTS = {
    "negators": NEGATORS,
    "negated auxiliaries": NEGATED_AUXILIARIES,
    "hedges": HEDGES,
    "conditionals": CONDITIONALS,
    "pronouns": PERSONAL_PRONOUNS | REFLEXIVE_PRONOUNS,
    "contractions": CONTRACTIONS,
    "question words": QUESTION_WORDS,
    "auxiliaries": QUESTION_AUXILIARIES,
    "months": frozenset(MONTHS) | MONTH_ABBREVIATIONS,
    "weekdays": frozenset(WEEKDAYS) | {day[:3] for day in WEEKDAYS},
    "cardinals": CARDINALS,
    "ordinals": frozenset(ORDINALS),
    "roles": OFFICES | MASCULINE_ROLES | FEMININE_ROLES,
    "titles": TITLE_ABBREVIATIONS,
    "abbreviations": ABBREVIATIONS | NEVER_WORDS,
}
SEVERAL, SHARE = 4, 0.4
"""Members of one list that make a literal a second one, and the share of its words that they must be: a list of
conjunctions may hold a few question words."""

MANY = 8
"""Members of one list that make any literal a second one."""


def literals(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """Yield line and members of every collection of strings, string of words alone, and alternation in a pattern."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            yield node.lineno, _strings(node.elts)
        elif isinstance(node, ast.Dict):
            yield node.lineno, _strings([key for key in node.keys if key])
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield from ((node.lineno, each) for each in _alternations("".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield from ((node.lineno, each) for each in _alternations(node.value))
            if re.fullmatch(r"[\w\s'’.&-]+", node.value):
                yield node.lineno, node.value.split()


def _strings(nodes: Sequence[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _alternations(pattern: str) -> Iterator[list[str]]:
    """Yield the alternatives of each run of words with bars between them: "a|b|c"."""
    for run in re.findall(r"[\w'’]+(?:\s*\|\s*[\w'’]+)+", re.sub(r"\\[a-zA-Z]", " ", pattern)):
        yield re.split(r"\s*\|\s*", run)


def second_lists(source: str) -> list[str]:
    """Return the lists that ``source`` writes again, each with its line."""
    found = []
    for line, members in literals(ast.parse(source)):
        words = {word.lower() for word in members}
        for name, known in LISTS.items():
            again = words & known
            if len(again) >= MANY or (len(again) >= SEVERAL and len(again) >= SHARE * len(words)):
                found.append(f"{line}: {name}: {sorted(again)}")
    return found


@pytest.mark.parametrize(
    "source",
    [
        'DENYING = frozenset({"not", "no", "never", "nor", "none"})',
        'DENYING = ["not", "never", "seldom", "hardly"]',
        'DENYING = _listed("not no never none rarely")',
        'DENYING = re.compile(r"\\b(?:not|never|hardly|seldom)\\b")',
        'WHEN = re.compile(rf"(?P<day>monday|tuesday|wednesday|thursday) {rest}")',
        'MONTHS = {"january": 1, "february": 2, "march": 3, "april": 4}',
        'COUNTS = ("one", "two", "three", "four", "several", "many")',
        'PEOPLE = """he she they it somebody"""',
        'TITLES = re.compile(r"(?:Mr|Mrs|Dr|Sen)\\.$")',
    ],
)
def test_a_list_that_is_written_again_is_found(source: str) -> None:
    assert second_lists(source)


@pytest.mark.parametrize(
    "source",
    [
        'CONJUNCTIONS = {"and", "but", "or", "who", "which"}',
        'SCARE = NEGATORS - {"without", "nor"}',
        'raise ValueError("it is not that he or she may, might, could or would be right")',
        'PATTERN = re.compile(rf"(?:{alternation(NEGATORS)}|fails)")',
    ],
)
def test_other_literals_are_no_lists(source: str) -> None:
    assert not second_lists(source)


def test_no_other_module_has_such_a_list() -> None:
    files = [path for package in ("bot", "retrieval") for path in sorted((ROOT / package).rglob("*.py"))]
    found = [
        f"{path.relative_to(ROOT)}:{second}"
        for path in files
        if not (path.parent.name == "text" and path.name in KEPT_IN)
        for second in second_lists(path.read_text(encoding="utf-8"))
    ]
    assert len(files) > 100
    assert not found, "derive these from retrieval.text by name:\n" + "\n".join(found)
