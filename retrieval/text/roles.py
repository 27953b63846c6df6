"""Roles and titles: the words before a name, the nouns that say what a person is, and the genders they imply."""

from __future__ import annotations

from retrieval.text.lexicon import word_set

TITLE_ABBREVIATIONS = word_set(
    "mr mrs ms miss dr prof rev sen sens rep reps gov pres gen lt col maj capt sgt cmdr adm cpl pvt hon st fr"
)
"""Short titles, without their full stop."""

MASCULINE_ROLES = word_set(
    """actor brother businessman chairman congressman councilman father king lord mr pope prince sir spokesman"""
)
FEMININE_ROLES = word_set(
    """actress businesswoman chairwoman congresswoman councilwoman dame lady madam miss mother mrs ms princess queen
    sister spokeswoman"""
)
OFFICES = word_set(
    """administrator admiral adviser advisor aide ambassador analyst anchor archbishop assistant attorney author
    bishop candidate captain cardinal ceo cfo chair chancellor chief co-founder coach colonel columnist
    commander commissioner coo correspondent councillor councilor counsel delegate democrat deputy detective
    director economist editor executive founder general governor head host inspector judge justice lawyer leader
    major manager mayor minister nominee officer owner player pollster premier president prime professor
    reporter representative republican scientist secretary senator sergeant sheriff singer speaker spokesperson
    strategist superintendent undersecretary writer"""
)
"""Roles that are held with or without a name: "the senator", "Senator Poe"."""

COMPANY_POSTS = word_set(
    "ceo cfo coo chief boss executive chair chairman chairwoman founder spokesman spokeswoman spokesperson"
)
"""Offices that each company has: they say of nobody who they are without its name."""
_ABBREVIATED_OFFICES = word_set("ag da gm md mp pm vp")
"""Offices that are written in capitals: "the DA"."""
_HONORIFICS = word_set("baron congressmen councilmember imam rabbi reverend sheikh")
TITLE_MODIFIERS = word_set(
    """acting american british campaign chinese defence defense del democratic democrats ex finance first foreign
    former french german gop green home house independent interim libertarian majority minority national party
    press republicans russian senate state treasury u.s. uk under us vice whip white"""
)
"""Words of a title beside its noun: "acting U.S. attorney general", "White House press secretary"."""

ROLES = (
    TITLE_ABBREVIATIONS
    | (MASCULINE_ROLES | FEMININE_ROLES) - word_set("businessman businesswoman")
    | OFFICES
    | _HONORIFICS
    | TITLE_MODIFIERS
)
"""Words before a name that are no part of it, compared without full stops."""

COURTESIES = word_set("mr mrs ms miss dr doctor sir lord lady dame madam st hon")
"""Titles that say of nobody what they are."""

GENDER_OF_ROLE = dict.fromkeys(MASCULINE_ROLES, "m") | dict.fromkeys(FEMININE_ROLES, "f")
"""The gender that a role implies: "m" or "f"; neutral roles are missing."""

PERSON_NOUNS = (
    (MASCULINE_ROLES | FEMININE_ROLES) - word_set("mr sir lord mrs ms miss lady dame madam")
    | OFFICES
    | word_set(
        """activist advocate agent artist athlete attacker aviator baker banker billionaire blogger boss
        boyfriend broker campaigner champion cleric clerk colleague comedian commentator composer
        contributor consultant contractor coordinator councilmember cousin creator critic curator dancer
        daughter dealer designer developer diplomat doctor driver engineer entrepreneur envoy expert farmer
        fellow fighter filmmaker firefighter friend girlfriend graduate guitarist gunman headmaster
        headteacher heir historian host husband instructor interviewer investor journalist killer lawmaker
        lecturer legislator lieutenant mediator member merchant moderator millionaire model musician mp
        native negotiator neighbor neighbour nominee novelist nurse official operator organizer painter
        parent partner pastor patient philosopher photographer physician pilot poet politician priest
        principal prisoner producer programmer prosecutor psychiatrist psychologist publisher questioner
        rapper researcher resident rival sailor scholar shooter soldier solicitor son songwriter specialist
        star student surgeon survivor suspect teacher teenager treasurer tycoon veteran vice-president
        victim volunteer whistleblower widow wife winner witness worker"""
    )
)
"""Nouns that say what a person is: an office, a trade, a relation, a part in the news."""


def is_office(word: str) -> bool:
    """Return whether a word says what a person is: "senator", "DA"; "Da" and "da" are of names."""
    folded = word.lower()
    return folded in ROLES | PERSON_NOUNS or (word.isupper() and folded in _ABBREVIATED_OFFICES)


WRITERS = word_set(
    """author blogger columnist commentator contributor copywriter correspondent editor journalist reporter storyteller
    writer"""
)
"""What the line about an article's writer calls them."""

ROLES_THAT_ARE_NAMES = word_set(
    """del st home first white green king pope father brother mother sister prince judge major author host lord baron
    bishop cardinal coach fr ex us gop"""
)
"""Roles that also occur inside names, and so are removed from a name's beginning only."""

TITLES_OF_ROLE = {
    "senator": "sen|senator", "congressman": "rep|congressman|representative", "representative": "rep|representative",
    "congresswoman": "rep|congresswoman", "governor": "gov|governor", "general": "gen|general", "doctor": "dr|doctor",
    "lawmaker": "rep|sen|senator", "professor": "prof|professor", "reverend": "rev|reverend",
}  # fmt: skip
"""The titles, as alternatives, with which the bearer of a role is named: "the senator" is "Sen. Ada Poe"."""
