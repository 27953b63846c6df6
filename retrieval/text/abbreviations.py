"""Abbreviations, by what may follow them: which of them do not end a sentence.

All are in lower case, without their full stop.
"""

from __future__ import annotations

from retrieval.text.dates import MONTH_ABBREVIATIONS, MONTHS, WEEKDAYS
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import alternation, word_set
from retrieval.text.roles import TITLE_ABBREVIATIONS

BEFORE_NAME = (TITLE_ABBREVIATIONS - {"miss"}) | word_set(
    "assn asst atty brig comdr det ft insp messrs mlle mme mt pfc pte sec spc supt treas vs"
)
"""Titles and the like: a name follows, so the sentence goes on."""

BEFORE_NUMBER = word_set("no nos fig art vol pp") | MONTH_ABBREVIATIONS - {"jun", "jul"}
"""A number follows, so the sentence goes on."""

NAME_SUFFIXES = word_set("jr sr ii iii iv phd md esq")
"""Behind a surname, and no part of it."""

STATES = word_set(
    """ariz ark calif colo conn fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa tenn tex vt
    va wash wis wyo d-n.y r-ky"""
)
"""States of the United States, as news agencies shorten them."""

LONG_FORMS = {
    **{month[:3]: month for month in MONTHS if month != "may"}, "sept": "september",
    **{day[:3]: day for day in WEEKDAYS}, "tues": "tuesday", "weds": "wednesday", "thurs": "thursday",
    "sen": "senator", "sens": "senators", "rep": "representative", "reps": "representatives", "gov": "governor",
    "gen": "general", "lt": "lieutenant", "col": "colonel", "capt": "captain", "sgt": "sergeant", "cmdr": "commander",
    "adm": "admiral", "maj": "major", "cpl": "corporal", "prof": "professor", "rev": "reverend", "dr": "doctor",
    "mr": "mister", "pres": "president", "jr": "junior", "sr": "senior", "dept": "department", "corp": "corporation",
    "mt": "mount", "ave": "avenue", "blvd": "boulevard", "rd": "road", "vs": "versus", "supt": "superintendent",
    "asst": "assistant", "insp": "inspector", "det": "detective",
}  # fmt: skip
"""The words that abbreviations are read aloud as, where they are read in one way."""

_COMMON = word_set("jr inc corp ltd dept est ave blvd rd etc dist univ bros")
ABBREVIATIONS = (
    BEFORE_NAME
    | (BEFORE_NUMBER - word_set("nos art pp"))
    | MONTH_ABBREVIATIONS
    | STATES
    | _COMMON
    | word_set("co sr ph del sra hr al e.g i.e")
)
"""Abbreviations whose full stop belongs to their word in a news text."""

NEVER_WORDS = (
    BEFORE_NAME
    | BEFORE_NUMBER
    | _COMMON
    | word_set(
        """abbr approx apt avg cal cf cit comm div ed eds eq esq ext figs govt hwy ibid incl lat lib max min misc mgr
        mtn nat natl orig pls pop pseud pub ref refs repr ser sq subj suppl tel trans viz vols yr yrs"""
    )
)
"""Abbreviations that are no words of their own: in small letters before a full stop they do not end a sentence."""

_UNFINISHED = LazyPattern(
    rf"(?:\b(?:{alternation(word.capitalize() for word in (*BEFORE_NAME, 'jr', 'sr'))}|vs|[A-Z])|\.[A-Za-z])\.$"
)
_NUMBERED = LazyPattern(r"\bNos?\.$")


def ends_in_abbreviation(text: str, follows: str | None = None) -> bool:
    """Return whether the full stop at the end of ``text`` is that of a title, an initial or a dotted abbreviation.

    Args:
        text: What ends with the full stop.
        follows: What comes after it, where that is known: "No." abbreviates "number" only before a figure.
    """
    if _NUMBERED.search(text):
        return follows is None or follows[:1].isdigit()
    return _UNFINISHED.search(text) is not None
