"""People named in a text: who is a person by position, whom a surname, a title or a pronoun stands for.

A run of capitalised words is a person's where people's names stand: after a title or what somebody is ("Sen.",
"economist"), before an age, an apposition or a verb of saying, or where its last word recurs alone. Lists of given
names only help. Other runs of two to four words that are no group's, place's or day's are uncertain: never listed,
but a pronoun near one is not resolved to somebody else.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retrieval.articles import Span
from retrieval.text.abbreviations import ABBREVIATIONS, NAME_SUFFIXES
from retrieval.text.dates import AMBIGUOUS_MONTHS, CALENDAR_WORDS, TIME_WORDS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    CONTRACTIONS,
    DEMONSTRATIVES,
    DO,
    FEMININE_PRONOUNS,
    HAVE,
    MASCULINE_PRONOUNS,
    MODAL_VERBS,
    POSSESSIVE_DETERMINERS,
    SUBJECT_PRONOUNS,
    alternation,
    word_set,
)
from retrieval.text.names import (
    CAPITAL,
    EPITHETS,
    FEMALE,
    GIVEN,
    MALE,
    NAME,
    NOT_GIVEN,
    agree,
    bare,
    fold_name,
    is_group,
    surname,
)
from retrieval.text.places import DEMONYMS, PLACES
from retrieval.text.reporting_verbs import EVALUATION, NOT_NAMES, PREPOSITIONS, SPEECH
from retrieval.text.roles import COURTESIES, PERSON_NOUNS, ROLES, TITLE_ABBREVIATIONS, TITLE_MODIFIERS, TITLES_OF_ROLE

_SAYING = frozenset(form for form, (_, shape) in SPEECH.items() if shape in {"past", "third"})
_VERBS = BE | HAVE | DO | (MODAL_VERBS - {"will", "may"})
_SPLITTING = (
    (_VERBS - {"do", "am", "be"})
    | SUBJECT_PRONOUNS
    | word_set("said told vs")
    | (
        frozenset(form for form, (_, shape) in (SPEECH | EVALUATION).items() if shape == "third")
        - word_set("marks notes posts reads reports rules signs states")
    )
)
"""Words that part a headline's capitalised words: "Donald Trump Is Right"."""
_THINGS = word_set(
    """act airport amendment award awards bowl caucus championship clinic cup day deal dome hospital hotel library
    museum poll prison prize project protocol school series show summit tower war week"""
)
"""Last words of the names of things."""
_SPEAKS = LazyPattern(
    r"[ \u00a0](?:(?:also|later|then|has|had|have)[ \u00a0])?(?:says|tells|thought|\w+(?:ed|aid|old|ote))\b"
)
_DESCRIBED = LazyPattern(
    r",[ \u00a0](?:\d{1,3}\b(?![ \u00a0]\w)"
    rf"|(?:{alternation(ARTICLES | POSSESSIVE_DETERMINERS | {'whose'})})[ \u00a0]"
    rf"|who[ \u00a0]|(?:(?!and\b|or\b)[\w’'.-]+[ \u00a0]){{0,5}}?(?:{alternation(PERSON_NOUNS)})\b)"
    r"|[ \u00a0]\([DRI](?:-[\w.]+)?\)"
    rf"|(?:[ \u00a0]\w+ly)?[ \u00a0](?:{alternation(_SAYING)})\b"
)
"""What follows a person's name: an age, a description, a party, a verb of saying."""
_APPOSED = LazyPattern(
    r",[ \u00a0](?:\d{1,3},[ \u00a0])?(?:who[ \u00a0](?:is|was)[ \u00a0])?(?:"
    rf"(?:{alternation(ARTICLES | POSSESSIVE_DETERMINERS)})[ \u00a0])?"
    r"(?P<title>[\w’'.-]+(?:[ \u00a0][\w’'.-]+){0,6}?"
    rf"(?:[ \u00a0](?:of|for|at)[ \u00a0](?:the[ \u00a0])?{NAME.pattern})?)"
    r"(?=[,.;:”\"()\n]|[ \u00a0](?:of|for|at|in|from|who|and|to|with)\b|$)"
)
_APPOSED_BEFORE = LazyPattern(
    rf"(?:\b(?i:{alternation(ARTICLES | POSSESSIVE_DETERMINERS)}|another)[ \u00a0]|[’']s[ \u00a0])"
    r"(?P<title>[\w’'-]+(?:[ \u00a0](?!(?:an?|the)\b)[\w’'-]+){0,4}),[ \u00a0]$"
)
_WHAT_PEOPLE_ARE = (ROLES - TITLE_MODIFIERS) | PERSON_NOUNS
_ANY_ROLE = ROLES | PERSON_NOUNS
_NO_LEAD = ARTICLES | PREPOSITIONS | DEMONSTRATIVES
_NO_TITLE_WORDS = _NO_LEAD | POSSESSIVE_DETERMINERS | _VERBS | NOT_NAMES | SPEECH.keys()
_CALENDAR = CALENDAR_WORDS - AMBIGUOUS_MONTHS
_NOTHINGS = PLACES | NOT_GIVEN | DEMONYMS
_CONTRACTED = CONTRACTIONS | {"i'm"}
_OF_PLACE = LazyPattern(rf"[ \u00a0]of[ \u00a0]{CAPITAL}")  # "Sen. Bernie Sanders of Vermont"
_SMALL = LazyPattern(r"(?<![\w’'])[a-zß-öø-ÿ][\w’'-]*")
_WINDOW = 700
"""Characters before a pronoun in which its person must be named: about four paragraphs of news."""

