"""Answers, passages and the reasons behind an answer as Discord messages. Pure: values in, pages out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bot.answers import EXTRACTIVE, Answer, Citation, Claim, Form
from bot.discord.database import CitationTarget
from bot.discord.escape import escaped_line, safe_address
from bot.discord.pages import Accent, Fragment, MessagePage, Opening, paginate, word_fragments
from bot.render.catalogue import translated
from bot.render.phrases import NEAREST_LABEL, UNCONFIRMED_LABEL, counted, hidden_claims, searched_words
from bot.render.sources import also_in, details_of, sources_of, title_of, withdrawal
from bot.render.why import explain, nearest_words
from retrieval.articles import Article, ArticleInfo, Span
from retrieval.text.sanitize import line

MAX_TITLE_CHARACTERS = 120
"""Characters of a title in a list of sources; with outlet, date and link an entry stays far below a message."""
MAX_CORRECTION_CHARACTERS = 600
"""Characters of a correction that withdraws cited words."""
MAX_SHOWN_QUESTION_CHARACTERS = 300
"""Characters of a question that is shown above its answer."""
CONTEXT_CHARACTERS = 500
"""Characters of an article shown on each side of a cited passage: about a paragraph."""

ARTICLE_PREVIEW_CHARACTERS = 3_000
"""Characters of an article that `/article` shows: two messages."""

_QUOTE = "> "
_SMALL = "\n-# "


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
    atoms = word_fragments(line(asked)[:MAX_SHOWN_QUESTION_CHARACTERS], bold=True) if asked else []
    if answer.standalone_question and line(answer.standalone_question) != line(answer.question):
        understood = word_fragments(line(answer.standalone_question)[:MAX_SHOWN_QUESTION_CHARACTERS], before=" ")
        atoms += [
            Fragment(f"{_SMALL if atoms else '-# '}{translated('Understood as:')}"),
            *understood,
        ]
    return [*atoms, Fragment("\n")] if atoms else []


def _answered(answer: Answer) -> list[Fragment]:
    quoting = answer.answerer == EXTRACTIVE
    atoms = [Fragment("❔"), *word_fragments(answer.label, bold=True, before=" ")] if answer.possibly else []
    if answer.composed:
        atoms += [atom for number, claim in enumerate(answer.claims) for atom in _composed_claim(claim, number)]
    else:
        atoms += [atom for lead, claim in _led(answer) for atom in _claim(claim, lead, quoting=quoting)]
    return [*atoms, *_sources(answer.citations), *_remarks(answer)]


def _led(answer: Answer) -> Iterator[tuple[str, Claim]]:
    """Yield each claim after what stands between it and the one before."""
    at = 0
    for claim, place in zip(answer.claims, answer.places, strict=True):
        yield answer.text[at : place.start], claim
        at = place.start + len(claim.marked)


def _claim(claim: Claim, lead: str, *, quoting: bool) -> list[Fragment]:
    if quoting:
        atoms = word_fragments(f"“{claim.text}”", lead=_QUOTE, before=f"\n{_QUOTE}")
    else:
        before = "\n" * min(lead.count("\n"), 2) + ("- " if lead.endswith("- ") else "") or lead
        before += "-# " if claim.form is Form.REMARK else ""
        atoms = word_fragments(claim.text, bold=claim.form is Form.HEADING, before=before)
    return _cited(atoms, claim.citations, claim.mark)


def _composed_claim(claim: Claim, number: int) -> list[Fragment]:
    """Return a heading, a note, or a sentence in its row, behind its label."""
    before = "\n" * min(number, 2 if claim.opens else 1)
    if not claim.citations:
        return word_fragments(line(claim.text), bold=claim.form is Form.HEADING, before=before)
    label = word_fragments(line(claim.label), bold=True, before=" ")
    words = word_fragments(f"“{claim.text}”", before=" ")
    return [Fragment(f"{before}-"), *label, *_cited(words, claim.citations)]


def _cited(atoms: list[Fragment], numbers: Sequence[int], remark: str = "") -> list[Fragment]:
    """Put the numbers of the citations to the last word, so that they never stand alone on the next message."""
    if not atoms:
        return atoms
    *before, last = atoms
    head, rest = (numbers[0], numbers[1:]) if numbers else (0, ())
    text = f"{last.text} [{head}]" if head else last.text
    tail = [Fragment(f"[{number}]", number=number, lead=last.lead) for number in rest]
    tail += [Fragment(f" {remark}", lead=last.lead)] if remark else []
    return [*before, Fragment(text, last.bold, head, last.lead), *tail]


def _unasserted(answer: Answer) -> list[Fragment]:
    atoms = [Fragment("🔎"), *word_fragments(answer.message, bold=True, before=" ")]
    searched = escaped_line(searched_words(answer.searched), MAX_SHOWN_QUESTION_CHARACTERS)
    atoms += [Fragment(_SMALL + translated("Searched {scope}.", scope=searched))]
    if answer.nearest:
        atoms += [Fragment(f"\n{NEAREST_LABEL}")]
    for citation in answer.nearest:
        quote = word_fragments(f"“{citation.quote}”", lead=_QUOTE, before=f"\n{_QUOTE}")
        atoms += _cited(quote, [citation.number])
    return [*atoms, *_sources(answer.nearest), *_remarks(answer)]


def _sources(citations: Sequence[Citation]) -> list[Fragment]:
    """Return the list of sources, an article a line, under the numbers of its citations."""
    lines = []
    for source in sources_of(citations):
        shown = "".join(f"[{citation.number}]" for citation in source.citations[:10])
        shown += "…" if len(source.citations) > 10 else ""
        lines.append(source_fragment(source.article, f"{_SMALL}{shown} "))
        if source.copies:
            lines.append(Fragment(f" · {escaped_line(also_in(source.copies), MAX_SHOWN_QUESTION_CHARACTERS)}"))
        for citation in source.citations:
            if citation.correction:
                withdrawn = escaped_line(withdrawal(citation.correction), MAX_CORRECTION_CHARACTERS)
                lines.append(Fragment(f"{_SMALL}[{citation.number}] {withdrawn}"))
    return [Fragment(f"\n{_SMALL}{translated('Sources')}", opens=Opening.SECTION), *lines] if lines else []


def source_fragment(article: ArticleInfo, before: str = "", *, number: int = 0) -> Fragment:
    """Return "**Title** · outlet · 2024-03-05", the day or "undated", in a block of its own with the article's address.

    Args:
        article: The article.
        before: What stands before it.
        number: The citation whose button it needs.
    """
    title = escaped_line(title_of(article), MAX_TITLE_CHARACTERS)
    about = [escaped_line(each, MAX_TITLE_CHARACTERS) for each in details_of(article)]
    words = " · ".join([f"**{title}**", *filter(None, about)])
    return Fragment(before + words, number=number, opens=Opening.BLOCK, url=safe_address(article.url))


def _remarks(answer: Answer) -> list[Fragment]:
    said = [escaped_line(remark, MAX_SHOWN_QUESTION_CHARACTERS) for remark in answer.remarks]
    if answer.fallback:
        said.append("The chat model could not be used, so these are quotations.")
    if answer.cut:
        said.append("The answer was cut short" + ("; what is here was checked." if answer.claims else "."))
    hidden = hidden_claims(answer)
    if answer.unconfirmed or hidden:
        where = f"; the button shows {_them(len(answer.unconfirmed))}." if answer.unconfirmed else "."
        number = len(answer.unconfirmed) + len(hidden)
        said.append(f"{counted(number, 'claim')} left out: not confirmed by the articles{where}")
    withheld = sum(claim.counted and claim not in hidden for claim in answer.withheld)
    if withheld:
        said.append(f"{counted(withheld, 'claim')} left out: no article supports {_them(withheld)}.")
    if answer.answerer != EXTRACTIVE:
        said.append(
            f"Written by {escaped_line(answer.answerer, MAX_TITLE_CHARACTERS)}; each claim held to the articles."
        )
    return [Fragment(_SMALL + each, opens=Opening.BLOCK if at else Opening.SECTION) for at, each in enumerate(said)]


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def unconfirmed_pages(claims: Sequence[str]) -> list[MessagePage]:
    """Return the messages that show claims which are not confirmed: small, and each marked, as none is an answer."""
    atoms = word_fragments(UNCONFIRMED_LABEL, bold=True)
    about = "The chat model wrote this. No problem was found with it, but no article is sure to say it."
    atoms += word_fragments(about, before="\n")
    for claim in claims:
        atoms += word_fragments(line(claim), lead="-# ", before=f"{_SMALL}❔ ")
    return paginate(atoms)


def citation_targets(answer: Answer) -> tuple[CitationTarget, ...]:
    """Return what the numbered buttons under an answer open."""
    return tuple(
        CitationTarget(each.number, each.article.id, each.span.start, each.span.end, each.quote)
        for each in answer.shown
    )


def article_pages(article: Article, info: ArticleInfo) -> list[MessagePage]:
    """Return an article's beginning, and how long it is."""
    shown = article.text[:ARTICLE_PREVIEW_CHARACTERS]
    if len(shown) < len(article.text):
        shown = shown.rsplit(maxsplit=1)[0] + "…"
    about = " · ".join(
        filter(None, [escaped_line(info.author, MAX_TITLE_CHARACTERS), f"{info.characters:,} characters", info.id])
    )
    return paginate(
        [
            source_fragment(info),
            Fragment(f"{_SMALL}{about}"),
            *word_fragments(shown, lead=_QUOTE, before=f"\n{_QUOTE}"),
        ],
        accent=Accent.ANSWERED,
    )


