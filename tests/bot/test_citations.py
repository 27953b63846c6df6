"""Citations of words that a correction withdraws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.citations import CitationBuilder, statement_span
from bot.quote_checks import CheckedDraft
from bot.render.json import citation_document
from bot.render.layout import Places
from bot.render.verdict import summary, verdict_text
from bot.render.verdict_json import verdict_document
from retrieval.articles import Hit, Span
from retrieval.store.library import Library
from tests.bot.fakes_quotes import checked
from tests.fakes import make_article, make_library

STORY = "The fire in the harbour of Vessby killed 60 people on Monday, police said. It began in a warehouse.\n\n"
NOTE = "Correction: An earlier version of this article misstated the number of people killed. It was 40, not 60."
REST = (
    "The harbour was built in 1905. Its cranes were sold to Aral last year, and the council wants to build flats. "
    "Nordline, which owns the warehouse, said that it had been empty since the spring.\n\n"
)
PLACES = Places(Path(), Path())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A corrected article, and an uncorrected near-duplicate of it."""
    corrected = make_article(STORY + REST + NOTE + "\n", origin="corrected.txt", path="corrected.txt")
    first = make_article(STORY + REST, origin="first.txt", path="first.txt")
    with make_library(tmp_path, [corrected, first]) as library:
        yield library


def hits(library: Library) -> dict[str, Hit]:
    """Return the first passage of each article, by its file."""
    found = {}
    for info in library.articles():
        passage = library.passages_of(info.id)[0]
        found[info.path] = Hit(passage, info, 1.0, 1)
    return found


@pytest.mark.parametrize("path", ["corrected.txt", "first.txt"])
def test_a_citation_of_a_withdrawn_figure_names_the_note(library: Library, path: str) -> None:
    """Of an uncorrected version, too."""
    span = Span(0, STORY.index(" It began"))
    citing = CitationBuilder(library)
    cited = citing.cite(1, hits(library)[path], span, 0.9)
    assert cited.correction
    assert (cited.correction.note, cited.correction.article.path) == (NOTE, "corrected.txt")
    assert citation_document(cited, PLACES)["correction"]["quote"] == NOTE
    instead = citing.cite_corrected(1, hits(library)[path], span, 0.9)
    assert (instead.quote, instead.article.path, instead.correction) == (NOTE, "corrected.txt", None)
    assert instead.span.of(library.article(instead.article.id).text) == NOTE


def test_what_no_note_withdraws_is_cited_as_it_is(library: Library) -> None:
    start = STORY.index("It began")
    span = Span(start, start + len("It began in a warehouse."))
    cited = CitationBuilder(library).cite_corrected(1, hits(library)["corrected.txt"], span, 0.9)
    assert (cited.quote, cited.correction) == ("It began in a warehouse.", None)


def test_a_part_of_a_note_is_cited_with_the_whole_note(library: Library) -> None:
    """So that a withdrawn figure never stands alone."""
    text = library.article(hits(library)["corrected.txt"].article.id).text
    start = text.index("It was 40")
    cited = CitationBuilder(library).cite_corrected(1, hits(library)["corrected.txt"], Span(start, len(text) - 1), 0.9)
    assert cited.quote == NOTE


def test_a_quotation_of_withdrawn_words_says_so_beside_its_verdict(library: Library) -> None:
    check = checked(library, "The fire in the harbour of Vessby killed 60 people")
    assert (check.verdict.text, check.code) == ("verbatim", 3)
    shown = verdict_text(check, PLACES).plain
    assert shown.startswith("✓ VERBATIM · WITHDRAWN\n")
    assert NOTE in shown
    document = verdict_document(check, PLACES)
    assert document["withdrawn"] is True
    assert document["correction"]["quote"] == NOTE
    assert summary([CheckedDraft(None, (check,))], "the draft") == "1 quotation in the draft: 1 verbatim; 1 withdrawn."


def test_other_words_of_a_corrected_article_are_not_withdrawn(library: Library) -> None:
    check = checked(library, "Its cranes were sold to Aral last year")
    assert (check.correction, check.code) == (None, 0)
    assert verdict_document(check, PLACES)["correction"] is None


@pytest.mark.parametrize(
    ("before", "statement", "behind"),
    [
        ("WASHINGTON (AP) — ", "President Quill fired the inspector.", ""),
        ("", "They seized 1,000 firearms.", " https://t.co/5SwtV2ahYb pic.twitter.com/gTSKWDeUWQ"),
        ("", "They seized them. https://t.co/5Sw — Port Police (@port) May 9", ""),  # whose words they are
        ("", "See https://harbour.example/list for it.", ""),
        ("", "https://t.co/5SwtV2ahYb", ""),
    ],
)
def test_a_statement_has_no_dateline_and_no_links_of_a_post(before: str, statement: str, behind: str) -> None:
    text = f"Before it. {before}{statement}{behind} After it."
    span = Span(11, 11 + len(before + statement + behind))
    assert statement_span(span.of(text), span).of(text) == statement
