"""Comparison questions: the topic, and what is compared: articles, outlets, two things, or before and after a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.composition.comparison_sides import compared_sides
from retrieval.text.date_intervals import HOLIDAYS, DateInterval, shifted
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, alternation
from retrieval.text.time_expressions import TimeExpression, TimeRelation, time_expressions, without_times

MAX_CHARACTERS = 250
"""Characters of a question that are read: patterns with three open places take their cube at the worst."""
_DIFFERENCES = r"(?:contradictions?|discrepanc(?:y|ies)|differences?|disagreements?|conflicts?)"
_AUXILIARY = alternation(QUESTION_AUXILIARIES)
_PAPERS = (
    r"(?:(?:the|these|those|all|any|our|my|different|various|other|two|both)\s+)*"
    r"(?:articles?|outlets?|papers?|newspapers?|reports?|sources?|stories|accounts?|media|texts?|they)"
)
_DIFFER = (
    r"(?:disagree|differ|agree|contradict\s+(?:each\s+other|one\s+another|themselves)|contradict|conflict|vary"
    r"|say\s+different\s+things|diverge|match|tell\s+the\s+same\s+story)"
)
_ABOUT = r"(?:\s+(?:on|about|over|in|as\s+to|regarding|concerning|when\s+it\s+comes\s+to|of|with))?"
_CHANGE = (
    r"(?:chang(?:ed?|ing)|rise|risen|ris(?:en|ing)|fall|fallen|falling|gr[eo]wn?|growing|increas(?:ed?|ing)|decreas(?:ed?|ing)"
    r"|drop(?:ped|ping)?|declin(?:ed?|ing)|evolv(?:ed?|ing)|develop(?:ed|ing)?|shift(?:ed|ing)?|vary|varied|differ(?:ed)?"
    r"|climb(?:ed|ing)?|go(?:ne|ing)?\s+(?:up|down)|improv(?:ed?|ing)|worsen(?:ed|ing)?|mov(?:ed?|ing))"
)
_TAIL = r"(?P<rest>(?:\s+(?:over\s+time|since|after|before|between|from|during|in|on|by|across|among)\b.*?)?)"
_SIDES = r"(?P<one>.+?)\s+(?:and|with|to|versus|vs\.?|against|or)\s+(?P<other>.+?)"
_ON = (
    r"(?:\s+(?:on|about|over|in\s+their\s+(?:coverage|reporting|reports)\s+(?:of|on)|regarding|reporting\s+on|covering|in"
    r"|towards?|when\s+it\s+comes\s+to|with\s+(?:regard|respect)\s+to|as\s+to|concerning)"
    r"\s+(?P<topic>.+?))?"
)
_TELL = (
    r"(?:describ(?:e|ed)|cover(?:ed)?|portray(?:ed)?|present(?:ed)?|treat(?:ed)?|frame[sd]?|depict(?:ed)?"
    r"|(?:say|said|writ?e|wrote|report(?:ed)?)(?:\s+(?:about|on|of))?)"
)
_END = r"[\s?.!]*"
_PATTERNS = tuple(
    LazyPattern(rf"\W*+(?:please\s+)?{pattern}{_END}", re.IGNORECASE)
    for pattern in (
        (
            rf"(?:what|which)(?:\s+\w+)?\s+(?:differs?|differences?\s+(?:is|exist)\s+there"
            rf"|(?:is|are)\s+(?:the\s+)?differen(?:ces?|t))\s+(?:between|in|among)\s+{_SIDES}{_ON}"
        ),
        (
            r"(?:(?:the\s+|what(?:['’]?s|\s+is|\s+are)\s+the\s+)?differences?\s+(?:between|in)\s+)?"
            r"(?P<topic>.+?)(?<![\s,]),?\s+(?P<date>before\s+and\s+after\s+.+?)"
        ),
        (
            r"how\s+(?:do|does|did)\s+(?P<one>[^?]{1,60}?)['’]s?\s+"
            r"(?:coverage|reporting|reports?|articles?|stor(?:y|ies))\s+(?:of|on|about)\s+(?P<topic>.+?)\s+"
            r"(?:differ|compare|diverge)\s+(?:from|to|with)\s+(?P<other>.+?)"
        ),
        (
            rf"how\s+(?:do|does|did)\s+(?!{_PAPERS}\b)(?P<one>[^?]{{1,80}}?)\s+(?:differ|compare|diverge)\s+(?:from|to|with)\s+"
            rf"(?P<other>.+?){_ON}"
        ),
        rf"(?:how|where)\s+(?:do|does|did)\s+(?!{_PAPERS}\b){_SIDES}\s+(?:differ|disagree|compare|diverge){_ON}",
        (
            rf"(?:do|does|(?P<doubtful>did))\s+(?!{_PAPERS}\b){_SIDES}\s+(?:agree|disagree|differ)"
            rf"(?:\s+with\s+each\s+other)?{_ON}"
        ),
        rf"compare\s+(?:how|what)\s+{_SIDES}\s+{_TELL}\s+(?P<topic>.+?)",
        rf"compare\s+(?:what\s+)?{_SIDES}(?:\s+(?:say|said|report|reported))?{_ON}",
        rf"(?:the\s+|what(?:['’]?s|\s+is|\s+are)\s+the\s+)?(?:main\s+)?differences?\s+between\s+{_SIDES}{_ON}",
        rf"(?P<one>[^,]+?)(?<!\s)\s+(?:versus|vs\.?)\s+(?P<other>[^,]+?){_ON}",
        (
            rf"(?:where|how|on\s+what|what|which|what\s+about)?\s*(?:(?:do|does|did)\s+)?{_PAPERS}\s+(?:all\s+)?{_DIFFER}"
            rf"{_ABOUT}\s*(?P<topic>.*?)"
        ),
        rf"(?:do|does|did)\s+{_PAPERS}\s+(?:all\s+)?\w+\s+the\s+same\s+(?P<topic>.+?)",
        r"how\s+different\s+\w+\s+the\s+\w+\s+(?:for|of|on|about)\s+(?P<topic>.+?)",
        (
            rf"(?:are|is|were)\s+there\s+(?:any\s+)?(?:{_DIFFERENCES}"
            rf"|(?:different|conflicting|contradictory|contradicting|differing)\s+\w+){_ABOUT}"
            rf"\s*(?:between\s+{_PAPERS}{_ABOUT}\s*)?(?P<topic>.*?)"
        ),
        (
            rf"what(?:['’]?s)?\s+(?:has\s+|have\s+|is\s+|are\s+|been\s+)*(?:changed?|different|new|changes?)"
            rf"(?:\s+(?:in|about|with|for|on|to)\s+(?P<topic>(?!the\s+last).+?))?{_TAIL}"
        ),
        (
            rf"how\s+(?P<doubtful>much\s+|far\s+|fast\s+)?(?:{_AUXILIARY})\s+(?P<topic>.+?)\s+(?:been\s+)?"
            rf"{_CHANGE}{_TAIL}"
        ),
        rf"(?P<doubtful>{_AUXILIARY})\s+(?P<topic>.+?)\s+(?:been\s+)?{_CHANGE}{_TAIL}",
        (
            rf"(?P<doubtful>{_AUXILIARY})\s+(?P<topic>.+?)\s+(?:(?:since|later|ever)\s+)?(?:been\s+)?"
            rf"(?:corrected|retracted|revised|withdrawn|updated){_TAIL}"
        ),
        rf"(?:changes?|developments?)\s+(?:in|to|of)\s+(?P<topic>.+?){_TAIL}",
        r"compare\s+(?P<topic>.+?)",
    )
)
_SPEAKERS = LazyPattern(
    r"\W*(?:(?:so|and|but)\s+)?(?:do|does|did)\s+(?P<speakers>(?:the\s+)?(?:two|both)(?:\s+(?:of\s+them|men|women|sides|people))?"
    r"|everyone|everybody|all\s+of\s+them|the\s+others|(?:(?:the|all|both|these|those|all\s+the)\s+)?(?:[\w-]{1,20}\s+){0,2}?"
    r"(?:experts|critics|economists|scientists|doctors|analysts|lawyers|witnesses|historians|lawmakers|scholars|professors|activists"
    r"|researchers|officials|sides))\s+(?:all\s+)?(?:dis)?agree(?:\s+with\s+(?:each\s+other|one\s+another))?"
    rf"(?:\s+(?:on|about|over|with|that|why|what|how|whether)\s+(?P<topic>.+?))?{_END}",
    re.IGNORECASE,
)
"""A question whether those of a kind agree, who are not named: "Do the experts agree about it?"."""
_ONE = r"ones?"
_THEY_SAY = LazyPattern(
    rf"^(?:what|how)\s+(?:(?:do|does|did)\s+)?{_PAPERS}\s+(?:say|said|report(?:ed)?|write|wrote)\s+(?:about|on|of)\s+",
    re.IGNORECASE,
)
_WHETHER = LazyPattern(rf"^(?:whether|if|how\s+many|{alternation(QUESTION_WORDS)})\b\s*", re.IGNORECASE)
_EACH_OTHER = LazyPattern(r"^(?:each other|one another|themselves)\s+(?:on|about|over)\s+", re.IGNORECASE)
_LEAD = LazyPattern(r"^(?:what\s+|how\s+)?(?:the\s+)?(?:number|figure)s?\s+(?:for|on)\s+", re.IGNORECASE)
_PARTED = LazyPattern(r"\b(?:before\s+and\s+after|since|after|before)\s+(?P<when>.+)$", re.IGNORECASE)
_NO_TIME = LazyPattern(r"\s+(?:on|in|by|across|among)\s", re.IGNORECASE)
"""How what follows a change begins that may be its topic as well as its time."""
_ELECTION = LazyPattern(
    r"\b(?:(?P<year>(?:19|20)\d\d)\s+)?(?:presidential\s+|general\s+|us\s+|u\.s\.\s+)*election(?:\s+day)?"
    r"(?:\s+(?:of|in)\s+(?P<later>(?:19|20)\d\d))?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ComparisonQuestion:
    """What is to be compared.

    Attributes:
        topic: What it is about; empty for everything.
        phrase: The topic with the words that ask about it: "how many people died".
        periods: The periods of a topic that are compared: 2019 and 2013; empty otherwise.
        sides: The things or outlets that are compared, as written; empty where articles are.
        parting: The day from which on is "after"; None where no day parts them.
        event: The words of the day or the event that parts them: "the election"; empty without one.
        period: The days that are asked for: "between 2012 and 2014".
        changed: Whether it asks what changed, else where articles differ.
        is_claim: Whether its topic is a statement: "whether Trump knew of it".
        asks_who: Whether it asks whom the articles name for a deed: "who ordered it".
        speakers: Whose statements are compared, where they are not named: "the PR experts", "the two"; else empty.
        is_doubtful: Whether it may ask for a fact as well: "Did the wall fall?", "Did Ryan and Trump agree?".
    """

    topic: str
    phrase: str = ""
    sides: tuple[str, ...] = ()
    periods: tuple[DateInterval, ...] = ()
    parting: dt.date | None = None
    event: str = ""
    period: DateInterval | None = None
    changed: bool = False
    is_claim: bool = False
    asks_who: bool = False
    speakers: str = ""
    is_doubtful: bool = False


def parse_comparison(question: str, topic: str, anchor: dt.date) -> ComparisonQuestion:
    """Return what a question compares.

    Args:
        question: The question, standalone.
        topic: Its topic as decided with its kind, for a question in words that are not known here.
        anchor: The day against which its dates are read.
    """
    text = question.strip()[:MAX_CHARACTERS]
    if spoken := _SPEAKERS.fullmatch(text):
        about = (spoken["topic"] or "").strip()
        return ComparisonQuestion(topic=about, phrase=about, speakers=spoken["speakers"].lower())
    found = next((match for pattern in _PATTERNS if (match := pattern.fullmatch(text))), None)
    groups = {name: value or "" for name, value in found.groupdict().items()} if found else {}
    written = tuple(groups[name].strip() for name in ("one", "other") if groups.get(name))
    sides = tuple(map(_bare, written))
    if periods := _periods(sides, anchor):
        topic = next((bare for side in sides if (bare := _timeless(side))), "")
        return ComparisonQuestion(topic=topic, phrase=topic, sides=sides, periods=periods)
    if len(written) == 2:
        if written[1].lower() in {"that", "those"} and groups.get("topic"):
            written, groups["topic"] = (written[0], groups["topic"]), ""  # "with those in Oregon"
        compared = compared_sides(*written)
        if compared.shared or len(compared.sides) > len(sides):
            sides = tuple(map(_bare, compared.sides))
            groups["topic"] = " ".join(filter(None, (compared.shared, groups.get("topic", ""))))
    if len(sides) == 2 and not (found and found.groupdict().get("topic")):
        sides = (_completed(*sides), sides[1])
    about = _EACH_OTHER.sub("", groups.get("topic", "" if found else topic).strip())
    about = _THEY_SAY.sub("", about)
    rest = groups.get("rest", "")
    if _NO_TIME.match(rest) and not any(each.interval for each in time_expressions(rest, anchor)):
        about, groups["rest"] = f"{about}{rest}", ""  # "changed in his position on Mali"
    dated = " ".join(filter(None, (groups.get("date", ""), groups.get("rest", "")))) or (about if found else text)
    changed = bool(found) and not re.search(
        rf"\b(?:{_DIFFER}|differs|different|same|compare|vs|versus|{_DIFFERENCES})\b", text, re.IGNORECASE
    )
    phrase, parting, event, period = _dated(about, dated, anchor)
    is_claim = re.match(r"\W*(?:whether|if)\b", phrase, re.IGNORECASE) is not None
    about = _LEAD.sub("", _WHETHER.sub("", phrase)).strip(" ,?.!")
    return ComparisonQuestion(
        topic=about,
        phrase=phrase,
        sides=sides if len(sides) > 1 else (),
        parting=parting,
        event=event,
        period=period,
        changed=changed,
        is_claim=is_claim,
        asks_who=re.match(r"\W*who\b", phrase, re.IGNORECASE) is not None,
        is_doubtful=bool(groups.get("doubtful")),
    )


def _periods(sides: Sequence[str], anchor: dt.date) -> tuple[DateInterval, ...]:
    """Return the periods of two sides where one of them is nothing else: "the shutdown in 2019" and "2013"."""
    if len(sides) != 2 or all(map(_timeless, sides)):
        return ()
    times = [next((each.interval for each in time_expressions(side, anchor) if each.interval), None) for side in sides]
    found = tuple(each for each in times if each)
    return found if len(set(found)) == len(found) else ()


def _timeless(side: str) -> str:
    """Return a side without its times and the prepositions before them."""
    return re.sub(
        rf"(?:^|\s)(?:in|during|of|from|that|the|{_ONE})\s*$", "", " ".join(without_times(side).split()).strip()
    ).strip()


def _completed(one: str, other: str) -> str:
    """Return the first of two sides with the noun that both share: "the House" of "the House and Senate bills"."""
    words = other.split()
    if other.startswith("the "):
        return one
    is_modifier = len(one.removeprefix("the ").split()) == 1 and len(words) > 1 and words[-1].islower()
    return f"{one} {' '.join(words[1:])}" if is_modifier else one


def _dated(about: str, dated: str, anchor: dt.date) -> tuple[str, dt.date | None, str, DateInterval | None]:
    """Return the topic without its dates, the day that parts, its words, and the period asked for."""
    times = [each for each in time_expressions(dated, anchor) if each.interval]
    parted = _PARTED.search(dated)
    parting = next((each for each in times if each.relation is not TimeRelation.IN or _is_parting(dated, each)), None)
    event = ""
    day: dt.date | None = None
    period: DateInterval | None = None
    if parting and parting.interval:
        day = _first_after(dated, parting)
        event = dated[parting.start : parting.end]
    elif parted and not times:
        event = re.split(r"[?.!]", parted["when"])[0].strip()
        day = election_day(event, anchor)
    elif times and times[0].interval:
        period = times[0].interval
        for each in times[1:]:
            period = period.joined(each.interval) if each.interval else period
    for words in (dated, event):
        if words and words in about and words != about and (event or period):
            about = about.replace(words, " ")
    for each in sorted(time_expressions(about, anchor), key=lambda found: -found.start):
        if each.interval:
            about = about[: each.start] + about[each.end :]
    about = re.sub(
        r"\s+(?:before\s+and\s+after|since|after|before|between|and|from|to|in|on|during|until|by|of)\s*$",
        "",
        about.strip(),
    )
    return " ".join(about.split()), day, event, period


def _is_parting(text: str, each: TimeExpression) -> bool:
    return (
        re.search(r"\b(?:before\s+and\s+after|since|after|before)\s+(?:the\s+)?$", text[: each.start], re.IGNORECASE)
        is not None
    )


def _first_after(text: str, each: TimeExpression) -> dt.date | None:
    """Return the first day of the second part: the day, the first of a month or year, or, "after 2013", of the next."""
    if each.interval is None:
        return None
    both = re.search(r"\bbefore\s+and\s+after\s+(?:the\s+)?$", text[: each.start], re.IGNORECASE)
    if each.relation is TimeRelation.AFTER and not both and each.interval.days > 1:
        return shifted(each.interval.last, days=1)
    return each.interval.first


def election_day(words: str, anchor: dt.date) -> dt.date | None:
    """Return the day of a presidential election of the United States that ``words`` name, by its year or the last one.

    The Tuesday after the first Monday of November in every fourth year (3 U.S.C. § 1).
    """
    found = _ELECTION.search(words)
    if not found:
        return None
    named = found["year"] or found["later"]
    last = anchor.year if anchor >= HOLIDAYS["election day"](anchor.year) else anchor.year - 1
    return HOLIDAYS["election day"](int(named) if named else last - last % 4)


def _bare(words: str) -> str:
    return re.sub(
        r"^(?:the\s+(?:articles?|reports?|coverage)\s+(?:of|in|by|from)\s+)|['’]s?(?:\s+(?:articles?|reports?|coverage|reporting))?$",
        "",
        words.strip(),
        flags=re.IGNORECASE,
    ).strip(' ,?.!"“”')
