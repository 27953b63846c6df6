"""Word classes of English: one list each of negators, hedges, pronouns, auxiliaries and other closed classes.

Words are in lower case with straight apostrophes. A use that needs more or fewer words derives its set from these by
name; ``tests/retrieval/text/test_one_list_each.py`` fails where a list is written a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.text.lazy_pattern import LazyPattern


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string, separated by white space, as a set."""
    return frozenset(words.split())


def alternation(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of ``words``, the longest first, without a group of its own."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


ARTICLES = word_set("the a an")
DEMONSTRATIVES = word_set("this that these those")
SUBJECT_PRONOUNS = word_set("i you he she it we they")
OBJECT_PRONOUNS = word_set("me you him her it us them")
POSSESSIVE_DETERMINERS = word_set("my your his her its our their")
POSSESSIVE_PRONOUNS = word_set("mine yours his hers its ours theirs")
SUBJECT_FORMS = {"me": "I", "him": "he", "her": "she", "us": "we", "them": "they"}
"""Object pronouns as subjects."""
REFLEXIVE_PRONOUNS = word_set("myself yourself himself herself itself ourselves yourselves themselves")
PERSONAL_PRONOUNS = SUBJECT_PRONOUNS | OBJECT_PRONOUNS | POSSESSIVE_DETERMINERS | POSSESSIVE_PRONOUNS
MASCULINE_PRONOUNS = word_set("he him his")
FEMININE_PRONOUNS = word_set("she her hers")
THIRD_PERSON = MASCULINE_PRONOUNS | FEMININE_PRONOUNS | word_set("it its they them their theirs")
"""Personal pronouns and possessives that refer to somebody or something named before; reflexives aside."""

RELATIVE_PRONOUNS = word_set("who which that whom whose")
QUESTION_ADVERBS = word_set("when where why how")
QUESTION_WORDS = word_set("who whom whose what which") | QUESTION_ADVERBS

BE = word_set("am is are was were be been being")
HAVE = word_set("have has had")
DO = word_set("do does did")
THIRD_PERSON_BE = BE - word_set("am be been being")
"""Finite forms of "be" whose subject is somebody or something else: is, are, was, were."""
MODAL_VERBS = word_set("will would shall should can could may might must ought")
PLURAL_AUXILIARIES = {"was": "were", "is": "are", "has": "have", "does": "do"}
"""Auxiliaries of one as those of several."""
PRESENT_AUXILIARIES = word_set("is are has have does do")
PAST_MODALS = {"will": "would", "can": "could", "may": "might", "shall": "should"}
"""Modals as indirect speech has them."""
QUESTION_AUXILIARIES = (BE | HAVE | DO | MODAL_VERBS) - word_set("am be been being ought")
"""Auxiliaries that precede the subject of a question about somebody else."""

NEGATED_AUXILIARIES = frozenset(
    f"{verb}n't" for verb in (BE | HAVE | DO | MODAL_VERBS) - word_set("am be been being will shall can may")
) | word_set("won't shan't can't ain't cannot")
CONTRACTIONS = frozenset(f"{pronoun}'{verb}" for pronoun in SUBJECT_PRONOUNS for verb in ("ll", "d")) | word_set(
    "i've you've we've they've he's she's"
)
"""A pronoun with its auxiliary, in one word."""

MODALS = (
    MODAL_VERBS
    | frozenset(word for word in NEGATED_AUXILIARIES if word.removesuffix("n't") in MODAL_VERBS)
    | word_set("won't shan't can't cannot")
    | frozenset(word for word in CONTRACTIONS if word.endswith(("'ll", "'d")))
)

NEGATORS = word_set(
    "not no never none nobody nothing nowhere neither nor cannot without hardly scarcely barely seldom rarely ain't"
)
"""Words that negate; so does every contraction in "n't", which ``is_negator`` recognises by its form."""

HEARSAY = word_set("allegedly alleged reportedly supposedly purportedly rumored rumoured")
"""Hedges that leave a claim to an unnamed source."""

POSSIBILITY = word_set("possibly perhaps maybe potentially may might")
"""Hedges that leave open whether a claim is true."""

HEDGES = HEARSAY | POSSIBILITY | word_set("apparently probably could would unlikely seems seemed appears appeared")
CONDITIONALS = word_set("only if unless until till except provided assuming whether")
CONCESSIVES = word_set("although though")
APPROXIMATIONS = word_set("almost nearly mostly partly sometimes")
QUALIFIERS = HEDGES | CONDITIONALS | CONCESSIVES | APPROXIMATIONS
"""Words that limit a claim: without one of them it is a stronger claim or another."""

QUANTIFIERS = word_set(
    """all every each any some most many much few fewer little less least more none both several half majority minority
    always often usually sometimes everyone everybody everything someone somebody something anyone anybody anything
    nobody entire whole almost nearly only at-least enough rarely seldom twice once double triple dozens hundreds
    thousands millions billions"""
)

QUANTITY_CLASSES = {
    word: name
    for name, words in {
        "all": "all every each both entire whole always everyone everybody everything wholly completely fully",
        "most": "most mostly majority usually predominantly",
        "many": "many much numerous often countless",
        "some": "some several sometimes partly partially certain various",
        "few": "few little hardly rarely seldom scarcely barely fewer",
        "none": "no none never nobody nothing neither",
    }.items()
    for word in words.split()
}
"""The class of each quantifier: how much of what it counts a sentence is about."""

PLANS = word_set(
    """expect expects expected plan plans planned planning intend intends intended hope hopes hoped hoping aim aims
    aimed want wants wanted seek seeks sought consider considers considered considering propose proposes
    proposed scheduled
    poised vow vows vowed promise promises promised threaten threatens threatened try tries tried trying attempt
    attempts attempted"""
)
"""Verbs by which an event is planned or expected: it did not happen for that."""
UNPROVEN = word_set(
    """accuse accuses accused allege alleges suspect suspected suspects claim claims claimed believe believes believed
    think thinks thought suggest suggests suggested suspecting estimated speculate speculated rumours rumors argue
    argues argued insist insists insisted"""
)
"""Verbs whose content is somebody's word, not a fact."""

INTERJECTIONS = word_set(
    """aha alas aww bah boo bravo bruh cringe damn dang duh eh ew geez gosh ha haha hahaha hah hehe heh hello hey hi hm
    hmm hooray huh hurray jeez kek kekw lmao lmfao lol lolol lul lulz meh nah nope nvm omfg omg oof ooh oops ouch ow
    phew please pog poggers psst rofl roflmao sigh smh sheesh tbh thanks ugh uh uh-oh welp whoa woah woo wow wtf xd
    xdd xoxo yay yeah yep yikes yup zzz fr imo imho idk ikr ffs fyi psa til tldr tl;dr nsfw afaik iirc btw"""
)
"""What people exclaim, also in chats: words beside a quotation that name nobody."""

KINSHIP = word_set(
    """father mother brother sister son daughter husband wife uncle aunt nephew niece cousin grandfather grandmother
    grandson granddaughter stepfather stepmother stepson stepdaughter widow widower fiance fiancee boyfriend girlfriend
    brother-in-law sister-in-law father-in-law mother-in-law son-in-law daughter-in-law"""
)
CONTRARY_PREPOSITIONS = frozenset(
    frozenset(pair.split("/"))
    for pair in """by/to by/from to/from from/for into/from before/after before/during after/during over/under
    above/below inside/outside onto/off for/against with/against with/without toward/from towards/from
    until/since until/from
    since/before""".split()  # noqa: SIM905 (readable)
)
"""Prepositions that say something else of one noun: "by 5 %" and "to 5 %"."""

STOP_WORDS = (
    ARTICLES
    | DEMONSTRATIVES
    | (PERSONAL_PRONOUNS - {"mine"})  # the noun
    | REFLEXIVE_PRONOUNS
    | QUESTION_WORDS
    | BE
    | HAVE
    | DO
    | (
        NEGATED_AUXILIARIES - word_set("ain't mightn't mustn't oughtn't shan't")
    )  # rare: the reader was fitted with them
    | word_set(
        """about after again against all also and any as at because before below between both but by can could doing
        down during each few for from further having here if in into just more most no nor not of off on once only or
        other out over own same should so some such than then there through to too under until up very while will with
        would"""
    )
)
"""Function words: kept in the index (phrases need them), left out of questions."""


def _antonyms(pairs: str) -> dict[str, tuple[str, ...]]:
    """Return the words that "large/small big/small" has, each with its antonyms in alphabetical order."""
    found: dict[str, set[str]] = {}
    for one, other in (pair.split("/") for pair in pairs.split()):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: tuple(sorted(others)) for word, others in found.items()}


