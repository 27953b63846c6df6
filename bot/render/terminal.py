"""Answers as a person reads them on a terminal; ``.plain`` of each is what a pipe gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from bot.answers import EXTRACTIVE, Answer, Citation, Claim, Form
from bot.render.layout import DIFFERS, NO, NUMBER, QUIET, QUOTE, TITLE, Places, hanging, joined, linked
from bot.render.phrases import NEAREST_LABEL, UNCONFIRMED_LABEL, claim_counts, searched_words
from bot.render.sources import also_in, details_of, location, position, sources_of, title_of, withdrawal
from retrieval.articles import ArticleInfo
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean, line

if TYPE_CHECKING:
    from bot.render.why import PassageScores

_SPACE = LazyPattern(r"\s+")
_STYLES = {Form.HEADING: TITLE, Form.REMARK: QUIET}
"""Styles of claims in forms of their own."""


def claim_lines(claims: Sequence[Claim], start: int, width: int | None) -> list[Text]:
    """Return the lines of the claims from number ``start`` on: a line each, with its numbers; more when it is long."""
    lines: list[Text] = []
    for number, claim in enumerate(claims[start:], start):
        if number and claim.opens:
            lines.append(Text())
        lines += _claim(claim, width)
        for problem in claim.problems:
            lines += hanging(Text(line(problem), QUIET), width, first=Text("  ⚑ ", NO), rest="    ")
    return lines


def _claim(claim: Claim, width: int | None) -> list[Text]:
    body = Text(_words(claim), _STYLES.get(claim.form, QUOTE))
    numbers = Text("".join(f"[{number}]" for number in claim.citations), NUMBER)
    said = Text(" ").join(part for part in (body, numbers, Text(claim.mark, NO)) if part)
    bullet = "• " if claim.form is Form.ITEM else ""
    return hanging(said, width, first=bullet, rest=" " * len(bullet))


def _words(claim: Claim) -> str:
    """Return a claim's words on one line; code keeps its lines."""
    return clean(claim.text) if claim.form is Form.CODE else line(claim.text)


_UNSURE = "? "
"""What every line of a claim that is not confirmed begins with, on paper and in a pipe as on a screen."""


def unconfirmed_lines(claims: Sequence[Claim], width: int | None) -> list[Text]:
    """Return the claims that are not confirmed, dimmed and marked, under their label; nothing where there are none."""
    if not claims:
        return []
    lines = [Text(), *hanging(Text(f"{UNCONFIRMED_LABEL}:", NO), width)]
    for claim in claims:
        lines += hanging(Text(_words(claim), QUIET), width, first=_UNSURE, rest=_UNSURE)
        mark = Text(claim.mark, QUIET)  # never cut in two: "confirmed)" alone would say the opposite
        fits = width is None or lines[-1].cell_len + 1 + mark.cell_len <= width
        lines[-1:] = [Text.assemble(lines[-1], " ", mark)] if fits else [lines[-1], Text.assemble(_UNSURE, mark)]
        for problem in claim.problems:
            lines += hanging(Text(line(problem), QUIET), width, first=f"{_UNSURE}  ⚑ ", rest=f"{_UNSURE}    ")
    return lines


def foot_lines(answer: Answer, width: int | None, hint: str = "") -> list[Text]:
    """Return the last lines of a chat model's answer: the count of claims, and why it ended early if it did."""
    lines = hanging(Text(f"{claim_counts(answer)}{hint}. Written by {line(answer.answerer)}.", QUIET), width)
    if answer.cut:
        lines += hanging(Text(f"The answer ended early: {line(answer.cut)}.", NO), width)
    return lines


