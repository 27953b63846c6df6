"""Speakers over all articles: which names are one speaker's, and which speakers a name can mean.

Within an article the attribution resolves names (``retrieval.text.names``); what comes here is the fullest name that
each article has. Two full names are one speaker's when surname and given name agree. A surname alone, or an initial, is
counted to the one speaker it fits, or to one who is named far more often than all others it fits; else it stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.store.statements import SpeakerName
from retrieval.text.abbreviations import NAME_SUFFIXES
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    DEMONSTRATIVES,
    POSSESSIVE_DETERMINERS,
    QUANTIFIERS,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    word_set,
)
from retrieval.text.names import FEMALE, GIVEN, MALE, agree, bare, fold_name, surname
from retrieval.text.reporting_verbs import GROUP_WORDS, OUTLET_WORDS
from retrieval.text.roles import COURTESIES, PERSON_NOUNS, TITLE_ABBREVIATIONS

DOMINANCE = 10
"""How many times as many statements as any other whom it fits a speaker has to whom a short name is counted."""

MAX_PERSON_WORDS = 5
"""Words of a person's name; longer runs are something else."""

_PARTICLES = word_set("of the and for de la le du von van der den bin ibn al el y da dos di ter ten op zu e")
_NO_NAMES = (
    QUANTIFIERS
    | SUBJECT_PRONOUNS
    | DEMONSTRATIVES
    | POSSESSIVE_DETERMINERS
    | RELATIVE_PRONOUNS
    | word_set("other others former another one two three")
)
_TITLES = ARTICLES | PERSON_NOUNS | COURTESIES | TITLE_ABBREVIATIONS
_PREPOSITIONS = word_set("of to for from with by against about on behind")
_ACRONYM = LazyPattern(r"[A-Z](?:\.?[A-Z]){1,5}\.?")


@dataclass(frozen=True, slots=True)
class RecordedSpeaker:
    """A speaker of the record.

    Attributes:
        name: The name with most statements among the fullest.
        aliases: Every name, most statements first.
        named: Whether they have a name: "the mayor" and "two officials" do not.
    """

    name: str
    aliases: tuple[SpeakerName, ...]
    named: bool

    @property
    def statements(self) -> int:
        """How many statements there are, copies included."""
        return sum(alias.statements for alias in self.aliases)

    @property
    def keys(self) -> tuple[int, ...]:
        """The row keys of the names."""
        return tuple(alias.key for alias in self.aliases)


def recorded_speakers(names: Iterable[SpeakerName]) -> list[RecordedSpeaker]:
    """Return the speakers that names stand for, most statements first; unresolved pronouns are nobody's."""
    merged: defaultdict[str, list[SpeakerName]] = defaultdict(list)
    for name in names:
        if name.name:
            merged[_normal(name.name)].append(name)
    groups = [_NameGroup(sorted(each, key=_most)) for each in merged.values()]
    speakers: list[_NameGroup] = []
    known: defaultdict[str, list[_NameGroup]] = defaultdict(list)  # by folded family name
    for group in sorted(groups, key=lambda each: (each.is_short, -each.statements, each.plain)):
        owner = _owner(group, known)
        if owner is None:
            speakers.append(group)
        else:
            owner.add(group)
        if group.is_person and not group.is_short:
            for word in _family_names(group.plain, either_order=True):
                if (owner or group) not in known[word]:
                    known[word].append(owner or group)
    _merge_acronyms(speakers)
    found = [each.speaker() for each in speakers if each.names]
    return sorted(found, key=lambda each: (-each.statements, each.name))


