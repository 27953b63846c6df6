"""Quotable sentences: the citable sentences of an article that stand as whole statements, without page furniture."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.excerpts import depends_on_previous
from bot.answering.features import Sentence, parse_passage
from bot.answering.furniture import is_credited, is_furniture
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.text.analyzer import fold
from retrieval.text.datelines import dateline_end
from retrieval.text.dates import MONTH_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, BE, POSSESSIVE_DETERMINERS, SUBJECT_PRONOUNS, THIRD_PERSON, alternation
from retrieval.text.quotation_marks import pairs
from retrieval.text.reporting_verbs import PREPOSITIONS
from retrieval.text.verb_forms import BASES, THIRD_PERSON_FORMS, is_auxiliary, is_past_form

MIN_WORDS = 5
"""Words of the shortest statement."""
MAX_CAPTION_WORDS = 20
"""Words of the longest caption that is not told by its form."""
MAX_SECTION = 30
"""Characters of a section's title before that of an article."""
MAX_BEFORE_DATELINE = 5
"""Sentences, subheads and captions, before the dateline of a report."""

_ENDED = LazyPattern(r"[.!?…][\"'”’)\]*_]*\s*\Z")
_ASKS = LazyPattern(r"\?[\"'”’)\]*_]*\s*\Z")
_CUT_OFF = LazyPattern(r"\b[DRI]-[A-Z][a-z]{1,5}\.\Z|(?<![.!?”\"])(?:\.{2,}|(?: \.){3}|…)[\"'”’)\]*_]*\s*\Z")
_PARAGRAPH = LazyPattern(r"[^\n]+")
_WORD = LazyPattern(r"[A-Za-z]+(?:n't)?")
_BEFORE_NOUN = (PREPOSITIONS | ARTICLES | POSSESSIVE_DETERMINERS) - {"to"}
"""Words after which stands a noun, whatever verb it looks like: "in line"."""
_ATTRIBUTE = LazyPattern(rf"\b(?:{alternation(ARTICLES)}) (?:[a-z-]+, )+[a-z]+ed(?= [a-z]+\W*\Z)", re.IGNORECASE)
"""A past form among the adjectives of the noun at the end."""
_CONTRACTION = LazyPattern(r"\w'(?:s|re|m|ve|ll|d|t)\b")
_DATED_END = LazyPattern(rf"\b{MONTH_PATTERN}\.? \d{{1,2}},? \d{{4}}\W*\Z", re.IGNORECASE)
_BEGINS = LazyPattern(r"[\W_]*(?P<first>\w)")
_CONNECTIVE = LazyPattern(
    r"\A[\W_]*(?:but|and|or|so|yet|nor|still|instead|however|meanwhile|moreover|nevertheless|nonetheless|otherwise|thus"
    r"|therefore|also|then|indeed|besides|furthermore|likewise|similarly|rather|either way|in addition|as a result"
    r"|for (?:example|instance)|in other words|on the other hand|by contrast|in contrast|that said|after all"
    r"|the (?:former|latter|same|other))\b",
    re.IGNORECASE,
)
_UNNAMED_SPEAKER = LazyPattern(r"[,.?!—-][\"”’]{1,2} (?:he|she|they)\b")
"""A quotation that is followed by "he said": somebody whom a sentence before names."""
_UNNAMED_SUBJECT = LazyPattern(rf"\A[\W_]*\w[^,A-Z]{{1,60}}, (?:{alternation(SUBJECT_PRONOUNS & THIRD_PERSON)})\b")
"""A clause without a name, and what it is about as a pronoun: "Before moving up, they"."""


@dataclass(frozen=True, slots=True)
class QuotableSentence:
    """A sentence of an article.

    Attributes:
        hit: The passage it stands in; its rank is that of the search, or the passage's number from 1.
        span: Its characters in the article.
        place: Its number among the article's sentences that were given, from 0.
        sentence: The sentence, parsed; its ``text`` is the characters of ``span``.
        quoted: Whether it is somebody's words alone, or a part of them, so that it does not say whose.
    """

    hit: Hit
    span: Span
    place: int
    sentence: Sentence
    quoted: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return self.sentence.text

    @property
    def article(self) -> ArticleInfo:
        """Its article."""
        return self.hit.article

    @property
    def label(self) -> str:
        """Its article's day and outlet: "2014-03-24, Reuters"."""
        return ", ".join(filter(None, (self.article.published[:10] or "undated", self.article.source)))


def quotable_sentences(hits: Iterable[Hit], *, naming: bool = False) -> list[QuotableSentence]:
    """Return the sentences of hits that can be quoted by themselves, in the order of the hits, each once.

    What stands before a dateline, a subhead or a caption, is left out.

    Args:
        hits: The hits.
        naming: Whether questions and headings count as well, which name somebody as sentences do: "Will they ask the
            two brothers, Ola and Abel Reed?".
    """
    found: dict[tuple[str, Span], QuotableSentence] = {}
    places: dict[str, int] = {}
    for hit in hits:
        quotations = quotations_of(hit.passage)
        for sentence in parse_passage(hit.passage).sentences:
            place = places.get(hit.article.id, 0)
            places[hit.article.id] = place + 1
            if 0 < place <= MAX_BEFORE_DATELINE and dateline_end(sentence.text):
                found = {key: each for key, each in found.items() if key[0] != hit.article.id}
            quotable = is_quotable(sentence.text) or (naming and _may_name(hit.passage, sentence))
            glued = _has_title(sentence.text, hit.article.title) or is_credited(hit.passage, sentence.span)
            if quotable and not glued:
                quoted = is_cut_quotation(sentence.text) or is_within(
                    sentence.span.within(hit.passage.span), quotations
                )
                one = QuotableSentence(hit, sentence.span, place, sentence, quoted)
                found.setdefault((hit.article.id, sentence.span), one)
    return list(found.values())


