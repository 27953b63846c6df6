"""The lexicon of attribution: words that report speech, and the classes of words around them.

Collected from the style of English-language news; no list is taken from a corpus.
"""

from __future__ import annotations

from retrieval.text.dates import AMBIGUOUS_TIME_WORDS, TIME_WORDS
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    CONTRACTIONS,
    DEMONSTRATIVES,
    DO,
    HAVE,
    MODAL_VERBS,
    NEGATED_AUXILIARIES,
    POSSESSIVE_DETERMINERS,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    word_set,
)

_DOUBLING = word_set("admit quip rap blab chat jot nod plan pen sob rebut sum dub omit commit slam rip")
_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote written", "speak": "spoke spoken", "think": "thought",
    "know": "knew known", "read": "read", "sing": "sang sung", "swear": "swore sworn", "put": "put",
    "feel": "felt", "find": "found", "hold": "held", "make": "made", "mean": "meant", "shoot": "shot", "begin": "began",
    "see": "saw", "hear": "heard", "teach": "taught", "foresee": "foresaw foreseen", "retell": "retold",
    "take": "took", "give": "gave", "let": "let", "rebut": "rebutted", "understand": "understood", "bet": "bet",
}  # fmt: skip

_SPEECH = """
    say tell write add ask tweet note explain continue state argue claim warn declare announce insist recall report
    reply respond answer remark comment observe conclude acknowledge admit concede confirm deny suggest urge vow pledge
    promise predict quip joke shout yell scream whisper mutter murmur cry exclaim boast brag lament complain grumble
    reveal disclose assert contend maintain allege charge counter retort stress emphasize emphasise reiterate repeat
    testify post blog caution advise demand plead beg inquire query wonder muse reason opine offer volunteer interject
    interrupt agree object protest proclaim pronounce theorize speculate reminisce recount relate describe elaborate
    clarify summarize summarise telegraph email e-mail text retweet retort sing chant rap narrate deadpan crow gush rave
    thunder bellow roar snap hiss sneer scoff snarl bark blurt drawl stammer sigh laugh shrug implore instruct
    recommend propose forecast estimate guess believe think hope fear worry expect swear attest certify rule order
    decree read quote cite relay inform remind assure reassure notify convey signal indicate imply hint
    mention point speak preach intone croon tease taunt jeer mock rant rage fume vent chide scold chastise
    wail weep sob groan moan gasp marvel enthuse venture chime marveled profess affirm reaffirm avow confess confide
    rejoin echo parrot caption headline title label pen scribble scrawl type sign message announce broadcast
    """
_EVALUATION = """
    call describe dub label brand term deem characterize characterise portray denounce condemn criticize criticise
    praise hail laud blast slam bash rip attack accuse blame decry deplore dismiss deride ridicule mock compare liken
    refer cast depict paint tout trumpet bill deemed welcome applaud commend salute salute credit thank endorse
    reject rebuff refute rebut dispute question challenge defend justify warn threaten apologize apologise invoke cite
    reference vilify lambaste excoriate castigate chide rebuke reprimand fault fire rail lash mention brand
    pronounce judge rate consider find view regard see complain object oppose support back encourage tell push
    instruct prohibit require allow define rank urge advise speculate promise offer commit introduce
    express voice articulate sum put mean want seek plan intend stand feel know realize realise understand remember
    learn hear discover show conclude determine note
    """


def _forms(lemma: str) -> tuple[set[str], set[str], str, str]:
    """Return past forms, present forms, third person and gerund."""
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    doubled = lemma + lemma[-1] if lemma in _DOUBLING else stem
    ends_in_y = lemma.endswith("y") and lemma[-2] not in "aeiou"
    regular = lemma[:-1] + "ied" if ends_in_y else (lemma[:-1] if lemma.endswith("e") else doubled) + "ed"
    past = set(_IRREGULAR[lemma].split()) if lemma in _IRREGULAR else {regular}
    hissing = lemma.endswith(("s", "sh", "ch", "x", "z"))
    third = lemma[:-1] + "ies" if ends_in_y else lemma + ("es" if hissing else "s")
    return past, {lemma}, third, doubled + "ing"


def _table(lemmas: str) -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for lemma in lemmas.split():
        past, base, third, gerund = _forms(lemma)
        table.update(dict.fromkeys(base, (lemma, "base")))
        table[gerund] = (lemma, "gerund")
        table[third] = (lemma, "third")
        table.update(dict.fromkeys(past, (lemma, "past")))
    return table