def speakers_named(asked: str, speakers: Sequence[RecordedSpeaker]) -> list[RecordedSpeaker]:
    """Return the speakers that ``asked`` can mean, most statements first; the one with exactly that full name alone."""
    normal = _normal(asked)
    exact = [each for each in speakers if any(_normal(alias.name) == normal for alias in each.aliases)]
    meant = _NameGroup([SpeakerName(0, asked, 0, 0)])
    is_surname = meant.is_person and len(meant.plain.split()) == 1 and not _ACRONYM.fullmatch(meant.plain)
    if exact and not is_surname:
        return exact[:1]
    agreeing = [each for each in speakers if each in exact or (meant.is_person and _is_meant(meant, each, is_surname))]
    if agreeing:
        return agreeing
    return [each for each in speakers if any(_is_acronym(asked, alias.name) for alias in each.aliases)]


def lookup_words(asked: str) -> set[str]:
    """Return the folded words by which the names that ``asked`` can mean are found (``speaker_names``)."""
    plain = fold_name(_plain(asked)).split()
    words = {part for word in plain for part in (word, *word.split("-"))}
    if len(plain) > 1 and not _PARTICLES & set(plain):
        words = _family_names(_plain(asked)) | {plain[-1]}
    initials = "".join(word[0] for word in plain if word not in _PARTICLES)
    return words | ({initials} if len(initials) > 1 else set()) or {fold_name(asked)}


class _NameGroup:
    """The names of one speaker, as far as they are known."""

    def __init__(self, names: list[SpeakerName]) -> None:
        self.names = names
        self.plain = _plain(names[0].name)
        self.full = {self.plain}
        self.gender = bare(names[0].name)[1] or _gender(self.plain)
        folded = fold_name(self.plain).split()
        self.is_named = _is_name(self.plain.split(), folded)
        is_led = names[0].name.split()[0].lower() in ARTICLES
        is_group = not {"of", "for", "and", "the", *GROUP_WORDS, *OUTLET_WORDS}.isdisjoint(folded)
        self.is_person = self.is_named and not is_led and not is_group and len(folded) <= MAX_PERSON_WORDS
        self.is_short = self.is_person and (len(folded) == 1 or len(folded[0]) == 1)
        self.suffix = folded[-1] if folded and folded[-1] in NAME_SUFFIXES else ""

    @property
    def statements(self) -> int:
        return sum(each.statements for each in self.names)

    def add(self, other: _NameGroup) -> None:
        self.names += other.names
        self.gender = self.gender or other.gender
        if not other.is_short:
            self.full |= other.full

    def speaker(self) -> RecordedSpeaker:
        first = self.names[0].name
        name = first if self.is_short and self.gender else self.plain  # "Ms. Brook"
        return RecordedSpeaker(name, tuple(sorted(self.names, key=_most)), self.is_named)

    def may_be(self, other: _NameGroup) -> bool:
        """Return whether two groups of names may be one person's."""
        if self.suffix != other.suffix or {self.gender, other.gender} == {"m", "f"}:
            return False  # "Donald Trump Jr." is his son
        words = fold_name(self.plain).split()
        if all(word in GIVEN for word in words) and surname(self.plain) != surname(other.plain):
            return False  # "Thomas James" is not "James Thomas", as "Tanaka Hiroshi" is "Hiroshi Tanaka"
        fits = any if self.is_short else all
        return fits(agree(self.plain, each) for each in other.full)


def _is_name(words: Sequence[str], folded: Sequence[str]) -> bool:
    """Return whether words are a name: in capitals but for particles, not "two officials" or "Some Republicans"."""
    if not folded or folded[0] in _NO_NAMES or len("".join(folded)) < 2:
        return False
    capital = [word[:1].isupper() or word[:1].isdigit() or not word[:1].isascii() for word in words]
    return any(capital) and all(is_one or word in _PARTICLES for is_one, word in zip(capital, words, strict=True))


