"""Kind rules: the forms of questions by which their kind is known, in the order in which they are tried.

A form is for the whole question, without greeting, "please" and closing marks (``bot.composition.question_kind`` takes
those away). It is a regular expression with a shorter notation:

=============  ============================================================================
``[x]``        perhaps x
``(a|b)``      a or b, without a group of its own
``{name}``     the alternatives of that name in ``_VOCABULARY``
``<topic>``    what the question is about
``<more>``     what is added to the topic, with the space before it: "before and after 2012"
=============  ============================================================================

Every form takes linear time: a test feeds each of them long questions.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import Enum

from bot.answers import QuestionKind
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    DO,
    HAVE,
    MODAL_VERBS,
    POSSESSIVE_DETERMINERS,
    QUESTION_WORDS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON_BE,
    alternation,
    word_set,
)
from retrieval.text.number_words import CARDINALS, ORDINALS

_VOCABULARY: dict[str, str] = {
    "be": alternation(THIRD_PERSON_BE),
    "do": alternation(DO),
    "have": alternation(HAVE),
    "can": alternation(MODAL_VERBS),
    "someone": alternation(SUBJECT_PRONOUNS),
    "question": alternation(QUESTION_WORDS),
    "whose": alternation(POSSESSIVE_DETERMINERS),
    "nth": alternation(ORDINALS) + "|last",
    "number": r"\d{1,4}|" + alternation(CARDINALS),
    "is": "'?s|( ({be}))",
    "what_is": "what{is}",
    "you": "you|u|ya",
    "about": "about|on|regarding|concerning|re|of|around",
    "which": "which|what|whose",
    # The articles.
    "news_piece": "[news ](article|story|piece|column|editorial|obit(uary)?|essay)|op-?ed",
    "piece": "{news_piece}|report|text|document|post|interview",
    "pieces": (
        "[news ](articles|stories|pieces|reports|columns|editorials)|texts|documents|posts|interviews|op-eds|files"
        "|items"
    ),
    "outlet": (
        "[news |media ](outlet|source|organi(s|z)ation|site|website|agency)|publication|publisher|newspaper|paper"
        "|magazine"
    ),
    "outlets": (
        "[news |media ](outlets|sources|organi(s|z)ations|sites|websites|agencies)|publications|publishers|newspapers"
        "|papers|magazines|media|broadcasters|channels|newsrooms"
    ),
    "writers": "authors|journalists|reporters|writers|bylines|columnists|correspondents",
    "the": "[all ][of ](the|these|those|your|my|our)|all|any|this",
    "store": "collection|corpus|archive|library|database|store|index|data ?set",
    "here": "[in |from ](here|there|total|all|you|[{the} ][whole |entire ]({store}|{pieces}))",
    # The last answer.
    "that": "that|this|it|these|those|them",
    "number_named": r"[(citation|number|source|quote|article|no\.?) ?]#?\[?\d{1,2}\]?",
    "that_article": "(that|this|the|your)[ ({nth}|same)] ({piece})",
    "cited": (
        "{that}|{that_article}|(the|that|this|your)[ ({nth}|same)] (answer|quote|quotation|sentence|citation|source"
        "|claim|one)|{number_named}"
    ),
    # What is asked for.
    "asked_for": (
        "[(show|give|get|make|write|draw up|draw|build|create|want|need|provide|generate|prepare|have|do)[ me| us] ]"
        "[(a|an|the|your|some) ][(short|quick|brief|rough|full|complete|detailed|little|nice) ]"
    ),
    "summary": (
        "summary|summari(s|z)ation|overview|recap|gist|digest|synopsis|outline|run-?down|abstract|briefing|brief"
        "|round-?up|tl;?dr|[the |key |main ](key points|main points|points|highlights|takeaways|essentials)"
        "|short version|background|lowdown|story so far"
    ),
    "timeline": (
        "time ?line|chronology|chronological (order|list|overview|summary|account)"
        "|(sequence|order|course|progression|series|chain) of [the ]events|key dates|history"
    ),
    "reported": (
        "report(ed|s|)[ on]|cover(ed|s|)|wrote|writes?|written|publish(ed|es|)|mention(ed|s|)|carr(y|ied|ies)|ran"
        "|runs?|broke|discuss(ed|es|)|confirm(ed|s|)"
    ),
    "since": "over|since|between|from|after|before|during|in|through|throughout|across",
    "told": "[please ](tell|inform|show|teach|give) (me|us)",
}


class Place(Enum):
    """Where in a conversation a form counts."""

    ANYWHERE = "anywhere"
    AFTER_ANSWER = "after an answer"
    BEFORE_ANSWER = "before the first answer"


@dataclass(frozen=True, slots=True)
class KindRule:
    """A form of question.

    Attributes:
        kind: What such a question asks for.
        pattern: Matches the whole question.
        place: Where it does.
        several: Whether it does only where the topic begins with several things: "countries signed it".
    """

    kind: QuestionKind
    pattern: LazyPattern
    place: Place = Place.ANYWHERE
    several: bool = False

    def topic(self, question: str) -> str | None:
        """Return the topic of a question of this form, empty where it names none; None for any other question."""
        found = self.pattern.fullmatch(question)
        return None if found is None else "".join(filter(None, found.groups()))


def compiled(form: str) -> LazyPattern:
    """Return the regular expression of a form; its groups are named "topic1", "more2", in order."""
    pattern = re.sub(r"(?<!\?P)<topic>", r"(?P<topic>\\S.*?)", _expanded(form))
    pattern = re.sub(r"(?<!\?P)<more>", "(?P<more> .+)", pattern)
    numbers = itertools.count(1)
    numbered = re.sub(r"\(\?P<(topic|more)>", lambda group: f"(?P<{group[1]}{next(numbers)}>", pattern)
    return LazyPattern(numbered, re.IGNORECASE)


def _expanded(form: str) -> str:
    named = re.sub(r"\{([a-z_]+)\}", lambda name: f"(?:{_expanded(_VOCABULARY[name[1]])})", form)
    groups = re.sub(r"(?<!\\)\[", "(?:", re.sub(r"(?<!\\)\]", ")?", named))
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", groups)


def _rules(
    kind: QuestionKind, *forms: str, place: Place = Place.ANYWHERE, several: bool = False
) -> tuple[KindRule, ...]:
    return tuple(KindRule(kind, compiled(form), place, several) for form in forms)


COMMANDS = _rules(
    QuestionKind.COMMAND,
    "quit|exit|q|:q|logout|log out|help|sources|articles|people|new|forget|why|open|filter|reset|restart|start over",
    r"new (conversation|chat)|why --numbers|quote (“|«|„|\").*",
    r"open (\[?\d{1,3}\]?|\+|-)",
    r"(check|export) \S+\.\w{1,5}!?",
    "filter (clear|(source|author|since|until|article)=.*)",
    r"show (\S+:\d+-\d+|\S+\.\w{1,5})",
)
"""Commands typed without their slash."""

SMALL_TALK = (
    *_rules(
        QuestionKind.SMALL_TALK,
        # Who is there.
        "(who|what) (are|r) {you}[ (exactly|anyway|really)]|what{is} your (name|purpose|job|function|role)|do you "
        "have a name|who{is} (this|there)",
        r"(are|r) {you} [an? ][\w+ ](bot|robot|human|person|ai|a\.i\.|real|machine|chat ?gpt|gpt|llm|alive|there|ok"
        "|okay|stupid|dumb|working|online|awake|chatbot|program|conscious|sentient|kidding)[ or .+]",
        "who (made|built|created|wrote|programmed|trained|runs|owns) ({you}|this (bot|tool|program))",
        "how (are|r) ({you}|things)[ (doing|going)][ today]|how{is} (it going|life)|how do you do|what{is} up|sup"
        "|wassup",
        # What can be done.
        "what [else ]({can}|{do}) ({you}|we|i|this|this (bot|tool|thing|program)) (do|ask|say|type|know|use)[ "
        "(here|for me|you|with (you|this))]",
        "[(which|what) ](kinds?|sorts?|types?|examples?) of (questions?|things?)[ ({can}|{do}) ({someone}|u) .+]",
        "[what |which ](questions|things) ({can}|{do}) ({someone}|u) (ask|answer|understand).*",
        "how ({do}|{can}) (i|you|we|u|one) (use|start|begin|operate|search|ask|get started|work)[ (this|it|you|here"
        "|questions|a question|with (this|you))][ (bot|tool|program|thing)]",
        "what are you (for|good at|able to do)|how to (use|start|begin|ask)[ (this|it|you|here|questions)]|how ({do}"
        "|{can}) this (bot|tool|program) work",
        "({can}) {you} (help|assist)[ me][ out]|help me|i need [some ]help|what{is} this (bot|tool|thing|program|app)",
        # Nothing is asked.
        "[tell me |give me |sing ](a|another) (joke|story|poem|song|fun fact)|make me laugh",
        "({you}|you're|ur|{you} are) ((so|such|a|an|really|very|not|just|totally) ){0,3}(stupid|dumb|useless|bad"
        "|idiot|great|awesome|amazing|good|smart|suck|rock|funny|slow|fast|helpful|the best|terrible|awful|crap|bot"
        "|clever|rubbish|liar|welcome|wrong|mistaken)[ bot]",
        "[(stupid|dumb|useless|bad|good|nice|great|silly|clever) ](bot|robot)|(stupid|dumb|useless|bad|good|nice"
        "|great|silly|clever|wrong) (answer|job|work|one|robot|machine|question)",
        r"i (love|like|hate) ({you}|it|this|that)[ bot]|f\S{0,4}k (you|u|off|it|this)|(screw|damn) (you|it)|shut up"
        "|go away|wtf|omg|oh my (god|gosh)|whatever|never ?mind|nvm|forget (it|that)",
        "(this|that|it)('?s| is| was) [(so|very|really|not|just|completely|totally) ](great|good|bad|useless|helpful"
        "|useful|stupid|awesome|nice|perfect|cool|interesting|funny|enough|all|fine|ok|okay|amazing|rubbish|nonsense"
        "|clear|sad|terrible)[ for now]",
        "i'?m (bored|done|fine|good|lost|confused|back|here|new|new here|tired|happy|sad|ok|okay|testing)",
        r"[just ](test|testing|ping|hello world|lorem ipsum|asdf\w{0,9}|qwert\w{0,9}|blah[ blah]|foo ?bar|foo)",
        "i (see|know|understand|get it|got it|don't (know|understand|get it))|got it|gotcha|understood|makes sense"
        "|fair enough|no worries|no problem|not really|of course|exactly|true|agreed|maybe|i guess[ so]|i think so",
        "[that('?s| is) ](all|it) for (now|today)|that('?s| is) (all|it)|nothing[ else]|no more[ questions]",
        "[have a ](nice|good|great|lovely) (day|evening|night|weekend|one)|(talk|speak) to {you} [later|soon"
        "|tomorrow]|take care|catch you later|later|gotta go|i have to go",
        r"do {you} (speak|understand|know) \w+|nice to meet you|can {you} hear me",
        "what{is} the (weather|time)[ like][ (today|now)]|what time is it[ now]|what day is (it|today)[ today]",
    ),
    *_rules(
        QuestionKind.SMALL_TALK,
        "what{is} (this|it)|how ({do}|{can}) (this|it) work|what ({can}|{do}) it do",
        place=Place.BEFORE_ANSWER,
    ),
)
"""Questions to the program itself, and what asks nothing."""

LAST_ANSWER = _rules(
    QuestionKind.LAST_ANSWER,
    # Which article.
    "[from |in ]{which} ({piece}|{outlet}|page|paragraph|file)s? {be} {cited}[ (from|in|taken from|quoted from"
    "|published in|said in|written in)]",
    "[from |in ]{which} ({piece}|{outlet}|file)s? ((published|reported|wrote|printed|ran) {that}|{do} {cited} (come"
    "|came|appear)[ (from|in)]|(says?|said|reports?) {that}|was it)",
    "[from |in ]{which} ({news_piece}|outlet|source|file)",
    "where{is} {cited} (from|taken from|published)|where {do} {cited} (come|came) from",
    "where ({do}|{have}) {you} (get|got|find|found|read|see|seen|have|take) {cited}[ from]|where {do} it say {that}",
    "[what{is} ](your|the|its) (source|citation|reference|evidence|proof|basis)s?[ (for|of|behind) {cited}]",
    "(source|citation|reference|evidence|proof|author|byline|link|url|outlet|publisher|title|headline|publication "
    "date)s?",
    "what{is} (the|its|that) [{piece}('s)? ](title|headline|url|link|path|outlet|author|byline|publisher|publication "
    "date|date of publication|file name)[ (of|for) {cited}]",
    "what{is} (the|its) date of {that_article}|{which} (date|day|year) {be} {that_article}[ (from|published|written)]"
    "|what{is} (the|that) {piece}('s)? date",
    # Who wrote it, when.
    "who (wrote|authored|published|reported|penned|filed) {cited},? and when[ ({be} {that} (published|written))]"
    "|when {be} {cited} (published|written),? and (by )?(who|whom|who wrote {that})",
    "who (wrote|authored|published|reported|penned|filed) {cited}|who{is} {cited} (by|from)",
    r"who (wrote|authored|penned|filed) the (\S+ ){1,4}one|when {be} the (\S+ ){1,4}one (published|written)",
    r"who (wrote|authored|penned|filed) that \S+ {piece}|when {be} that \S+ {piece} (published|written)",
    "when {be} {cited} (published|written)(,? (and )?(by whom|who by|where|who (wrote|published) it))",
    "who{is} (the|its|that|their) (author|writer|journalist|reporter|byline|publisher)s?[ (of|for|behind) {cited}]",
    "by (whom|who) (was|is) {cited} (written|published)|(was|is|who was) {cited} written by[ whom| who]",
    "(when|(on )?{which} (day|date|year)) ({be}|{do}) {cited} (published|written|posted|reported|printed|from|dated"
    "|updated)",
    "how (old|recent|current|new|fresh|up.to.date) {be} ({that_article}|{that} (news|information|info|answer))",
    "{be} {cited} [(still|really) ](up.to.date|current|recent|outdated|out of date)",
    # Which is the newest.
    "{which} [one ]of ({that}|(the|these|those) ({pieces}|{outlets}|answers|sentences|quotes|figures|ones)) {be} [the ]"
    "[very ](newest|latest|most recent|oldest|earliest|older|newer)[ one| ({piece})]",
    # What it is, and how sure.
    "{be} {cited} [(really|actually|just) ][from ][(an?|the) ](opinions?|op-?eds?|editorials?|columns?|commentary"
    "|analysis|news[ {piece}]|facts?|opinion {piece}|blog post|blog|review|press release|(direct |exact )?quote"
    "|quotation|verbatim|(his|her|the)? exact words|paraphrase|satire|rumou?r|speculation)[ or .+]",
    "{be} {cited} [(really|actually|definitely|for|all|a|still|even) ](true|sure|right|correct|accurate|reliable"
    "|verified|confirmed|certain|so|legit|legitimate|trustworthy|reliable source|false|wrong|fake|fake news|proven"
    "|made up|the case)|({that})('?s| is) (true|confirmed|proven|false|a lie)",
    "[are |r ]{you} [(really|quite|absolutely|very|totally|completely|100 ?%) ](sure|certain|positive|confident"
    "|serious)[ (about|of) {that}]",
    "(did|does) (he|she|they) (lie|tell the truth)|{be} (he|she|they) [(really|actually) ](right|wrong|correct|lying"
    "|telling the truth)|{be} there any truth (to|in) {that}|{be} (what (he|she|they) said) [(really|actually) ](true"
    "|false|right|correct|accurate)|{be} {cited} (a lie|debunked|refuted)",
    "sure about {that}|did {you} (make {that} up|invent {that}|guess)|{be} {you} (guessing|making {that} up)|really"
    "|for real|seriously|is it|is that so",
    "how (sure|certain|confident|reliable|trustworthy|accurate|likely|true|probable) (are|is|r) ({you}|{cited})[ "
    "(about|of|in) {cited}]",
    "how ({do}|{can}) ({you}|we|i) (know|be [so ]sure|verify|trust|check|confirm)[ {cited}][ is [true|right|so]]",
    "({can}|do) (i|we|you) [really ](trust|rely on|believe|quote|cite|prove|verify|confirm|back up) {cited}[ up]",
    "do {you} have [an? |any ][other ](source|proof|evidence|link|citation)s?[ for {cited}]|{which} of (the|your"
    "|these) ({pieces}|{outlets}) says? {that}|where {do} ({that}|they|the {piece}) say {that}|where {that} says "
    "{that}|who (is|was) {that} written by",
    r"({can}|do) {you} (back|prove|confirm|verify|support|show|source) {that}[ up]|{be} {that} from (?!the\b).{2,30}"
    "|how ({do}|{can}) (i|we) (know|be sure|tell)[ that][ {that}('?s| is)][ (true|right|so|correct)]",
    "who (says?|said|claims?|claimed|is saying)[ {that}| so]|says who|according to (whom|who)|who told you[ {that}| so]"
    "|whose words (are|were) {cited}",
    "how many ({pieces}|{outlets}|others?) (say|said|report|reported|confirm|confirmed|support|state|carry|agree)[ "
    "[on ]{that}| so| the same]",
    "({do}|{be}|are there) [(any|the|all|an) ](other|another) ({pieces}|{piece}|{outlets}|{outlet}|ones?) [also "
    "|that ](say|says|report|confirm|confirms|support|agree|mention)[ [(on|with) ]{that}| so| the same]",
    "(does|did) (anyone|anybody|anything|any[ other] ({piece}|{outlet})) [else ](say|report|confirm|support)[ {that}"
    "| so| the same]",
    # Show it.
    "(show|tell) me where (it|the {piece}|that|he|she|they) (says?|said) {that}|what{is} the (exact|original|full) "
    "(quote|wording|sentence|passage|text|context)|what does it say exactly",
    "[(show|give|send|get|let) [me |us ][see ]](the|that|this|its|your|full|whole|original|exact|me|us)[ (full|whole"
    "|original|exact)] (sources?|{piece}|passage|citations?|quote|quotation|context|evidence|link|url|references?"
    "|proof|wording|exact words|full text)[ (for|of|to) {cited}]",
    "(open|cite|quote|prove|source|link|verify|back up|show)[ me] ({that}|(the|that) {piece}|[the |your ]sources?)[ "
    "up]",
    "({can}|where can|how (can|do)) (i|we) (see|read|open|view|find|have|get) [(the|that|this|its|your) ][(whole|full"
    "|original) ](source|{piece}|passage|citation|quote|original|context|link|{that})",
    "what ({do}) {you} (search|look at|look through|read|base {that} on)[ for {that}]|based on what|on what basis",
    place=Place.AFTER_ANSWER,
)
"""Questions about the answer just given."""

COLLECTION = (
    *_rules(
        QuestionKind.COLLECTION,
        # How many.
        "how many [(different|news|separate|of (the|these|your)) ]({pieces}|{outlets}|{writers})[ ({be}|{do}|{have})]"
        "[ there][ ({you}|we|i|they|this)][ (have|got|read|know|hold|cover|search|contain|use)]( {here}){0,2}",
        "how many [(different|news|of (the|these|your)) ]({pieces}|{outlets}|{writers}) [(are there|do you have|have "
        "you got|exist|{be}|{do}|{have}) ](about|on|from|by|in|mention(ed|ing|)|discuss(ed|ing|)|cover(ed|ing|)|deal"
        "(ing|) with|talk(ing|) about|(write|wrote|written|writing) about|report(ed|ing|)[ on]|refer(ring|) to"
        "|concern(ing|)|published|dated|written) <topic>",
        "how (big|large) is (the|this|your) {store}",
        # Which outlets, authors, articles.
        "[in ]{which} [(other|different|of the|of these) ]({outlets}|{outlet}|{writers}|journalist|reporter)( (first"
        "|also|{have}|{do})){0,2} {reported} [(on|about|of|that) ]<topic>[ (first|earliest)]",
        "{which} [(other|different|of the|of these) ]({pieces}|{news_piece})( (first|also|{have}|{do}|{be})){0,2} "
        "(about|on|by|from|mention(s|ed|)|cover(s|ed|)|discuss(es|ed|)|deals? with|talk(s|ed|) about|report(s|ed|)[ "
        "on]|refers? to|contains?|says? (something|anything) about|concerns?|(written|published) (by|in|on|about)) "
        "<topic>",
        "{which} [(other|different|(kinds?|types?|sorts?) of) ]({outlets}|outlet|source|{writers}|{pieces})[ ({be}"
        "|{do}|{have}|can)][ (there|{someone}|{the})][ (have|got|has|use|search|know|hold|include|cover|read|from"
        "|included|represented|covered|available)][ {here}]",
        "{which} ({outlets}|outlet|source|{writers}|newspapers?|papers?) {be} {here}[ (from|by|in)]",
        "{which} ({pieces}) ({be} [(opinions?|op-eds?|editorials?) ](pieces|opinions?|op-eds?|editorials?|undated"
        "|duplicates|copies|news|not dated|without [a |an ](date|author|outlet))|{have} (no|an?) (author|date|outlet"
        "|byline))",
        "(who|what) {be} [(the|all the|your) ]({outlets}|{writers})[ (of|in|for|behind|represented|included)][ {here}]",
        "who [has ](wrote|writes|written|reported|reports|published|publishes|blogged) (about|on) <topic>",
        "who [has |was ](first|originally) (reported|broke|published|covered|wrote about|reported on) <topic>",
        "who (reported|broke|published|covered|wrote about)[ on] <topic> (first|earliest|before (anyone|everyone)[ "
        "else])",
        "who (was|were) [the ]first to (report|publish|cover|write about|break)[ on] <topic>",
        "who (broke|covered|covers) (?P<topic>.* (story|news))|who broke (the|this|that) (story|news|scandal)[ (of"
        "|about|on) <topic>]",
        r"who wrote (?P<topic>[(the|an?) ](\S+ ){0,8}{news_piece}[ (about|on|called|titled|from) .+]|(article|piece"
        r"|story) \d+)",
        r"(when|on {which} date) (was|were) (?P<topic>[the ](\S+ ){0,8}{news_piece}s?[ (about|on|called|titled|from) "
        r".+]|article \d+) (published|written|posted|dated)",
        # Dates.
        "(from when to when|since when|how far back|(which|what) (dates?|periods?|time ?(period|span|frame|range)"
        "|date range|years?|months?|days?))[ ({be}|{do})] {here}( (go|goes|reach|range|cover|covers|covered|span"
        "|spans|from|published|written|go back|about)){0,2}",
        "[what{is} the ](date range|time span|period covered)[ of {here}]|from when to when|how far back[ does it go]",
        "how (old|recent|current|up.to.date) {be} {here}|{be} {here} (recent|current|old|new|up.to.date|real"
        "|reliable)|(whose|who wrote|who published) {here} ({be} (these|they))?|whose {pieces} {be} (these|they"
        "|those)|when {be} {here} (from|published|written|dated)",
        # Newest, oldest.
        "[(what{is}|which {be}|show[ me]|open|give me|list) ][(the|your) ][{number} ][very ](newest|latest|most "
        "recent|recent|oldest|earliest|first|last|longest|shortest) ({pieces}|{piece})[ (you have|there (is|are)"
        "|available|{here})][ (about|on|from|by|in) <topic>]",
        "((which|what) {be}|what'?s) [the ](newest|latest|most recent|oldest|earliest|longest|shortest)[ one| ({pieces}"
        "|{piece})][ [that ](you|we)[('ve| have| hold| got)[ got]]][ here]"
        "|which ({pieces}|{piece}) {be} [the ](newest|latest|most recent|oldest|earliest|longest|shortest)",
        "(what{is}|anything|something) (new|the latest|newest)[ (today|{here}|since yesterday|this week)]|latest[ "
        "news]|what{is} the news|any news[ today]|news|newest|oldest",
        # What about.
        "what{is} (in (here|there|this|the store|the database|{here})|inside[ here]|available|covered|{store})",
        "[(which|what) ](topics?|subjects?|themes?|issues?|areas|people|names)[ ({be}|{do})] {here}( (about|cover(ed"
        "|s|)|discuss(ed|)|deal with|included|available|in|come up|mentioned|have|has|talk about)){1,2}[ {here}]",
        "[(which|what) ](topics|subjects|themes)[ {be} (covered|there|discussed|in here|included)][ {here}]",
        "what {do} {here} (contain|include|consist of|have)",
        "what (do|can|have) ({you}|we|i) (have|know|cover|got)[ (here|in here)]",
        "what {can} (i|we) (search|read|find|learn)[ (here|in here)]|what {can} i ask[ you] about",
        "[(list|show|name|give|display|enumerate)[ me| us] ][(all|a list of|the list of)[ of] ][(the|your|these) ]"
        "({pieces}|{outlets}|{writers}|titles|headlines|topics)[ (you have|there are|available|{here})][ (about|on"
        "|from|by|mentioning|that (mention|cover|discuss)|covering|dealing with) <topic>]",
        "(do you|do we|have you|is there|are there|got|have|you|any)[ have| got][ (an?|any|some|more)] ({pieces}"
        "|{piece}|coverage|reporting)[ (about|on|from|by|mentioning|covering|of|in|that mention|dealing with) "
        "<topic>]",
        "{be} [(any|some|all|most)[ of] ]({here}|them) [(all|only|just) ](opinions?|op-eds?|editorials?|undated"
        "|opinion pieces|news)",
        "(do you have|is there|have you got|show[ me]) (anything|something|everything|articles|stories) (from|by) "
        "<topic>|[show[ me] ]what {you} have[ on file| here]|what (kinds?|sorts?|types?) of ({pieces}|news|sources"
        "|outlets) ({be}|{do}) {here}[ have]",
        "who else (reported|covered|wrote about|published) <topic>|which other ({pieces}|{outlets}) (cover|mention"
        "|report|discuss)(ed|)[ on] <topic>",
        "({do}|{be}) [(any|some|the|these|your|all|other) ]({pieces}|{outlets}) [(also|ever) ](mention|cover|discuss"
        "|report on|report|talk about|deal with|write about|about|on) <topic>|({pieces}|everything|anything|all) "
        "[(published|written|reported) ](by|from) <topic>|(what|which) (years?|dates?|periods?|days) (are|is) covered"
        "|who [has ](written|published|wrote) [the ]most[ ({pieces})]|[show[ me] ](everything|all)[ ({pieces})] "
        "(published|written|reported) (by|from) <topic>|how many ({pieces}) are (stored|kept|saved|loaded|indexed"
        "|included|available)[ {here}]",
        "[in ]{which} languages? ({be}|{do}) {here}[ (in|written in)]",
    ),
    *_rules(
        QuestionKind.COLLECTION,
        # Of an outlet or author: the composer leaves it to the reader where the name is neither's.
        "(anything|everything|something) (by|from) <topic>",
        "what ({do}|{have}) (?P<topic>.{2,60} (publish(ed|)|run|cover(ed|))[ (about|on|in|since|before|after|between"
        "|during|from) .+])",
        "({do}|{have}) (?P<topic>.{2,60} (report(ed|)|cover(ed|)|publish(ed|)|write|written)[ (on|about)] .+)",
        r"({do}|{have}) (?P<topic>(?!(you|we|i)\b).{2,60} have (anything|something|articles|stories)[ (about|on) .+])",
        "what (do|have) ({you}|we|i) (have|got) (from|by) <topic>",
        "when was (it|this|the {store}) [last ]updated[ last]",
        # Most.
        "{which} (names|topics|subjects|themes|words) (come up|occur|appear|are (mentioned|discussed|named)) [the ]"
        "(most|most often|most frequently|often)[ {here}]|[the ]most (frequent|common|mentioned|discussed) (names"
        "|topics|words|subjects|themes)[ {here}]",
        "{which} (outlet|newspaper|paper|source|author|journalist|reporter)s? (has|have|wrote|writes|published) [the "
        "]most[ ({pieces})]|who (wrote|writes) [the ]most[ ({pieces})]",
        "how many words[ ({do}|{be}|{have})][ {here}][ have]",
        "how many ({pieces}) ((per|by|from each|for each) (outlet|source|author|newspaper)|{be} undated|{have} no "
        "(date|author|outlet)|{be} without [(a|an) ](date|author|outlet))",
    ),
    *_rules(QuestionKind.COLLECTION, "what{is} (here|there)", place=Place.BEFORE_ANSWER),
)
"""Questions about the articles themselves."""

TIMELINE = _rules(
    QuestionKind.TIMELINE,
    "{asked_for}({timeline})[ (of|for|about|on|in|at|from|around|behind)[ [the ]events (in|of|around)| what happened "
    "(in|with|at|to)] <topic>]",
    "what{is} [the ]({timeline})[ (of|for|about|on|in|at|behind)[ [the ]events (in|of|around)] <topic>]",
    "(make|turn) {that} [into ]an? ({timeline})",
    r"(?!({question})\b)<topic> (time ?line|chronology)",
    r"(time ?line|chronology):? (?!(is|was)\b)<topic>",
    "when did what happen[ (in|at|with|to|during|on) <topic>]|what (happened|occurred) when[ (in|at|with|during) "
    "<topic>]",
    "how did [the ](events|things|everything|it|it all|story|day)[ all] (unfold|develop|happen|evolve|go|play out)[ "
    "(in|at|with|of|around|during) <topic>]",
    "how did (?P<topic>.*(scandal|affair|crisis|case|story|protests?|riots?|investigation|trial|war|attack|shooting"
    "|events)) develop[ over time][ from .+]",
    "how (did|has) <topic> (unfold|unfolded|play out|played out)[<more>]",
    "(list|trace|show|give|order|put|walk)[ (me|us)][ through] [the |all ][(key|main|major|important) ](events?|dates"
    "|steps|milestones)[ (of|in|for|about|around|during|leading [up ]to|surrounding) <topic>][ in [chronological "
    "]order| by date| step by step| chronologically]",
    "[(list|show|tell|give|explain|describe|put|sort|order|arrange)[ (me|us)] ][what happened [(in|at|to|with"
    "|during) ]]<topic>,? (in chronological order|chronologically|step by step|by date|in order of date)",
    "what (happened|came|was) (first|next|last|then|afterwards?|later|earlier|before that|after that)[ (in|with|at|to"
    "|of) <topic>]",
    "what{is} [the ](key|main|important|major|relevant) (dates|events|moments|milestones)[ (of|in|for|about|around"
    "|during) <topic>]",
    "[as ]an? ({timeline})|(put|lay out|set out|arrange|sort) <topic> (in[ (chronological|the right)] order"
    "|chronologically|by date|hour by hour|day by day|step by step)",
    "[tell me ]what happened (on which|on what|each|day by|hour by|every) (day|date|hour)s?[ (during|in|at|of) "
    "<topic>]|(the )?dates of <topic>|when did (each|all|every)( of)? <topic> (happen|occur|take place|start|begin)",
    "what (led|leads) up to <topic>|(how|why) did it come to <topic>|[and ]then what[ happened]|what happened (after"
    "|before) (that|this)|(and )?what happened then",
    "{asked_for}(day.by.day|hour.by.hour|step.by.step|blow.by.blow|dated|chronological) (account|list|overview"
    "|summary|report|version|history|description)[ (of|for|about|on) <topic>]|[the ]events (leading up to|that led to"
    "|leading to|surrounding|before|after) <topic>|when did what (take place|occur|go on|start)[ (in|at|during) "
    "<topic>]|{timeline} <topic>|in (what|which) order did (things|events|it all|everything) (happen|occur|take place"
    "|unfold)[ (in|at|during) <topic>]|({can} you )?(sort|order|arrange|put) {that} (by date|in order"
    "|chronologically)",
    "in (what|which) order did <topic> (happen|occur|take place)",
)
"""Questions for dated events."""

FIGURE_CHOICE = _rules(
    QuestionKind.COMPARISON,
    "[(so|and|but) ](which|what) [(of (them|these|those)|one|figures?|numbers?|counts?|totals?|toll|tally|rate|amount"
    "|version|account) ]{be} [the ](right|correct|accurate|true|real)[ (one|ones|number|figure)]",
    place=Place.AFTER_ANSWER,
)
"""Questions which of several figures is right: they are shown side by side."""

COMPARISON = _rules(
    QuestionKind.COMPARISON,
    "how [much ]({do}|{have}|{be}) <topic> [been ](chang(e|ed|es|ing)|evolv(e|ed|ing)|var(y|ied|ies)|shift(ed|)"
    r"|differ(ed|s|)|fluctuated?)(?P<more> ({since}|with|when|under|among|within|as|about|on|so|to)\b.*)?",
    r"how ({do}|{have}) <topic> (develop|progress)(ed|)(?P<more> ({since})\b.*)?",
    r"({do}|{have}) <topic> [(ever|really|later) ]changed?[ later]((?P<more> ({since})\b.*)| ({whose})[ own] (minds?"
    "|positions?|stances?|story|stories|views?|tunes?|accounts?|testimony|opinions?|numbers?|figures?|statements?)"
    "(?P<more> (on|about|over|since|in|after|before|regarding) .+)?)?",
    "what[('s| has| have| had)][ been] chang(ed|es)[ (in|about|with|since|for|at|between|over|after|from|to) <topic>]",
    "what{is} (different|changing)[ (in|about|with|since|now|between) <topic>]",
    "[(where|how|on what|about what) ]({do}|{be}|{have}) [(the|these|those|any|all[ the]|different|your|both|two) ]"
    "({pieces}|{outlets}|accounts|they|numbers|figures|versions|witnesses|sides) [(all|really|ever) ](disagree|agree"
    "|differ|contradict|conflict|diverge|clash|vary|inconsistent|consistent|in (agreement|conflict))[ (each other"
    "|one another|themselves)][[ (about|on|over|as to|regarding|in|with)] <topic>]",
    "[({be} there|are|show[ me]|list|what are|what|find) ][(the|any|some|all) ](disagreements?|contradictions?"
    "|discrepanc(y|ies)|conflicts|conflicting ({pieces}|accounts|claims|figures|numbers|versions|information)"
    "|inconsistenc(y|ies)|different (accounts|figures|numbers|versions|claims))[ {be} there][ (about|on|over|between"
    "|in|regarding|among|as to|of) <topic>]",
    "{which} ({pieces}|{outlets}) (disagree|contradict|differ)[ (about|on|over)][ <topic>]",
    "({do}|{be}|{have}) (the )?<topic> (disagree|match|add up|revised|corrected|flip-?flop(ped)?|reverse(d)? course"
    r"|backtrack(ed)?|walk(ed)? back)(?P<more> (on|about|over|later|since|in|by|after|with)\b.*)?",
    "how {do} <topic> (cover|report|describe|present|portray|frame|see|treat)(?P<more> .+) differently|(which|what) "
    "(figures|numbers|facts|claims|details|versions|accounts) (differ|disagree|contradict|vary|conflict).*",
    "what do (different|various|other|all|both|the|most) ({outlets}|{writers}|sides|witnesses) (say|report|write"
    "|think|claim) (about|on) <topic>|how do (different|the|various) ({outlets}) (cover|report|describe|see)[ on] "
    "<topic>",
    "({do}|{be}|{have}) <topic> (tell|tells|give|gives|report|have|telling|giving|reporting) the same (story|account"
    "|facts|figures?|numbers?|version)(?P<more> (about|on|of) .+)?|({be}) there (a|an|any|some) (discrepanc(y|ies)"
    "|contradictions?|disagreements?|inconsistenc(y|ies)|difference|conflict) (in|about|on|between|over) <topic>"
    "|(where|how|do|did) [the ](accounts|reports|versions|articles|stories|statements|witnesses) (of|about|on) "
    r"<topic> (contradict|differ|disagree|diverge|conflict|agree|vary)[ (each other|one another)]|.*\bor (has|did"
    "|does) it chang(e|ed)",
    "(compare|contrast|compare and contrast) <topic>",
    "{asked_for}[side.by.side ]comparison (of|between) <topic>",
    "[what{is} ][(the|any|some|there) ][(main|key|biggest) ]differences? (between|in|among) <topic>",
    r"how {do} <topic> (differ|compare)(?P<more> (from|to|with|on|about|in)\b.*)?",
    r"how {be} <topic> different(?P<more> (from|to|than|in|now)\b.*)?",
    r"(?!({question}|{be}|{do})\b)(?P<topic>\S+( \S+){0,4} (vs\.?|versus) \S+( \S+){0,6})",
    "<topic>(?P<more> before and after( .+)?)",
    "(has|have) <topic> [since |later |ever ]been (corrected|retracted|revised|withdrawn|changed|updated)<more>?",
    "({do}|{have}|how (much|far|fast) ({do}|{have})) <topic> [(really|ever|actually) ](go(ne)? (up|down)|rise(n)?"
    r"|fall(en)?|grow(n)?|increased?|decreased?|drop(ped)?|declined?|climb(ed)?|shift(ed)?)(?P<more> ({since})\b.*)?",
    "(what|which)[ things| details| facts| figures] differs? (between|in|among|across) <topic>",
    r"{do} <topic> ((dis)?agree|differ)[ with each other](?P<more> (about|on|over|in)\b.*)",
    "{do} [(all|the|these|both) ]({pieces}|{outlets}) [all ](give|report|have|say|cite|name|state|mention) the same "
    "<topic>",
    "how different {be} the (figures|numbers|accounts|versions|reports|claims) (for|of|on|about) <topic>",
)
"""Questions where articles differ, and what changed."""

OVERVIEW = (
    *_rules(
        QuestionKind.OVERVIEW,
        "(brief|update|inform|enlighten|educate) (me|us) (about|on|regarding) <topic>|(brief|update) (me|us)",
        "(catch|fill|bring|get) (me|us) (up|in)[ to (speed|date)][ (about|on|with) <topic>]",
        "{asked_for}({summary})[(:|,|)[ (of|for|about|on|in|from|regarding|to)] <topic>]",
        "what{is} [the ]({summary}) (of|for|about|on|in|to) <topic>",
        "[(give|write|get|show)[ (me|us)] ]({number}|a few|some) (sentences|bullets|bullet points|facts|lines"
        "|paragraphs|points) (about|on) <topic>",
        "summari(s|z)e|sum ({that}|everything) up|sum up|recap|tl;?dr|in (short|brief|a nutshell)|shorter|[the "
        "]short version",
        "sum <topic> up",
        "(summari(s|z)e|sum up|sum|recap|condense|digest|outline|tl;?dr|abridge|boil down|shorten|describe)[ (me|us)]"
        "[ what (happened|is known|we know|the {pieces} say) (in|at|on|with|about|to)] <topic>",
        "(walk|talk|take) (me|us) through <topic>|(everything|all|anything) {you} (have|know|got) {about} <topic>"
        "|(in a nutshell|in short|in brief|briefly)[,:]? (?P<topic>what (happened|is known|is going on) .+)",
        "what{is} (?P<topic>(this|the|that) (whole|entire) .+) about|what{is} <topic> all about|what should (i|we) "
        r"know about <topic>|what{is} (?P<topic>the (\S+ ){1,5}(story|affair|scandal|case))",
        "(shorten|condense|summari(s|z)e) {that}|what happened[ exactly| there]|what else (is|does it say|do we know"
        "|do you know)[ (in|about) {cited}]",
        "what{is} the (deal|matter|situation|state of (play|affairs)|status) (with|in|of) <topic>|what (do|can|did) "
        "(we|i|you) learn (about|from|of) <topic>|i (haven't|have not|didn't|did not) (followed|follow|read|hear"
        r"|heard)[ (about|of)] <topic>(,|\.|;| -)? what (happened|is going on|was it about)",
        "{told} [(more|all|everything|something|anything|a bit|what you (know|have)) ](about|on|regarding"
        "|concerning) <topic>",
        "i[('d| would)] (want|like|need) to (know|learn|read|hear) [(more|everything|something|all|anything) ](about"
        "|on) <topic>",
        "[i'?m |i am ](interested in|curious about|looking for) <topic>|(learn|read|know)[ more] about <topic>",
        "what[{is}|'?s| {have}][ been] (happened|happening|happens|going on|occurred|up|[all ]went on|took place"
        "|went down) (in|at|with|around|inside|near|during|over|regarding|between|there in|down in|about) (?!.* (if"
        "|when|because) )<topic>",
        "what ({do}|{can}|{have}) (we|i|{you}|{here}|everyone|people|anyone) [(really|already|all|currently|learn"
        "|to) ](know|knows|say|said|tell[ (me|us)]|have|got|write|report|find[ out]|cover|discuss|mention) {about} "
        "<topic>",
        r"what{is} (known|reported|said|written|there|in here|the latest|new|the news|the [\w+ ]story)[ so far][ "
        "here] (about|on|with|of|from|in|behind|regarding) <topic>",
        r"what{is} (?P<topic>(the|that|this) (\S+ ){0,10}({piece})( (about|on) .+)?|(the )?({nth}) (one|{piece})"
        "|(this|that) one|{number_named})[ (called|titled) .+] (about|saying|all about)",
        r"what {do} (?P<topic>(the|that|this) (\S+ ){0,10}({news_piece})|(the )?({nth}) (one|{piece})|{number_named}) "
        "(say|cover|discuss|argue|report|describe|contain|deal with|talk about)",
        r"what {do} (?P<topic>(the|that|this) (\S+ ){1,6}({news_piece}) (of|on|about) \S+( \S+){0,5}) (say|argue|"
        r"report)s?[ about \w+][,?][ in (short|brief|a nutshell)]",
        "[(({be}) there|{do} you (have|know)|have you got|got|you have|find[ me]) ]((anything|something|everything)[ "
        "(interesting|new|else|recent)]|stuff|infos?|information|[(the|any|some) ](latest[ news]|news|updates?)|more"
        "|details|facts) {about} <topic>",
        "(give|get|find|show|send)[ (me|us)] ((some|all|any|the|more|your|latest|basic|background|main|key) ){0,3}"
        "(information|info|news|details|facts|updates?|background|coverage|stuff|everything|latest|basics)[ you "
        "have] {about} <topic>",
        "what{is} [the ](main|key|most important|basic|important) (points?|facts?|takeaways?|ideas?|findings?|news)[ "
        "(of|in|from|about|on) <topic>]",
        "what{is} [the ](main |central |basic )?(argument|point|thesis|message|premise|upshot) (of|in) <topic>",
        "explain [to (me|us) ][(the (story|situation|background|case) (of|in|around|behind|with)) ](?!({question}"
        r"|that|more)\b)<topic>",
    ),
    *_rules(
        QuestionKind.OVERVIEW,
        "what{is} (?P<topic>[{the} ]({pieces}|{store}|coverage))[ all| mainly| mostly] (about|on|regarding|covering)",
        "what {do} (?P<topic>[{the} ]({pieces}|{store})) (cover|deal with|discuss|talk about)[,][ (broadly|mostly"
        "|mainly|overall|in general)]",
    ),
    *_rules(QuestionKind.OVERVIEW, "(what|how) about <topic>|what{is} this[ all] about", place=Place.BEFORE_ANSWER),
    *_rules(QuestionKind.OVERVIEW, "what{is} (?P<topic>this|that|it)[ all] about", place=Place.AFTER_ANSWER),
)
"""Questions for an article, a topic or everything in a few sentences."""

WHO_SAID = _rules(
    QuestionKind.WHO_SAID,
    r"what (was|were) (?P<who>\S.*?)('s|s') [exact ](words?|reaction|response|comments?|statements?|remarks?|view"
    r"|opinion|answer)\b.*|who (called|described|labell?ed|dubbed|branded) \S+ .+",
    r"(what|how) [else |exactly ]({do}|{have}) (?P<who>\S.*?) (say|said|tell|told|claim|claimed|announced?|argued?"
    r"|promised?|write|written|tweet(ed|)|warn(ed|)|testif(y|ied)|call|label|reply|respond)\b.*",
)
"""Questions for somebody's words."""

