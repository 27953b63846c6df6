"""Why an answer was given or not: ranks and scores of what was read."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from bot.answers import EXTRACTIVE, Answer
from bot.render.clean import line
from bot.render.layout import QUIET, TITLE, hanging, joined
from bot.render.places import Places
from bot.render.terminal import located, searched_words
from bot.render.written import written_why
from retrieval.articles import Hit

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
        f"answer with {answer.held:.2f}; a wrong one costs {wrong_costs:g} where a missed one costs 1."
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
