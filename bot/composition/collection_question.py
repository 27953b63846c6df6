"""Questions about the collection: which aspect of it is asked for, and of which of its articles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.answering.time_constraint import time_constraint
from retrieval.articles import Filters
from retrieval.store.rows import fold
from retrieval.text.date_intervals import EARLIEST, LATEST, DateInterval
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    DO,
    HAVE,
    MODAL_VERBS,
    PLURAL_AUXILIARIES,
    PRESENT_AUXILIARIES,
    STOP_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON_BE,
    alternation,
    word_set,
)

EVERYTHING = Filters()
MIN_RESEMBLANCE = 80
"""Similarity of two names in per cent, by ``rapidfuzz.fuzz.ratio``, from which one is taken for the other misspelt."""
MAX_NAME_WORDS = 6
"""Words of the longest name that is looked for."""


class Aspect(StrEnum):
    """What is asked of articles."""

    COUNT = "count"
    SIZE = "size"
    UPDATED = "updated"
    DATES = "dates"
    NEWEST = "newest"
    OLDEST = "oldest"
    OUTLETS = "outlets"
    FIRST_REPORT = "first_report"
    AUTHORS = "authors"
    NAMES = "names"
    EXISTENCE = "existence"
    LISTING = "listing"
    OPINION = "opinion"
    LONGEST = "longest"
    SHORTEST = "shortest"
    CONTENTS = "contents"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that is asked for as an outlet's or author's, and is none.

    Attributes:
        name: As it was written.
        nearest: The outlets and authors with the most similar names, best first.
    """

    name: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """A question about the collection.

    Attributes:
        aspect: What is asked.
        topic: What the articles are to mention, as written; empty for all.
        filters: The outlets, authors and days that they are to be of.
        named: The outlets and authors as they are said in an answer: "CNN", "Peter Baker".
        lacking: "date", "author" or "outlet" where the articles without one are asked for.
        remarks: What a name was taken for.
        unknown: A name that is neither an outlet's nor an author's; None where there is none.
        apart: Whether articles only have the words of the topic far from each other.
        about: Whether articles have the topic in other words only.
        reworded: Whether others tell of it in other words beside those that mention it.
    """

    aspect: Aspect
    topic: str = ""
    filters: Filters = EVERYTHING
    named: tuple[str, ...] = ()
    lacking: str = ""
    remarks: tuple[str, ...] = ()
    unknown: UnknownName | None = None
    apart: bool = False
    about: bool = False
    reworded: bool = False