LIST = (
    *_rules(
        QuestionKind.LIST,
        "[(give|show|make|get|write)[ (me|us)] ](list|enumerate|[a |the |an ][(full|complete|short) ](list|listing"
        "|enumeration) of)[ (me|us)][ (all|every|each)][ of][ the] <topic>",
        "(name|identify|find|show|give|tell)[ (me|us)] (all|every|each)[ of][ the] <topic>",
        "(name|list|enumerate|give me) the (?!one\\b)({number}) [(main|key|big|other) ]<topic>",
        "what (are|were) [all ](the|these|those) (?!one\\b)({number}) [(main|key|big|other) ]<topic>",
        r"[the ]names of (the |all |all the )?<topic>|<topic>(\?|\.|;|,) list (them|all)|[{told} ]who all <topic>"
        "|who{is} everyone <topic>",
        "who[( all| else)] (?!is )({be}|{have} been|got) [also ](?P<topic>(charged|arrested|detained|convicted"
        "|sentenced|indicted|accused|killed|injured|wounded|hurt|interviewed|quoted|mentioned|sanctioned|subpoenaed"
        "|involved|affected|pardoned|fired|dismissed|sacked|ousted|suspected|granted|held in contempt|acquitted"
        r"|deported|expelled|freed|released|rescued|murdered|shot|identified as|invited|honou?red|suspended)\b.*)",
        "who[( all| else)] [{have} ](?P<topic>(died|testified|resigned|quit|stepped (down|aside)|pleaded guilty|pled "
        "guilty|(voted|spoke) (for|against|in favou?r)|endorsed|accused|accuses|came out|dropped out|survived|escaped"
        r"|condemned|opposed|agreed to)\b.*)|everyone (who|that) <topic>|who all <topic>",
        r"who (?P<topic>({can}) (boycott|skip|replace|succeed|testify|challenge)\b.*)",
    ),
    *_rules(
        QuestionKind.LIST,
        r"[(what|who) {be} ]all [of ][the ](?!.*\bwhat\b)<topic>",
        "(name|list|give[ (me|us)]) ({number}|some|a few|several) [(of the|more|other) ]<topic>",
        "(name|give[ (me|us)]|show[ (me|us)]|identify|mention|find[ me]|tell me) [(the|some|any) ][names of [(the"
        "|all) ]]<topic>",
        "[(in|from|to|at|on|by|for|with|against|of) ](which|what) [(of (the|these|those)|other|different|all[ the]) "
        "]<topic>",
        "who (are|were) [(all|the|these|those|some|of|main|key) ](?!.* (of|to|from|with|by|for)$)<topic>",
        several=True,
    ),
)
"""Questions for each of several."""

