"""Decides which of the passages that search found only repeat better ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from retrieval.articles import Passage
from retrieval.store.duplicates import Sketch, are_near_duplicates
from retrieval.store.library import Library
from retrieval.text.near_duplicates import Imprint, Sentences, imprint, is_copy


class Repeats:
    """Judges one search's passages, best first.

    A passage is a repeat when it is nearly the same text as a better one (``retrieval.text.near_duplicates``), or when
    its article is one story (``retrieval.store.duplicates``) with articles of better ones and each of its sentences
    stands in what was found of those, wherever their passages begin and end. A sentence with another number or negation
    does not stand there: a reader must see it beside the first. A passage that was left out tells nothing any more, so
    that every sentence stands in a passage that was kept or still has its turn.

    Args:
        library: Where the passages stand.
        found: The ids of all passages that search found.
    """

    def __init__(self, library: Library, found: Sequence[str]) -> None:
        self._library = library
        self._found: dict[str, list[str]] = {}
        for identifier in found:
            self._found.setdefault(identifier.partition(":")[0], []).append(identifier)
        self._kept: list[Imprint] = []
        self._left_out: set[str] = set()
        self._sketches: dict[str, Sketch] = {}
        self._articles: set[str] = set()  # of the kept passages
        self._holding: dict[int, list[str]] = {}  # these, by the hashes of their sketches
        self._sentences: dict[str, Sentences] = {}

    def know(self, articles: Collection[str]) -> None:
        """Get ready for passages of ``articles``."""
        self._sketches |= self._library.sketches([each for each in articles if each not in self._sketches])

    def keep(self, passage: Passage) -> bool:
        """Keep a passage unless it is a repeat; return whether it was kept."""
        text = imprint(passage.text)
        if is_copy(text, self._kept) or self._is_told(passage):
            self._left_out.add(passage.id)
            return False
        self._kept.append(text)
        article = passage.article_id
        if article not in self._articles:
            self._articles.add(article)
            for value in self._sketches.get(article, ()):
                self._holding.setdefault(value, []).append(article)
        return True

    def _is_told(self, passage: Passage) -> bool:
        told = [self._sentences_of(article) for article in self._same_story(passage.article_id)]
        return bool(told) and all(any(each.tell(said, self._left_out) for each in told) for said in _said(passage))

    def _same_story(self, article: str) -> list[str]:
        """Return the other articles of kept passages that are one story with this one."""
        mine = self._sketches.get(article, ())
        sharing = {other for value in mine for other in self._holding.get(value, ()) if other != article}
        return [other for other in sharing if are_near_duplicates(mine, self._sketches[other])]

    def _sentences_of(self, article: str) -> Sentences:
        if article not in self._sentences:
            known = self._sentences[article] = Sentences()
            for passage in self._library.passages(self._found[article]):
                for said in _said(passage):
                    known.add(passage.id, said)
        return self._sentences[article]


def _said(passage: Passage) -> Iterator[Imprint]:
    """Yield the imprint of each sentence of a passage."""
    for span in passage.sentences or (passage.span,):
        yield imprint(passage.text[span.start - passage.span.start : span.end - passage.span.start])