_OPPOSITES = _antonyms(
    """large/small big/small great/small major/minor high/low higher/lower highest/lowest long/short
    increase/decrease increased/decreased increases/decreases increasing/decreasing rise/fall rises/falls rose/fell
    rising/falling rise/fell fall/rose
    up/down raise/lower raised/lowered gain/loss gains/losses profit/loss profits/losses grow/shrink
    before/after above/below over/under inside/outside win/lose won/lost wins/loses support/oppose supports/opposes
    supported/opposed for/against accept/reject accepted/rejected allow/forbid allow/ban allowed/banned
    allowed/forbidden agree/refuse agreed/refused agrees/refuses admit/deny admitted/denied confirm/deny
    confirmed/denied good/bad better/worse best/worst strong/weak stronger/weaker guilty/innocent legal/illegal
    true/false right/wrong
    safe/dangerous success/failure succeed/fail succeeded/failed begin/end began/ended start/stop started/stopped
    open/closed opened/closed buy/sell bought/sold friend/enemy friends/enemies ally/enemy allies/enemies first/last
    early/late earlier/later public/private left/right men/women man/woman boys/girls boy/girl north/south east/west
    northern/southern eastern/western rich/poor pass/fail passed/failed love/hate fast/slow faster/slower quickly/slowly
    include/exclude included/excluded add/remove added/removed alive/dead attack/defend attacked/defended war/peace
    present/absent easy/hard easier/harder old/new older/younger old/young same/different majority/minority
    prosecution/defense prosecution/defence plaintiff/defendant
    most/least more/less more/fewer all/none always/never everything/nothing everybody/nobody
    largest/smallest biggest/smallest greatest/smallest greatest/least larger/smaller bigger/smaller greater/smaller
    greater/less heavy/light heavier/lighter near/far nearer/farther closer/further cheap/expensive
    cheaper/dearer wide/narrow deep/shallow hot/cold warm/cold warmer/colder full/empty safe/unsafe
    join/leave joined/left arrive/leave arrived/left enter/leave entered/left born/died married/divorced
    married/unmarried hire/fire hired/fired appoint/dismiss appointed/dismissed convict/acquit convicted/acquitted
    convicted/cleared guilty/acquitted arrest/release arrested/released approve/reject approved/rejected
    praise/criticize
    praised/criticized
    praise/condemn praised/condemned backed/opposed back/oppose endorsed/opposed defended/criticized defended/condemned
    import/export imports/exports imported/exported lend/borrow lent/borrowed winner/loser
    optimistic/pessimistic
    improve/worsen improved/worsened improving/worsening strengthen/weaken strengthened/weakened widen/narrow
    widened/narrowed expand/shrink expanded/shrank extend/shorten extended/shortened renew/end renewed/ended
    uphold/overturn upheld/overturned upheld/struck allow/block allowed/blocked permit/prohibit permitted/prohibited
    lift/impose lifted/imposed ease/tighten eased/tightened ease/grow eased/grown eased/grew remember/forget
    remembered/forgot hide/reveal hid/revealed hidden/revealed encourage/discourage encouraged/discouraged
    optional/mandatory optional/required voluntary/mandatory voluntary/compulsory temporary/permanent
    temporarily/permanently domestic/foreign urban/rural upper/lower minimum/maximum intentional/accidental
    deliberately/accidentally deliberate/accidental dry/wet day/night morning/evening
    hawkish/dovish liberal/conservative democrat/republican democrats/republicans democratic/republican
    male/female males/females widespread/limited peaceful/violent sunny/cloudy rare/common likely/unlikely
    able/unable possible/impossible visible/invisible"""
)
"""Antonyms by which quotations are altered in news; a pair that is missing counts as a changed word."""
_DIRECTIONS = tuple(
    word_set(words)
    for words in (
        """rise rises rose risen rising increase increases increased increasing grow grows grew grown growing climb
        climbs climbed climbing soar soars soared soaring surge surges surged surging jump jumps jumped gain gains
        gained add adds added adding higher up upward expand expands expanded boost boosts boosted raise
        raises raised""",
        """fall falls fell fallen falling drop drops dropped dropping decrease decreases decreased decreasing decline
        declines declined declining shrink shrinks shrank shrunk sink sinks sank sunk plunge plunges plunged plunging
        slump slumps slumped tumble tumbles tumbled lose loses lost losing lower lowers lowered down downward cut cuts
        reduce reduces reduced reducing ease eases eased dip dips dipped slip slips slipped""",
    )
)
"""Words for more and for less: two of one set are alike, one of each opposite."""
_DENYING = LazyPattern(r"(?:un|in|im|ir|il|dis|non)-?(?=[a-z]{3})")


