"""The record as one self-contained page: no script, nothing fetched, all text escaped."""

from __future__ import annotations

from html import escape

from bot.render.layout import Places, web_address
from bot.render.record import (
    DIFFERENCE_NOTE,
    KINDS,
    carried,
    details,
    difference_words,
    periods,
    record_notes,
    record_summary,
    statement_words,
)
from bot.render.report import page
from bot.render.sources import UNDATED, details_of, location, title_of
from retrieval.quotes.record.record import RecordEntry, SpeakerRecord
from retrieval.text.sanitize import clean, line


def record_report(found: SpeakerRecord, places: Places, made: str) -> str:
    """Return the page; ``made`` is the day and time, as it shall stand there."""
    title = f"What {line(found.speaker.name)} said" + (f" about {line(found.about)}" if found.about else "")
    body = [
        f"<header><h1>{_text(title)}</h1><p>{_text(record_summary(found))}</p>",
        *(f'<p class="dim">{_text(note)}</p>' for note in record_notes(found)),
        f'<p class="dim">Made {_text(made)}.</p></header>',
        "<main>",
    ]
    for heading, entries in periods(found):
        body.append(f"<h3>{_text(heading)}</h3>" if heading else "")
        body += [_entry(number, entry, places) for number, entry in entries]
    if found.differences:
        body.append(f'<h3>Differs</h3><p class="dim">{_text(DIFFERENCE_NOTE)}</p>')
        for each in found.differences:
            pair = "".join(_statement(at + 1, found.entries[at]) for at in (each.first, each.second))
            body.append(
                f'<article class="quotation"><h2><span class="chip warn">{_text(difference_words(each))}</span></h2>'
                f"{pair}</article>"
            )
    body += ["</main>", f"<footer><p>{_text(_LEGEND)}</p></footer>"]
    return page(title, "\n".join(filter(None, body)))


_LEGEND = (
    "Statements by the day on which they were first published in these articles, each once: copies and other outlets "
    "with the same words are named below it. Who speaks is found by rules; how sure that is was measured on annotated "
    "articles. Reported speech is shown in the article’s words."
)


def _entry(number: int, entry: RecordEntry, places: Places) -> str:
    shown = entry.shown
    article = shown.article
    url = web_address(article.url)
    title = _text(title_of(article))
    linked = f'<a href="{escape(url)}" rel="noopener noreferrer">{title}</a>' if url else title
    told = carried(entry)
    return (
        f'<article class="quotation" id="s{number}">{_statement(number, entry)}'
        f'<p><span class="title">{linked}</span> — {_text(", ".join(details_of(article)))}</p>'
        f'<p class="dim">{_text(" · ".join(details(entry)))}</p>'
        + (f'<p class="dim">{_text(told)}</p>' if told else "")
        + f'<p class="place">{_text(location(article, shown.statement.span, places))}</p></article>'
    )


def _statement(number: int, entry: RecordEntry) -> str:
    kind = KINDS[entry.shown.statement.kind]
    tone = "good" if kind == "quoted" else "warn"
    return (
        f'<h2><a href="#s{number}">{number}.</a><span>{_text(entry.day or UNDATED)}</span>'
        f'<span class="chip {tone}">{kind}</span></h2><blockquote>{_text(statement_words(entry.shown))}</blockquote>'
    )


def _text(text: str) -> str:
    return escape(clean(text))
