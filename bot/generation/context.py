"""Prompt context: as many of the best passages as fit, each between delimiters that no article can forge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.llm.budget import estimate_tokens
from retrieval.articles import Hit
from retrieval.text.sanitize import clean, line


@dataclass(frozen=True, slots=True)
class PackedPassages:
    """Passages as a prompt shows them.

    Attributes:
        hits: The passages in prompt order: marker N refers to ``hits[N - 1]``.
        text: The passages with headline, outlet and date.
    """

    hits: tuple[Hit, ...]
    text: str


def pack_passages(hits: Sequence[Hit], tag: str, room: int) -> PackedPassages:
    """Return the passages that fit into ``room`` tokens, in the order of ``hits``: best first.

    A passage that does not fit whole gives the whole sentences that do, from its beginning, and is the last; of the
    first passage there is always something.
    """
    kept: list[Hit] = []
    parts: list[str] = []
    left = room
    for number, hit in enumerate(hits, 1):
        part = _part(f"{tag}-{number}", hit, hit.passage.text)
        cut = estimate_tokens(part) > left
        if cut:
            part = _shortened(f"{tag}-{number}", hit, left)
        if not part and kept:
            break
        kept.append(hit)
        parts.append(part or _part(f"{tag}-{number}", hit, hit.passage.text[: max(200, room)]))
        left -= estimate_tokens(parts[-1])
        if cut:
            break
    return PackedPassages(tuple(kept), "\n\n".join(parts))


def _part(name: str, hit: Hit, text: str) -> str:
    article = hit.article
    about = ", ".join(filter(None, (line(article.source), line(article.published)[:10])))
    lines = [f"<<<{name}>>>", f"Headline: {line(article.title) or 'none'}"]
    lines += [f"Source: {about}"] if about else []
    return "\n".join([*lines, clean(text).strip(), f"<<<end {name}>>>"])


def _shortened(name: str, hit: Hit, room: int) -> str:
    """Return the passage as far as whole sentences fit; nothing when not even one does."""
    passage = hit.passage
    for sentence in reversed(passage.sentences):
        part = _part(name, hit, passage.text[: sentence.end - passage.span.start])
        if estimate_tokens(part) <= room:
            return part
    return ""