CUES = (
    *_rules(
        QuestionKind.OVERVIEW,
        r".*\b(summari(s|z)e|summary|overview|recap|rundown|gist|tl;?dr)\b.* (of|about|on) <topic>",
        r"<topic>(\.|\?|!|:|,) ({asked_for}({summary})|summari(s|z)e[ it| that| this]|in short|tl;?dr)",
        r"<topic>(\.|\?|!|:|,|;| -) [(and|so) ](what happened|what{is} (going on|the story|that[ all] about))[ "
        "(there|here|exactly)]",
    ),
    *_rules(
        QuestionKind.TIMELINE,
        r"<topic>(\.|\?|!|:|,) {asked_for}({timeline})",
        r".*\b(time ?line|chronology|chronologically|in chronological order)\b.* (of|about|on|for|in) <topic>",
    ),
    *_rules(QuestionKind.COMPARISON, r"<topic>(\.|\?|!|:|,) (compare|do they (agree|differ)|what changed)[ them| it]"),
)
"""Longer requests, known by a word in them."""

EVERYTHING = compiled(
    "everything|all|it all|all of (it|them|this)|[{the} ]({pieces}|{store}|news|contents?|material|coverage)|[all ]"
    "[of ](the|this|your|my|our) [whole |entire ]({store}|news)"
)
"""Topics that are all the articles."""

