"""Answers, passages and the reasons behind an answer as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from textwrap import shorten

from bot.answers import EXTRACTIVE, POSSIBLY_LABEL, Answer, Citation, Claim, Form
from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line, safe_address
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.render.catalogue import retold, translated, translated_count
from bot.render.phrases import (
    NEAREST_LABEL,
    READ_NOTE,
    UNCONFIRMED_LABEL,
    counted,
    hidden_claims,
    label_words,
    scope_words,
)
from bot.render.sources import (
    Source,
    also_in,
    day_of,
    details_of,
    distinctions,
    headline_of,
    sources_of,
    title_of,
    withdrawal,
)
from bot.render.why import plain_reasons
from retrieval.articles import Article, ArticleInfo, Span
from retrieval.text.analyzer import terms
from retrieval.text.sanitize import line

MAX_TITLE_CHARACTERS = 120
"""Characters of a title in a list of sources; with outlet, date and link an entry stays far below a message."""
MAX_CORRECTION_CHARACTERS = 600
"""Characters of a correction that withdraws cited words."""
MAX_SHOWN_QUESTION_CHARACTERS = 300
"""Characters of a question that is shown above its answer."""
MAX_NEAREST = 2
"""Nearest sentences of an abstention; the command line shows all."""
MAX_NEAREST_CHARACTERS = 240
"""Characters of a nearest sentence; its button opens all of it."""
CONTEXT_CHARACTERS = 500
"""Characters of an article shown on each side of a cited passage: about a paragraph."""

_CUT = "The answer was cut short."
_CUT_CHECKED = "The answer was cut short; what is here was checked."
_UNSUPPORTED = "{claims} left out: no article supports it."
_ALL_UNSUPPORTED = "{claims} left out: no article supports them."
_ABOUT_UNCONFIRMED = "The chat model wrote this. No problem was found with it, but no article is sure to say it."
_QUOTE = "> "
_SMALL = "\n-# "
_SENTENCE_ENDS = (".", "!", "?", "…")


def answer_pages(answer: Answer, *, asked: str = "") -> list[MessagePage]:
    """Return the messages of an answer: its claims with numbered citations, and under them the sources.

    Args:
        answer: What was answered, or why not.
        asked: The question to show above it, where readers do not see it.
    """
    atoms = _question(answer, asked)
    atoms += _unasserted(answer) if answer.message else _answered(answer)
    return paginate(atoms, accent=_accent(answer))


def _accent(answer: Answer) -> Accent:
    if answer.message:
        return Accent.NOT_HERE
    return Accent.POSSIBLY if answer.possibly else Accent.ANSWERED


def _question(answer: Answer, asked: str) -> list[Fragment]:
    """Return the question, small, so that the answer is what is seen first, and how it was understood."""
    atoms = _small_words(shorten(line(asked), MAX_SHOWN_QUESTION_CHARACTERS, placeholder=" …"))
    if understood := _understood(answer)[:MAX_SHOWN_QUESTION_CHARACTERS]:
        atoms += [Fragment(_SMALL + translated("Understood as:")), *word_fragments(understood, before=" ")]
    return atoms


def _understood(answer: Answer) -> str:
    """Return the question that was searched for where it has other words than the one that was asked."""
    understood = line(answer.standalone_question)
    if answer.citations and not answer.hits:  # read on from a citation
        return ""
    asked, searched = (set(terms(text, keep_stop_words=False)) for text in (answer.question, understood))
    return understood if asked != searched else ""


def _small_words(text: str) -> list[Fragment]:
    return word_fragments(text, lead="-# ", before=_SMALL)


def _answered(answer: Answer) -> list[Fragment]:
    sure = [Fragment(f"\n❔ **{translated(POSSIBLY_LABEL)}**")] if answer.possibly else []
    if answer.laid_out:
        said, headed = _composed(answer)
    else:
        quoting = answer.answerer == EXTRACTIVE
        said = [atom for lead, claim in _led(answer) for atom in _claim(claim, lead, quoting=quoting)]
        headed = set()
    return [*sure, *said, *_doubt(answer), *_sources(answer.citations, headed), *_remarks(answer)]


def _doubt(answer: Answer) -> list[Fragment]:
    """Return what speaks against sentences that only may answer."""
    if not (answer.possibly and answer.doubts):
        return []
    reason = retold(answer.doubts[0].text)
    return _small_words(f"{reason[:1].upper()}{reason[1:]}.")


def _led(answer: Answer) -> Iterator[tuple[str, Claim]]:
    """Yield each claim after what stands between it and the one before."""
    at = 0
    for claim, place in zip(answer.claims, answer.places, strict=True):
        yield answer.text[at : place.start] if at or not answer.possibly else "", claim
        at = place.start + len(claim.marked)


def _claim(claim: Claim, lead: str, *, quoting: bool) -> list[Fragment]:
    if quoting:
        return _opened(_cited(_quoted(claim), claim.citations))
    before = "\n" * min(lead.count("\n"), 2) + ("- " if lead.endswith("- ") else "") or lead or "\n"
    before += "-# " if claim.form is Form.REMARK else ""
    atoms = word_fragments(claim.text, bold=claim.form is Form.HEADING, before=before)
    return _cited(_opened(atoms) if "\n" in lead else atoms, claim.citations, claim.mark)


def _opened(atoms: list[Fragment], opens: Opening = Opening.ROW) -> list[Fragment]:
    return [replace(atoms[0], opens=opens), *atoms[1:]] if atoms else []


def _quoted(claim: Claim, before: str = f"\n{_QUOTE}", lead: str = _QUOTE) -> list[Fragment]:
    """Return a claim in quotation marks, what differs from the claims beside it in bold."""
    runs: list[tuple[str, bool]] = []
    at = 0
    for mark in claim.marks:
        runs += [(claim.text[at : mark.start], False), (mark.of(claim.text), True)]
        at = mark.end
    runs.append((claim.text[at:], False))
    runs[0] = (f"“{runs[0][0]}", runs[0][1])
    runs[-1] = (f"{runs[-1][0]}”", runs[-1][1])
    return _runs(runs, before, lead)


def _runs(runs: Sequence[tuple[str, bool]], before: str, lead: str) -> list[Fragment]:
    """Return parts of one text, each in bold or not, with the white space between them; lines go on after ``lead``."""
    atoms: list[Fragment] = []
    glue = before
    kept = [(text, bold) for text, bold in runs if text]
    for (text, bold), (following, _) in itertools.pairwise([*kept, ("", False)]):
        made = word_fragments(text, bold=bold, lead=lead, before=glue)
        atoms += made
        glue = _joint(text, following, lead) if made else glue or _joint(text, following, lead)
    return atoms


def _composed(answer: Answer) -> tuple[list[Fragment], set[str]]:
    """Return headings, notes and sentences beside their labels, and the ids of the articles that have a heading."""
    articles = {headline_of(source.article): source for source in sources_of(answer.citations)}
    atoms: list[Fragment] = []
    headed: set[str] = set()
    heading, cited = "", False
    opens = Opening.NOTHING  # of the next sentence or note
    for claim in answer.claims:
        text = line(claim.text)
        if claim.form is Form.HEADING:
            heading = text
            source = articles.get(text) or articles.get(text.rpartition(", by ")[0])
            if source and source.article.id not in headed:
                headed.add(source.article.id)
                atoms.append(_article_heading(source, apart=bool(atoms)))
                atoms += _withdrawals(source)
                opens = Opening.BLOCK
            else:
                shown = word_fragments(retold(text), bold=True, before="\n")
                atoms += _opened(shown, Opening.SECTION if atoms else Opening.NOTHING)
                opens = Opening.ROW
        elif claim.citations:
            cited = True
            atoms += _opened(_row(claim, heading), opens if opens is Opening.BLOCK else Opening.ROW)
            opens = Opening.ROW
        else:
            below = cited and opens is Opening.ROW and heading in articles
            atoms += _opened(_note(text, listed=bool(heading), cited=cited), Opening.SECTION if below else opens)
            heading = "" if below else heading
            opens = Opening.ROW
    return atoms, headed


def _article_heading(source: Source, *, apart: bool) -> Fragment:
    """Return an article as the heading of its sentences: it needs no place among the sources."""
    opens = Opening.SECTION if apart else Opening.BLOCK
    return replace(source_fragment(source.article, "\n", bold=True, also=_copies(source)), opens=opens)


def _row(claim: Claim, heading: str) -> list[Fragment]:
    """Return a sentence behind its label, without the outlet where the heading names it, or as a block quotation."""
    label = label_words(line(claim.label))
    day, _, outlet = label.partition(", ")
    label = day if outlet and heading.startswith(f"{outlet}:") else label
    if not label:
        return _cited(_quoted(claim), claim.citations)
    shown = Fragment(f"\n- **{escaped_line(label, MAX_TITLE_CHARACTERS)}**")
    return [shown, *_cited(_quoted(claim, " ", ""), claim.citations)]


def _note(text: str, *, listed: bool, cited: bool) -> list[Fragment]:
    """Return what the program says itself: an article of a list, a remark, or where nothing is cited the answer."""
    if text == READ_NOTE:
        return [Fragment(_SMALL + translated("To read one: `/article`."))]
    text = retold(text)
    if listed and not text.endswith(_SENTENCE_ENDS):
        return word_fragments(text, before="\n- ")
    return _small_words(text) if cited or listed else word_fragments(text, before="\n")


def _cited(atoms: list[Fragment], numbers: Sequence[int], remark: str = "") -> list[Fragment]:
    """Put the numbers of the citations to the last word, so that they never stand alone on the next message."""
    if not atoms:
        return atoms
    *before, last = atoms
    head, rest = (numbers[0], numbers[1:]) if numbers else (0, ())
    text = f"{last.text} [{head}]" if head else last.text
    tail = [Fragment(f"[{number}]", number=number, lead=last.lead) for number in rest]
    tail += [Fragment(f" {remark}", lead=last.lead)] if remark else []
    return [*before, replace(last, text=text, number=head), *tail]


def _unasserted(answer: Answer) -> list[Fragment]:
    """Return that nothing is asserted, where was searched, and the nearest sentences, each above its article."""
    message = word_fragments(retold(answer.message), bold=True, before=" ")
    atoms = [Fragment("\n🔎"), *message]
    searched = translated("Searched {scope}.", scope=line(scope_words(answer.searched)))
    told = [] if answer.message.endswith(" searched.") else [searched]
    atoms += _small_words(" ".join([*told, *_remark_words(answer)]))
    for at, source in enumerate(sources_of(answer.nearest[:MAX_NEAREST])):
        nearest = [] if at else [Fragment(_SMALL + translated(NEAREST_LABEL))]
        for citation in source.citations:
            quote = word_fragments(f"“{_cut_short(citation.quote)}”", lead=_QUOTE, before=f"\n{_QUOTE}")
            nearest += _cited(quote, [citation.number])
        atoms += [*_opened(nearest, Opening.SECTION), source_fragment(source.article, "\n"), *_withdrawals(source)]
    return atoms


def _cut_short(quote: str) -> str:
    said = line(quote)
    if len(said) <= MAX_NEAREST_CHARACTERS:
        return said
    return said[:MAX_NEAREST_CHARACTERS].rsplit(maxsplit=1)[0].rstrip(",;:") + " …"


def _sources(citations: Sequence[Citation], headed: Container[str] = ()) -> list[Fragment]:
    """Return the list of sources under the numbers of their citations, those left out that have a heading."""
    found = [source for source in sources_of(citations) if source.article.id not in headed]
    distinct = distinctions(source.article for source in found)
    atoms = [Fragment(_SMALL + translated("Sources"), opens=Opening.SECTION)] if found else []
    for source in found:
        shown = "".join(f"[{citation.number}]" for citation in source.citations[:10])
        shown += "…" if len(source.citations) > 10 else ""
        also = " · ".join(filter(None, [distinct.get(source.article.id, ""), _copies(source)]))
        atoms.append(source_fragment(source.article, f"\n{shown} ", also=also))
        atoms += _withdrawals(source)
    return atoms


def _copies(source: Source) -> str:
    return also_in(source.copies) if source.copies else ""


def _withdrawals(source: Source) -> list[Fragment]:
    """Return which of an article's cited sentences it corrected."""
    return [
        Fragment(f"\n⚠️ [{each.number}] {escaped_line(withdrawal(each.correction), MAX_CORRECTION_CHARACTERS)}")
        for each in source.citations
        if each.correction
    ]


