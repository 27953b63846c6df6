"""People's names in an article: full mentions, what a surname or pronoun stands for, and whether two names agree."""

from __future__ import annotations

import bisect
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from retrieval.quotes import cues

_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ](?:[\w]|[’'\-](?=[^\W\d_])(?![’']s\b))*(?<![’']s)\.?)"
_PARTICLE = r"(?:de|von|van|bin|al|la|der|den|di|du|da|dos|del|le|ben|ibn|el)"
_NAME = re.compile(rf"(?<!\w){_CAPITAL}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+){{0,2}}{_CAPITAL}){{0,7}}")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
_WINDOW = 700
"""Characters before a pronoun in which its person must stand: about four paragraphs of news."""

_FEMALE = frozenset(
    """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
    kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen
    amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet
    catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith
    megan andrea cheryl hannah jacqueline martha gloria teresa ann anne sara madison frances kathryn janice jean abigail
    alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany
    charlotte marie kayla alexis lori hillary chelsea melania ivanka michelle nikki kellyanne condoleezza loretta
    theresa angela claire kirsten tammy jill elena sonia ruth sally gwen ava oprah kamala nancy susan jo jane ellen
    alicia huma cheryl wendy carly megyn gayle katie leslie tina monica paula gabrielle fatima aisha""".split()
)  # noqa: SIM905
_MALE = frozenset(
    """james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond
    jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter christian
    keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe
    logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene bill
    barack mike tim ted bernie jim bob tom dan steve chris matt rudy newt mitch chuck harry marco jeb josh ben greg rob
    ken jeff luis carlos mohammed muhammad ahmed vladimir emmanuel francois boris rodrigo kim xi shinzo lindsey""".split()
)  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Mention:
    """A full name as it stands: offset of its first character, its words without titles, and "m", "f" or ""."""

    start: int
    name: str
    gender: str

    @property
    def surname(self) -> str:
        """The last word that is not a suffix, folded."""
        return surname(self.name)


def fold_name(text: str) -> str:
    """Return a name in lower case without diacritics, full stops and possessive endings."""
    plain = re.sub(r"[’']s\b|[’']$", "", text.casefold().replace("’", "'"))
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(c if c.isalnum() or c in " -'" else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(kept.split())


def _parts(name: str) -> list[str]:
    parts = fold_name(name).split()
    while len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return parts


def surname(name: str) -> str:
    """Return the folded last word of a name, suffixes aside."""
    return _parts(name)[-1] if _parts(name) else ""


def bare(name: str) -> tuple[str, str]:
    """Return a name without the roles before it, and the gender those tell: "Rep. Gwen Moore" -> ("Gwen Moore", "")."""
    found = name.split()
    gender = ""
    while found:
        word = fold_name(found[0]).replace(" ", "")
        dotted = found[0].lower().strip(".")
        if (word in cues.ROLES or dotted in cues.ROLES) and len(found) > 1:
            gender = cues.COURTESY.get(word, gender)
            found.pop(0)
        elif word in cues.NOT_NAMES:
            found.pop(0)
        else:
            break
    return " ".join(found).strip(" ,;:"), gender


def is_outlet(name: str) -> bool:
    """Tell whether a name is a news outlet's."""
    parts = fold_name(name).split()
    return any(part in cues.OUTLET_WORDS for part in parts[-3:])


def _is_group(name: str) -> bool:
    parts = fold_name(name).split()
    return any(part in cues.GROUP_WORDS or part in cues.OUTLET_WORDS for part in parts)


class Names:
    """The full names of an article, in order of appearance."""

    def __init__(self, text: str) -> None:
        self.mentions: list[Mention] = []
        self.by_surname: dict[str, list[Mention]] = {}
        self.courtesies: dict[str, set[str]] = {}
        for match in _NAME.finditer(text):
            self._keep(match.start(), match.group())
        self._starts = [mention.start for mention in self.mentions]

    def _keep(self, start: int, found: str) -> None:
        name, gender = bare(found)
        parts = name.split()
        if gender and parts:
            self.courtesies.setdefault(surname(name), set()).add(gender)
        if not 2 <= len(parts) <= 5 or _is_group(name) or surname(name) in cues.ROLES or name.isupper():
            return
        given = fold_name(parts[0])
        if given in cues.NOT_NAMES or surname(name) in cues.NOT_NAMES:
            return
        gender = gender or ("f" if given in _FEMALE else "m" if given in _MALE else "")
        mention = Mention(start, name.rstrip("."), gender)
        self.mentions.append(mention)
        self.by_surname.setdefault(mention.surname, []).append(mention)

    def resolve(self, name: str, at: int) -> tuple[str, tuple[str, ...]]:
        """Return the full name that ``name`` stands for at offset ``at``, and all it could stand for.

        The longest mention with that surname, earlier ones first; a name that fits several people stays as it is.
        """
        plain, gender = bare(name)
        if not plain:
            return name, ()
        parts = _parts(plain)
        known = self.by_surname.get(parts[-1], []) if parts else []
        earlier = [mention for mention in known if mention.start <= at] or known
        fitting = [m for m in earlier if agree(plain, m.name) and (not gender or m.gender in {"", gender})]
        people = _people(fitting)
        if len(people) == 1:
            best = people[0]
            return (best if len(best) >= len(plain) else plain), (best,)
        return plain, tuple(people)

    def person_for(self, pronoun: str, sentence_start: int, at: int) -> str:
        """Return the one person a "he" or "she" at ``at`` can stand for, or "" when none or several fit.

        The nearest stretch before it that names anybody decides: its own sentence, then further back.
        """
        gender = "m" if pronoun in {"he", "his", "him"} else "f"
        end = bisect.bisect_left(self._starts, at)
        begin = bisect.bisect_left(self._starts, at - _WINDOW)
        nearby = self.mentions[begin:end]
        for pool in ([m for m in nearby if m.start >= sentence_start], nearby):
            fitting = _people([m for m in pool if self._gender(m) in {"", gender}])
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                return ""
        return ""

    def gender(self, name: str) -> str:
        """Return "m", "f" or "" for a name of this article."""
        given = fold_name(name).split()[:1]
        told = self.courtesies.get(surname(name), set())
        if len(told) == 1 and len(_people(self.by_surname.get(surname(name), []))) < 2:
            return next(iter(told))
        return "f" if given and given[0] in _FEMALE else "m" if given and given[0] in _MALE else ""

    def _gender(self, mention: Mention) -> str:
        return mention.gender or self.gender(mention.name)


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


def agree(one: str, other: str) -> bool:
    """Tell whether two names can be one person's: same surname, and given names or initials that do not differ.

    Titles, case, diacritics, middle names and suffixes aside; a known short form stands for its name (Bill, William).
    """
    left, right = _parts(bare(one)[0]), _parts(bare(other)[0])
    if not left or not right:
        return False
    if left[-1] != right[-1] and left[-1].split("-")[-1] != right[-1].split("-")[-1]:
        return _within(left, right)
    if len(left) == 1 or len(right) == 1:
        return True
    return _same_given(left[0], right[0])


def _within(left: list[str], right: list[str]) -> bool:
    """Tell whether one name's words stand together in the other: Peña Nieto in Enrique Peña Nieto, Kim in Kim Jong Un."""
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
    return any(one in group and other in group for group in _SHORT_FORMS)


_SHORT_FORMS = tuple(
    frozenset(group.split())
    for group in (
        "william bill will billy", "robert bob rob bobby", "richard dick rick", "james jim jimmy", "john jack johnny",
        "thomas tom", "michael mike", "edward ed ted teddy", "theodore ted", "rafael ted", "joseph joe", "charles chuck charlie",
        "bernard bernie", "elizabeth liz beth betsy", "katherine kate kathy", "catherine cathy kate", "margaret maggie peggy",
        "anthony tony", "rudolph rudy", "donald don", "steven steve", "stephen steve", "andrew andy drew", "barack barry",
        "lawrence larry", "patricia pat trish", "deborah debbie", "susan sue", "gerald jerry", "henry harry hank",
        "john jeb", "newton newt", "addison mitch", "willard mitt", "marcia cia", "vladimir volodymyr",
    )  # fmt: skip
)
