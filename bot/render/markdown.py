"""A session's answers as Markdown, its citations as footnotes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bot.answers import EXTRACTIVE, Answer, Citation, Claim, Form
from bot.render.layout import Places, web_address
from bot.render.phrases import NEAREST_LABEL, UNCONFIRMED_LABEL, claim_counts, searched_words
from bot.render.sources import details_of, location, position, title_of, withdrawal
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import line

_SPECIAL = LazyPattern(r"([\\`*_{}\[\]<>#|~!&$])")


def markdown(answers: Sequence[Answer], places: Places) -> str:
    """Return a document: a heading a question, the sentences of its answer, and every footnote at the end.

    Footnotes are numbered through the whole document.
    """
    parts = ["# Questions and answers"]
    notes: list[str] = []
    for answer in answers:
        parts.append(f"## {escaped(answer.question) or 'An empty question'}")
        shown = answer.shown
        if answer.answerer != EXTRACTIVE and not answer.message:
            parts += [
                _written(answer, len(notes)),
                *_unconfirmed(answer.unconfirmed),
                f"*{escaped(claim_counts(answer))}. Written by {escaped(answer.answerer)}.*",
            ]
            notes += [_note(len(notes) + citation.number, citation, places) for citation in shown]
            continue
        if answer.laid_out:
            parts += [f"*{escaped(answer.label)}*"] if answer.possibly else []
            parts += [*_composed(answer.claims, len(notes)), *map(escaped, answer.remarks)]
            notes += [_note(len(notes) + citation.number, citation, places) for citation in shown]
            continue
        if answer.message:
            parts.append(f"**{escaped(answer.message)}** Searched {escaped(searched_words(answer.searched))}.")
            parts += _unconfirmed(answer.unconfirmed)
        if answer.message and shown:
            parts.append(NEAREST_LABEL)
        if answer.possibly:
            parts.append(f"*{escaped(answer.label)}*")
        quotes = [f"“{escaped(citation.quote)}”[^{len(notes) + at}]" for at, citation in enumerate(shown, 1)]
        notes += [_note(len(notes) + at, citation, places) for at, citation in enumerate(shown, 1)]
        asserted = not answer.message and not answer.possibly
        parts += quotes if asserted else ["\n".join(f"> {quote}\n>" for quote in quotes).removesuffix("\n>")]
        parts += [escaped(remark) for remark in answer.remarks]
        parts += [] if answer.message else _unconfirmed(answer.unconfirmed)
    return "\n\n".join([*filter(None, parts), "\n".join(notes)]).rstrip() + "\n"


def _written(answer: Answer, before: int) -> str:
    """Return a chat model's claims, each with its footnotes; ``before`` footnotes stand already."""
    said = ""
    for claim in answer.claims:
        notes = "".join(f"[^{before + number}]" for number in claim.citations)
        mark = f" *{claim.mark}*" if claim.mark else ""
        lead = "" if not said else "\n\n" if claim.opens else "\n" if claim.form is Form.ITEM else " "
        text = f"*{escaped(claim.text)}*" if claim.form is Form.REMARK else escaped(claim.text)
        said += f"{lead}{'- ' if claim.form is Form.ITEM else ''}{text}{notes}{mark}"
    return said


def _composed(claims: Sequence[Claim], before: int) -> list[str]:
    """Return the paragraphs of a composed answer: headings, notes and lists of sentences with their footnotes."""
    parts: list[str] = []
    for listed, group in itertools.groupby(claims, key=lambda claim: bool(claim.citations)):
        if listed:
            parts.append("\n".join(f"- {_labelled(claim)}[^{before + claim.citations[0]}]" for claim in group))
        else:
            parts += [f"### {escaped(c.text)}" if c.form is Form.HEADING else escaped(c.text) for c in group]
    return parts


def _labelled(claim: Claim) -> str:
    label = f"**{escaped(claim.label)}** " if claim.label else ""
    return f"{label}“{escaped(claim.text)}”"


def _unconfirmed(claims: Sequence[Claim]) -> list[str]:
    """Return the claims that are not confirmed, each marked, under their label; nothing where there are none."""
    if not claims:
        return []
    return [f"{UNCONFIRMED_LABEL}:", "\n".join(f"- *{escaped(claim.text)}* {claim.mark}" for claim in claims)]


def escaped(text: str) -> str:
    """Return text on one line that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", line(text))


def _note(number: int, citation: Citation, places: Places) -> str:
    article = citation.article
    details = map(escaped, (title_of(article), *details_of(article)))
    about = ", ".join([f"*{next(details)}*", *details, position(citation.paragraph, citation.page)])
    address = web_address(article.url)
    where = _code(location(article, citation.span, places))
    withdrawn = f" {escaped(withdrawal(citation.correction))}" if citation.correction else ""
    return f"[^{number}]: {about}. {f'<{address}> ' if address else ''}{where}{withdrawn}"


def _code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"