def source_fragment(
    article: ArticleInfo,
    before: str = "",
    *,
    number: int = 0,
    bold: bool = False,
    also: str = "",
    dated: bool = True,
) -> Fragment:
    """Return the title and below it, small, "outlet · 2024-03-05", in a block of its own with the article's address.

    Args:
        article: The article; "undated" where it has no day.
        before: What stands before it.
        number: The citation whose button it needs.
        bold: Whether the title is in bold, as a heading.
        also: What else is said of it.
        dated: Whether the day is shown.
    """
    title = escaped_line(title_of(article), MAX_TITLE_CHARACTERS)
    title = f"**{title}**" if bold else title
    details = [each for each in details_of(article) if dated or each != day_of(article)]
    about = [escaped_line(each, MAX_TITLE_CHARACTERS) for each in details]
    about += [escaped_line(also, MAX_SHOWN_QUESTION_CHARACTERS)] if also else []
    words = f"{before}{title}{_SMALL}{' · '.join(about)}" if about else f"{before}{title}"
    return Fragment(words, number=number, opens=Opening.BLOCK, url=safe_address(article.url))


def _remarks(answer: Answer) -> list[Fragment]:
    """Return what a reader should know beside the answer, as one small paragraph."""
    said = _remark_words(answer)
    if answer.answerer != EXTRACTIVE:
        said.append(translated("Written by {model}; each claim held to the articles.", model=line(answer.answerer)))
    return _opened(_small_words(" ".join(said)), Opening.SECTION)