def _may_name(passage: Passage, sentence: Sentence) -> bool:
    """Return whether a sentence is a question, or a heading that says something, which would be whole as a statement.

    A heading is a line of its own.
    """
    asks, span = _ASKS.search(sentence.text), sentence.span.within(passage.span)
    alone = passage.text[: span.start][-1:] in {"", "\n"} and passage.text[span.end :][:1] in {"", "\n"}
    statement = sentence.text.rstrip('?”" ')
    return bool(asks or alone) and is_quotable(f"{statement}.")


def quotations_of(passage: Passage) -> list[Span]:
    """Return the quotations in a passage, counted from its start; one that is not closed reaches to its line's end."""
    found = [pair.span for pair in pairs(passage.text, Span(0, len(passage.text)))]
    for each in _PARAGRAPH.finditer(passage.text):
        opened = each.group().rfind("“")
        if opened > each.group().rfind("”"):
            found.append(Span(each.start() + opened, each.end()))
    return found


MAX_KEPT = 20_000
"""Sentences of which it is kept whether they can be quoted: what one question reads, the next often reads, too."""


def is_within(span: Span, quotations: Iterable[Span]) -> bool:
    """Return whether a sentence is a quotation, or within one, but for its marks and its full stop."""
    return any(each.start <= span.start + 1 and span.end - 2 <= each.end for each in quotations)


@lru_cache(MAX_KEPT)
def is_quotable(text: str) -> bool:
    """Return whether a sentence is a whole statement: begun and ended, with a verb; no question, no furniture."""
    begins = _BEGINS.match(text)
    return (
        len(text.split()) >= MIN_WORDS
        and begins is not None
        and not begins["first"].islower()
        and bool(_ENDED.search(text))
        and not _ASKS.search(text)
        and not _CUT_OFF.search(text)
        and text.count("(") == text.count(")")
        and not is_furniture(text)
        and _tells(text)
    )


def _tells(text: str) -> bool:
    """Return whether a sentence has a finite verb by its form, and is no caption in the present with a full date."""
    plain = text.replace("’", "'")
    words = _WORD.findall(plain)
    if _CONTRACTION.search(plain) or any(word in BE or is_auxiliary(word) for word in words):
        return True
    told = _ATTRIBUTE.sub(" ", plain)  # "a stuffy, overcrowded cell"
    if any(is_past_form(word) for word in _WORD.findall(told)):
        return True
    return not _DATED_END.search(plain) and any(
        before.lower() not in _BEFORE_NOUN
        and word.islower()
        and (word in BASES or word in THIRD_PERSON_FORMS or (word.endswith("s") and len(word) > 3))
        for before, word in itertools.pairwise(words)
    )


def _has_title(text: str, title: str) -> bool:
    """Return whether the title of the article stands glued before a sentence, alone or behind that of its section."""
    if len(title.split()) < MIN_WORDS:
        return False
    plain, wanted = (fold(each.replace("’", "'")).strip(" .") for each in (text, title))
    return wanted in plain[: len(wanted) + MAX_SECTION] and plain != wanted


def may_be_caption(found: QuotableSentence) -> bool:
    """Return whether a sentence may be a caption: a short line of its own in the present, before the text begins."""
    if found.place >= MAX_BEFORE_DATELINE or len(found.sentence.words) > MAX_CAPTION_WORDS:
        return False
    text, span = found.hit.passage.text, found.span.within(found.hit.passage.span)
    alone = text[: span.start].rstrip(" ")[-1:] in {"", "\n"} and text[span.end :].lstrip(" ")[:1] in {"", "\n"}
    words = _WORD.findall(found.text)
    return alone and not any(word in BE or is_auxiliary(word) or is_past_form(word) for word in words)


def needs_context(found: QuotableSentence) -> bool:
    """Return whether a sentence cannot be understood without the one before: it begins with "He" or "However"."""
    page = parse_passage(found.hit.passage)
    begins_within = any(each.search(found.text) for each in (_CONNECTIVE, _UNNAMED_SPEAKER, _UNNAMED_SUBJECT))
    if begins_within or found.quoted:
        return True
    return depends_on_previous(found.sentence, page.sentences[max(0, page.place(found.span) - 1)])


def is_cut_quotation(text: str) -> bool:
    """Return whether a quotation begins or ends outside a sentence, so that it does not say whose it is."""
    return text.count("“") != text.count("”") or text.count('"') % 2 == 1


def article_hits(info: ArticleInfo, passages: Sequence[Passage]) -> list[Hit]:
    """Return an article's passages as hits, in order."""
    return [Hit(passage, info, 1.0, rank) for rank, passage in enumerate(passages, 1)]