CITED_ARTICLE = compiled(
    "{that}|[(the|that|this|those|these|your|its) ][({nth}|same|other|previous|next) ]({piece}|{pieces}|ones?)|[the ]"
    r"({nth})|{number_named}|{piece} #?\d{1,3}"
)
"""Topics that are an article, named by its place in the last answer: "that article", "the second", "2"."""

COURTESY = compiled(
    "((good|great|nice|excellent|perfect) (answer|job|work|one|bot|summary)|nice to meet you|(hi|hiya|heya|hello"
    "|hey|howdy|greetings|yo|hola|bonjour|salut|hallo|dear|good (morning|afternoon|evening|day|night)"
    "|g'?day)( (there|again|all|everyone|everybody|folks|team|guys|you|bot|onrecord|sir|madam|friend|mate))*"
    "|[many ](thanks|thank (you|u)|thankyou|thx|thanx|tnx|ty|tysm|merci|danke|gracias|grazie|obrigad(o|a)|cheers"
    "|much appreciated|appreciate it)( (again|a lot|so much|very much|a million|a bunch|anyway|bot|mate|man"
    "|everyone|you|onrecord|all))*[ for (that|this|the (help|answer|info|information|summary|timeline|list)"
    "|your help|everything|helping)]|[good]bye(-?bye)?[ (now|then|bot)]|bye bye|see (you|ya)|cya|ciao|farewell"
    "|night|please|pls|plz|kindly|ok|okay|okey|k|kk|well|alright|all right|right|sure|yes|yeah|yep|yup|no|nope|nah"
    "|hm+|um+|uh+|er+|ah+|oh|aha|mhm|ha(ha)+|lol|lmao|rofl|wow|cool|nice|great|perfect|awesome|excellent|brilliant"
    "|amazing|good|fine|super|sweet|wonderful|interesting|impressive|incredible|lovely|fantastic|shocking|sad|funny"
    "|sorry|my bad|oops|excuse me|pardon[ me]|bravo|congrats|yay|welcome|you'?re welcome|got it|in (a nutshell"
    "|short|brief|a few words)|briefly|so|now|then|and|but|also|next|anyway|btw|by the way|[(quick|one[ more]|my"
    r"|another) ]question)(\W+|$)"
)
"""What may stand before a question and is no part of it; alone it asks nothing."""