def _remark_words(answer: Answer) -> list[str]:
    said = [retold(line(remark))[:MAX_SHOWN_QUESTION_CHARACTERS] for remark in answer.remarks]
    if answer.fallback:
        said.append(translated("The chat model could not be used, so these are quotations."))
    if answer.cut:
        said.append(translated(_CUT_CHECKED if answer.claims else _CUT))
    hidden = hidden_claims(answer)
    if answer.unconfirmed or hidden:
        number = len(answer.unconfirmed) + len(hidden)
        words = translated("{claims} left out: not confirmed by the articles", claims=counted(number, "claim"))
        shown = translated_count(len(answer.unconfirmed), "; the button shows it", "; the button shows them")
        said.append(f"{words}{shown if answer.unconfirmed else ''}.")
    withheld = sum(claim.counted and claim not in hidden for claim in answer.withheld)
    if withheld:
        claims = counted(withheld, "claim")
        said.append(translated_count(withheld, _UNSUPPORTED, _ALL_UNSUPPORTED, claims=claims))
    return said


def unconfirmed_pages(claims: Sequence[str]) -> list[MessagePage]:
    """Return the messages that show claims which are not confirmed: small, and each marked, as none is an answer."""
    atoms = word_fragments(translated(UNCONFIRMED_LABEL), bold=True)
    atoms += word_fragments(translated(_ABOUT_UNCONFIRMED), before="\n")
    for claim in claims:
        atoms += word_fragments(line(claim), lead="-# ", before=f"{_SMALL}❔ ")
    return paginate(atoms)


