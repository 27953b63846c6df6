"""Answers as a person reads them on a terminal; its ``.plain`` is what a pipe gets.

Claims of a chat model's answer as lines, and how many of them the articles carry.

Why an answer was given or not: ranks and scores of what was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from bot.answers import EXTRACTIVE, Answer, Citation, Claim, Form, SearchScope, Support
from bot.render.layout import NO, NUMBER, QUIET, QUOTE, TITLE, Places, hanging, joined, linked
from retrieval.articles import ArticleInfo, Filters, Hit
from retrieval.text.sanitize import clean, line


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
    if claim.form is Form.CODE:
        body = Text("\n").join(Text(each) for each in clean(claim.text).split("\n"))
    else:
        body = Text(line(claim.text), TITLE if claim.form is Form.HEADING else QUOTE)
    numbers = Text("".join(f"[{number}]" for number in claim.citations), NUMBER)
    said = Text(" ").join(part for part in (body, numbers, Text(claim.mark, NO)) if part)
    bullet = "• " if claim.form is Form.ITEM else ""
    return hanging(said, width, first=bullet, rest=" " * len(bullet))


def tally(answer: Answer) -> str:
    """Return "7 of 8 claims supported; 1 withheld"."""
    shown = [claim for claim in answer.claims if claim.counted]
    withheld = sum(claim.counted for claim in answer.withheld)
    carried = sum(claim.carried for claim in shown)
    partly = sum(claim.support is Support.PARTIAL for claim in shown)
    total = len(shown) + withheld
    parts = [f"{carried} of {total} {'claim' if total == 1 else 'claims'} supported"]
    parts += [f"{partly} partly"] if partly else []
    return ", ".join(parts) + (f"; {withheld} withheld" if withheld else "")


def foot_lines(answer: Answer, width: int | None) -> list[Text]:
    """Return what stands under a chat model's answer: the count, and why it ended early if it did."""
    lines = hanging(Text(f"{tally(answer)}. Written by {line(answer.answerer)}.", QUIET), width)
    if answer.cut:
        lines += hanging(Text(f"The answer ended early: {line(answer.cut)}.", NO), width)
    return lines


def written_why(answer: Answer, width: int | None) -> list[Text]:
    """Return how a chat model's answer came about: the count, every claim withheld, what it cost."""
    lines = hanging(Text(f"{tally(answer)}."), width) if answer.claims or answer.withheld else []
    for claim in answer.withheld:
        remark = "says that the passages do not hold it" if claim.form is Form.REMARK else ""
        why = "; ".join(filter(None, [*claim.problems, remark])) or "no article carries it"
        lines += hanging(Text(line(claim.text)), width, first=Text("✗ ", NO), rest="  ")
        about = f"withheld: {line(why)} (probability {claim.probability:.2f})"
        lines += hanging(Text(about, QUIET), width, first="  ", rest="  ")
    if answer.usage:
        spent = f"{answer.usage.input_tokens:,} tokens sent, {answer.usage.output_tokens:,} received"
        lines += hanging(Text(f"{spent}{' (estimated)' if answer.usage.estimated else ''}.", QUIET), width)
    if answer.timings:
        times = ", ".join(f"{step.replace('_', ' ')} {time:,.0f} ms" for step, time in answer.timings.items())
        lines += hanging(Text(f"{times[0].upper()}{times[1:]}.", QUIET), width)
    return lines


_NAMED = 3  # copies of a source that are named; the rest is counted


