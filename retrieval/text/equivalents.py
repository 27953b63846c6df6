"""Equivalents: words for one act, of which each counts for the others ("killed", "died", "victim").

Related words tell of the same thing without being the same act ("won", "defeated"): they say where to look.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.text.analyzer import terms
from retrieval.text.lexicon import word_set


def _classes(*lists: str) -> tuple[frozenset[str], ...]:
    return tuple(_terms_of(words) for words in lists)


@dataclass(frozen=True, slots=True)
class Act:
    """The words for one act.

    Attributes:
        verbs: The terms of verbs that say it of whom it is done to, and of its nouns: "charged", "indictment".
        done: The terms of verbs for the same thing that those to whom it is done do themselves: "died".
        undergoing: Nouns, folded, for those to whom it is done: "victims".
        doing: Nouns, folded, for those who do it: "accusers".
        leads: Terms with which a list of those to whom it is done is led in: "grieving families told of:".
        equal: The terms of its words of which each counts for the others wherever it stands.
    """

    verbs: frozenset[str]
    done: frozenset[str] = frozenset()
    undergoing: frozenset[str] = frozenset()
    doing: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    equal: frozenset[str] = frozenset()


def _act(
    equal: str,
    verbs: str = "",
    done: str = "",
    *,
    also: str = "",
    undergoing: str = "",
    doing: str = "",
    leads: str = "",
) -> Act:
    """Return an act: ``verbs`` are said of it beside ``equal``, and ``also`` equals these words without being one."""
    same = _terms_of(equal)
    others = _terms_of(f"{done} {undergoing} {doing}")
    return Act(
        (same - others) | _terms_of(verbs),
        _terms_of(done),
        word_set(undergoing),
        word_set(doing),
        _terms_of(leads),
        same | _terms_of(also),
    )


def _terms_of(words: str) -> frozenset[str]:
    return frozenset(term for word in words.split() for term in terms(word))


ACTS = (
    _act("charged charges indicted indictment", "counts", undergoing="defendant defendants"),
    _act(
        "killed kills died dies death dead fatalities fatality slain murdered murder victim victims",
        "deaths killing",
        "died dies perished",
        also="toll",
        undergoing="victim victims dead fatalities fatality casualties",
        leads="grieving mourning mourned mourn loved lost remembered",
    ),
    _act("arrested arrest detained custody", "apprehended booked busted", undergoing="detainee detainees"),
    _act("resigned resignation quit quits", "departure step stepped", doing="resignees"),
    _act(
        "accused accuser accusers accuses alleged",
        "accused alleges allegation allegations accusation",
        doing="accuser accusers",
    ),
    _act("nominated nominee nomination", "nominated", also="appointed", undergoing="nominee nominees"),
    _act("", "appointed named tapped selected picked chosen appointment", undergoing="appointee appointees pick picks"),
    _act("fired ousted dismissed sacked", "firing dismissal"),
    _act("injured wounded hurt", "injured wounded", undergoing="wounded injured"),
    _act("testified testimony testify", doing="witness witnesses"),
    _act("signed signatory signing", "signed", doing="signatory signatories"),
    _act("convicted conviction"),
    _act("sentenced sentence"),
    _act("", "pardoned commuted pardon clemency"),
    _act("", "granted given awarded", "received receives receiving receive got get obtained obtains"),
    _act(
        "",
        "defended defends defending supported supports supporting backed backs backing",
        doing="supporters defenders",
    ),
    _act("endorsed endorsement"),
    _act("bought buy buys purchased purchase"),
    _act("", "boycott boycotted skip skipping"),
    _act("", "escaped fled escape", doing="escapee escapees fugitive fugitives"),
    _act("", "survived", doing="survivor survivors"),
    _act("", "refused refuses declined declines rejected refusal"),
    _act("", "won win wins victory", doing="winner winners"),
    _act(
        "candidate candidates candidacy",
        "running candidacy",
        doing="candidate candidates contender contenders hopeful hopefuls",
    ),
    _act("", "suspected accused", undergoing="suspect suspects"),
)
"""The acts whose words are known."""
RELATED = _classes(
    "won win wins winner winning victory defeated beat champion champions crowned elected",
    "lost loses losing loser defeated beaten",
    "jail jailed prison imprisoned imprisonment bars incarcerated",
    "bail bond",
    "gun guns firearm firearms weapon weapons rifle rifles",
    "shooter gunman shooting shot",
    "strongest strong powerful biggest largest",
    "came finished ranked placed",
    "called named known dubbed",
    "second runner-up 2nd",
    "closed close shut shutdown closure closures",
    "burned burnt scorched charred destroyed",
    "house home mansion residence",
    "ship vessel tanker boat",
    "car vehicle truck",
    "drove driver driving rammed",
    "vote votes voters ballots",
    "election race contest",
    "lawyer lawyers attorney attorneys counsel",
    "illegal banned outlawed prohibited legal",
    "allowed permitted licensed authorized",
    "blocked barred banned",
    "unemployment jobless",
    "crash crashed accident collision",
    "escaped escape fled",
    "captive captured hostage",
    "launched started created founded proposed introduced",
    "seized captured confiscated",
    "stationed serving served assigned posted deployed",
    "police officers authorities",
    "kids children",
    "score won win wins beat beaten defeat defeated defeats",
    "row dispute disputes feud spat quarrel clash clashed disagreement arguing argument tensions",
    "job post position role career worked promoted minister",
    "baby babies infant infants newborn newborns",
    "detainee detainees prisoner prisoners inmate inmates suspects",
    "plane planes jet jets aircraft fighter fighters",
    "critic critics opponent opponents criticism criticized criticised",
    "republican republicans gop",
    "doctor doctors physician physicians clinician clinicians",
    "runs run heads ceo head director boss leads",
    "earn earned earns salary paid made makes pay compensation",
    "running vying candidate candidates challenge challenger contest race primary",
    "movie film",
    "growth grew grow grows growing grown expanded expansion",
    "lie lied lying lies false falsely",
    "fired sacked dismissed ousted removed",
    "resigned quit resign",
    "fine fined penalty settlement",
    "planted placed left",
    "bomb bombs explosive device devices",
    "coronavirus covid covid-19 virus",
    "cost costs price prices sell sold",
)
"""The terms of words that tell of the same thing, of one side or the other."""


def equivalent_terms(term: str) -> frozenset[str]:
    """Return the terms of the words for the same act as ``term``; none where no other is known."""
    return frozenset().union(*(act.equal for act in ACTS if term in act.equal))


def related_terms(term: str) -> frozenset[str]:
    """Return the terms of the words for the same act or thing as ``term``; none where no other is known."""
    return equivalent_terms(term).union(*(words for words in RELATED if term in words))