def _owner(group: _NameGroup, known: dict[str, list[_NameGroup]]) -> _NameGroup | None:
    """Return the speaker that a group of names belongs to; None where it is one of its own."""
    if not group.is_person:
        return None
    near = {id(each): each for word in _family_names(group.plain, either_order=True) for each in known.get(word, ())}
    fitting = [each for each in near.values() if group.may_be(each)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    first, second = sorted(fitting, key=lambda each: -each.statements)[:2]
    return first if first.statements >= DOMINANCE * second.statements else None


def _merge_acronyms(speakers: Sequence[_NameGroup]) -> None:
    """Count "FBI" to the one speaker of these initials."""
    long = defaultdict[str, list[_NameGroup]](list)
    for each in speakers:
        if each.is_named and len(each.plain.split()) > 1:
            long[_initials(each.plain)].append(each)
    for each in speakers:
        if _ACRONYM.fullmatch(each.plain):
            owners = long.get(fold_name(each.plain).replace(" ", ""), [])
            if len(owners) == 1 and len(owners[0].plain.split()) > 2:
                owners[0].add(each)
                each.names = []


def _is_meant(meant: _NameGroup, speaker: RecordedSpeaker, is_surname: bool) -> bool:
    """Return whether a person's name, as asked, agrees with a speaker's."""
    group = _NameGroup([SpeakerName(0, speaker.name, 0, 0)])
    if not group.is_person or (is_surname and surname(meant.plain) != surname(group.plain)):
        return False
    return (
        (is_surname or meant.suffix == group.suffix)
        and agree(meant.plain, group.plain)
        and {
            meant.gender,
            group.gender,
        }
        != {"m", "f"}
    )


def _gender(plain: str) -> str:
    given = fold_name(plain).split()
    if len(given) < 2:
        return ""
    return "f" if given[0] in FEMALE else "m" if given[0] in MALE else ""


def _family_names(plain: str, *, either_order: bool = False) -> set[str]:
    """Return the folded words under which a person's name is kept: the family name, its parts, and that before it.

    With ``either_order`` both words of a name of two: the family name may come first.
    """
    last = surname(plain)
    parts = fold_name(plain).split()
    more = parts[-2:-1] if len(parts) > 2 else parts if either_order else []
    return {last, *last.split("-"), *more}


@lru_cache(maxsize=20_000)
def _plain(name: str) -> str:
    """Return a name without the article and titles before it."""
    words = name.split()
    if len(words) > 1 and words[0].lower() in ARTICLES:
        words = words[1:]
    person = bare(" ".join(words))[0]
    if any(fold_name(word) in GROUP_WORDS for word in words) or _is_about(person, words):
        return " ".join(words)  # the State Department, the White House; "a spokesman for Mr. Trump"
    return person or name


def _is_about(person: str, words: Sequence[str]) -> bool:
    """Return whether words describe somebody by the person whose name they end in: "aide to Hillary Clinton"."""
    before = list(words[: -len(person.split())]) if person else []
    while before and before[-1].lower() not in _PREPOSITIONS:
        if fold_name(before[-1]).strip(".") not in _TITLES:
            return False  # "Secretary of State John Kerry"
        before.pop()
    return len(before) > 1


@lru_cache(maxsize=20_000)
def _normal(name: str) -> str:
    """Return a name as equal ones are: "The White House", "White House"; with the gender of "Ms. Clinton"."""
    plain = _plain(name)
    gender = bare(name)[1] if len(plain.split()) == 1 else ""
    return " ".join(filter(None, (gender, fold_name(plain))))


def _initials(name: str) -> str:
    return "".join(word[0] for word in fold_name(name).split() if word not in _PARTICLES)


def _is_acronym(one: str, other: str) -> bool:
    """Return whether one of two names is written with the initials of the other."""
    return any(
        _ACRONYM.fullmatch(_plain(short)) is not None
        and len(long.split()) > 2
        and fold_name(_plain(short)).replace(" ", "") == _initials(_plain(long))
        for short, long in ((one, other), (other, one))
    )


def _most(name: SpeakerName) -> tuple[int, int, str]:
    """The order of names: fullest first among words of one speaker, then most statements."""
    return -name.statements, -len(name.name), name.name
