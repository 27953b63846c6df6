"""Personal names in an article: full mentions, whom a surname or pronoun refers to, and whether two names agree.

The given names are common ones of the United States (Social Security Administration, names of the last century) and
those of people often in the news. They distinguish persons from places and women from men; a name that is not listed
may be either.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retrieval.articles import Span
from retrieval.text.abbreviations import NAME_SUFFIXES
from retrieval.text.lexicon import ARTICLES, BE, HAVE, POSSESSIVE_DETERMINERS, alternation, word_set
from retrieval.text.number_words import ORDINALS
from retrieval.text.reporting_verbs import GROUP_WORDS, NOT_NAMES, OUTLET_WORDS
from retrieval.text.roles import GENDER_OF_ROLE, ROLES, ROLES_THAT_ARE_NAMES, TITLES_OF_ROLE

FEMALE = word_set(
    """
    tina yvonne norma audrey peggy vivian gail erin holly shannon robin jane rosa carmen ana lucia sofia ingrid
    greta ursula
    natasha olga svetlana yulia leila amina aung samira priya indira benazir malala ruby hazel stella chloe
    zoe nora eva
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra
    ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura
    cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra
    rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren
    christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann anne sara madison
    frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly
    isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary chelsea melania ivanka nikki
    kellyanne condoleezza loretta claire kirsten tammy jill elena sonia sally gwen ava oprah kamala jo jane ellen
    alicia huma wendy carly megyn gayle katie leslie tina monica paula gabrielle fatima aisha
    """
)
MALE = word_set(
    """
    lester mitt earl leon dean clarence norman stanley leonard marvin clinton gordon vernon alfred fred theodore derek
    warren marcus dwight herbert glenn victor craig curtis shawn brad todd chad neil hugh ivan pablo pedro miguel diego
    antonio mario luigi hans klaus jean-marc pierre yves ali omar hassan ibrahim mahmoud yusuf sergei dmitry igor
    james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob
    gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick
    raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy
    walter christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan
    billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell
    bradley philip eugene bill barack mike tim ted bernie jim bob tom dan steve chris matt rudy newt mitch chuck
    harry marco jeb josh ben greg rob ken jeff luis carlos mohammed muhammad ahmed vladimir emmanuel francois
    boris rodrigo kim xi shinzo lindsey
    """
)
GIVEN = FEMALE | MALE

EPITHETS = word_set("rival longtime former retired interim embattled conservative liberal veteran")
"""Capitalised in headlines before a name without being part of it."""

NOT_GIVEN = word_set(
    """
    north south east west northern southern eastern western new world african asian european central latin capitol
    election real san santa los las saint fort lake mt mount united great supreme
    middle pacific atlantic cold civil black air super twitter facebook social breaking native homeland
    longtime prominent retired fellow outgoing incoming
    """
) | frozenset(ORDINALS)
"""Words that begin places and things, not people."""

SHORT_FORMS = (
    word_set("william bill will billy"),
    word_set("robert bob rob bobby"),
    word_set("richard dick rick"),
    word_set("james jim jimmy"),
    word_set("john jack johnny"),
    word_set("thomas tom"),
    word_set("michael mike"),
    word_set("edward ed ted teddy"),
    word_set("theodore ted"),
    word_set("joseph joe"),
    word_set("charles chuck charlie"),
    word_set("bernard bernie"),
    word_set("elizabeth liz beth betsy"),
    word_set("katherine kate kathy"),
    word_set("catherine cathy kate"),
    word_set("margaret maggie peggy"),
    word_set("anthony tony"),
    word_set("rudolph rudy"),
    word_set("donald don"),
    word_set("steven steve"),
    word_set("stephen steve"),
    word_set("andrew andy drew"),
    word_set("barack barry"),
    word_set("lawrence larry"),
    word_set("patricia pat trish"),
    word_set("deborah debbie"),
    word_set("susan sue"),
    word_set("gerald jerry"),
    word_set("henry harry hank"),
    word_set("john jeb"),
    word_set("newton newt"),
    word_set("addison mitch"),
    word_set("willard mitt"),
    word_set("marcia cia"),
    word_set("vladimir volodymyr"),
)
"""Given names that one person may go by."""


CHINESE_FAMILY_NAMES = word_set(
    """
    xi li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie tang han
    cao deng feng xiao cheng cai peng pan yuan yu dong su ye lu wei jiang tian du ding shen fan fu zhong cui tan liao
    wen bo geng hua qin meng ren dai zou
    """
)
KOREAN_FAMILY_NAMES = word_set(
    """
    kim park lee moon choi jung chung kang cho yoon jang lim han oh seo shin kwon hwang ahn song ryu hong ban roh bae
    """
)
"""Common family names that precede the given name; the syllables of the given name tell "Lin Biao" from "Lin Wood"."""

_PINYIN = re.compile(
    r"(?:(?:[bpmf]o|(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang|i?ong|i?an|i?ao|uang|uan|uai|ia|ie|iu|ing|in|ua|ui|uo|un"
    r"|ue|ai|ei|eng|en|er|ou|a|e|i|u))-?){1,2}"
)
"""One or two syllables of Mandarin in Pinyin, without tones."""

_WORD = r"(?:[\w\u0300-\u036f]|[’'\-](?=[^\W\d_])(?![’']s\b))"
_CAPITAL = rf"(?:[^\W\d_a-zß-öø-ÿ](?:{_WORD}{{0,3}}\.|{_WORD}*))"
_PARTICLE = r"(?:de|von|van|bin|al|la|der|den|di|du|da|dos|del|le|ben|ibn|el)"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+){{0,2}}{_CAPITAL}){{0,7}}")
_SPEAKS = re.compile(r"[ \u00a0](?:(?:also|later|then|has|had)[ \u00a0])?(?:says|tells|\w+(?:ed|aid|old|ote))\b")
_DESCRIBED = re.compile(
    rf",[ \u00a0](?:\d{{1,3}},|(?:{alternation(ARTICLES | POSSESSIVE_DETERMINERS | {'whose'})})[ \u00a0]"
    rf"|who[ \u00a0](?:{alternation(BE | HAVE)}|said|leads|runs)\b)|[ \u00a0](?:said|says|told)\b"
)
"""What follows a person's name: an age, a description, a verb of saying."""
_SMALL = re.compile(r"(?<![\w’'])[a-zß-öø-ÿ][\w’'-]*")
_WINDOW = 700
"""Characters before a pronoun in which its person must be named: about four paragraphs of news."""