_MAX_BEARERS = 200
"""Mentions considered for one question, so that a directory of names costs no more than an article."""

_MAX_TITLE = 80  # characters before a name in which its title stands
_DOMINANCE = 2
"""A surname that two people share refers to the one named in full this many times as often."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text.

    Attributes:
        start: Offset of its first character.
        name: Its words without titles.
        gender: "m", "f" or "".
        title: What the words before it say that the person is, or "".
        is_certain: Whether its position or words show a person.
        is_described: Whether its position does.
    """

    start: int
    name: str
    gender: str
    title: str = ""
    is_certain: bool = True
    is_described: bool = False

    @property
    def surname(self) -> str:
        """The family name, folded."""
        return surname(self.name)


class Names:
    """The people named in a text, in order of appearance.

    Attributes:
        mentions: Names in full.
        references: These and people named by one word: "Trump", "Mr. Trump", "Melanie".
        uncertain: Names of several words that may be people's.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.mentions: list[Mention] = []
        self.by_surname: dict[str, list[Mention]] = {}
        self.by_given: dict[str, list[Mention]] = {}
        self.courtesies: dict[str, set[str]] = {}
        runs = [run for match in NAME.finditer(text) for run in self._runs(match.start(), match.group())]
        self._alone = {fold_name(found) for _, found in runs if len(found.split()) == 1}
        self._alone |= {surname(found) for _, found in runs if len(bare(found)[0].split()) == 1}
        full = [(start, found) for start, found in runs if len(bare(found)[0].split()) > 1]
        read = [mention for start, found in full if (mention := self._read(start, found))]
        self._surnames = {mention.surname for mention in read if mention.is_certain}
        short = [(start, found) for start, found in runs if len(bare(found)[0].split()) == 1]
        read += [mention for start, found in short if (mention := self._read(start, found))]
        read.sort(key=lambda mention: mention.start)
        for mention in read:
            if mention.is_certain and " " in mention.name:
                self.mentions.append(mention)
                self.by_surname.setdefault(mention.surname, []).append(mention)
                self.by_given.setdefault(fold_name(mention.name).split()[0], []).append(mention)
        self._described = {mention.name for mention in read if mention.is_described}
        self.references = [mention for mention in read if mention.is_certain]
        self.uncertain = [mention for mention in read if not mention.is_certain]
        self._starts = [mention.start for mention in self.references]

    def _runs(self, start: int, found: str) -> list[tuple[int, str]]:
        """Split capitalised words at a sentence's end and at a headline's verb, and cut a sentence's first word."""
        runs: list[list[tuple[int, str]]] = [[]]
        words = [(start + word.start(), word.group()) for word in re.finditer(r"\S+", found)]
        begins = self._opens_sentence(start)
        for at, word in words:
            ends = (
                word.endswith(".") and len(word) > 2 and word.count(".") == 1 and fold_name(word) not in ABBREVIATIONS
            )
            titled = at == words[0][0] and len(words) > 2 and fold_name(words[1][1]) in PERSON_NOUNS  # "Police Chief"
            opener = begins and len(words) > 1 and not titled and self._is_opener(word)
            splits = len(words) > 2 and fold_name(word) in _SPLITTING
            if not (opener or splits):
                runs[-1].append((at, word.rstrip(".") if ends else word))
            if splits or ends:
                runs.append([])
            begins = ends
        return [(run[0][0], self.text[run[0][0] : run[-1][0] + len(run[-1][1])]) for run in runs if run]

    def _opens_sentence(self, start: int) -> bool:
        before = self.text[max(0, start - 3) : start].rstrip(" \u00a0\"'“‘(*#>")
        return not before or before[-1] in '.!?:”"\n'

    def _is_opener(self, word: str) -> bool:
        """Return whether a sentence's first word is capitalised as such only: the text has it in lower case, too."""
        plain = fold_name(word)
        if plain in GIVEN or plain in ROLES:
            return plain in NOT_NAMES
        return (
            plain in NOT_NAMES
            or plain in EPITHETS
            or word.lower().replace("’", "'") in _CONTRACTED
            or word.lower() in self._small
        )

    def _read(self, start: int, found: str) -> Mention | None:  # noqa: PLR0911 (one return a reason)
        """Return a run of capitalised words as a mention of a person, certain or not, or None."""
        name, gender = bare(found)
        name = name if fold_name(name).split()[-1:] == ["jr"] else name.rstrip(".")
        parts = fold_name(name).split()
        if not parts or parts[-1] in NOT_NAMES or parts[-1] in _CALENDAR:
            return None
        at, end = start + found.rfind(name), start + len(found)
        title, implied = self._title(start, found[: at - start].strip())
        gender = gender or implied
        if gender:
            self.courtesies.setdefault(surname(name), set()).add(gender)
        if len(parts) == 1:
            return self._read_one(at, name, gender, title, end)
        if len(parts) > 5 or name.isupper() or (is_group(name) and not title) or parts[-1] in _THINGS:
            return None
        if surname(name) in ROLES and surname(name) not in self._alone:
            return None
        if _NOTHINGS.issuperset(parts) or (parts[0] in NOT_GIVEN and not title):
            return None
        described = bool(title) or self._is_described(start, end)
        certain = described or self._is_likely(start, parts, surname(name))
        if certain and parts[0] not in GIVEN and not title and not self._is_name_word(at, name.split()[0]):
            certain = False
        if not certain and (len(parts) > 4 or self._follows(start, _NO_LEAD)):
            return None
        gender = gender or ("f" if parts[0] in FEMALE else "m" if parts[0] in MALE else "")
        return Mention(at, name, gender, title, certain, described)

    def _title(self, start: int, title: str) -> tuple[str, str]:
        """Return what the words before a name say that the person is, or "", and the gender that they imply."""
        before = self._title_before(start)
        if before:
            gender = bare(f"{before.split()[-1].capitalize()} X")[1]
            return f"{before} {title}".strip(), gender
        if title and _has_role(title):
            return self._led(start, title), ""
        return "", ""

    def _is_described(self, start: int, end: int) -> bool:
        return bool(_DESCRIBED.match(self.text, end)) or self._is_said_by(start) or self._is_apposed(start)

    def _is_likely(self, start: int, parts: Sequence[str], family: str) -> bool:
        """Return whether the words of a name make it a person's: a given name, an initial, a word that recurs alone."""
        if self._follows(start, ARTICLES) or parts[0] in DEMONYMS or parts[-1] in DEMONYMS:
            return False
        recurs = family in self._alone or parts[0] in self._alone - PLACES
        return recurs or parts[0] in GIVEN or any(len(part) == 1 for part in parts[1:-1])

    def _read_one(self, at: int, name: str, gender: str, title: str, end: int) -> Mention | None:
        plain = fold_name(name)
        described = bool(title or gender)
        if not (described or plain in GIVEN or surname(name) in self._surnames or _SPEAKS.match(self.text, end)):
            return None
        if "'" in plain and plain.split("'")[0] in SUBJECT_PRONOUNS:
            return None
        if plain in _ANY_ROLE or plain.removesuffix("s") in _ANY_ROLE or plain.endswith("men"):
            return None
        if plain in NOT_NAMES or plain in DEMONYMS or is_group(name) or (not described and plain in PLACES):
            return None
        if surname(name) not in self._surnames:
            gender = gender or ("f" if plain in FEMALE else "m" if plain in MALE else "")
        return Mention(at, name, gender, title, is_described=described)

    def _is_name_word(self, start: int, word: str) -> bool:
        return not (self._opens_sentence(start) and word.lower() in self._small)

    def _is_said_by(self, start: int) -> bool:
        """Return whether a verb of saying stands right before: "said Smith", "told Smith"."""
        before = self.text[max(0, start - 30) : start].split()
        return bool(before) and before[-1].lower() in _SAYING and self.text[start - 1] != "\n"

    def _is_apposed(self, start: int) -> bool:
        """Return whether what somebody is stands right before, a comma apart: "another critic, |Laurence Tribe|"."""
        before = _APPOSED_BEFORE.search(self.text[max(0, start - _MAX_TITLE) : start])
        return before is not None and _is_role(before["title"])

    def _follows(self, start: int, words: frozenset[str]) -> bool:
        before = self.text[max(0, start - 20) : start].split()
        return bool(before) and before[-1].lower() in words and self.text[start - 1] != "\n"

    def _title_before(self, start: int) -> str:
        """Return what somebody is, in lower case before a name: "political scientist", "Clinton spokesman"."""
        line = re.split(r"[\n.,;:!?”“\"()]", self.text[max(0, start - _MAX_TITLE) : start])[-1]
        if not line[-1:].isspace() or "\n" in line:
            return ""
        words = line.split()
        if not words or words[-1].lower().strip("’'") not in PERSON_NOUNS:
            return ""
        first = len(words) - 1
        while first and len(words) - first < 5 and _is_title_word(words[first - 1]):
            first -= 1
        return " ".join(words[first:])

    def _led(self, start: int, title: str) -> str:
        """Return a capitalised title with the small word before it, and the name before that: "Tulsa police Chief"."""
        words = self.text[max(0, start - _MAX_TITLE) : start].rsplit("\n", 1)[-1].split(" ")[:-1]
        if self.text[start - 1 : start] != " " or not words or not (words[-1].islower() and words[-1].isalpha()):
            return title
        if not _is_title_word(words[-1]) or fold_name(title.split(maxsplit=1)[0]) in TITLE_ABBREVIATIONS:
            return title
        lead = words[-2:] if words[-2:-1] and words[-2][:1].isupper() and words[-2].isalpha() else words[-1:]
        return " ".join((*lead, title))

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(_SMALL.findall(self.text))

    def resolve(self, name: str, at: int) -> tuple[str, tuple[str, ...]]:
        """Return the full name that ``name`` refers to at offset ``at``, and all names that it may refer to.

        The longest mention with that surname, earlier ones first; a name that fits several people stays as it is. A
        single word that is nobody's surname is the given name of whoever alone bears it.
        """
        plain, gender = bare(name)
        words = fold_name(plain).split()
        if not words:
            return name, ()
        known = self.by_surname.get(surname(plain), [])[:_MAX_BEARERS]
        if not known and len(words) == 1:
            known = self.by_given.get(words[0], [])[:_MAX_BEARERS]
            people = _people(known)
            return (people[0], (people[0],)) if len(people) == 1 else (plain, tuple(people))
        earlier = [mention for mention in known if mention.start <= at] or known
        fitting = [m for m in earlier if agree(plain, m.name) and (not gender or m.gender in {"", gender})]
        people = _people(fitting)
        if len(people) > 1:
            shares = [(sum(agree(person, mention.name) for mention in fitting), person) for person in people]
            (most, person), (second, _) = sorted(shares, reverse=True)[:2]
            if most < _DOMINANCE * second:
                return plain, tuple(people)
            people = [person]
        if people and len(words) == 1 and fold_name(people[0]).split()[-1] in NAME_SUFFIXES:
            return plain, (people[0],)  # "Trump" is not Donald Trump Jr.
        if people:
            return (people[0] if len(people[0]) >= len(plain) else plain), (people[0],)
        return plain, ()

    def person_for(self, pronoun: str, at: int, stretches: Sequence[int], hidden: Sequence[Span] = ()) -> str:
        """Return the one person that a "he" or "she" at ``at`` can refer to, or "" where none or several fit.

        Args:
            pronoun: In lower case.
            at: Its offset.
            stretches: Where ever longer stretches before it begin; the first that names anybody fitting decides.
            hidden: Quotations, whose names are not on stage, in order.
        """
        gender = "m" if pronoun in {"he", "his", "him"} else "f"
        ends = [span.end for span in hidden]

        def is_shown(mention: Mention) -> bool:
            number = bisect.bisect_right(ends, mention.start)
            return number == len(hidden) or mention.start < hidden[number].start

        nearby = [mention for mention in self._compatible(pronoun, at - _WINDOW, at) if is_shown(mention)]
        others = [
            m for m in self.uncertain if at - _WINDOW <= m.start < at and is_shown(m) and m.gender in {"", gender}
        ]
        for begin in (*stretches, at - _WINDOW):
            here = [mention for mention in nearby if mention.start >= begin]
            fitting = [n for n in self._full(here) if self.gender(n) in {"", gender}]
            unsure = any(m.start >= begin and not any(_shares(m.name, name) for name in fitting) for m in others)
            first = min((mention.start for mention in here), default=at)
            if self._refers_back(pronoun, begin, first, hidden):
                return ""
            if begin == stretches[0] and all(self._follows(_with_title(mention), PREPOSITIONS) for mention in here):
                continue  # "Of Fauci, who was missing, he said"
            if fitting or unsure:
                told = bool(fitting) and (self.gender(fitting[0]) == gender or begin in stretches)
                return fitting[0] if len(fitting) == 1 and told and not unsure else ""
        return ""

    def _refers_back(self, pronoun: str, begin: int, first: int, hidden: Sequence[Span]) -> bool:
        """Return whether a stretch has a like pronoun before it names anybody, so that it is about somebody before."""
        words = alternation(MASCULINE_PRONOUNS if pronoun in MASCULINE_PRONOUNS else FEMININE_PRONOUNS)
        found = re.finditer(rf"(?i)\b(?:{words})\b", self.text[max(0, begin) : first])
        starts = [max(0, begin) + match.start() for match in found]
        return any(not any(span.start <= start < span.end for span in hidden) for start in starts[:_MAX_BEARERS])

    def is_mentioned(self, person: str, start: int, end: int) -> bool:
        """Return whether a person is mentioned between two offsets."""
        here = self.references[bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)]
        return any(agree(mention.name, person) for mention in here)

    def knows(self, name: str) -> bool:
        """Return whether a name is that of a person in the text."""
        return any(agree(name, mention.name) for mention in self.by_surname.get(surname(name), ())) or any(
            mention.name == name for mention in self.references
        )

    def is_person(self, start: int) -> bool:
        """Return whether a person is named in the run of capitalised words at ``start``."""
        at = bisect.bisect_left(self._starts, start)
        return (
            at < len(self._starts)
            and self._starts[at] - start <= _MAX_TITLE
            and "," not in self.text[start : self._starts[at]]
        )

    def candidates(self, pronoun: str, at: int) -> tuple[str, ...]:
        """Return everybody named before ``at``, or in its sentence, to whom a "he" or "she" there could refer."""
        return tuple(self._full(self._compatible(pronoun, 0, at + 200)))

    def bearer(self, description: str) -> str:
        """Return the one person who is what a description says ("the police chief"), or "" where none or several are.

        Its other words must be among the person's titles: "the paper's editor" is not the editor of another.
        """
        head = head_of(description)
        words = _distinguishing(description)
        fitting = [
            person for person, titles in self._titles.items() if any(covers(title, description) for title in titles)
        ]
        several = len(fitting) != 1 or (not words and sum(map(self._is_called(head), self._titles)) != 1)
        return "" if several else fitting[0]

    def _is_called(self, head: str) -> Callable[[str], bool]:
        return lambda person: any(head_of(title) == head for title in self._titles[person])

    @cached_property
    def _titles(self) -> dict[str, list[str]]:
        """What the text says that each person is, by the person's fullest name: titles before and appositions."""
        found: dict[str, dict[str, None]] = {}
        for mention in self.references[: 10 * _MAX_BEARERS]:
            person = self.resolve(mention.name, mention.start)[0]
            said = found.setdefault(person, {})
            if mention.title and head_of(mention.title) not in COURTESIES:
                of = _OF_PLACE.match(self.text, mention.start + len(mention.name))
                said[_without_time(mention.title) + (of.group() if of else "")] = None
            after = _APPOSED.match(self.text, mention.start + len(mention.name))
            if after and _is_role(after["title"]):
                said[after["title"].rstrip(".")] = None
            line = self.text[max(0, mention.start - _MAX_TITLE) : mention.start]
            before = _APPOSED_BEFORE.search(line)
            if before and _is_role(before["title"]) and not (after and _is_role(after["title"])):
                said[before["title"]] = None
        return {person: list(said) for person, said in found.items() if said}

    def titles(self, person: str) -> tuple[str, ...]:
        """Return what the text says that a person is, so far as nobody else in it is that: "EPA administrator"."""
        heads = [head_of(title) for other, said in self._titles.items() if other != person for title in said]
        return tuple(title for title in self._titles.get(person, ()) if head_of(title) not in heads)

    def _compatible(self, pronoun: str, start: int, end: int) -> list[Mention]:
        gender = "m" if pronoun in {"he", "his", "him"} else "f"
        here = self.references[bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)]
        return [mention for mention in here if self._gender(mention) in {"", gender}]

    def _full(self, mentions: list[Mention]) -> list[str]:
        """Return the different people mentioned, by their longest names, at most as many as matter."""
        found: dict[str, None] = {}
        for name in dict.fromkeys(mention.name for mention in mentions[-_MAX_BEARERS:]):
            found[self.resolve(name, mentions[-1].start)[0]] = None
        return _people([Mention(0, name, "") for name in found])

    def gender(self, name: str) -> str:
        """Return "m", "f" or "" for a name of this article."""
        given = fold_name(name).split()[:1]
        told = self.courtesies.get(surname(name), set())
        if not given or len(fold_name(name).split()) == 1:
            genders = told | {bearer.gender for bearer in self.by_surname.get(surname(name), [])[:_MAX_BEARERS]}
            genders = genders or (
                {"f"} if given[:1] and given[0] in FEMALE else {"m"} if given and given[0] in MALE else set()
            )
            return genders.pop() if len(genders) == 1 else ""
        if len(told) == 1 and len(_people(self.by_surname.get(surname(name), []))) < 2:
            return next(iter(told))
        return "f" if given and given[0] in FEMALE else "m" if given and given[0] in MALE else ""

    def _gender(self, mention: Mention) -> str:
        if mention.gender or " " in mention.name:
            return mention.gender or self.gender(mention.name)
        genders = {bearer.gender for bearer in self.by_surname.get(mention.surname, [])[:_MAX_BEARERS]}
        return genders.pop() if len(genders) == 1 else ""