def answer_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return the answer: its sentences, each with its number, and under them the sources.

    Sentences that only may answer are dimmed, under a label that says why; so are a chat model's claims that are not
    confirmed, at the end. Where nothing is asserted, it says what was searched and shows the nearest sentences.
    ``width`` in cells; None does not wrap.
    """
    return Text.assemble(said_text(answer, 0, width), end_text(answer, places, width))


def said_text(answer: Answer, start: int, width: int | None = None) -> Text:
    """Return the sentences of an answer from claim ``start`` on: a streamed answer is printed bit by bit."""
    if answer.answerer != EXTRACTIVE:
        return joined(claim_lines(answer.claims, start, width))
    label = hanging(Text(line(answer.label), NO), width) if answer.possibly and not start else []
    if answer.laid_out:
        return joined([*label, *_composed(answer.claims, width)])
    shown = () if answer.abstention else answer.citations[start:]
    style = QUIET if answer.possibly else QUOTE
    return joined([*label, *(each for citation in shown for each in _quoted(citation, width, style=style))])


_MAX_LABEL_CELLS = 24
"""Cells of the labels' column in a timeline or comparison; a longer label is wrapped in it."""


def _composed(claims: Sequence[Claim], width: int | None) -> list[Text]:
    """Return the lines of a composed answer: headings, notes, and sentences beside their labels."""
    lines: list[Text] = []
    cells = min(_MAX_LABEL_CELLS, max((Text(line(claim.label)).cell_len for claim in claims), default=0))
    for claim in claims:
        if claim.opens:
            lines.append(Text())
        if not claim.citations:
            lines += hanging(Text(line(claim.text), _STYLES.get(claim.form, QUOTE)), width)
            continue
        words = _with_marks(claim)
        if not claim.label:
            lines += hanging(words, width)
        elif width is not None and width < _NARROW_CELLS:
            lines += [*hanging(Text(line(claim.label), TITLE), width), *hanging(words, width, first="  ", rest="  ")]
        else:
            lines += _row_of(claim.label, words, cells, width)
    return lines


def _row_of(label: str, words: Text, cells: int, width: int | None) -> list[Text]:
    """Return a row of two columns: a label of at most ``cells`` cells, and the words."""
    left = hanging(Text(line(label), TITLE), cells if width is not None else None)
    right = hanging(words, None if width is None else width - cells - 2)
    rows = []
    for number in range(max(len(left), len(right))):
        beside = left[number] if number < len(left) else Text()
        pad = " " * (max(cells - beside.cell_len, 0) + 2)
        rows.append(Text.assemble(beside, pad, right[number] if number < len(right) else Text()))
        rows[-1].rstrip()
    return rows


def _with_marks(claim: Claim) -> Text:
    """Return a claim's words in quotation marks with its numbers; what differs from others stands out."""
    quote = Text()
    at = 0
    for mark in claim.marks:
        quote.append(_spaced(claim.text[at : mark.start])).append(_spaced(mark.of(claim.text)), DIFFERS)
        at = mark.end
    quote.append(_spaced(claim.text[at:]))
    numbers = "".join(f"[{number}]" for number in claim.citations)
    return Text.assemble("“", quote, "”", " ", (numbers, NUMBER))


def _spaced(text: str) -> str:
    """Return a part of a line, with the white space at its ends."""
    return _SPACE.sub(" ", clean(text))