def passage_pages(article: Article, info: ArticleInfo, number: int, span: Span) -> list[MessagePage]:
    """Return a cited passage in its surroundings, the cited characters in bold."""
    start, end = _around(article.text, span)
    before, after = article.text[start : span.start], article.text[span.end : end]
    atoms = [source_fragment(info, f"[{number}] ")]
    marked = [(("…" if start else "") + before, False), (span.of(article.text), True)]
    marked += [(after + ("…" if end < len(article.text) else ""), False)]
    runs = [(text, bold) for text, bold in marked if text.strip()]
    glue = f"\n{_QUOTE}"
    for (text, bold), (following, _) in itertools.pairwise([*runs, ("", False)]):
        atoms += word_fragments(text, bold=bold, lead=_QUOTE, before=glue)
        glue = _joint(text, following)
    return paginate(atoms, accent=Accent.ANSWERED)


def _joint(text: str, following: str) -> str:
    """Return the white space between two runs, new lines inside the block quotation."""
    blank = text[len(text.rstrip()) :] + following[: len(following) - len(following.lstrip())]
    if "\n" in blank:
        return f"\n{_QUOTE}" * min(2, blank.count("\n"))
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


def why_pages(answer: Answer, wrong_answer_cost: float) -> list[str]:
    """Return why there is this answer, or none: what was missing, and the faults of claims."""
    why = explain(answer, wrong_answer_cost)
    fragments: list[Fragment] = []
    for sentence in why.reasons:
        fragments += [Fragment("\n" if fragments else ""), *word_fragments(sentence)]
    for fault in why.faults:
        text, about = (escaped_line(each, MAX_SHOWN_QUESTION_CHARACTERS) for each in (fault.text, fault.about))
        fragments.append(Fragment(f"{_SMALL}{fault.sign} “{text}” {about}"))
        if fault.nearest:
            nearest = escaped_line(nearest_words(fault.nearest), MAX_CORRECTION_CHARACTERS)
            fragments.append(Fragment(f"{_SMALL}{nearest}"))
    return [page.text for page in paginate(fragments)]