_ARTICLES = (
    r"(?:articles?|stor(?:y|ies)|reports?|pieces?|documents?|texts?|news items?|columns?|op-?eds?|posts?|items?|files?)"
)
_OUTLETS = (
    r"(?:(?:media |news )?(?:outlets?|sources?|sites?|websites?|organi[sz]ations?)|newspapers?|papers?|publications?"
    r"|publishers?|magazines?|media|press|broadcasters?|networks?)"
)
_AUTHORS = r"(?:authors?|journalists?|reporters?|writers?|bylines?|columnists?)"
_COLLECTION = rf"(?:{_ARTICLES}|collection|corpus|archive|library|store|database|data ?set|coverage)"
_TOPICS = r"(?:topics?|subjects?|themes?)"
_REPORT = (
    r"(?:report|cover|publish|write|wrote|written|carr(?:y|ied)|run|ran|break|broke|say|said|mention)(?:ed|s|ing)?"
)
_BEFORE_NAME = (DO | HAVE) - {"do", "had"}
"""Auxiliaries that precede the name of one outlet or author: "Has CNN reported it?"."""
_ASPECTS: tuple[tuple[Aspect, LazyPattern], ...] = tuple(
    (aspect, LazyPattern("|".join(patterns)))
    for aspect, patterns in (
        (
            Aspect.UPDATED,
            (
                r"\b(?:last |recently )?(?:updated|ingested|refreshed)\b|\b(?:last|recently) (?:added|changed)\b",
                r"\bup[- ]to[- ]date\b",
                r"\bhow (?:current|fresh|recent)\b",
            ),
        ),
        (
            Aspect.FIRST_REPORT,
            (
                rf"\b(?:who|which|what)\b.*\b(?:first (?:to )?{_REPORT}|{_REPORT}\b.*\b(?:first|earliest)$|broke)\b",
                rf"\b(?:who|which|what)\b(?! {_ARTICLES} ).*\bwas (?:the )?first\b",
                r"\b(?:who|which|what)\b.*\bbefore (?:anyone|everyone|all others)\b",
                rf"\bfirst {_OUTLETS}\b",
            ),
        ),
        (
            Aspect.NEWEST,
            (
                rf"\b(?:newest|latest|most recent|last)\b(?: \w+){{0,2}} {_ARTICLES}\b",
                rf"\b{_ARTICLES} (?:{alternation(THIRD_PERSON_BE)}) (?:the )?(?:newest|latest|most recent|last)\b",
                r"\bwhat(?:'s| is) (?:the )?(?:newest|latest|most recent)(?: one)?(?: (?:that )?(?:you|we)\b.*)?$",
                r"\bmost recently\b|^(?:the )?(?:latest|news|any news(?: today)?|latest news)$",
                r"^(?:what(?:'s| is)|whats|anything|something) (?:new|the news|the latest|newest)\b",
                r"\b(?:newer|fresher|later|more (?:recent|current))\b",
            ),
        ),
        (
            Aspect.OLDEST,
            (
                rf"\b(?:oldest|earliest|first)\b(?: \w+){{0,2}} {_ARTICLES}\b",
                rf"\b{_ARTICLES} (?:{alternation(THIRD_PERSON_BE)}) (?:the )?(?:oldest|earliest|first)\b",
                r"\bwhat(?:'s| is) (?:the )?(?:oldest|earliest)(?: one)?(?: (?:that )?(?:you|we)\b.*)?$",
            ),
        ),
        (
            Aspect.DATES,
            (
                r"\b(?:from when|how far back|how old|(?:date|time) (?:range|span)|time ?(?:frame|span))\b",
                r"\b(?:what|which) (?:dates?|period|years?|time)\b",
                r"\bbetween (?:which|what)\b",
                rf"\b(?:when|on what date) (?:were|are|was) (?:.* )?(?:{_ARTICLES}|they|these|those|all)\b",
            ),
        ),
        (
            Aspect.SIZE,
            (
                r"\bhow (?:big|large)\b|\bsize of\b",
                r"\bhow many (?:words|passages|characters)\b",
                r"\bhow much (?:text|is)\b",
            ),
        ),
        (
            Aspect.AUTHORS,
            (
                rf"\b(?:which|what|how many|list|name|show|all|the) (?:\w+ )?{_AUTHORS}\b",
                r"\bwho (?:wrote|writes|is writing)\b|\bby whom\b",
                rf"\b(?:per|each|every) {_AUTHORS}\b",
            ),
        ),
        (
            Aspect.OUTLETS,
            (
                rf"\b(?:which|what|how many|list|name|show|all|the|where) (?:\w+ )?{_OUTLETS}\b",
                r"\bwho (?:else )?(?:has |have )?(?:reported|covered|published|carried|ran)\b",
                rf"\bwhere (?:did|{alternation(PLURAL_AUXILIARIES.values())}) (?:the|these|they)\b",
                rf"\b(?:per|by|each|every) {_OUTLETS}\b",
            ),
        ),
        (
            Aspect.NAMES,
            (
                rf"\b(?:who|which|what|names?|people|persons?|places?|countries|words?|{_TOPICS})\b"  # noqa: ISC004
                r".*\b(?:most|often|frequent(?:ly)?|common(?:ly)?)\b(?!.*\b(?:articles|wrote|writes|published)\b)",
                r"\bmost (?:frequent|common|often|mentioned|named|discussed|covered|prominent|important)\b",
                r"\b(?:main|top|key|common|frequent) (?:topics?|subjects?|themes?|names?|people|places?|words?)\b",
                rf"\b(?:which|what) {_TOPICS}\b",
            ),
        ),
        (Aspect.OPINION, (r"\bopinions?\b|\bop-?eds?\b|\beditorials?\b",)),
        (Aspect.LANGUAGE, (r"\b(?:which|what) languages?\b",)),
        (Aspect.LONGEST, (r"\blongest\b",)),
        (Aspect.SHORTEST, (r"\bshortest\b",)),
        (Aspect.COUNT, (r"\bhow many\b|\bnumber of\b|\bcount\b",)),
        (
            Aspect.CONTENTS,
            (
                r"\b(?:about|inside|available|in (?:here|there))$",
                r"\b(?:do|can) (?:you|we|u) (?:have|know|cover|got)$",
                rf"\bwhat (?:(?:{alternation(MODAL_VERBS)}) (?:you|u|we|i|be)|have)\b",
                rf"^(?:what(?:'s| (?:{alternation(THIRD_PERSON_BE)}))|whats)"  # noqa: ISC004
                rf" (?:(?:all|in|the|these|those|this|your) )*{_COLLECTION}$",
                rf"^what (?:do|does) (?:\w+ )?{_COLLECTION} ",
            ),
        ),
        (
            Aspect.EXISTENCE,
            (
                r"^(?:is|are) there\b",
                r"^(?:do|have|did) (?:you|we|i)\b",
                r"^(?:any|anything|something)\b",
                rf"^(?:{alternation(_BEFORE_NAME)}) \w",
            ),
        ),
        (
            Aspect.LISTING,
            (rf"\b{_ARTICLES}\b", r"\b(?:publish|write|report|wr[io]t)\w*", r"^(?:anything|everything|something)\b"),
        ),
    )
)
"""In order of precedence: the first match decides."""