def end_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return the end of an answer: the sources and what is not confirmed, or why nothing is asserted."""
    if answer.message:
        return joined([*([Text()] if answer.claims else []), *_unasserted(answer, places, width)])
    remarks = [each for remark in answer.remarks for each in hanging(Text(line(remark), NO), width)]
    lines = [*remarks, *([Text()] if answer.citations else []), *_sources(answer.citations, places, width)]
    lines += unconfirmed_lines(answer.unconfirmed, width)
    return joined(lines if answer.answerer == EXTRACTIVE else [*lines, Text(), *foot_lines(answer, width)])


def _unasserted(answer: Answer, places: Places, width: int | None) -> list[Text]:
    lines = hanging(Text(line(answer.message), NO), width)
    lines += hanging(Text(f"Searched {searched_words(answer.searched)}.", QUIET), width)
    if answer.unconfirmed or any(claim.counted for claim in answer.withheld):
        lines += foot_lines(answer, width, " (/why shows what)")
    lines += unconfirmed_lines(answer.unconfirmed, width)
    if not answer.nearest:
        return lines
    lines += [Text(), *hanging(Text(NEAREST_LABEL, QUIET), width)]
    for citation in answer.nearest:
        lines += _quoted(citation, width, indent="  ")
    return [*lines, Text(), *_sources(answer.nearest, places, width)]


def _quoted(citation: Citation, width: int | None, indent: str = "", style: Style = QUOTE) -> list[Text]:
    words = Text.assemble((f"“{line(citation.quote)}”", style), " ", (f"[{citation.number}]", NUMBER))
    return hanging(words, width, first=indent, rest=indent)


def _sources(citations: Sequence[Citation], places: Places, width: int | None) -> list[Text]:
    """Return the citations under the titles of their articles, articles by their first number."""
    lines: list[Text] = []
    for source in sources_of(citations):
        lines += hanging(headline(source.article), width, rest="  ")
        if source.copies:
            lines += hanging(Text(also_in(source.copies), QUIET), width, first="  ", rest="  ")
        for citation in source.citations:
            number = Text(f"[{citation.number}] ", NUMBER)
            where = (
                f"{position(citation.paragraph, citation.page)} · {location(citation.article, citation.span, places)}"
            )
            beside = " " * number.cell_len
            lines += hanging(Text(where, QUIET), width, first=number, rest=beside)
            if citation.correction:
                lines += hanging(Text(withdrawal(citation.correction), NO), width, first=beside, rest=beside)
    return lines


def headline(article: ArticleInfo) -> Text:
    """Return "Title — outlet, date", the title linked when the article has a web address."""
    title = linked(title_of(article), article.url, TITLE)
    about = ", ".join(details_of(article))
    return Text.assemble(title, (f" — {about}", QUIET)) if about else title


_COLUMNS = "  # │   meaning │      words │ answers │ "
_NARROW_CELLS = 64  # cells; below it, a passage's figures go on a line of their own


def why_text(
    answer: Answer, wrong_answer_cost: float, places: Places, width: int | None = None, *, numbers: bool = False
) -> Text:
    """Return why there is this answer, or none; with ``numbers``, the decision's and a table of the passages read.

    A row: rank; rank and cosine by meaning; rank and BM25 by words; the probability that its best sentence answers.
    """
    from bot.render.why import explain, nearest_words  # noqa: PLC0415 (late: few ask why)

    why = explain(answer, wrong_answer_cost)
    lines = [each for sentence in why.reasons for each in hanging(Text(sentence), width)]
    for fault in why.faults:
        lines += hanging(Text(fault.text), width, first=Text(f"{fault.sign} ", NO), rest="  ")
        lines += hanging(Text(fault.about, QUIET), width, first="  ", rest="  ")
        if fault.nearest:
            where = location(fault.nearest.article, fault.nearest.span, places)
            lines += hanging(Text(f"{nearest_words(fault.nearest)} · {where}", QUIET), width, first="  ", rest="  ")
    if not numbers:
        return joined(lines)
    lines += [each for sentence in why.numbers for each in hanging(Text(sentence, QUIET), width)]
    if why.passages:
        lines += [Text(), *_table(why.passages, places, width)]
    return joined(lines)


def _table(passages: Sequence[PassageScores], places: Places, width: int | None) -> list[Text]:
    narrow = width is not None and width < _NARROW_CELLS
    lines = [] if narrow else [Text(_COLUMNS + "passage", TITLE)]
    for passage in passages:
        hit = passage.hit
        where = Text(location(hit.article, hit.passage.span, places))
        if narrow:
            lines += hanging(where, width, first=f"{hit.rank}. ", rest="   ")
            lines += hanging(Text(passage.words, QUIET), width, first="   ", rest="   ")
        else:
            blank = "".join("│" if char == "│" else " " for char in _COLUMNS)
            lines += hanging(where, width, first=_row(passage), rest=blank)
    return lines


def _row(passage: PassageScores) -> str:
    hit = passage.hit
    meaning = f"{hit.dense_rank:>3} {hit.dense_score:>6.3f}" if hit.dense_rank and hit.dense_score is not None else "–"
    words = f"{hit.word_rank:>3} {hit.word_score:>7.2f}" if hit.word_rank and hit.word_score is not None else "–"
    answers = "" if passage.p_answers is None else f"{passage.p_answers:.2f}"
    return f"{hit.rank:>3} │{meaning:>10} │{words:>11} │{answers:>8} │ "