def _is_title_word(word: str) -> bool:
    plain = word.lower().replace("’", "'")
    return plain not in _NO_TITLE_WORDS and plain[0].isalpha() and not (word.islower() and plain.endswith("ing"))


def _has_role(title: str) -> bool:
    """Return whether a title says what a person is, not only where: "EPA Administrator", not "Kentucky"."""
    return any(_is_noun(word) for word in title.split())


def _is_role(title: str) -> bool:
    """Return whether a phrase as a whole says what a person is: "Democratic nominee", not "who met the nominee"."""
    words = re.split(r"\s(?:of|for|at|in|from|with)\s", title.strip(), maxsplit=1)[0].split()
    is_noun = bool(words) and _is_noun(words[-1])
    return is_noun and all(_is_title_word(word) or word.lower() == "and" for word in words)


def _is_noun(word: str) -> bool:
    """Return whether a word says what a person is: "administrator", "director-general"."""
    plain = fold_name(word)
    return plain in _WHAT_PEOPLE_ARE or any(part in _WHAT_PEOPLE_ARE for part in plain.split("-")[:-1])


def _without_time(title: str) -> str:
    return " ".join(word for word in title.split() if word.lower() not in TIME_WORDS)


def head_of(title: str) -> str:
    """Return the noun of a title that says what somebody is, in its long form: "Sen." is "senator"."""
    words = re.split(r"\s(?:of|for|at|in|from|who|to|with)\s", f" {title.strip()} ", maxsplit=1)[0].split()
    nouns = [fold_name(word) for word in words if _is_noun(word)]
    if not nouns:
        return fold_name(words[-1]) if words else ""
    noun = nouns[-1]
    return next((role for role, titles in TITLES_OF_ROLE.items() if noun in titles.split("|")), noun)


