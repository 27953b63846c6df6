"""Drafts: is every quotation mark accounted for, however the draft is laid out, and is nobody wrongly accused?

Each annotated article is checked as a draft against a library that holds it: as it stands, wrapped at two widths, as a
block quotation and with its quotations in bold. A mark is accounted for when it is inside a quotation that was checked
or listed as not checked. Marks are counted here by their characters alone, apart from inches and attributes of markup.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping

from retrieval.articles import Span
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.draft_review import DraftReview
from retrieval.quotes.draft_text import read_draft
from retrieval.quotes.verdict import TextVerdict

_MARK = re.compile(r"(?<![\d=])[\"“”„]")
_BOLD = re.compile(r"“[^“”\n]*”")
_WIDTH, _WIDE = 72, 120
_ACCUSED = frozenset({TextVerdict.ALTERED, TextVerdict.TRUNCATED, TextVerdict.SPLICED})


def _wrapped(text: str, width: int, lead: str = "") -> str:
    lines = (textwrap.wrap(line, width, break_on_hyphens=False) or [""] for line in text.splitlines())
    return "\n".join(f"{lead}{one}" for paragraph in lines for one in [*paragraph, ""])


LAYOUTS: Mapping[str, Callable[[str], str]] = {
    "as it stands": lambda text: text,
    f"wrapped at {_WIDTH}": lambda text: _wrapped(text, _WIDTH),
    f"wrapped at {_WIDE}": lambda text: _wrapped(text, _WIDE),
    "block quotation": lambda text: _wrapped(text, _WIDTH, "> "),
    "bold": lambda text: _BOLD.sub(lambda found: f"**{found.group()}**", text),
}
"""How a draft is laid out, by name."""


def measure(desk: QuoteDesk, texts: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return for each layout: marks, those unaccounted for, quotations checked, not checked, and called wrong."""
    counts = {name: dict.fromkeys(("marks", "unaccounted", "checked", "not_checked", "accused"), 0) for name in LAYOUTS}
    for text in texts:
        for name, lay_out in LAYOUTS.items():
            draft = lay_out(text)
            review = desk.review(read_draft(draft))
            count = counts[name]
            count["marks"] += len(marks(draft))
            count["unaccounted"] += len(unaccounted(draft, review))
            count["checked"] += len(review.checked)
            count["not_checked"] += len(review.unchecked)
            count["accused"] += sum(
                one.verdict.text in _ACCUSED
                or (one.verdict.speaker is not None and one.verdict.speaker.verdict is SpeakerVerdict.OTHER)
                for one in review.checked
            )
    return counts


def marks(text: str) -> list[int]:
    """Return where the double quotation marks of a text are."""
    return [found.start() for found in _MARK.finditer(text)]


def unaccounted(text: str, review: DraftReview) -> list[int]:
    """Return the double quotation marks of a draft that are in nothing that was checked or listed as not checked."""
    spans: list[Span] = [one.quotation.span for one in review.checked] + [one.span for one in review.unchecked]
    inside = {at for span in spans for at in range(span.start, span.end)}
    return [at for at in marks(text) if at not in inside]


def table(counts: Mapping[str, Mapping[str, int]]) -> object:
    """Return what :func:`measure` found as a table to print."""
    from rich.table import Table  # noqa: PLC0415 (late, for the start-up of --help)

    made = Table(title="Drafts: quotation marks accounted for, articles checked against themselves")
    for column in ("", "marks", "unaccounted", "checked", "not checked", "called wrong"):
        made.add_column(column, justify="left" if not column else "right")
    for name, count in counts.items():
        made.add_row(name, *(str(count[key]) for key in ("marks", "unaccounted", "checked", "not_checked", "accused")))
    return made
