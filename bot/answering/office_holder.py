"""Questions for an office's holder ("Who is the chair of the board?"): sentences that name one beside the office.

A reader that compares question and sentence takes any official of the place: an elections supervisor for its mayor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.excerpts import MAX_ANTECEDENTS, MAX_EXCERPT_CHARACTERS
from bot.answering.features import ParsedPassage, parse_passage
from bot.answering.reader import Reader, ReaderResult, ScoredSentence
from bot.answers import Doubt
from retrieval.articles import Hit, Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    POSSESSIVE_DETERMINERS,
    QUESTION_WORDS,
    THIRD_PERSON_BE,
    alternation,
)
from retrieval.text.places import DEMONYMS
from retrieval.text.reporting_verbs import CERTAIN, GROUP_WORDS, SPEECH
from retrieval.text.roles import OFFICES, PERSON_NOUNS, ROLES, TITLES_OF_ROLE
from retrieval.text.tokens import Word, read_words, term_set

WHOLE_PRECISION, PART_PRECISION, BARE_PRECISION = 0.9, 0.6, 0.3
"""Precision of a holder whose office is named in full beside the name ("Ada Quill, chair of the port board"), in part
("chair of the board", after a sentence about the port), or without whose it is ("Mayor Quill"). The first was judged on
about 45 sentences of 715 news articles, those that the rule was written on; the others rest on a handful and are set so
that the sentence may answer at most."""
MAX_HOLDERS = 2
"""Sentences shown that name holders."""

_WHOSE = Doubt("does not say beside the name which office it is", "names the office in full beside the name")

_FORM = LazyPattern(
    rf"\W*who(?:\s+(?:{alternation(THIRD_PERSON_BE)})|['’]s)\s+(?:(?:the|an?)\s+)?"
    r"(?:(?:current|new|present|sitting)\s+)?(?P<office>[^?!.;]{3,80}?)\W*",
    re.IGNORECASE,
)
_BARE = LazyPattern(
    rf"\W*(?:and\s+|but\s+)?who(?:\s+(?:{alternation(THIRD_PERSON_BE)})|['’]s)\s+the\s+(?P<office>{alternation(OFFICES)})\W*",
    re.IGNORECASE,
)
_NAME = LazyPattern(
    rf"\W*what(?:\s+(?:{alternation(THIRD_PERSON_BE)})|['’]s)\s+the\s+(?P<office>{alternation(OFFICES)})['’]s\s+name\W*",
    re.IGNORECASE,
)
_RELATIVE = LazyPattern(rf"\b(?:{alternation(QUESTION_WORDS | BE | {'that', 'if', 'because'})})\b", re.IGNORECASE)
_PAST = frozenset("former ex then late onetime retired outgoing incoming".split())  # noqa: SIM905
_UNDER = {word: (terms(word) or [word])[0] for word in ("vice", "deputy", "assistant", "associate")}
_OWN = frozenset({"president"})
"""Titles that mean the country's own where no other is named."""
_OF_COUNTRIES = frozenset("american british chinese french german russian u.s uk us".split())  # noqa: SIM905
_ROLE_TERMS = frozenset(itertools.chain.from_iterable(terms(role) for role in ROLES - _OF_COUNTRIES))
_CIVIC = frozenset({"citi", "counti", "state"})
"""Terms that are left out of the name of a place: "the mayor of New York" is "New York City Mayor"."""
_COMPLEMENT = frozenset({"of", "for", "at", "in"})
_BOUND = ARTICLES | {"and", "of"}
_IS = frozenset({"is", "became"})
_LINKS = ARTICLES | POSSESSIVE_DETERMINERS | _IS | {"and", "who", "of"}
"""Function words between a name and its office: "Ada Quill, a Republican and the chair", "Ada Quill, who is chair"."""
_NO_NAMES = ROLES | GROUP_WORDS | SPEECH.keys()
_CALLED_ELSEWHERE = {"minister": ("secretary",), "secretary": ("minister",)}
"""What another country calls an office: the foreign minister of Britain is its Foreign Secretary."""
_MAX_BESIDE = 7
"""Words between a name and its office: "Ada Quill, the longtime Democratic chair"; and of what follows "of"."""