REQUEST = compiled(
    "({can}) ({you}|we) ((please|just|kindly|maybe|possibly|quickly) )*(?=(tell|give|show|list|name|explain|find|make"
    "|do|write|summari(s|z)e|sum|recap|outline|compare|contrast|describe|sort|arrange|shorten|condense|brief|catch"
    r"|fill|walk|open|draw|build|create|get|put|provide|prepare|trace|bring|update|cite|quote)\b)|({can}) (i|we) "
    "[please ](get|have|see) (?=(a|an|the) )|[please |just ](tell|show|inform|let) (me|us) [know ](?=({question}|if"
    r"|whether)\b)|(do|would) you [happen to ](know|remember|say) (?=({question})\b)|i[('d| would|'m| am| was)] [just "
    r"](want|like|need|wondering|trying|curious) [(to (know|see|find out|understand|ask)|you to) ](?=({question})\b)|i"
    "[('d| would| should)] [just |really ](want|like|need) [to (see|have|get) ](?=(a|an|the|some) )|i[('d| would)] "
    "(want|need|like) you to |please |just "
)
"""How a request may begin."""

ENDINGS = (
    *(
        f" {word}"
        for word in word_set("please pls plz thanks thx ty cheers mate bot exactly then lol again briefly quickly")
    ),
    *(f" for {person}" for person in ("me", "us")),
    *(" by the way", " btw", " if i may ask", " if you know"),
    *(f"{lead}thank{ending}" for lead in (" many ", " ") for ending in ("s", "s a lot", "s in advance", "s so much")),
    *(f" thank you{ending}" for ending in ("", " so much", " very much")),
    *(
        f" in {how}"
        for how in (
            *("brief", "short", "detail", "a nutshell", "a few words", "a few sentences", "a few lines", "a sentence"),
            *("one sentence", "a paragraph", "one paragraph", "simple terms", "your own words", "bullet points"),
        )
    ),
    " if you can",
)
"""What a question may end with that is no part of it."""

IN_THE_ARTICLES = compiled(
    ",? (in|from|of|according to|based on|across|using) [all ][of ](the|these|those|your|my) [news ]({pieces}|{store}"
    "|sources|papers|coverage)|,? (so far|in here|here)"
)
"""An end that says where to look."""