def covers(title: str, description: str) -> bool:
    """Return whether a title says all that a description does: "Tulsa police chief" covers "the police chief"."""
    return head_of(title) == head_of(description) and _distinguishing(description) <= _distinguishing(title)


def _distinguishing(title: str) -> set[str]:
    """Return the folded words of a title that tell its holder from others: "EPA" of "the EPA administrator"."""
    words = {fold_name(word) for word in re.sub(r"[’']s\b", "", title).split()}
    return words - ARTICLES - DEMONSTRATIVES - {head_of(title), ""} - (TITLE_ABBREVIATIONS | PREPOSITIONS)


def _with_title(mention: Mention) -> int:
    return mention.start - (len(mention.title) + 1 if mention.title else 0)


def _shares(one: str, other: str) -> bool:
    return not set(fold_name(one).split()).isdisjoint(fold_name(other).split())


@lru_cache(maxsize=4)
def names_of(text: str) -> Names:
    """Return the people named in an article; the last few are remembered."""
    return Names(text)


def _people(mentions: list[Mention]) -> list[str]:
    """Return the longest form of each different person, in order of appearance."""
    people: list[str] = []
    for mention in mentions[:200]:
        for number, known in enumerate(people):
            if agree(mention.name, known):
                if len(mention.name) > len(known):
                    people[number] = mention.name
                break
        else:
            people.append(mention.name)
    return people
