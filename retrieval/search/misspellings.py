"""Misspellings: words of a question that occur in no article, and the nearest that do.

A word is taken for a misspelling only where no article has it, it is no common English word (a whole word of the
reader's tokeniser) and no place, and a word of the articles differs by one letter (two from eight letters on): added,
left out, replaced, or two of them swapped (optimal string alignment distance). A name that is spelt in several ways
("Kadafi", "Gaddafi") is found by its consonants.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

import retrieval
from retrieval.text.analyzer import WORD, fold, terms
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import STOP_WORDS, SUBJECT_PRONOUNS, alternation, word_set
from retrieval.text.places import CITIES, DEMONYMS, PLACES
from retrieval.text.reporting_verbs import GROUP_WORDS
from retrieval.text.roles import PERSON_NOUNS, ROLES, ROLES_THAT_ARE_NAMES

MIN_LETTERS = 5
"""Letters of the shortest word that is corrected."""
LONG_LETTERS = 8
"""Letters from which a word may differ by two."""
MAX_SLIPS = 3
"""Letters in which a word may differ from what is written for it, whose stem differs by fewer."""
MAX_CORRECTIONS = 3
"""Words of a question that are corrected; where more are unknown, it is about something else or in another language."""
MIN_COMMONER = 5
"""Passages with a name in its longer spelling from which one with the shorter is a slip."""
MIN_KEY_LETTERS = 3
"""Consonants by which two spellings of a name are one."""
MIN_LOWER_CASE = 0.2
"""Share of a word's occurrences in lower case from which it is no name."""
MAX_FORMS_KEPT = 10_000
"""Words whose written form is kept until the library changes."""
MAX_PASSAGES_READ = 10
"""Passages in which it is looked up how a term is written."""

_TOKENIZER = Path(retrieval.__file__).with_name("models") / "onrecord-reader" / "tokenizer.json"
_QUOTED = LazyPattern(r"[“\"«„][^“”\"«»„]*[”\"»]")
_QUESTION_WORDS = word_set(
    """summarise summarize timeline chronology overview recap gist tldr outlet outlets byline bylines author authors
    article articles headline headlines undated newest oldest"""
)
"""Words that ask for something of the articles without occurring in them."""
_NEVER_CAPITALISED = (
    STOP_WORDS
    | _QUESTION_WORDS
    | word_set("please thanks day days new main major big early late old young other general public special")
    | ((ROLES | PERSON_NOUNS) - ROLES_THAT_ARE_NAMES)
    | (GROUP_WORDS - word_set("congress parliament senate house kingdom america states"))
)
"""Words that are no name in lower case, however often the articles capitalise them before one: "minister"."""
_BEFORE_NAME = LazyPattern(r"\b(?:new|north|south|east|west|los|las|san|santa|saint|st|el)(?= [A-Z])")
"""Words in lower case before a name that are a part of it: "new Hampshire"."""
_AFTER_SUBJECT = LazyPattern(rf"\b(?:{alternation(SUBJECT_PRONOUNS - {'it', 'you'})})\s$", re.IGNORECASE)
_DAY = LazyPattern(r"to(?:day|night|morrow)|yesterday|now")
_HALF_NAME = LazyPattern(
    r"(?<![\w’'-])(?=(?P<pair>[A-Z][a-z]+ [a-z]{3,}|[a-z]{3,} [A-Z][a-z]+)(?![\w’'-]))",
)
"""Two words of which one has a capital, wherever they begin."""
_ENDINGS = ("ment", "ments", "ing", "ings", "ed", "ion", "ions", "ation", "ations", "er", "ers", "ly", "ness", "able")
_BRITISH = LazyPattern(r"is(e[ds]?|ing|ations?)$")
_WORD = LazyPattern(WORD)
_SOUNDS = (
    (LazyPattern(r"gh|kh|qu|ck|[cgqx]"), "k"),
    (LazyPattern(r"ph|v|w"), "f"),
    (LazyPattern(r"th|dh|d"), "t"),
    (LazyPattern(r"sh|ch|z|j"), "s"),
    (LazyPattern(r"[aeiouyh’'-]"), ""),
    (LazyPattern(r"(.)\1+"), r"\1"),
)