_TOPIC = LazyPattern(
    r"\b(?:about|on|regarding|concerning|mention(?:s|ed|ing)?|naming|cover(?:s|ed|ing)?|discuss(?:es|ed|ing)?"
    r"|deal(?:s|ing|t)? with|report(?:s|ed|ing)?(?: on| about)?|broke|wrote about|writ(?:es|ten|ing) about|related to"
    r"|carr(?:y|ied)|publish(?:ed)? about|have to do with|first with)\s+(?P<topic>.+)$",
    re.IGNORECASE,
)
_STANCE = LazyPattern(
    rf"\b(?P<what>{_ARTICLES}|anything|something) (?:(?:that|which) (?:is|are) )?(?:for (?:and|or) against|against"
    r"|in favou?r of|supporting|supportive of|opposing|opposed to|critical of|criti[cs]i[sz]ing|praising|defending)\s+",
    re.IGNORECASE,
)
"""Which side articles are to be on: "any pieces against gun control"."""
STANCE_REMARK = "Articles that mention it; which side they take is not judged."
_HERE = rf"in (?:the|this|these|our|your|my) (?:store|collection|library|archive|{_ARTICLES})"
_TOPIC_END = LazyPattern(
    rf"(?<![\s,])[\s,]{{1,3}}(?:first|earliest|(?:the )?most(?: often)?|published|written|here|{_ARTICLES}|{_HERE}"
    rf"|(?:did|{alternation(PRESENT_AUXILIARIES)}) (?:there|here|you|we|it)\b.*|by date"
    r"|before (?:anyone|everyone)(?: else)?|at all|or not|please|yet|so far|about)$",
    re.IGNORECASE,
)
_LEAD_IN = LazyPattern(
    r"^(?:(?:the )?(?:stor(?:y|ies)|news|reports?|facts?) (?:of|about|on|that)|that|how|any|anything|both)\s+",
    re.IGNORECASE,
)
_AFTER_LEAD = LazyPattern(r"\b(?:from|by)\s+(?:the )?(?P<name>[^,?]+)$", re.IGNORECASE)
_AFTER_AUXILIARY = LazyPattern(
    rf"\b(?:from|by|{alternation(_BEFORE_NAME)})\s+(?:the )?"
    rf"(?P<name>(?!(?:{alternation(SUBJECT_PRONOUNS)}|the|these|from|by|any|an?|another|some|more|{_COLLECTION})\b)[^,?]+?)"
    r"(?=\s+(?:publish|write|report|wr[io]t|cover|say|said|carr|run|have|had|ever)|$)",
    re.IGNORECASE,
)
_WORD = LazyPattern(r"[^\s,?!\"“”()]+")
_LACKING = LazyPattern(
    r"\bundated\b|\b(?:no|without(?: an?)?|missing(?: an?)?) (?:publication )?"
    r"(?P<lack>date|author|byline|outlet|source)s?\b",
    re.IGNORECASE,
)
_TITLED = LazyPattern(rf"\b(?:the|that|an?) (?P<topic>(?:\S+ ){{1,6}}?){_ARTICLES}\b", re.IGNORECASE)
_PLACES_IN_ORDER = word_set("newest latest oldest earliest longest shortest first last most recent other same whole")
_EXPLICIT = LazyPattern(
    r"\b(?:articles?|stor(?:y|ies)|pieces?|news|anything|something|everything|outlets?|newspapers?|collection|store"
    r"|library|archive|coverage)\b|\b(?:you|we) (?:have|got)\b"
)
_ON_HAND = LazyPattern(
    rf"(?:(?:so|and|but|ok) )*(?:what (?:else )?(?:(?:{alternation(DO | HAVE)}|is|can) )?(?:we|you|there|i|got)\b"
    r"|whats? (?:else )?(?:there|on)\b|(?:do|have|can) (?:we|you|u|i)\b|(?:got|get|find|show|pull up|see)\b"
    r"|any(?:thing)?\b|some(?:thing)?\b|is there\b)"
)
"""How what there is about a topic is asked for: "what do we have on …", "got anything about …"."""
_LOOSE = frozenset({Aspect.EXISTENCE, Aspect.LISTING})
"""Aspects that other questions share their words with, so that the articles have to be named in them."""
_NOTHING_OF_ITS_OWN = word_set(
    """article articles story stories report reports piece pieces document documents here there you it they them these
    those store collection library archive database corpus outlet outlets source sources paper papers newspaper
    newspapers author authors total all each every any anything something everything else one first last"""
)


