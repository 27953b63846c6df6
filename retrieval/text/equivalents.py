"""Equivalents: words for one act, of which each counts for the others ("killed", "died", "victim").

Related words tell of the same thing without being the same act ("won", "defeated"): they say where to look.
"""

from __future__ import annotations

from retrieval.text.analyzer import terms


def _classes(*lists: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(term for word in words.split() for term in terms(word)) for words in lists)


SAME_ACTS = _classes(
    "charged charges indicted indictment",
    "killed kills died dies death dead toll fatalities fatality slain murdered murder victim victims",
    "arrested arrest detained custody",
    "resigned resignation quit quits",
    "accused accuser accusers accuses alleged",
    "nominated nominee nomination appointed",
    "fired ousted dismissed sacked",
    "injured wounded hurt",
    "testified testimony testify",
    "signed signatory signing",
    "convicted conviction",
    "sentenced sentence",
    "endorsed endorsement",
    "bought buy buys purchased purchase",
    "candidate candidates candidacy",
)
"""The terms of each act's words."""
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
    "police officers authorities",
    "kids children",
    "cost costs price prices sell sold",
)
"""The terms of words that tell of the same thing, of one side or the other."""


def equivalent_terms(term: str) -> frozenset[str]:
    """Return the terms of the words for the same act as ``term``; none where no other is known."""
    return frozenset().union(*(acts for acts in SAME_ACTS if term in acts))


def related_terms(term: str) -> frozenset[str]:
    """Return the terms of the words for the same act or thing as ``term``; none where no other is known."""
    return equivalent_terms(term).union(*(words for words in RELATED if term in words))
