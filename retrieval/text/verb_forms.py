"""Verb forms of English: the past forms and participles of irregular verbs, and what a word can be by its form.

A closed list of irregular verbs and the ending "-ed"; there is no tagger. What a form cannot decide ("reports",
"attack") is no verb here, so that a rule that needs a finite verb does nothing rather than something wrong.
"""

from __future__ import annotations

from functools import cache

from retrieval.text.lexicon import BE, DO, HAVE, MODALS, word_set
from retrieval.text.reporting_verbs import AMBIGUOUS, EVALUATION, SPEECH

_IRREGULAR = """
    arise arose arisen, bear bore borne, beat beat beaten, become became become, begin began begun, bind bound bound,
    bite bit bitten, blow blew blown, break broke broken, bring brought brought, build built built, buy bought bought,
    catch caught caught, choose chose chosen, come came come, deal dealt dealt, draw drew drawn, drink drank drunk,
    drive drove driven, eat ate eaten, fall fell fallen, feed fed fed, feel felt felt, fight fought fought,
    find found found, flee fled fled, fly flew flown, forbid forbade forbidden, forget forgot forgotten,
    forgive forgave forgiven, freeze froze frozen, get got got, give gave given, go went gone, grow grew grown,
    hang hung hung, have had had, hear heard heard, hide hid hidden, hold held held, keep kept kept, know knew known,
    lay laid laid, lead led led, leave left left, lend lent lent, lose lost lost, make made made, mean meant meant,
    meet met met, overcome overcame overcome, overthrow overthrew overthrown, pay paid paid, ride rode ridden,
    ring rang rung, rise rose risen, run ran run, say said said, see saw seen, seek sought sought, sell sold sold,
    send sent sent, shake shook shaken, shoot shot shot, show showed shown, sing sang sung, sink sank sunk,
    sit sat sat, sleep slept slept, speak spoke spoken, spend spent spent, stand stood stood, steal stole stolen,
    strike struck struck, swear swore sworn, swim swam swum, take took taken, teach taught taught, tear tore torn,
    tell told told, think thought thought, throw threw thrown, understand understood understood,
    undergo underwent undergone, wake woke woken, wear wore worn, win won won, withdraw withdrew withdrawn,
    write wrote written, do did done, put put put, cut cut cut, set set set, let let let, hit hit hit, cost cost cost,
    hurt hurt hurt, shut shut shut, split split split, spread spread spread, quit quit quit, read read read
"""
_TABLE = {base: (past, participle) for base, past, participle in (verb.split() for verb in _IRREGULAR.split(","))}
PAST_FORMS = frozenset(past for base, (past, _) in _TABLE.items() if past != base) - {"saw", "ground", "wound"}  # nouns
"""Past forms of irregular verbs that differ from their base."""
PARTICIPLES = frozenset(participle for _, participle in _TABLE.values())
"""Past participles of irregular verbs."""
_REGULAR_BASES = word_set(
    """accept achieve add agree aim allow announce appear apply appoint approve arrest arrive ask attack attend ban
    block call cancel carry cause change charge claim clash close collapse confirm consider contain continue cover
    crash create decide declare decline defeat deliver demand deny deploy destroy develop die disappear discover drop
    elect end enter escape evacuate expand expect expel explain face fail fine fire follow form gain happen harm help
    hire impose improve include increase injure invade invest involve join jump kill last launch lift live lower match
    move name need negotiate nominate occur offer open oppose order own participate pass pick plan play plead pledge
    praise prevent produce promise protect protest prove provide pull push raise reach receive recommend reduce refuse
    reject release remain remove renew replace report request rescue resign resolve retire retreat return reveal review
    ruin rule save score select sentence serve settle share sign snub start state stay stop suffer suggest sue support
    suspend target tell threaten train travel try turn use visit vote walk want warn watch withdraw witness work"""
)
BASES = frozenset(_TABLE) | _REGULAR_BASES | frozenset(word for word, (_, form) in SPEECH.items() if form == "base")
"""Base forms of verbs: what "did" and the modals precede."""
_THIRD_PERSON = word_set(
    """includes provides allows remains requires offers makes gives takes uses helps needs wants works serves shows
    becomes begins contains consists involves represents refers occurs lies stands runs plays lives goes comes keeps
    leads brings leaves features follows focuses produces covers holds carries operates depends varies ranges aims
    seeks tries sits meets gets sees knows finds opens faces causes increases reduces prevents ensures enables creates
    affects protects improves appears seems continues belongs extends grows returns receives travels discovers falls
    arrives decides learns helps turns marks owns employs encourages joins loses wins moves"""
)
THIRD_PERSON_FORMS = _THIRD_PERSON | frozenset(
    word for word, (_, form) in (SPEECH | EVALUATION).items() if form == "third" and word not in AMBIGUOUS
)
"""Third-person forms that are rarely nouns."""
_AUXILIARIES = (BE - word_set("be been being am")) | HAVE | DO | MODALS
_NOT_PAST = word_set(
    """need indeed hundred speed united feed seed shed sacred aged red bed breed bleed exceed proceed succeed weed deed
    creed greed freed reed so-called naked wicked rugged supposed unprecedented limited advanced related based
    detailed armed skilled"""
)
_MIN_REGULAR_LETTERS = 4


def is_auxiliary(word: str) -> bool:
    """Tell whether a folded word is a finite auxiliary or modal, negated or not: "was", "didn't", "will"."""
    return word in _AUXILIARIES or word.endswith("n't")


def is_past_form(word: str) -> bool:
    """Tell whether a folded word can be the past tense of a main verb: "signed", "took"; adjectives left out."""
    return word in PAST_FORMS or (
        len(word) >= _MIN_REGULAR_LETTERS and word.endswith("ed") and "-" not in word and word not in _NOT_PAST
    )


def is_participle(word: str) -> bool:
    """Tell whether a folded word can be a past participle: "signed", "taken"."""
    return word in PARTICIPLES or is_past_form(word)


def is_finite(word: str) -> bool:
    """Tell whether a folded word is, by its form, a finite verb or can be one: "was", "signed", "includes"."""
    return is_auxiliary(word) or is_past_form(word) or word in THIRD_PERSON_FORMS


@cache
def _bases() -> dict[str, str]:
    """Return the base of each form of a listed verb, the forms of the past first."""
    found = {third: _third_person_base(third) for third in THIRD_PERSON_FORMS}
    found |= {past_form(base): base for base in BASES}
    return found | {form: base for base, forms in _TABLE.items() for form in (*forms, base)}


def _third_person_base(third: str) -> str:
    return next(
        (base for base in (third[:-1], third[:-2], f"{third[:-3]}y") if base in BASES and third != base), third[:-1]
    )


def base_form(form: str) -> str:
    """Return the base of a verb's past or third-person form: "signed" gives "sign"; empty for a verb not listed."""
    return form if form in BASES else _bases().get(form, "")


def participle(base: str) -> str:
    """Return the past participle of a verb's base form: "sign" gives "signed", "take" gives "taken"."""
    return _TABLE[base][1] if base in _TABLE else past_form(base)


def past_form(base: str) -> str:
    """Return the past tense of a verb's base form: "sign" gives "signed", "take" gives "took"."""
    if base in _TABLE:
        return _TABLE[base][0]
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in set("aeiou"):
        return f"{base[:-1]}ied"
    doubled = base in {"stop", "plan", "ban", "drop", "snub", "admit", "commit", "expel", "quit", "hug"}
    return f"{base}{base[-1] if doubled else ''}ed"