SPEECH = _table(_SPEECH)
"""Word form -> (lemma, past | third | base | gerund): verbs that may introduce a whole quoted sentence."""

EVALUATION = _table(_EVALUATION)
"""Verbs that report words inside their own clause: called it "…", accused him of "…"."""

FOREIGN = word_set(
    """sagte sagt sagten erklärte erklärt betonte meinte fügte schrieb schreibt déclaré déclare affirmé affirme ajouté
    ajoute expliqué explique dit dijo dice afirmó afirma declaró declara añadió aseguró explicó disse ha-detto afferma
    zei zegt disse afirmou declarou"""
)
"""Verbs of saying of other languages, in the forms that introduce quotations."""
SPEECH.update(dict.fromkeys(FOREIGN, ("say", "past")))

SPEECH_LEMMAS = word_set(_SPEECH + " call describe dub denounce label brand")
"""Lemmas that report words of their own even inside another's speech: Smith said Jones called it "…"."""

CERTAIN = FOREIGN | word_set(
    "said says told tells wrote writes tweeted tweets added asked asks explained insisted argued warned"
)
"""Forms that are verbs of saying wherever they occur."""

MENTAL = word_set(
    """hope think believe feel know want expect fear worry mean see find hear learn regard consider plan intend seek
    understand realize realise remember recall guess bet agree wonder need read look view discover experience"""
)
"""Lemmas of thinking: inside somebody's reported speech, the words stay that person's."""

REPORTING = word_set(
    """say tell write add ask tweet announce insist declare report explain argue claim warn reply respond recall state
    charge contend allege assert maintain testify acknowledge admit predict vow pledge promise note suggest urge
    accuse"""
)
"""Lemmas whose clause, however long, is somebody's speech."""

AMBIGUOUS = word_set(
    """claims claim reports report comments comment notes note states state calls call tweets tweet charges charge
    answers answer questions question posts post demands demand hopes hope fears fear attacks attack offers offer
    promises promise pledges pledge vows vow estimates estimate orders order rules rule remarks remark replies reply
    views view texts text titles title headlines headline signs sign messages message points point means mean labels
    label brands brand terms term bills bill cites thanks faults fires backs supports ranks rates rate plans plan
    challenges challenge jokes joke cries cry laughs laugh guess guesses queries query reasons reason cast blasts blast
    rank support back fire fault welcome mentions mention pen quotes quote emails email requests worries worry
    objects object protests protest mocks shrug sighs sigh signals signal hints hint needs wants bets bet raps rap
    """
)
"""Forms that are nouns as often: verbs only after a subject."""

ADJECTIVAL = word_set("alleged so-called proposed reported estimated united expected written known read based seen")
"""Past forms that occur before nouns as adjectives."""

AUXILIARIES = (
    BE
    | HAVE
    | DO
    | (MODAL_VERBS - {"ought"})
    | NEGATED_AUXILIARIES
    | CONTRACTIONS
    | word_set("having 't wo n't got get gets")
)
"""Words of a verb group before its verb; those of an old tokeniser ("wo n't") as well."""

PASSIVE_AUXILIARIES = (
    BE | frozenset(word for word in NEGATED_AUXILIARIES if word.removesuffix("n't") in BE) | word_set("get gets got")
)

ADVERBS = word_set(
    """also then later once again now still even just only simply often always sometimes soon ever already first
    recently previously repeatedly famously not never further instead rather too once twice himself herself themselves
    both all once elsewhere nonetheless nevertheless meanwhile however though thus almost long reportedly today tonight
    yesterday afterward afterwards back out quickly jointly aloud since so apparently earlier"""
)
PREPOSITIONS = word_set(
    """in on at by for from with of to about after before during since until under over between among against through
    into onto upon via per without within despite regarding amid amidst toward towards across following around near
    behind beyond like unlike throughout outside inside alongside concerning beside besides except than speaking
    referring citing according"""
)
LINKS = word_set("of for at from with in on to de von van der den la le al bin")
"""Prepositions inside a noun phrase: a spokesman for the campaign."""