def answer_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return the answer: its sentences, each with its number, and under them where each stands.

    An abstention says what was searched and shows the nearest sentences, marked as not an answer. ``width`` in cells;
    None does not wrap.
    """
    return Text.assemble(said_text(answer, 0, width), end_text(answer, places, width))


def said_text(answer: Answer, start: int, width: int | None = None) -> Text:
    """Return what an answer says, from claim ``start`` on: an answer that grows is printed piece by piece."""
    if answer.answerer != EXTRACTIVE:
        return joined(claim_lines(answer.claims, start, width))
    shown = () if answer.abstention else answer.citations[start:]
    return joined(each for citation in shown for each in _quoted(citation, width))


def end_text(answer: Answer, places: Places, width: int | None = None) -> Text:
    """Return what stands under what was said: the places, or the abstention."""
    if answer.abstention:
        return joined([*([Text()] if answer.claims else []), *_abstained(answer, places, width)])
    lines = [Text(), *_sources(answer.citations, places, width)]
    return joined(lines if answer.answerer == EXTRACTIVE else [*lines, Text(), *foot_lines(answer, width)])


def _abstained(answer: Answer, places: Places, width: int | None) -> list[Text]:
    message = answer.abstention.message if answer.abstention else ""
    lines = hanging(Text(line(message), NO), width)
    lines += hanging(Text(f"Searched {searched_words(answer.searched)}.", QUIET), width)
    if any(claim.counted for claim in answer.withheld):
        lines += hanging(Text(f"{tally(answer)} (/why shows what). Written by {line(answer.answerer)}.", QUIET), width)
    if not answer.nearest:
        return lines
    lines += [Text(), *hanging(Text("Nearest in them, but not an answer:", QUIET), width)]
    for citation in answer.nearest:
        lines += _quoted(citation, width, indent="  ")
    return [*lines, Text(), *_sources(answer.nearest, places, width)]


def _quoted(citation: Citation, width: int | None, indent: str = "") -> list[Text]:
    words = Text.assemble((f"“{line(citation.quote)}”", QUOTE), " ", (f"[{citation.number}]", NUMBER))
    return hanging(words, width, first=indent, rest=indent)


def _sources(citations: Sequence[Citation], places: Places, width: int | None) -> list[Text]:
    """Return the citations under the titles of their articles, articles by their first number."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    lines: list[Text] = []
    for group in by_article.values():
        lines += hanging(headline(group[0].article), width, rest="  ")
        copies = group[0].copies
        lines += hanging(Text(also_in(copies), QUIET), width, first="  ", rest="  ") if copies else []
        for citation in group:
            number = Text(f"[{citation.number}] ", NUMBER)
            lines += hanging(Text(place(citation, places), QUIET), width, first=number, rest=" " * number.cell_len)
    return lines


def also_in(copies: Sequence[ArticleInfo]) -> str:
    """Return "also in: The Star (2019-03-01), Daily Post and 3 others"; an article without an outlet by its title."""
    named = []
    for copy in copies[:_NAMED]:
        day = line(copy.published)[:10]
        named.append((line(copy.source) or line(copy.title) or "Untitled") + (f" ({day})" if day else ""))
    more = len(copies) - len(named)
    return f"also in: {', '.join(named)}" + (f" and {counted(more, 'other')}" if more else "")


def place(citation: Citation, places: Places) -> str:
    """Return where a citation stands: "p. 3 · ¶ 4 · seeds/a.txt:120-340"."""
    where = located(citation.article, places)
    page = [f"p. {citation.page}"] if citation.page else []
    span = f"{where}:{citation.span.start}-{citation.span.end}"
    return " · ".join([*page, f"¶ {citation.paragraph}", span])


def located(article: ArticleInfo, places: Places) -> str:
    """Return an article's file from here ("#" and its id where a file holds many), else its address or origin."""
    record = article.origin.removeprefix(article.path) if article.origin.startswith(f"{article.path}#") else ""
    return line(places.path(article.path) + record if article.path else article.url or article.origin)


def headline(article: ArticleInfo) -> Text:
    """Return "Title — outlet, date", the title linked when the article has a web address."""
    title = linked(line(article.title) or "Untitled", article.url, TITLE)
    about = ", ".join(filter(None, (line(article.source), line(article.published)[:10])))
    return Text.assemble(title, (f" — {about}", QUIET)) if about else title


def searched_words(searched: SearchScope) -> str:
    """Return "3 articles, 21 passages" and the filters."""
    limits = filter_words(searched.filters)
    return (
        counted(searched.articles, "article")
        + ", "
        + counted(searched.passages, "passage")
        + (limits and f" ({limits})")
    )


def filter_words(filters: Filters) -> str:
    """Return the filters as they are typed: "source=Reuters since=2024-01-01"; nothing when there are none."""
    named: list[tuple[str, Iterable[str]]] = [
        ("source", filters.sources),
        ("author", filters.authors),
        ("since", filter(None, [filters.since])),
        ("until", filter(None, [filters.until])),
        ("article", filters.articles),
    ]
    return " ".join(f"{name}={_typed(line(value))}" for name, values in named for value in values)


