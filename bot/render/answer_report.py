"""A composed answer as one self-contained page to print: no script, nothing fetched, all text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.answers import Answer, Citation, Claim, Form
from bot.render.layout import Places, web_address
from bot.render.phrases import searched_words
from bot.render.report import page
from bot.render.sources import also_in, details_of, location, position, title_of, withdrawal
from retrieval.articles import Span
from retrieval.text.sanitize import clean, line


def answer_report(answer: Answer, places: Places, made: str) -> str:
    """Return the page; ``made`` is the day and time, as it shall stand there."""
    title = line(answer.question)
    notes = [*(claim.text for claim in answer.claims if claim.form is Form.NOTE), *answer.remarks, answer.message]
    body = [
        f"<header><h1>{_text(title)}</h1>",
        *(f"<p>{_text(note)}</p>" for note in notes if note),
        f'<p class="dim">Searched {_text(searched_words(answer.searched))}. Made {_text(made)}.</p></header>',
        "<main>",
        *_rows(answer, places),
        "</main>",
        f"<footer><p>{_text(answer.method)}</p></footer>" if answer.method else "",
    ]
    return page(title, "\n".join(filter(None, body)))


def _rows(answer: Answer, places: Places) -> Iterator[str]:
    cited = {citation.number: citation for citation in answer.citations}
    for claim in answer.claims:
        if claim.form is Form.HEADING:
            yield f"<h3>{_text(claim.text)}</h3>"
        elif claim.citations:
            yield _row(claim, cited[claim.citations[0]], places)


def _row(claim: Claim, citation: Citation, places: Places) -> str:
    article = citation.article
    url = web_address(article.url)
    title = _text(title_of(article))
    linked = f'<a href="{escape(url)}" rel="noopener noreferrer">{title}</a>' if url else title
    where = f"{position(citation.paragraph, citation.page)} · {location(article, citation.span, places)}"
    return (
        f'<article class="quotation" id="s{citation.number}"><h2><a href="#s{citation.number}">{citation.number}.</a>'
        f"<span>{_text(claim.label)}</span></h2><blockquote>{_marked(claim)}</blockquote>"
        f'<p><span class="title">{linked}</span> — {_text(", ".join(details_of(article)))}</p>'
        + (f'<p class="dim">{_text(also_in(citation.copies))}</p>' if citation.copies else "")
        + (f"<p>{_text(withdrawal(citation.correction))}</p>" if citation.correction else "")
        + f'<p class="place">{_text(where)}</p></article>'
    )


def _marked(claim: Claim) -> str:
    """Return a claim's words, what differs from others in them marked."""
    parts, at = [], 0
    for mark in (*claim.marks, Span(len(claim.text), len(claim.text))):
        parts.append(_text(claim.text[at : mark.start]))
        parts.append(f"<mark>{_text(mark.of(claim.text))}</mark>" if len(mark) else "")
        at = mark.end
    return "".join(parts)


def _text(text: str) -> str:
    return escape(clean(text))