_MAX_BEARERS = 200
"""Mentions considered for one question, so that a directory of names costs no more than an article."""

_ROLE_WINDOW = 20_000
"""Characters before a role in which its bearer is searched: any article, but not any book."""

_DOMINANCE = 2
"""A surname that two people share refers to the one named in full this many times as often."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A full name in a text: offset of its first character, its words without titles, and "m", "f" or ""."""

    start: int
    name: str
    gender: str

    @property
    def surname(self) -> str:
        """The family name, folded."""
        return surname(self.name)


@lru_cache(maxsize=20_000)
def fold_name(text: str) -> str:
    """Return a name in lower case without diacritics, full stops and possessive endings."""
    plain = re.sub(r"[’']s\b|[’']$", "", text.casefold().replace("’", "'"))
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(c if c.isalnum() or c in " -'" else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def _parts(name: str) -> list[str]:
    """Return the folded words of a name, the family name last ("Xi Jinping" -> "jinping", "xi"), without suffixes."""
    parts = fold_name(name).split()
    while len(parts) > 1 and parts[-1] in NAME_SUFFIXES:
        parts.pop()
    return [*parts[1:], parts[0]] if _family_name_first(parts) else parts


def _family_name_first(parts: list[str]) -> bool:
    """Return whether the folded words are a Chinese or Korean name in its own order, by family name and syllables."""
    if not 2 <= len(parts) <= 3 or not GIVEN.isdisjoint(parts[1:]):
        return False
    given = "".join(parts[1:])
    if parts[0] in CHINESE_FAMILY_NAMES and _PINYIN.fullmatch(given):
        return True
    syllables = re.split("-", parts[1]) if len(parts) == 2 else parts[1:]
    return parts[0] in KOREAN_FAMILY_NAMES and len(syllables) == 2 and all(2 <= len(each) <= 5 for each in syllables)


def surname(name: str) -> str:
    """Return the folded family name: the last word, suffixes aside, or the first of a Chinese or Korean name."""
    return _parts(name)[-1] if _parts(name) else ""


@lru_cache(maxsize=20_000)
def bare(name: str) -> tuple[str, str]:
    """Return a name without the roles before it ("Rep. Gwen Moore" -> "Gwen Moore"), and the gender that they imply."""
    found = re.sub(r"[’'](?:s\b)?$", "", name.strip(" ,;:")).split()
    gender = ""
    while len(found) > 1 and (_is_role(found[0]) or fold_name(found[0]) in NOT_NAMES):
        gender = GENDER_OF_ROLE.get(fold_name(found.pop(0)), gender)
    for number in range(len(found) - 2, 0, -1):
        if _is_role(found[number]) and fold_name(found[number]) not in ROLES_THAT_ARE_NAMES | NAME_SUFFIXES:
            if fold_name(found[number + 1]) not in NAME_SUFFIXES:
                gender = GENDER_OF_ROLE.get(fold_name(found[number]), gender)
                found = found[number + 1 :]
            break
    for number in range(1, len(found) - 1):
        if len(found) - number < 4 and fold_name(found[0]) not in GIVEN and fold_name(found[number]) in GIVEN:
            found = found[number:] if number > 1 or fold_name(found[0]) in EPITHETS else found
            break
    return " ".join(found), gender


def _is_role(word: str) -> bool:
    return word.lower().strip(".") in ROLES or fold_name(word) in ROLES


def is_outlet(name: str) -> bool:
    """Return whether a name is a news outlet's."""
    parts = fold_name(name).split()
    return any(part in OUTLET_WORDS for part in parts[-3:])


def _is_group(name: str) -> bool:
    parts = fold_name(name).split()
    return any(part in GROUP_WORDS or part in OUTLET_WORDS for part in parts)


class Names:
    """The full names of an article, in order of appearance."""

    def __init__(self, text: str) -> None:
        self.mentions: list[Mention] = []
        self.by_surname: dict[str, list[Mention]] = {}
        self.courtesies: dict[str, set[str]] = {}
        self._described: set[str] = set()
        self.text = text
        matches = [(match.start(), match.group()) for match in _NAME.finditer(text)]
        self._alone = {surname(found) for _, found in matches if len(bare(found)[0].split()) == 1}
        for start, found in matches:
            self._keep(start, found)
        full = {mention.start for mention in self.mentions}
        short = (self._reference(start, found) for start, found in matches if start not in full)
        references = [mention for mention in short if mention is not None]
        self.references = sorted([*self.mentions, *references], key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self.references]

    def _reference(self, start: int, found: str) -> Mention | None:
        """Return a surname alone ("Trump", "Mr. Trump") as a mention of whoever bears it in full."""
        name, gender = bare(found)
        if len(name.split()) != 1 or surname(name) in NOT_NAMES or is_outlet(name):
            return None
        speaks = _SPEAKS.match(self.text, start + len(found))
        if surname(name) not in self.by_surname and surname(name) not in self.courtesies and not speaks:
            return None
        return Mention(start, name, gender)

    def _keep(self, start: int, found: str) -> None:
        name, gender = bare(found)
        parts = name.split()
        if gender and parts:
            self.courtesies.setdefault(surname(name), set()).add(gender)
        if not 2 <= len(parts) <= 5 or _is_group(name) or surname(name) in ROLES or name.isupper():
            return
        given = fold_name(parts[0])
        if given in NOT_NAMES or surname(name) in NOT_NAMES:
            return
        titled = len(name) < len(found.strip(" .,"))
        described = bool(_DESCRIBED.match(self.text, start + len(found)))
        known = given in GIVEN or titled or described or surname(name) in self._alone or len(parts[1]) == 2
        if given in NOT_GIVEN or not known:
            return
        if described or titled:
            self._described.add(name.rstrip("."))
        if given not in GIVEN and not titled and self._is_plain_word(start, parts[0]):
            return
        gender = gender or ("f" if given in FEMALE else "m" if given in MALE else "")
        mention = Mention(start, name.rstrip("."), gender)
        self.mentions.append(mention)
        self.by_surname.setdefault(mention.surname, []).append(mention)

    def _is_plain_word(self, start: int, word: str) -> bool:
        """Return whether a word is capitalised as the first of its sentence: the article has it in lower case, too."""
        before = self.text[max(0, start - 3) : start].rstrip(" \u00a0\"'“‘(")
        return (not before or before[-1] in '.!?:”"\n') and word.lower() in self._small

    @cached_property
    def _small(self) -> frozenset[str]:
        return frozenset(_SMALL.findall(self.text))

    def resolve(self, name: str, at: int) -> tuple[str, tuple[str, ...]]:
        """Return the full name that ``name`` refers to at offset ``at``, and all names that it may refer to.

        The longest mention with that surname, earlier ones first; a name that fits several people stays as it is.
        """
        plain, gender = bare(name)
        parts = _parts(plain)
        if not parts:
            return name, ()
        known = self.by_surname.get(parts[-1], [])[:_MAX_BEARERS]
        earlier = [mention for mention in known if mention.start <= at] or known
        fitting = [m for m in earlier if agree(plain, m.name) and (not gender or m.gender in {"", gender})]
        people = _people(fitting)
        if len(people) > 1:
            shares = [(sum(agree(person, mention.name) for mention in fitting), person) for person in people]
            (most, person), (second, _) = sorted(shares, reverse=True)[:2]
            if most < _DOMINANCE * second:
                return plain, tuple(people)
            people = [person]
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
        nearby = [
            mention
            for mention in self._compatible(pronoun, at - _WINDOW, at)
            if (number := bisect.bisect_right(ends, mention.start)) == len(hidden)
            or mention.start < hidden[number].start
        ]
        for begin in (*stretches, at - _WINDOW):
            fitting = [n for n in self._full([m for m in nearby if m.start >= begin]) if self.gender(n) in {"", gender}]
            if fitting:
                told = self.gender(fitting[0]) == gender or (begin in stretches and fitting[0] in self._described)
                return fitting[0] if len(fitting) == 1 and told else ""
        return ""

    def candidates(self, pronoun: str, at: int) -> tuple[str, ...]:
        """Return everybody named before ``at``, or in its sentence, to whom a "he" or "she" there could refer."""
        return tuple(self._full(self._compatible(pronoun, 0, at + 200)))

    def bearer(self, role: str, at: int) -> str:
        """Return the one person whom the article ties to a role ("president") before ``at``, or ""."""
        titles = TITLES_OF_ROLE.get(role, role)
        begin = max(0, at - _ROLE_WINDOW)
        before_it = re.compile(rf"\b(?i:{titles})\.?[ \u00a0]+(?={_CAPITAL})")
        starts = [match.end() for match in before_it.finditer(self.text, begin, at)]
        apposed = re.compile(rf"({_NAME.pattern}), (?:who is |is )?(?:an? |the )?(?:[\w’'-]+ ){{0,5}}?(?i:{role})\b")
        tied = [match.group(1) for match in apposed.finditer(self.text, begin, at)]
        tied += [found.group() for start in starts[:_MAX_BEARERS] if (found := _NAME.match(self.text, start))]
        people = {self.resolve(name, at)[0] for name in dict.fromkeys(tied[:_MAX_BEARERS]) if bare(name)[0]}
        people = {person for person in people if not any(agree(person, o) and len(o) > len(person) for o in people)}
        return people.pop() if len(people) == 1 else ""

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
            return genders.pop() if len(genders) == 1 else ""
        if len(told) == 1 and len(_people(self.by_surname.get(surname(name), []))) < 2:
            return next(iter(told))
        return "f" if given and given[0] in FEMALE else "m" if given and given[0] in MALE else ""

    def _gender(self, mention: Mention) -> str:
        if mention.gender or " " in mention.name:
            return mention.gender or self.gender(mention.name)
        genders = {bearer.gender for bearer in self.by_surname.get(mention.surname, [])[:_MAX_BEARERS]}
        return genders.pop() if len(genders) == 1 else ""


@lru_cache(maxsize=4)
def names_of(text: str) -> Names:
    """Return the names of an article; the last few are remembered."""
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


@lru_cache(maxsize=20_000)
def agree(one: str, other: str) -> bool:
    """Return whether two names may be one person's: same surname, and given names or initials that do not differ.

    Titles, case, diacritics, middle names and suffixes aside; a known short form agrees with its name (Bill, William).
    """
    left, right = _parts(bare(one)[0]), _parts(bare(other)[0])
    if not left or not right:
        return False
    if len(left) == len(right) == 2 and left == right[::-1]:
        return True  # the family name first: Orbán Viktor, Abe Shinzo
    if left[-1] != right[-1] and left[-1].split("-")[-1] != right[-1].split("-")[-1]:
        return _within(left, right)
    if len(left) == 1 or len(right) == 1:
        return True
    return _same_given(left[0], right[0]) or _within(left, right)


def _within(left: list[str], right: list[str]) -> bool:
    """Return whether one name's words occur together in the other: Peña Nieto in Enrique Peña Nieto."""
    short, long = sorted((left, right), key=len)
    if len(short) == len(long):
        return False
    if len(short) == 1:
        return len(long) > 2 and short[0] in {long[0], long[-2]} and len(short[0]) > 1
    return any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))


def _same_given(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    if min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)):
        return True
    return any(one in group and other in group for group in SHORT_FORMS)


def name_in(head: str) -> str:
    """Return the name that closes a phrase, with the roles before it: "White House press secretary Josh Earnest"."""
    found = list(_NAME.finditer(head))
    if not found or any(character.isalnum() for character in re.sub(r"^[’']s\b", "", head[found[-1].end() :])):
        return ""
    name = found[-1].group()
    owned = head[found[-1].end() :].strip() not in {"", "’s", "'s", "’", "'"}
    plain = fold_name(bare(name)[0])
    return "" if owned or plain in ROLES or plain in NOT_NAMES else name