@dataclass(frozen=True, slots=True)
class Office:
    """The office that a question asks the holder of.

    Attributes:
        role: Its noun, folded: "minister".
        kind: The terms before the noun: "defense".
        of: The terms of whose office it is: "greece".
    """

    role: str
    kind: frozenset[str]
    of: frozenset[str]

    @property
    def terms(self) -> frozenset[str]:
        """What must be said of the holder beside the role."""
        return self.kind | self.of

    @property
    def is_public(self) -> bool:
        """Whether articles name its holder beside it: a governor's does, a suspect's may be told in any words."""
        return self.role in OFFICES

    @property
    def titles(self) -> frozenset[str]:
        """The role, and what comes before a holder's name in its place: "gov" for "governor"."""
        return frozenset((self.role, *TITLES_OF_ROLE.get(self.role, "").split("|"))) - {""}


def parse_office(question: str) -> Office | None:
    """Return the office in a question for its holder; None for any other question."""
    found = _FORM.fullmatch(question)
    if found is None or _RELATIVE.search(found["office"]):
        return None
    text = re.sub(r"['’]s\b", "", found["office"])
    said = read_words(text, sentence=False)
    folded = [fold(text[word.start : word.end]) for word in said]
    at = next((number for number, word in enumerate(folded) if word in PERSON_NOUNS), -1)
    if at < 0 or any(word.stop for word in said[:at]):
        return None  # "Who is suing the governor?"
    while at + 1 < len(folded) and folded[at + 1] in PERSON_NOUNS:
        at += 1  # "attorney general"
    if at + 1 < len(folded) and folded[at + 1] not in _COMPLEMENT:
        return None  # "Who is General Michael Langley?"
    before = list(zip(said[:at], folded, strict=False))
    kinds = ROLES - DEMONYMS
    kind = term_set([word for word, each in before if each in kinds])
    of = term_set([word for word, each in before if each not in kinds]) | term_set(said[at + 1 :])
    return Office(folded[at], kind, of) if kind or of else None


def parse_bare_office(question: str) -> Office | None:
    """Return the office of "Who was the judge?" or "What's the judge's name?", whosesoever it is; None for others."""
    found = _BARE.fullmatch(question) or _NAME.fullmatch(question)
    return Office(fold(found["office"]), frozenset(), frozenset()) if found else None


class OfficeHolderReader:
    """A reader that answers questions for an office's holder; it passes other questions to the inner reader.

    Args:
        inner: The reader for all questions.
    """

    def __init__(self, inner: Reader) -> None:
        self._inner = inner

    def read(self, question: str, hits: Sequence[Hit]) -> ReaderResult:
        """Return the sentences that name the holder, of equal ones the newest first, then the inner reader's.

        Raises:
            EmbeddingError: The model cannot be loaded.
        """
        reading = self._inner.read(question, hits)
        office = parse_office(question)
        if office is None:
            return reading
        newest = sorted(_holders(office, hits), key=lambda each: each.hit.article.published, reverse=True)
        found = sorted(newest, key=lambda each: -each.probability)
        sure = found[0].probability if found else 0.0
        bare = sure <= BARE_PRECISION
        if not found or (bare and reading.answers and not reading.possibly):
            return reading
        shown = [each for each in found if each.probability == sure][:MAX_HOLDERS]
        rest = [each for each in reading.candidates if not any(_same_place(each, other) for other in shown)]
        return replace(
            reading,
            candidates=(*shown, *rest),
            confidence=sure,
            p_answerable=max(reading.p_answerable, sure),
            answers=1 if bare else len(shown),
            possibly=bare,
            doubts=(_WHOSE,) if bare else (),
        )


def _holders(office: Office, hits: Sequence[Hit]) -> Iterator[ScoredSentence]:
    """Yield the sentences that name a holder, each with the precision of its rule."""
    seen: set[tuple[str, Span]] = set()
    for hit in hits:
        page = parse_passage(hit.passage)
        for number, sentence in enumerate(page.sentences):
            key = (hit.passage.article_id, sentence.span)
            if key in seen:
                continue
            seen.add(key)
            sure = max((_precision(office, beside) for beside in beside_holders(office, sentence.text)), default=0.0)
            span = sentence.span if sure == WHOLE_PRECISION else _completed(office, page, number)
            if sure and span:
                yield ScoredSentence(hit, span, sure)


def _precision(office: Office, beside: frozenset[str]) -> float:
    """Return how surely the terms beside a name give the office; 0 where they give another."""
    if not office.kind <= beside:
        return 0.0
    if not beside <= office.terms | _ROLE_TERMS | _CIVIC:
        return 0.0
    if office.terms <= beside:
        return WHOLE_PRECISION
    if beside & office.of:
        return PART_PRECISION
    return 0.0 if office.role in _OWN else BARE_PRECISION


