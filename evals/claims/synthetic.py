"""Claims made from answers that people wrote from passages: as they are, and with one fact changed.

What people judged are sentences of news summaries; answers from passages are worded more freely and go wrong in other
ways. The answers are those of INSCIT's layout: JSON lines of ``conv``, ``labels[{responseType, response, evidence[{
passage_id, passage_text, passage_titles}]}]``.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evals.claims.corruptions import CHANGES, CorruptionSource
from retrieval.articles import Article, ArticleInfo, Hit, Passage, Span
from retrieval.errors import InputError
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split
from retrieval.text.sentences import sentences

PASSAGES = 8
"""Passages that a claim is held to, its own among them where it is true."""
MIN_WORDS = 4
"""A shorter sentence is no claim."""
ABSENT = "absent"
"""A true claim held to other passages of its conversation."""
_ABSENT_PASSAGES = 3  # other passages of a conversation, at least, for that
_NOTE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class SyntheticClaim:
    """A claim, what it is held to, and what it is.

    Attributes:
        group: The conversation, by which folds are made.
        kind: "true", the name of the change, or ``ABSENT``.
        claim: The sentence.
        hits: The passages.
    """

    group: int
    kind: str
    claim: str
    hits: tuple[Hit, ...]

    @property
    def supported(self) -> bool:
        """Whether the passages say it."""
        return self.kind == "true"


@dataclass(frozen=True, slots=True)
class _AnswerSentence:
    conversation: str
    claim: str
    own: tuple[str, ...]


def make_claims(turns: Path, *, seed: int = 0) -> list[SyntheticClaim]:
    """Return the claims of the answers in ``turns``, each with every change that can be made to it.

    Raises:
        InputError: The file is absent or is not in the layout.
    """
    rng = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    passages, written = _read(turns)
    numbers = {name: number for number, name in enumerate(passages)}
    foreign = [each.claim for each in written]
    made: list[SyntheticClaim] = []
    for each in written:
        texts = passages[each.conversation]
        others = [name for name in texts if name not in each.own]
        rng.shuffle(others)
        names = [*each.own, *others[: max(0, PASSAGES - len(each.own))]]
        rng.shuffle(names)
        hits = _hits([texts[name] for name in names])
        pool = CorruptionSource(" ".join(texts[name][1] for name in each.own), foreign)
        group = numbers[each.conversation]
        made.append(SyntheticClaim(group, "true", each.claim, hits))
        for kind, change in CHANGES.items():
            changed = change(each.claim, pool, rng)
            if changed and changed != each.claim:
                made.append(SyntheticClaim(group, kind, changed, hits))
        if len(others) >= _ABSENT_PASSAGES:
            made.append(SyntheticClaim(group, ABSENT, each.claim, _hits([texts[name] for name in others[:PASSAGES]])))
    return made


def _read(turns: Path) -> tuple[dict[str, dict[str, tuple[str, str]]], list[_AnswerSentence]]:
    """Return the passages of each conversation as (title, text) by id, and the sentences of the direct answers."""
    passages: dict[str, dict[str, tuple[str, str]]] = {}
    written: list[_AnswerSentence] = []
    try:
        for line in turns.read_text("utf-8").splitlines():
            turn = json.loads(line)
            known = passages.setdefault(turn["conv"], {})
            for label in turn["labels"]:
                for each in label["evidence"]:
                    known[each["passage_id"]] = ("".join(each["passage_titles"][:1]), each["passage_text"])
                if label["responseType"] == "directAnswer" and label["evidence"]:
                    own = tuple(each["passage_id"] for each in label["evidence"])
                    written.extend(_AnswerSentence(turn["conv"], claim, own) for claim in _claims(label["response"]))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{turns} is not JSON lines of conv and labels ({type(error).__name__})") from error
    if not written:
        raise InputError(f"{turns} holds no direct answer with its evidence")
    return passages, written


def _claims(response: str) -> Iterator[str]:
    text = _NOTE.sub("", response).strip()
    for span in sentences(text, Span(0, len(text))):
        claim = span.of(text)
        if len(claim.split()) >= MIN_WORDS and not claim.endswith("?"):
            yield claim


def _hits(texts: Sequence[tuple[str, str]]) -> tuple[Hit, ...]:
    found = [hit for title, text in texts for hit in _split(title, text)]
    return tuple(Hit(passage, info, 1.0 / rank, rank) for rank, (passage, info) in enumerate(found, 1))


@lru_cache(maxsize=4096)
def _split(title: str, text: str) -> tuple[tuple[Passage, ArticleInfo], ...]:
    article = Article(origin=f"{title} {text[:40]}", text=text, title=title, blocks=structure(text).blocks)
    passages = split(article)
    info = ArticleInfo(article.id, article.origin, title, "", "", "", "", "", len(text), len(passages))
    return tuple((passage, info) for passage in passages)
