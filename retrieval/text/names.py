"""Personal names: their parts, the titles before them, and whether two of them agree.

The given names are common ones of the United States (Social Security Administration, names of the last century) and
those of people often in the news. They distinguish persons from places and women from men; a name that is not listed
may be either. Who is a person in an article is not told by them alone: see :mod:`retrieval.text.people`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from retrieval.text.abbreviations import NAME_SUFFIXES
from retrieval.text.dates import AMBIGUOUS_MONTHS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import word_set
from retrieval.text.number_words import ORDINALS
from retrieval.text.reporting_verbs import GROUP_WORDS, NOT_NAMES, OUTLET_WORDS
from retrieval.text.roles import GENDER_OF_ROLE, PERSON_NOUNS, ROLES, ROLES_THAT_ARE_NAMES, TITLE_MODIFIERS

FEMALE = word_set(
    """
    tina yvonne norma audrey peggy vivian gail erin holly jane rosa carmen ana lucia sofia ingrid greta ursula
    natasha olga svetlana yulia leila amina samira priya indira benazir malala ruby hazel stella chloe zoe nora eva
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra
    kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia
    kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel
    carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria lauren christina joan
    evelyn judith megan cheryl hannah jacqueline martha gloria teresa ann anne sara madison frances kathryn janice
    abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie
    brittany charlotte marie kayla lori hillary chelsea melania ivanka nikki kellyanne condoleezza loretta claire
    kirsten tammy jill elena sonia sally gwen ava oprah kamala jane ellen alicia huma wendy carly megyn gayle katie
    tina monica paula gabrielle fatima aisha
    """
)
MALE = word_set(
    """
    lester mitt earl leon dean clarence norman stanley leonard marvin clinton gordon vernon alfred fred theodore
    derek warren marcus dwight herbert glenn victor craig curtis shawn brad todd chad neil hugh ivan pablo pedro
    miguel diego antonio mario luigi hans klaus jean-marc pierre yves omar hassan ibrahim mahmoud yusuf sergei
    dmitry igor james robert john michael david william richard joseph thomas charles christopher daniel matthew
    anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey
    ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander
    frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan
    jeremy walter christian keith roger austin sean gerald carl harold dylan arthur lawrence bryan billy bruce
    gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley
    philip eugene bill barack mike tim ted bernie jim bob tom dan steve matt rudy newt mitch chuck harry marco jeb
    josh ben greg rob ken jeff luis carlos mohammed muhammad ahmed vladimir emmanuel francois boris rodrigo shinzo brett
    """
)
UNISEX = word_set(
    """
    alex alexis ali andrea ashley aung casey chris dana jackie jamie jean jesse jo jordan kelly kerry kim leslie
    lindsey morgan pat robin sam shannon taylor terry tracy xi
    """
)
"""Given names of women and of men."""

GIVEN = FEMALE | MALE | UNISEX

EPITHETS = word_set(
    "america crooked rival longtime former retired interim embattled conservative liberal universe veteran"
)
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

_PINYIN = LazyPattern(
    r"(?:(?:[bpmf]o|(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:i?ang|i?ong|i?an|i?ao|uang|uan|uai|ia|ie|iu|ing|in|ua|ui|uo|un"
    r"|ue|ai|ei|eng|en|er|ou|a|e|i|u))-?){1,2}"
)
"""One or two syllables of Mandarin in Pinyin, without tones."""

_WORD = r"(?:[\w\u0300-\u036f]|(?![’']s\b)[’'\-](?=[^\W\d_]))"
CAPITAL = rf"(?:[^\W\d_a-zß-öø-ÿ](?:{_WORD}{{0,3}}\.|{_WORD}*))"
_PARTICLE = r"(?:de|von|van|bin|al|la|der|den|di|du|da|dos|del|le|ben|ibn|el)"
NAME = LazyPattern(rf"(?<!\w){CAPITAL}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+){{0,2}}{CAPITAL}){{0,7}}")
"""A run of capitalised words, with the particles of names between them."""


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


@lru_cache(maxsize=20_000)
def surname(name: str) -> str:
    """Return the folded family name: the last word, suffixes aside, or the first of a Chinese or Korean name."""
    return _parts(name)[-1] if _parts(name) else ""


_NEVER_FIRST = NOT_NAMES - AMBIGUOUS_MONTHS  # April Ryan
_TRADES = PERSON_NOUNS - ROLES - word_set("baker fellow fisher")
"""What people are, where at least two words of a name follow."""


@lru_cache(maxsize=20_000)
def bare(name: str) -> tuple[str, str]:
    """Return a name without the roles before it ("Rep. Gwen Moore" -> "Gwen Moore"), and the gender that they imply."""
    found = re.sub(r"[’'](?:s\b)?$", "", name.strip(" ,;:")).split()
    gender = ""
    leading = next((at for at, word in enumerate(found) if not _is_role(word)), len(found))
    if leading == len(found) - 1 and all(fold_name(word) in TITLE_MODIFIERS for word in found[:leading]):
        return " ".join(found), ""  # "White House", "Green Party"
    while len(found) > 1 and (_is_role(found[0]) or fold_name(found[0]) in _NEVER_FIRST):
        gender = GENDER_OF_ROLE.get(fold_name(found.pop(0)), gender)
    for number in range(len(found) - 3, -1, -1):
        if fold_name(found[number]) in _TRADES and fold_name(found[-1]) not in NAME_SUFFIXES:
            found = found[number + 1 :]  # "EPA Administrator Gina McCarthy"
            break
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


@lru_cache(maxsize=20_000)
def is_group(name: str) -> bool:
    """Return whether a name has a word that makes it an organisation's or an outlet's."""
    parts = fold_name(name).split()
    return any(part in GROUP_WORDS or part in OUTLET_WORDS for part in parts)


@lru_cache(maxsize=20_000)
def agree(one: str, other: str) -> bool:
    """Return whether two names may be one person's: same surname, and given names or initials that do not differ.

    Titles, case, diacritics, middle names and suffixes aside; a known short form agrees with its name (Bill, William).
    """
    left, right = _parts(bare(one)[0]), _parts(bare(other)[0])
    if not left or not right:
        return False
    if len(left) > 1 and sorted(left) == sorted(right):  # "Abe Shinzo", "Shinzo Abe"
        return True
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
    found = list(NAME.finditer(head))
    if not found or any(character.isalnum() for character in re.sub(r"^[’']s\b", "", head[found[-1].end() :])):
        return ""
    name = found[-1].group()
    owned = head[found[-1].end() :].strip() not in {"", "’s", "'s", "’", "'"}
    plain = fold_name(bare(name)[0])
    return "" if owned or plain in ROLES or plain in NOT_NAMES else name