def _completed(office: Office, page: ParsedPassage, number: int) -> Span | None:
    """Return a sentence with those before it that complete the office; None where they do not."""
    held = page.sentences[number].terms | page.context
    first = number
    while not office.of <= held:
        first -= 1
        if first < max(0, number - MAX_ANTECEDENTS):
            return None
        held |= page.sentences[first].terms
    span = Span(page.sentences[first].span.start, page.sentences[number].span.end)
    return span if len(span) <= MAX_EXCERPT_CHARACTERS else page.sentences[number].span


def beside_holders(office: Office, sentence: str) -> Iterator[frozenset[str]]:
    """Yield, of each holder of such an office that a sentence names, the terms that say which; no former ones."""
    said = read_words(sentence, sentence=False)
    folded = [fold(sentence[word.start : word.end]).strip(".").removesuffix("'s") for word in said]
    for at, word in enumerate(folded):
        if word not in office.titles:
            continue
        first = at
        while first and _adjoin(sentence, said, first - 1) and (said[first - 1].name or folded[first - 1] in ROLES):
            first -= 1
        before = frozenset(folded[max(0, first - 2) : at])
        if before & _PAST or not office.kind.issuperset(_UNDER[each] for each in before & _UNDER.keys()):
            continue
        last = _complement_end(sentence, said, folded, at)
        named = last
        while last > at and _is_name(office, said[last], folded[last]):
            last -= 1  # "Secretary of State Ada Quill"
        if (
            last < named
            or _name_follows(office, sentence, said, folded, last)
            or _name_precedes(office, sentence, said, folded, first)
        ):
            yield term_set(said[first:at]) | term_set(said[at + 1 : last + 1])


def names_holder(office: Office, sentence: str) -> bool:
    """Return whether a sentence names a holder of such an office, whosesoever it is."""
    offices = (office, *(replace(office, role=role) for role in _CALLED_ELSEWHERE.get(office.role, ())))
    return any(each.kind <= beside for each in offices for beside in beside_holders(each, sentence))


def _complement_end(sentence: str, said: Sequence[Word], folded: Sequence[str], at: int) -> int:
    """Return the last word of "of the Democratic National Committee" after a role at ``at``; ``at`` without such."""
    if at + 1 == len(said) or folded[at + 1] not in _COMPLEMENT or not _adjoin(sentence, said, at):
        return at
    last = at + 1
    for number in range(at + 2, min(len(said), at + 2 + _MAX_BESIDE)):
        bound = folded[number] in _BOUND or not said[number].stop
        if said[number - 1].name and not said[number].name and folded[number] not in _BOUND:
            break  # "chair of the Port Board agreed"
        if not bound or not _adjoin(sentence, said, number - 1) or folded[number] in CERTAIN:
            break
        last = number
    return last


def _name_follows(office: Office, sentence: str, said: Sequence[Word], folded: Sequence[str], last: int) -> bool:
    """Tell whether a name follows: "Mayor Ada Quill", "chair of the board, Ada Quill", "the mayor is Reed"."""
    if last + 2 < len(said) and folded[last + 1] in THIRD_PERSON_BE and _adjoin(sentence, said, last):
        last += 1
    if last + 1 >= len(said) or not re.fullmatch(r"[.,]?\s", sentence[said[last].end : said[last + 1].start]):
        return False
    return _is_name(office, said[last + 1], folded[last + 1])


def _name_precedes(office: Office, sentence: str, said: Sequence[Word], folded: Sequence[str], first: int) -> bool:
    """Tell whether a name precedes an office: "Ada Quill, the longtime chair", "Ada Quill is the chair"."""
    for number in range(first - 1, max(-1, first - 1 - _MAX_BESIDE), -1):
        between = sentence[said[number].end : said[number + 1].start]
        # Whosesoever the office is, it may have been somebody's: "Ada Quill, who was a professor".
        was = not office.terms and folded[number + 1] == "was"
        holds = (was or folded[number + 1] in _IS) and folded[number] != "who"
        if between.strip() == "," or (between.isspace() and holds):
            return _is_name(office, said[number], folded[number])
        if between.strip() or (said[number + 1].stop and not was and folded[number + 1] not in _LINKS):
            return False
    return False


def _is_name(office: Office, word: Word, folded: str) -> bool:
    other = folded not in _NO_NAMES and word.term not in office.terms
    return other and word.name and not word.date and not word.stop


def _adjoin(sentence: str, said: Sequence[Word], at: int) -> bool:
    return re.fullmatch(r"\s|['’]s\s|-", sentence[said[at].end : said[at + 1].start]) is not None


def _same_place(one: ScoredSentence, other: ScoredSentence) -> bool:
    return one.hit.passage.article_id == other.hit.passage.article_id and one.span.overlaps(other.span)