SUBORDINATORS = word_set(
    """that if when while because although though unless whether as where since once until before after how why what
    whereas but and or nor so yet plus because"""
)
NOMINAL_DETERMINERS = DEMONSTRATIVES | word_set("one some many others most critics both all several few another her")
"""Determiners that may be a phrase of their own: "some said", "critics say"."""

DETERMINERS = (
    ARTICLES
    | NOMINAL_DETERMINERS
    | POSSESSIVE_DETERMINERS
    | word_set("two three four five six other any each every no more such various multiple")
)
SUBJECTS = SUBJECT_PRONOUNS | word_set("who one")
"""Pronouns that are the whole subject of a verb of saying."""

NOUNS_OF_SAYING = word_set(
    """statement statements tweet tweets letter interview speech remark remarks comment comments claim claims assertion
    question answer response reply email e-mail memo report column essay post op-ed article testimony declaration
    suggestion argument description characterization slogan call calls promise pledge vow warning message note
    announcement criticism accusation allegation complaint contention belief view words word phrase line quote
    quotation headline advertisement ad book memoir ruling opinion decision decree petition lawsuit brief affidavit
    motto mantra catchphrase boast admission acknowledgement acknowledgment denial insistence prediction joke jibe
    proposal plan demand appeal request comparison reference references caption chant rhetoric depiction
    """
)
"""Nouns whose owner is the speaker: Trump's claim that "…", in a letter, Smith …"""

SCARE_LEADS = word_set(
    "so-called self-described self-styled termed called dubbed known nicknamed labeled labelled named"
)

TITLE_LEADS = word_set(
    """episode episodes host hosts show series program programme book novel film movie documentary album song single
    podcast memoir play musical titled entitled headlined anthem ballad magazine essay column commentary article
    poem painting exhibition sitcom drama comedy broadcast reality hit cbs's nbc's abc's cnn's fox's news's msnbc's
    pbs's hbo's bbc's npr's starred stars starring co-host edition installment chapter track"""
)

NOT_NAMES = (
    ARTICLES
    | DEMONSTRATIVES
    | SUBJECT_PRONOUNS
    | POSSESSIVE_DETERMINERS
    | QUESTION_WORDS - word_set("whom whose")
    | (TIME_WORDS - AMBIGUOUS_TIME_WORDS)
    | word_set(
        """in on at by for from with of to and but or so as if while after before because although though there here
        yes no not now then also still even just however meanwhile according asked both one two some many most all
        every each several another other mr mrs ms dr"""
    )
)
"""Words that have a capital at the beginning of a sentence or as a title, and are no part of a name."""

OUTLET_WORDS = word_set(
    """times post journal news herald tribune gazette guardian telegraph reuters ap afp bloomberg cnn nbc cbs abc
    bbc npr msnbc politico axios fox magazine newspaper daily weekly chronicle globe observer monitor
    register star mirror sun mail independent economist spiegel monde buzzfeed vox slate salon atlantic
    yorker breitbart huffpost vice associated press examiner dispatch inquirer review today radio television
    tv network website site blog outlet publication paper journal podcast time newsweek variety people
    esquire cnbc c-span pbs itv sky jazeera"""
)
"""Words that make a name a news outlet's."""

GROUP_WORDS = word_set(
    """company group university college committee commission council department agency ministry court party union
    association institute foundation center centre bank corporation corp corp. inc inc. ltd llc team club campaign
    government congress parliament senate police army force bureau office board house administration league nations
    organization organisation service authority coalition alliance federation society trust fund church states kingdom
    republic america city county street avenue treaty act plan"""
)
"""Words that make a name an organisation's, not a person's."""

DOCUMENTS = word_set(
    """statement report letter email e-mail memo article study survey poll book column editorial document documents
    complaint lawsuit ruling order transcript filing indictment ad advertisement video clip tweet post message sign
    website site paper review release headline bill law resolution affidavit brief petition narrator"""
)

LABELS = (
    frozenset(SPEECH)
    | NOUNS_OF_SAYING
    | DOCUMENTS
    | TITLE_LEADS
    | word_set(
        """source sources update updates edit edited breaking new news exclusive fact facts context example examples
        note caption summary excerpt text transcript translation background link links credit photo image pic warning
        correction spoiler reminder bonus same this also here original title topic subject today now later then there
        yes no not true false fake real"""
    )
)
"""Words before a colon that name what follows, not who said it: "Update: “…”"."""