def citation_targets(answer: Answer) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under an answer open."""
    return tuple(
        CitationTarget(each.number, each.article.id, each.span.start, each.span.end, each.quote)
        for each in (answer.nearest[:MAX_NEAREST] if answer.message else answer.citations)
    )


def passage_pages(article: Article, info: ArticleInfo, number: int, span: Span) -> list[MessagePage]:
    """Return a cited passage in its surroundings, the cited characters in bold."""
    start, end = _around(article.text, span)
    before, after = article.text[start : span.start], article.text[span.end : end]
    before = f"… {before.lstrip()}" if start else before
    after = f"{after.rstrip()} …" if end < len(article.text) else after
    runs = [(before, False), (span.of(article.text), True), (after, False)]
    quote = _opened(_runs(runs, f"\n{_QUOTE}", _QUOTE), Opening.BLOCK)
    return paginate([source_fragment(info, f"[{number}] ", bold=True), *quote], accent=Accent.ANSWERED)


def _joint(text: str, following: str, lead: str) -> str:
    """Return the white space between two runs, new lines after ``lead``."""
    blank = text[len(text.rstrip()) :] + following[: len(following) - len(following.lstrip())]
    if "\n" in blank:
        return f"\n{lead}" * min(2, blank.count("\n"))
    return " " if blank else ""


def _around(text: str, span: Span) -> tuple[int, int]:
    """Return where the surroundings begin and end: whole words, ``CONTEXT_CHARACTERS`` characters on each side."""
    start, end = max(0, span.start - CONTEXT_CHARACTERS), min(len(text), span.end + CONTEXT_CHARACTERS)
    if start:
        # A paragraph that begins in reach begins the surroundings; else a word.
        line = text.find("\n", start, span.start)
        start = line if line >= 0 else next((at for at in range(start, span.start) if text[at].isspace()), span.start)
    if end < len(text):
        end = next((at for at in range(end, span.end, -1) if text[at - 1].isspace()), span.end)
    return start, end


def why_pages(answer: Answer) -> list[str]:
    """Return why there is this answer, or none, in at most three sentences."""
    atoms = [atom for sentence in plain_reasons(answer) for atom in word_fragments(sentence, before="\n")]
    return [page.text for page in paginate(atoms)]