class Terms(Protocol):
    """The terms of a library and its passages: ``retrieval.store.library.Library``."""

    @property
    def revision(self) -> int:
        """A number that changes with the library."""
        ...

    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """Return, for each analysed term, the number of passages that contain it."""
        ...

    def vocabulary(self) -> Mapping[str, int]:
        """Return every analysed term with the number of passages that contain it."""
        ...

    def search_words(self, terms: Sequence[str], *, limit: int) -> list[tuple[str, float]]:
        """Return passages that contain any of the terms, best first."""
        ...

    def passage_texts(self, ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Yield the id, context and text of passages, in the given order."""
        ...


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """A text with its misspelt words replaced.

    Attributes:
        text: The text.
        replaced: What was typed and what is written for it, in order.
        rare: What of it was typed and occurs in one passage.
    """

    text: str
    replaced: tuple[tuple[str, str], ...] = ()
    rare: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """Say what was replaced: "Did you mean Algeria? No article has “Algreia”."; empty where nothing was."""
        if not self.replaced:
            return ""
        meant = " and ".join(dict.fromkeys(written for _, written in self.replaced))
        absent = [word for word, written in self.replaced if written not in _QUESTION_WORDS and word not in self.rare]
        typed = " or ".join(f"“{word}”" for word in absent)
        rare = "".join(f" Only one passage has “{word}”." for word in self.rare)
        return f"Did you mean {meant}?" + (f" No article has {typed}." if typed else "") + rare


class SpellingCorrector:
    """Corrects misspelt words by the words of a library. Safe to share between threads.

    Args:
        library: The library; all its terms are read only where a question has a word that none of them is, once per
            revision.
    """

    def __init__(self, library: Terms) -> None:
        self._library = library
        self._candidates: tuple[Mapping[str, int], _Candidates] | None = None
        self._forms: tuple[int, dict[tuple[str, str], str]] = (-1, {})

    def corrected(self, text: str) -> CorrectedText:
        """Return ``text`` with its misspelt words replaced; words in quotation marks stay."""
        words = [found.group() for found in _WORD.finditer(text)]
        counted = self._library.document_frequencies([term for word in words for term in _looked_up(word)])
        known = {term: count for term, count in counted.items() if count}
        if not any(_may_be_misspelt(word, known) or _doubled(word, known) for word in words):
            return CorrectedText(text)
        held = self._library.vocabulary()
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        unknown = [
            found
            for found in _WORD.finditer(text)
            if (_may_be_misspelt(found.group(), held) or _doubled(found.group(), held))
            and not any(start <= found.start() < end for start, end in quoted)
        ]
        if not held or len(unknown) > MAX_CORRECTIONS:
            return CorrectedText(text)
        replaced = []
        for found in reversed(unknown):
            if near := self._near(found.group(), held):
                written = near.upper() if found.group().isupper() else near
                written = written.capitalize() if found.group().istitle() and near.islower() else written
                replaced.append((found.group(), written))
                text = f"{text[: found.start()]}{written}{text[found.end() :]}"
        rare = tuple(word for word, _ in reversed(replaced) if _doubled(word, held))
        return CorrectedText(text, tuple(reversed(replaced)), rare)

    def unknown(self, wanted: Collection[str]) -> bool:
        """Return whether no article has any of the analysed terms."""
        if any(self._library.document_frequencies(wanted).values()):
            return False
        held = self._library.vocabulary()
        return bool(held) and not any(term in held for term in wanted)

    def with_capitals(self, text: str) -> str:
        """Return ``text`` with the names in it that are in lower case as the articles write them: "and niger"."""
        for found in reversed(list(_WORD.finditer(text))):
            word = re.sub(r"['’]s$", "", found.group())
            if _AFTER_SUBJECT.search(text, 0, found.start()):  # "what did he post?"
                continue
            if word.islower() and word not in _NEVER_CAPITALISED and len(word) > 2:
                written = self._written(word)
                if fold(written) == fold(word) and written[:1].isupper():
                    text = f"{text[: found.start()]}{written}{text[found.start() + len(word) :]}"
        return self._with_whole_names(_BEFORE_NAME.sub(lambda found: found.group().title(), text))

    def _with_whole_names(self, text: str) -> str:
        """Return ``text`` with the common words that the articles write as part of the name beside them: "Tim cook"."""
        for found in reversed(list(_HALF_NAME.finditer(text))):
            first, second = found["pair"].split(" ")
            if not _NEVER_CAPITALISED.isdisjoint((fold(first), fold(second))) or _DAY.fullmatch(second):
                continue
            name = f"{first.capitalize()} {second.capitalize()}"
            texts = self._texts([*terms(first), *terms(second)])
            if any(name in each for each in texts) and not any(found["pair"] in each for each in texts):
                text = f"{text[: found.start()]}{name}{text[found.end('pair') :]}"
        return text

    def _texts(self, wanted: Sequence[str]) -> list[str]:
        """Return the texts of the passages that word search ranks first for some terms."""
        found = self._library.search_words(wanted, limit=MAX_PASSAGES_READ)
        return [text for *_, text in self._library.passage_texts([each for each, _ in found])]

    def _near(self, word: str, held: Mapping[str, int]) -> str:
        """Return the word that ``word`` is a misspelling of, as it is written; empty where there is none."""
        if self._candidates is None or self._candidates[0] is not held:
            self._candidates = (held, _Candidates(held))
        candidates = self._candidates[1]
        if doubled := _doubled(word, held):
            written = self._written(doubled, like=doubled)
            return written if written[:1].isupper() else ""
        common = _is_common(word)
        if near := "" if common else candidates.nearest(fold(word)):
            if near in _QUESTION_WORDS:
                return near
            written = self._written(near, like=near if near in _common_words() else word) or near
            return written if _is_slip(word, written) else ""
        furthest = 1 if common and word.islower() else MAX_SLIPS  # "gaddafi" is as common a word as "quarrel"
        for alike in candidates.sounding_like(fold(word), furthest):
            written = self._written(alike)
            if written[:1].isupper() or (alike in _common_words() and alike[0] == fold(word)[0]):
                return written
        return ""

    def _written(self, word: str, like: str = "") -> str:
        """Return how the articles write a word, inside sentences where they do so; empty if nowhere.

        Of several forms ("countries", "country") it is the one most like ``like``.
        """
        revision = self._library.revision
        if self._forms[0] != revision:
            self._forms = (revision, {})
        known = self._forms[1]
        if (word, like) not in known and len(known) < MAX_FORMS_KEPT:
            known[word, like] = self._read_written(word, like)
        return known[word, like] if (word, like) in known else self._read_written(word, like)

    def _read_written(self, word: str, like: str) -> str:
        is_term = word not in _common_words() and self._library.document_frequencies([word])[word] > 0
        term = word if is_term else next(iter(terms(word)), "")
        forms: dict[str, Counter[str]] = {}
        inside: dict[str, Counter[str]] = {}  # where capitals are no matter of the beginning of a sentence
        alike = _words_from(term[:1])  # a stem begins as its word does
        for text in self._texts([term]):
            for place in alike.finditer(text):
                form, of_form = _form(place.group())
                if of_form == term:
                    forms.setdefault(fold(form), Counter())[form] += 1
                    if place.start() > 1 and text[place.start() - 2] not in '.!?:\n”"':
                        inside.setdefault(fold(form), Counter())[form] += 1
        if not forms:
            return ""
        nearest = fold(like or word)
        if nearest not in forms:
            from rapidfuzz.distance import OSA  # noqa: PLC0415 (late: most are written as they are asked)

            nearest = min(forms, key=lambda form: (OSA.distance(form, fold(like or word)), -forms[form].total()))
        group = inside.get(nearest, forms[nearest])
        is_common = group[nearest] >= MIN_LOWER_CASE * group.total() or (nearest not in inside and _is_common(word))
        return nearest if is_common else group.most_common(1)[0][0]


class _Candidates:
    """The words that a misspelt one may stand for: terms of the articles, and common words that occur in them."""

    def __init__(self, held: Mapping[str, int]) -> None:
        self._held = held
        common = {word: term for word, term in _common_words().items() if term in held}
        self._terms: dict[str, int] = {term: count for term, count in held.items() if len(term) >= MIN_LETTERS - 1}
        self._terms |= {word: held[term] for word, term in common.items()} | dict.fromkeys(_QUESTION_WORDS, 1)
        places = (each for each in PLACES | CITIES if len(each) >= MIN_LETTERS)
        self._places = sorted(each for each in places if not held.keys().isdisjoint(terms(each)))
        self._by_letters: dict[int, list[str]] = {}
        for term in self._terms:
            if term.isalpha():
                self._by_letters.setdefault(len(term), []).append(term)

    def nearest(self, word: str) -> str:
        """Return the word nearest to a folded one, a place or the commonest of several; empty for none near enough."""
        from rapidfuzz import process  # noqa: PLC0415 (only needed for unknown words)
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        if place := process.extractOne(word, self._places, scorer=OSA.distance, score_cutoff=1):
            return place[0]
        found: list[tuple[float, int, int, str]] = []
        for form in dict.fromkeys((word, *terms(word))):
            furthest = 2 if len(form) >= LONG_LETTERS else 1
            near = self._of_about(len(form), furthest)
            for term, distance, _ in process.extract(form, near, scorer=OSA.distance, score_cutoff=furthest, limit=20):
                if distance and (term[0] == form[0] or sorted(term[:2]) == sorted(form[:2])):
                    found.append((distance, -self._terms[term], -len(term), term))
        return min(found)[3] if found else self._with_ending(word)

    def _with_ending(self, word: str) -> str:
        """Return a term with its ending put right: "impeachmnt" gives "impeachment"; empty where none fits."""
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        for at in range(len(word) - 1, MIN_LETTERS, -1):
            stem, rest = word[:at], word[at:]
            for ending in _ENDINGS if stem in self._held else ():
                if OSA.distance(rest, ending) <= 1 and terms(stem + ending) == [stem]:
                    return stem + ending
        return ""

    def sounding_like(self, word: str, furthest: int) -> list[str]:
        """Return words with the consonants of a folded one, at most so many letters away, the nearest first."""
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        key = _sound(word)
        if len(key) < MIN_KEY_LETTERS or word in PLACES | CITIES | DEMONYMS:
            return []
        # The sound of every term would take longer than to compare them all.
        near = process.extract(
            word, self._of_about(len(word), 2), scorer=OSA.distance, score_cutoff=furthest, limit=None
        )
        alike = [(distance, term) for term, distance, _ in near if term not in PLACES and _sound(term) == key]
        return [term for _, term in sorted(alike)]

    def _of_about(self, letters: int, furthest: int) -> list[str]:
        """Return the words of so many letters, or at most ``furthest`` more or fewer."""
        lengths = range(letters - furthest, letters + furthest + 1)
        return [term for length in lengths for term in self._by_letters.get(length, ())]


@cache
def _words_from(letter: str) -> re.Pattern[str]:
    """Return the pattern of the words of ``_WORD`` that begin with an ASCII letter, or with one that is not ASCII."""
    letter = letter if letter.isascii() else ""
    # A class with the range of all that is not ASCII would take 5 ms to compile.
    first = rf"(?:[{letter}{letter.upper()}]|[^\x00-\x7f])" if letter else r"[^\x00-\x7f]"
    return re.compile(rf"{first}(?<=[^\W_])(?<![^\W_].)(?<![^\W_]['’].)[^\W_]*(?:['’][^\W_]+)*", re.DOTALL)


@lru_cache(maxsize=100_000)
def _form(word: str) -> tuple[str, str | None]:
    """Return a word without its possessive ending, and its term; None where it has none, or several."""
    form = re.sub(r"['’]s$", "", word)
    found = terms(form)
    return form, found[0] if len(found) == 1 else None


def _looked_up(word: str) -> tuple[str, ...]:
    """Return the terms whose counts say whether a word is misspelt."""
    return (*terms(word), fold(word), _with_last_doubled(word))


def _may_be_misspelt(word: str, held: Mapping[str, int]) -> bool:
    folded = fold(word)
    return (
        len(folded) >= MIN_LETTERS
        and folded.isalpha()
        and folded.isascii()
        and folded not in STOP_WORDS
        and folded not in PLACES | DEMONYMS
        and folded not in _QUESTION_WORDS
        and not any(term in held for term in terms(word))
    )


def _doubled(word: str, held: Mapping[str, int]) -> str:
    """Return the far commoner term that a rare one is with its last letter doubled: "Bachmann" of "Bachman"."""
    term, longer = fold(word), _with_last_doubled(word)
    is_rare = len(term) > MIN_LETTERS and held.get(term) == 1 and held.get(longer, 0) >= MIN_COMMONER
    return longer if is_rare and not _is_common(word) else ""


def _with_last_doubled(word: str) -> str:
    term = fold(word)
    return f"{term}{term[-1:]}"


def _is_common(word: str) -> bool:
    """Return whether a word is common English, by itself or by its stem."""
    folded = _BRITISH.sub(r"iz\1", fold(word))
    return folded in _common_words() or next(iter(terms(folded)), "") in _common_terms()


@cache
def _common_words() -> Mapping[str, str]:
    """Return the whole words of the reader's tokeniser with their terms."""
    listed = json.loads(_TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
    words = [word for word in listed if len(word) >= MIN_LETTERS and word.isascii() and word.isalpha()]
    return {word: next(iter(terms(word)), "") for word in words if word not in PLACES}


@cache
def _common_terms() -> frozenset[str]:
    return frozenset(_common_words().values())


def _is_slip(word: str, written: str) -> bool:
    """Return whether one may be typed for the other: "popup" is no slip for "population", whose stem is near it."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (late, as above)

    return bool(OSA.distance(fold(word), fold(written)) <= MAX_SLIPS)


def _sound(word: str) -> str:
    """Return the consonants of a word, those that transliterations confuse alike: "Kadafi" and "Gaddafi" give "ktf"."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word