def _typed(value: str) -> str:
    return f'"{value}"' if " " in value else value


def counted(number: int, noun: str) -> str:
    """Return "1 article", "2,516 articles"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


_COLUMNS = "  # │   meaning │      words │ answers │ "
_NARROW = 64  # cells; below it, a passage's figures go on a line of their own


def why_text(answer: Answer, wrong_costs: float, places: Places, width: int | None = None) -> Text:
    """Return the decision and a table of the passages read.

    A row: rank; rank and cosine by meaning; rank and BM25 by words; the probability of the passage's best sentence.
    ``wrong_costs`` is what a wrong answer costs where a missed one costs 1: the lesser expected cost decides.
    """
    lines: list[Text] = []
    if answer.standalone_question:
        lines += hanging(Text(f"Understood as: {line(answer.standalone_question)}"), width)
    if answer.citations and not answer.hits:  # "Say more about 2"
        return joined([*lines, *hanging(Text("Read on from the citation; nothing was searched."), width)])
    if answer.fallback:
        lines += hanging(Text(f"The chat model did not answer: {line(answer.fallback)}."), width)
    if answer.answerer == EXTRACTIVE:
        lines += hanging(Text(_decision(answer, wrong_costs)), width)
    else:
        verdict = "Abstained from what" if answer.abstention else "Answered:"
        lines += hanging(Text(f"{verdict} {line(answer.answerer)} wrote."), width)
    lines += hanging(Text(f"Searched {searched_words(answer.searched)}; read {len(answer.hits)}.", QUIET), width)
    lines += written_why(answer, width) if answer.answerer != EXTRACTIVE else []
    if answer.hits:
        lines += [Text(), *_table(answer, places, width)]
    return joined(lines)


def _decision(answer: Answer, wrong_costs: float) -> str:
    verdict = "Abstained" if answer.abstention else "Answered"
    reason = f" ({answer.abstention.reason.replace('_', ' ')})" if answer.abstention else ""
    return (
        f"{verdict}{reason}: the best sentence is right with probability {answer.confidence:.2f}, the articles hold an "
        f"answer with {answer.p_answerable:.2f}; a wrong one costs {wrong_costs:g} where a missed one costs 1."
    )


def _table(answer: Answer, places: Places, width: int | None) -> list[Text]:
    best: dict[str, float] = {}
    for citation in (*answer.citations, *answer.nearest):
        best[citation.passage_id] = max(best.get(citation.passage_id, 0.0), citation.confidence)
    narrow = width is not None and width < _NARROW
    lines = [] if narrow else [Text(_COLUMNS + "passage", TITLE)]
    for hit in answer.hits:
        passage = Text(f"{located(hit.article, places)}:{hit.passage.span.start}-{hit.passage.span.end}")
        if narrow:
            lines += hanging(passage, width, first=f"{hit.rank}. ", rest="   ")
            lines += hanging(Text(_stacked(hit, best), QUIET), width, first="   ", rest="   ")
        else:
            blank = "".join("│" if char == "│" else " " for char in _COLUMNS)
            lines += hanging(passage, width, first=_row(hit, best), rest=blank)
    return lines


def _row(hit: Hit, best: Mapping[str, float]) -> str:
    meaning = f"{hit.dense_rank:>3} {hit.dense_score:>6.3f}" if hit.dense_rank and hit.dense_score is not None else "–"
    words = f"{hit.word_rank:>3} {hit.word_score:>7.2f}" if hit.word_rank and hit.word_score is not None else "–"
    answers = f"{best[hit.passage.id]:.2f}" if hit.passage.id in best else ""
    return f"{hit.rank:>3} │{meaning:>10} │{words:>11} │{answers:>8} │ "


def _stacked(hit: Hit, best: Mapping[str, float]) -> str:
    parts = []
    if hit.dense_rank and hit.dense_score is not None:
        parts.append(f"meaning {hit.dense_rank} ({hit.dense_score:.3f})")
    if hit.word_rank and hit.word_score is not None:
        parts.append(f"words {hit.word_rank} ({hit.word_score:.2f})")
    if hit.passage.id in best:
        parts.append(f"answers {best[hit.passage.id]:.2f}")
    return " · ".join(parts)