def opposites(word: str) -> tuple[str, ...]:
    """Return the antonyms of a folded word, in alphabetical order."""
    return _OPPOSITES.get(word, ())


_ENDINGS = {"ll": "will", "d": "would", "ve": "have", "m": "am", "re": "are", "s": "is"}
_SHORTENED_STEMS = {"wo": "will", "sha": "shall", "ca": "can"}
_OTHER_READINGS = {("is", "has"), ("would", "had")}


def expanded(words: Iterable[str]) -> list[str]:
    """Return folded words with their contractions written out: "don't" as "do not", "'s" as "is", "'d" as "would"."""
    found: list[str] = []
    for word in words:
        stem, _, ending = word.rpartition("'")
        if word.endswith(("n't", "cannot")):
            verb = word.removesuffix("n't").removesuffix("not")
            found += [_SHORTENED_STEMS.get(verb, verb), "not"]
        elif stem and ending in _ENDINGS:
            found += [stem, _ENDINGS[ending]]
        else:
            found.append(word)
    return found


def are_same_expanded(one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether two runs of folded words are the same with their contractions written out."""
    left, right = expanded(one), expanded(other)
    return len(left) == len(right) and all(
        first == second or {(first, second), (second, first)} & _OTHER_READINGS
        for first, second in zip(left, right, strict=True)
    )


def is_negator(word: str) -> bool:
    """Return whether a folded word denies: not, never, no, hardly, any contraction with n't."""
    return word in NEGATORS or word.endswith("n't")


def is_qualifier(word: str) -> bool:
    """Return whether a folded word limits a claim: only, if, unless, allegedly, may."""
    return word in QUALIFIERS


def changes_meaning(word: str) -> bool:
    """Return whether a folded word negates or limits a claim, so that without it the claim is another."""
    return is_negator(word) or is_qualifier(word)


def are_opposites(one: str, other: str) -> bool:
    """Return whether two folded words are antonyms, or one denies the other: agree and disagree."""
    if other in opposites(one) or any(one in up and other in down for up, down in (_DIRECTIONS, _DIRECTIONS[::-1])):
        return True
    shorter, longer = sorted((one, other), key=len)
    denying = _DENYING.match(longer)
    return denying is not None and longer[denying.end() :] == shorter