class Makers:
    """The outlets and authors of a library, by the names that people give them.

    Args:
        sources: The outlets, as the articles name them.
        authors: The author lines.
    """

    def __init__(self, sources: Iterable[str], authors: Iterable[str]) -> None:
        self._sources = tuple(dict.fromkeys(sources))
        self._authors = tuple(dict.fromkeys(authors))
        self._folded_authors = [(fold(each), each) for each in self._authors]
        self._by_name: dict[str, tuple[str, ...]] = {}
        self._exact = {fold(each) for each in self._sources}

    def outlets(self, name: str) -> tuple[str, ...]:
        """Return the outlets that a name means: "CNN" is "CNN (Web News)", too, and "AP" "Associated Press"."""
        wanted = _plain(name)
        if wanted not in self._by_name:
            self._by_name[wanted] = tuple(each for each in self._sources if wanted and _means(wanted, each))
        return self._by_name[wanted]

    def authors(self, name: str) -> bool:
        """Return whether a name is, or is a part of, an author line: at least two of its words, or all."""
        wanted = fold(name)
        return len(wanted) > 2 and any(
            re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded) for folded, _ in self._folded_authors
        )

    def nearest(self, name: str, limit: int = 3) -> list[tuple[str, float, bool]]:
        """Return the outlets and authors of the most similar names, their similarity, and whether it is an outlet."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 (late: few names are misspelt)

        known = [(each, True) for each in self._sources] + [(each, False) for each in self._authors if len(each) < 60]
        found = process.extract(
            _plain(name), [_plain(_core(each)) for each, _ in known], scorer=fuzz.ratio, limit=2 * limit
        )
        best: dict[str, tuple[str, float, bool]] = {}
        for _, score, index in found:
            best.setdefault(fold(known[index][0]), (known[index][0], score, known[index][1]))
        return list(best.values())[:limit]


def _plain(name: str) -> str:
    """Return an outlet's name as it is compared: without case, "the", full stops and hyphens."""
    words = re.sub(r"[^\w\s&!]+", " ", fold(name)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _means(wanted: str, outlet: str) -> bool:
    """Return whether a name is an outlet's: its own, the first words of it, or with words shortened or as initials."""
    core = _plain(_core(outlet))
    if wanted in {core, _plain(outlet)} or _plain(outlet).startswith(f"{wanted} "):
        return True
    return len(wanted) > 1 and _shortens(wanted.split(), core.split())


def _core(outlet: str) -> str:
    """Return the outlet of a section: "New York Times" of "New York Times - Opinion"."""
    return re.split(r"\s+-\s+|\s*\(", outlet)[0]


def _shortens(short: Sequence[str], full: Sequence[str]) -> bool:
    """Return whether words stand for others, each a word, its beginning, or the initials of several: "ny times"."""
    if not short or not full:
        return not short and not full
    first = short[0]
    if full[0] == first or (len(first) > 2 and full[0].startswith(first) and len(short) > 1):
        return _shortens(short[1:], full[1:])
    initials = "".join(word[0] for word in full[: len(first)])
    return len(first) > 1 and initials == first and _shortens(short[1:], full[len(first) :])


def parse_collection_question(
    text: str, makers: Makers, anchor: dt.date, *, topic: str = ""
) -> CollectionQuestion | None:
    """Return what a question asks of the collection; None where it asks nothing of this kind.

    Args:
        text: The question, standalone.
        makers: The outlets and authors.
        anchor: The day against which its dates are read.
        topic: What it is about, where that is known already.
    """
    constraint = time_constraint(text, anchor)
    asked = " ".join(constraint.core.split()).strip(" ?!.")
    core = _STANCE.sub(r"\g<what> about ", asked)
    remarks = (STANCE_REMARK,) if core != asked else ()
    lacking = ""
    if lack := _LACKING.search(core):
        noun = fold(lack["lack"] or "date")
        lacking = {"byline": "author", "source": "outlet"}.get(noun, noun)
        core = _LACKING.sub(" ", core).strip()
    lower = " ".join(core.casefold().replace("’", "'").split())
    aspect = next((aspect for aspect, pattern in _ASPECTS if pattern.search(lower)), None)
    found = CollectionQuestion(
        aspect or Aspect.LISTING, lacking=lacking, filters=_period(constraint.asked), remarks=remarks
    )
    about = _TOPIC.search(core)
    before = core[: about.start()] if about else core
    wanted = about["topic"] if about else ""
    found, before = _with_makers(found, before, makers)
    named = found.filters.sources or found.filters.authors
    loose = aspect is None or (aspect in _LOOSE and not _EXPLICIT.search(lower))
    if loose and not (named or (about and _ON_HAND.match(lower))):
        return None  # "What did Trump say about Niger?", "Did Trump report it?"
    found, wanted = _with_makers(found, wanted, makers, strict=True)
    titled = _TITLED.search(core) if not about and found.aspect in {Aspect.AUTHORS, Aspect.DATES} else None
    if titled and not any(fold(word) in _PLACES_IN_ORDER for word in titled["topic"].split()):
        wanted = titled["topic"]
    wanted = _cleaned(wanted)
    if not wanted and not about and topic and topic not in constraint.dates and not found.named:
        wanted = _cleaned(time_constraint(topic, anchor).core)
    return replace(found, topic=wanted)


def _period(asked: Sequence[Sequence[DateInterval]]) -> Filters:
    """Return the days that a question restricts the articles to."""
    alternatives = [each for interval in asked for each in interval]
    if not alternatives:
        return Filters()
    first, last = min(each.first for each in alternatives), max(each.last for each in alternatives)
    return Filters(
        since="" if first == EARLIEST else first.isoformat(), until="" if last == LATEST else last.isoformat()
    )


def _with_makers(
    question: CollectionQuestion, text: str, makers: Makers, *, strict: bool = False
) -> tuple[CollectionQuestion, str]:
    """Return the question with the outlet or author that a part of it names, and that part without them.

    Args:
        question: What is known of it.
        text: The part.
        makers: The outlets and authors.
        strict: Whether only a name after "from" or "by" counts: "about Reuters" is about it.
    """
    words = list(_WORD.finditer(text))
    leads = {"from", "by"} if strict else _BEFORE_NAME.union({"from", "by", "in", "of", "at", "is", "was"})
    for length in range(min(MAX_NAME_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            first, last = words[start], words[start + length - 1]
            name = re.sub(r"['’]s?$", "", text[first.start() : last.end()]).strip(" .:;'’")
            lead = fold(words[start - 1].group()) if start else ""
            led = lead in leads or (lead == "the" and start > 1 and fold(words[start - 2].group()) in leads)
            capital = name[:1].isupper() and start > 0 and not strict
            if not (led or capital or (start == 0 and not strict and name[:1].isupper() and length > 1)):
                continue
            if all(fold(word.group()) in STOP_WORDS | _NOTHING_OF_ITS_OWN for word in words[start : start + length]):
                continue
            following = words[start + length].group() if start + length < len(words) else ""
            if following[:1].isupper():
                continue  # "the Daily Bugle" is not the Daily Mail
            outlets = makers.outlets(name)
            filters = question.filters
            if outlets and lead not in {"about", "on"}:
                filters = replace(filters, sources=(*filters.sources, *outlets))
            elif (led or length > 1) and makers.authors(name):
                filters = replace(filters, authors=(*filters.authors, name))
            else:
                continue
            rest = f"{_without_lead(text[: first.start()], leads)} {text[last.end() :]}"
            called = re.sub(r"^the (?=\w)", "", name, flags=re.IGNORECASE)
            return replace(question, filters=filters, named=(*question.named, called)), rest
    return _with_unknown(question, text, makers, strict=strict)


def _with_unknown(
    question: CollectionQuestion, text: str, makers: Makers, *, strict: bool
) -> tuple[CollectionQuestion, str]:
    """Return the question with a misspelt or unknown name after "from", "by" or "did"."""
    found = (_AFTER_LEAD if strict else _AFTER_AUXILIARY).search(text)
    if not found:
        return question, text
    name = found["name"].strip(" .'’")
    words = [fold(word) for word in name.split()]
    if not words or len(words) > MAX_NAME_WORDS or all(word in STOP_WORDS | _NOTHING_OF_ITS_OWN for word in words):
        return question, text
    nearest = makers.nearest(name)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if nearest and nearest[0][1] >= MIN_RESEMBLANCE:
        best, _, is_outlet = nearest[0]
        filters = question.filters
        filters = (
            replace(filters, sources=(*filters.sources, *(makers.outlets(best) or (best,))))
            if is_outlet
            else replace(filters, authors=(*filters.authors, best))
        )
        remark = f"“{name}” was taken for “{best}”."
        return (
            replace(question, filters=filters, named=(*question.named, best), remarks=(*question.remarks, remark)),
            rest,
        )
    if strict:
        return question, text
    return replace(question, unknown=UnknownName(name, tuple(each for each, score, _ in nearest if score > 50))), rest


def _without_lead(text: str, leads: Iterable[str]) -> str:
    kept = text.rstrip()
    for _ in range(2):
        head, _, last = kept.rpartition(" ")
        if fold(last) in {*leads, "the"}:
            kept = head
    return kept


def _cleaned(topic: str) -> str:
    """Return a topic without what surrounds it in a question."""
    kept = re.sub(r"^(?:the|an?) (?=\w)", "", topic.strip(" ?!.,;:\"“”'"))
    while True:
        shorter = _LEAD_IN.sub("", _TOPIC_END.sub("", kept)).strip(" ?!.,;:\"“”'")
        if shorter == kept:
            break
        kept = shorter
    if re.fullmatch(r"(?:\w\.)+\w", kept):
        kept += "."  # "U.S."
    words = [word.group() for word in _WORD.finditer(kept)]
    own = any(_is_acronym(word) or fold(word) not in STOP_WORDS | _NOTHING_OF_ITS_OWN for word in words)
    return kept if own else ""


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()
