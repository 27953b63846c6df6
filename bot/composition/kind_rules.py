# ruff: noqa: E501
"""Kind rules: the forms of questions by which their kind is known, in the order in which they are tried.

A rule is a pattern for the whole question, without greeting, "please" and closing marks (``bot.composition.question_kind``
takes those away). Its groups "topic", and "more" behind it, are what the question is about. Every pattern takes linear
time: a test feeds each of them long questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answers import QuestionKind
from retrieval.text.lexicon import BE, DO, HAVE, MODAL_VERBS, alternation

_BE = rf"(?:{alternation(BE - {'be', 'been', 'being', 'am'})})"
_DO = rf"(?:{alternation(DO)})"
_HAVE = rf"(?:{alternation(HAVE)})"
_CAN = rf"(?:{alternation(MODAL_VERBS)})"
_TOPIC = r"(?P<topic>\S.*)"
_ABOUT = r"(?:about|on|regarding|concerning|of|around|re)"
_WHAT_IS = r"(?:what(?:'?s| is| are| was| were)|whats)"
_PIECE = r"(?:article|story|piece|report|text|document|post|column|editorial|op-ed|interview)"
_PIECES = r"(?:articles|stories|pieces|reports|documents|texts|posts|columns|editorials|op-eds|interviews|files|items)"
_OUTLET = r"(?:(?:news |media )?outlet|(?:news )?source|publication|publisher|news organi(?:s|z)ation|news site)"
_OUTLETS = (
    r"(?:(?:news |media )?outlets|(?:news |media )?sources|publications|publishers|newspapers|papers|magazines"
    r"|media|news organi(?:s|z)ations|(?:news )?(?:sites|websites|agencies)|broadcasters|channels|newsrooms)"
)
_WRITERS = r"(?:authors|journalists|reporters|writers|bylines|columnists|correspondents)"
_THESE = r"(?:the|these|those|your|all|all the|all these|all of the|all of these|my|our|any)"
_HERE = (
    rf"(?:here|there|in here|in there|in (?:total|all)|you|(?:in |from )?(?:{_THESE} |this )?(?:whole |entire )?"
    rf"(?:collection|corpus|archive|library|database|store|index|data ?set|{_PIECES}))"
)
_EVERYTHING = (
    rf"(?:everything|all|it all|all of (?:it|them|this)|(?:{_THESE} )?(?:{_PIECES}|news|contents?|material|coverage)"
    rf"|(?:all )?(?:of )?(?:the|this|your|my|our) (?:whole |entire )?(?:collection|corpus|archive|library|news))"
)
_THAT = r"(?:that|this|it|these|those|them)"
_CITED = rf"(?:{_THAT}|(?:the|that|this|your)(?: (?:last|first|second|third|same))? (?:{_PIECE}|answer|quote|quotation|sentence|citation|source|claim|one)|(?:(?:citation|number|source|quote|no\.?) ?)?#?\[?\d{{1,2}}\]?)"
_ASKED_FOR = r"(?:(?:show|give|get|make|write|draw|draw up|build|create|want|need|do|provide|generate|prepare|have)(?: me| us)? )?(?:(?:a|an|the|your|some) )?(?:(?:short|quick|brief|rough|full|complete|detailed|little|nice) )*"
_SUMMARY = r"(?:summary|summari(?:s|z)ation|overview|recap|gist|digest|synopsis|outline|rundown|run-down|abstract|briefing|brief|roundup|round-up|tl;?dr|key points|main points|highlights|takeaways|key takeaways|essentials|short version|background|lowdown|story so far)"
_TIMELINE = r"(?:time ?line|chronology|chronological (?:order|list|overview|summary)|(?:sequence|order|course|progression|series) of (?:the )?events|key dates|history)"
_REPORTED = r"(?:report(?:ed|s)?|cover(?:ed|s)?|(?:wrote|write)(?:s)?|written|publish(?:ed|es)?|mention(?:ed|s)?|carr(?:y|ied|ies)|(?:run|ran|runs)|broke|discuss(?:ed|es)?|talk(?:ed|s)?|report(?:ed)? on|say|said|says|confirm(?:ed|s)?)"


@dataclass(frozen=True, slots=True)
class KindRule:
    """A form of question.

    Attributes:
        kind: What such a question asks for.
        pattern: Matches the whole question.
        after_answer: Whether it is of this kind only after an answer.
        whole: Whether it is about everything where it names no topic, also after another question.
    """

    kind: QuestionKind
    pattern: re.Pattern[str]
    after_answer: bool = False
    whole: bool = False


def _rules(kind: QuestionKind, *patterns: str, after_answer: bool = False, whole: bool = False) -> tuple[KindRule, ...]:
    return tuple(KindRule(kind, re.compile(each, re.IGNORECASE), after_answer, whole) for each in patterns)


COMMANDS = _rules(
    QuestionKind.COMMAND,
    r"(?:quit|exit|q|:q|logout|log out|help|sources|articles|people|new|forget|why|open|filter|clear|reset|restart"
    r"|start over|new (?:conversation|chat))",
    r"open (?:\[?\d{1,3}\]?|(?:\+|-))",
    r"why --numbers",
    r"(?:check|export) \S+\.\w{1,5}!?",
    r"filter (?:clear|(?:source|author|since|until|article)=.*)",
    r"quote (?:“|«|„|\").*",
    r"show \S+(?::\d+-\d+|\.\w{1,5})",
)
"""Commands typed without their slash, as they are: in lower case, without a question mark."""

SMALL_TALK = _rules(
    QuestionKind.SMALL_TALK,
    r"(?:so )?(?:who|what) (?:are|r) (?:you|u)(?: (?:exactly|then|anyway))?",
    r"(?:are|r) (?:you|u) (?:an? )?(?:\w+ )?(?:bot|robot|human|person|ai|a\.i\.|real|machine|chat ?gpt|gpt|llm|alive|there|ok|okay|stupid|dumb"
    r"|working|online|awake|chatbot|program|conscious|sentient|kidding)(?: or .*)?",
    r"(?:what(?:'?s| is)|whats|do you have a) (?:your )?name",
    r"who (?:made|built|created|wrote|programmed|trained) (?:you|u|this bot)",
    r"how (?:are|r) (?:you|u|things)(?: (?:doing|today|going))*|how(?:'?s| is) it going|how do you do|what(?:'?s| is) up|whats up|sup|wassup",
    rf"what (?:else )?(?:{_CAN}|do|does) (?:you|u|this|it|i|we|this (?:bot|tool|thing|program)) (?:do|ask|say|type|know|use)(?: (?:here|for me|with (?:you|this)|you))*",
    r"what (?:kinds?|sorts?|types?) of (?:questions?|things?) (?:can|do|may|could|should) (?:i|you|we|u) .*",
    r"what (?:questions|things) (?:can|may|could|should) (?:i|we|you) .*",
    r"how (?:do|does|can|should|would) (?:i|you|this|it|we|this (?:bot|tool|thing|program)|one) (?:use|work|start|begin|function|operate|search|ask|get started)(?: .{0,30})?",
    r"how to (?:use|start|begin|ask)(?: .{0,20})?",
    r"what(?:'?s| is) this(?: (?:bot|tool|thing|program|place|app))?",
    r"(?:can|could|will|would) (?:you|u) (?:help|assist)(?: me)?(?: out)?|help me|i need (?:some )?help|help please|please help",
    r"(?:tell|give) me (?:a|another) (?:joke|story|poem|fun fact)|sing .{0,30}|make me laugh",
    r"(?:you(?:'?re| are| r)?|ur|u) (?:so |such |a |an |really |very |not |just |totally )*(?:stupid|dumb|useless|bad|idiot|great|awesome|amazing"
    r"|good|smart|wrong|suck|rock|funny|slow|fast|helpful|the best|terrible|awful|crap|bot|clever|rubbish|liar)(?: .{0,20})?",
    r"(?:stupid|dumb|useless|bad|good|nice|great|silly|clever) (?:bot|answer|job|work|one|robot|machine|question)",
    r"(?:i )?(?:love|like|hate) (?:you|u|it|this|that)(?: (?:bot|so much|a lot))?",
    r"(?:f\S{0,4}k|screw|damn) (?:you|u|off|it|this)|shut up|go away|wtf|omg|oh my god|whatever|never ?mind|nvm|forget (?:it|that)",
    r"(?:this|that|it)(?:'?s| is| was) (?:so |very |really |not |just )*(?:great|good|bad|useless|helpful|useful|stupid|awesome|nice|perfect"
    r"|cool|interesting|funny|enough|all|fine|ok|okay|amazing|rubbish|nonsense|clear|sad|terrible)(?: (?:for now|thanks))?",
    r"i(?:'?m| am) (?:\w+ ){0,2}(?:bored|done|fine|good|lost|confused|back|here|new here|tired|happy|sad|ok|okay|testing)",
    r"(?:just )?(?:test|testing|ping|hello world|lorem ipsum|asdf\w*|qwert\w*|blah(?: blah)*|foo(?: ?bar)?)(?: .{0,12})?",
    r"i (?:see|know|understand|get it|got it|don'?t (?:know|understand|get it))|got it|gotcha|understood|makes sense|fair enough|no worries|no problem",
    r"(?:that(?:'?s| is) )?(?:all|it)(?: for (?:now|today))?|nothing(?: else)?|no more(?: questions)?",
    r"(?:have a )?(?:nice|good|great|lovely) (?:day|evening|night|weekend|one)|(?:see|talk to|speak to) (?:you|u|ya)(?: (?:later|soon|tomorrow|around))?|take care|catch you later|later",
    r"what(?:'?s| is) the (?:weather|time)(?: (?:like|today|now))*|what time is it(?: now)?|what day is (?:it|today)(?: today)?",
)
"""Questions to the program itself, and what asks nothing."""

LAST_ANSWER = _rules(
    QuestionKind.LAST_ANSWER,
    # Which article.
    rf"(?:from |in )?(?:which|what) (?:{_PIECE}|{_OUTLET}|newspaper|paper|magazine|site|website|page|paragraph|file)s? {_BE} {_CITED} (?:from|in|taken from|quoted from|published in|said in|written in)",
    rf"(?:from |in )?(?:which|what) (?:{_PIECE}|{_OUTLET}|newspaper|paper|magazine|site|website|file)s? (?:{_DO} {_CITED} (?:come|came|stem|appear)(?: (?:from|in))?|says? (?:that|this|so|it)|said (?:that|this|so|it)|{_BE} (?:that|it|this|those))",
    rf"(?:from |in )?(?:which|what) (?:{_PIECE}|{_OUTLET}|newspaper|paper|magazine|site|website)s?",
    rf"where (?:{_BE} {_CITED} (?:from|taken from|written|published)|{_DO} {_CITED} (?:come|came) from|{_DO} (?:you|u) (?:get|find|read|see|have|take) {_CITED}(?: from)?|have you (?:got|found|read|seen) {_CITED}(?: from)?|{_DO} it say (?:that|so|this)|{_BE} {_CITED}(?: (?:article|story))? (?:published|from))",
    rf"(?:{_WHAT_IS} )?(?:your|the|its) (?:source|sources|citation|citations|reference|references|evidence|proof|basis)(?: (?:for|of|behind) {_CITED})?",
    r"(?:the )?(?:source|citation|reference|evidence|proof|author|byline|link|url|outlet|publisher|title|headline|date|publication date)s?",
    rf"{_WHAT_IS} (?:the|its|that) (?:{_PIECE}(?:'s) )?(?:title|headline|name|url|link|path|outlet|author|date|byline|publisher|publication date|date of publication|file name|number)(?: (?:of|for) {_CITED}(?: {_PIECE})?)?",
    # Who wrote it, when.
    rf"who (?:wrote|authored|published|reported|penned|filed) {_CITED}(?: (?:article|story|piece|report))?",
    rf"who(?:'?s| is| was| are| were) (?:the |its |that |their )?(?:author|writer|journalist|reporter|byline|publisher)s?(?: (?:of|for|behind) {_CITED})?",
    rf"who (?:was|is) {_CITED} (?:written|published|reported|by)(?: by)?|by whom (?:was|is) {_CITED} (?:written|published)|{_BE} {_CITED} written by (?:whom|who)",
    rf"(?:when|on what date|on which (?:day|date)|what (?:day|date|year)) (?:{_BE}|{_DO}) {_CITED} (?:\w+ )?(?:published|written|posted|reported|printed|from|dated|updated|come out|appear)",
    rf"how (?:old|recent|current|new|fresh|up to date|up-to-date) (?:{_BE}) {_CITED}(?: (?:article|story|report|news|information|info|answer))?",
    rf"(?:{_BE}) {_CITED} (?:still )?(?:up to date|up-to-date|current|recent|new|old|outdated|out of date)(?: (?:article|story|news))?",
    # What it is, and how sure.
    rf"(?:{_BE}) {_CITED}(?: really| actually| just| an?| the)* (?:opinions?|op-?eds?|editorials?|columns?|commentary|analysis|news|news (?:article|story|report)|facts?|opinion (?:piece|article|column)|blog(?: post)?|review|press release|quote|direct quote|exact quote|quotation|verbatim|exact words|paraphrase|satire|rumou?r|speculation)(?: (?:or|and) .{{1,30}})?",
    rf"(?:{_BE}) {_CITED}(?: really| actually| definitely| for| all| a)* (?:true|sure|right|correct|accurate|reliable|verified|confirmed|certain|so|legit|legitimate|trustworthy|reliable source|false|wrong|fake|fake news|proven|made up|the case)",
    r"(?:are|r) (?:you|u) (?:really |quite |absolutely |very |100 ?% |totally |completely )?(?:sure|certain|positive|confident|serious|right)(?: (?:about|of) (?:that|this|it))?",
    r"(?:you|u) sure(?: about (?:that|this|it))?|sure about that|really|for real|seriously|is it",
    rf"how (?:sure|certain|confident|reliable|trustworthy|accurate|likely|true|probable) (?:are|is|r) (?:you|u|{_CITED})(?: (?:about|of) {_CITED})?",
    rf"how (?:do|can|could|did|would) (?:you|u|we|i) (?:know|be (?:so )?sure|verify|trust|check|confirm)(?: {_CITED})?(?: (?:is|to be) (?:true|right|so))?",
    rf"(?:can|should|may|could|do) (?:i|we|you) (?:really )?(?:trust|rely on|believe|quote|cite|use|prove|verify|confirm|back up|check) {_CITED}(?: up)?(?: (?:answer|article|information))?",
    r"who says(?: (?:so|that|this))?|says who|according to (?:whom|who)|who told you(?: (?:that|this|so))?",
    rf"how many (?:{_PIECES}|{_OUTLETS}|others?) (?:say|said|report|reported|confirm|confirmed|support|state|mention|carry|agree)(?: (?:that|this|so|it|the same|on (?:that|this)))?",
    rf"(?:do|does|did|is|are|was|were) (?:any |the |all |there |an )*(?:other |another )(?:{_PIECES}|{_PIECE}|{_OUTLETS}|{_OUTLET}|one|ones) (?:also )?(?:say|report|confirm|support|agree|mention|that (?:say|says|confirm|confirms))(?: (?:that|this|so|it|the same|with (?:that|this|it)|on (?:that|this)))?",
    rf"(?:does|did) (?:anyone|anybody|anything|any(?: other)? (?:{_PIECE}|{_OUTLET})) (?:else )?(?:say|report|confirm|support)(?: (?:that|this|so|it|the same))?",
    # Show it.
    rf"(?:show|give|send|get|let)(?: me| us)?(?: see)? (?:(?:the|that|this|its|your|full|whole|original|exact|a) )*(?:source|sources|{_PIECE}|passage|citation|citations|quote|quotation|original|context|evidence|link|url|reference|references|proof|wording|exact words|full text)(?: (?:for|of|to) {_CITED})?",
    rf"(?:open|cite|quote|prove|source|link|verify|back up|show) (?:me )?(?:{_THAT}|the {_PIECE}|that {_PIECE}|the source|your sources?)(?: (?:up|please))?",
    rf"(?:can|could|may|where can|how (?:can|do)) (?:i|we) (?:see|read|open|view|find|have|get) (?:the |that |this |its |your |whole |full |original )*(?:source|{_PIECE}|passage|citation|quote|original|context|link|{_THAT})(?: .{{0,20}})?",
    r"what (?:did|does|do) (?:you|u) (?:search|look at|look through|read|base (?:that|this|it) on|find)(?: (?:for|in) (?:that|this|it))?|based on what|on what basis",
    after_answer=True,
)
"""Questions about the answer just given."""

COLLECTION = _rules(
    QuestionKind.COLLECTION,
    # How many.
    rf"how many (?:different |news |separate )*(?:{_PIECES}|{_OUTLETS}|{_WRITERS})(?: {_BE} there| {_BE}| {_DO}| have| did| can)?(?: (?:you|we|i|they))?(?: (?:have|got|read|know|hold|cover|search|contain))?(?: {_HERE})*",
    rf"how many (?:different |news |separate )*(?:{_PIECES}|{_OUTLETS}|{_WRITERS}) (?:are there |do you have |do we have |have you got |exist |are |were |did |have |has )?(?:about|on|from|by|in|mention(?:ed|ing)?|discuss(?:ed|ing)?|cover(?:ed|ing)?|deal(?:ing)? with|talk(?:ing)? about|(?:wrote|write) about|written about|writing about|report(?:ed|ing)?(?: on)?|refer(?:ring)? to|concern(?:ing)?|published|dated|written) {_TOPIC}",
    r"how (?:big|large) is (?:the|this|your) (?:collection|corpus|archive|library|database|data ?set)",
    # Which outlets, authors, articles.
    rf"(?:which|what|whose) (?:(?:other|different|news|of the|of these) )*(?:{_OUTLETS}|{_OUTLET}|{_WRITERS}|newspaper|paper|magazine|journalist|reporter) (?:first |also |have |has |had |did )*{_REPORTED} (?:on |about |of |that )?(?P<topic>\S.*?)(?: first)?",
    rf"(?:which|what) (?:(?:other|different|of the|of these) )*(?:{_PIECES}|{_PIECE}) (?:first |also |have |has |had |did |do |does |are |is |were )*(?:about|on|by|from|mention(?:s|ed)?|cover(?:s|ed)?|discuss(?:es|ed)?|deals? with|talks? about|talked about|reports? on|reported on|reported|refers? to|contains?|says? (?:something|anything) about|concerns?|(?:written|published) (?:by|in|on|about)) {_TOPIC}",
    rf"(?:which|what) (?:(?:other|different|kinds? of|types? of|sorts? of) )*(?:{_OUTLETS}|{_OUTLET}|{_WRITERS}|{_PIECES})(?: (?:{_BE}|{_DO}|have|can))?(?: (?:there|you|we|i|these|they|those|it|this))?(?: (?:have|got|has|use|search|know|hold|include|cover|read|from|included|represented|covered|available|written by))?(?: {_HERE})*",
    rf"(?:which|what) (?:{_OUTLETS}|{_OUTLET}|{_WRITERS}|newspapers?|papers?) {_BE} {_HERE}(?: (?:from|by|in))?",
    rf"(?:which|what) (?:{_PIECES}) (?:{_BE} (?:opinion|opinions|op-eds|editorials|undated|duplicates|copies|opinion pieces|news|the (?:newest|latest|oldest|longest|shortest)|not dated|without (?:a )?(?:date|author|outlet))|have (?:no|an?) (?:author|date|outlet|byline))",
    rf"(?:who|what) {_BE} (?:the |all |all the |your )*(?:{_OUTLETS}|{_WRITERS})(?: (?:of|in|for|behind|represented|included))?(?: {_HERE})*",
    rf"who (?:wrote|writes|reported|reports|covered|covers|published|publishes|has written|has reported|blogged|reports) (?:about|on) {_TOPIC}",
    rf"who (?:has )?(?:first |originally )(?:reported|broke|published|covered|wrote about|reported on) {_TOPIC}",
    r"who (?:reported|broke|published|covered|wrote about)(?: on)? (?P<topic>\S.*?) (?:first|earliest|before (?:anyone|everyone)(?: else)?)",
    rf"who (?:was|were) (?:the )?first to (?:report|publish|cover|write about|break)(?: on)? {_TOPIC}",
    rf"who (?:broke|covered|covers) {_TOPIC}",
    rf"who wrote (?P<topic>(?:(?:the|an?) )?(?:\S+ ){{0,8}}{_PIECE}(?: (?:about|on|called|titled|from) .+)?|(?:article|piece|story) \d+)",
    rf"(?:when|on what date) (?:was|were) (?P<topic>(?:the )?(?:\S+ ){{0,8}}(?:{_PIECE}|{_PIECES})(?: (?:about|on|called|titled|from) .+)?) (?:published|written|posted|dated)",
    # Dates.
    rf"(?:from when to when|since when|how far back|(?:which|what) (?:dates?|periods?|time ?(?:period|span|frame|range)|date range|years?|months?|days?))(?: {_BE}| {_DO})?(?: {_HERE})?(?: (?:go|goes|reach|range|cover|covers|covered|span|spans|from|published|written|go back))*",
    rf"(?:what(?:'?s| is) the )?(?:date range|time span|period covered)(?: of {_HERE})?|how (?:old|recent|current|up to date) {_BE} {_HERE}",
    rf"when {_BE} {_HERE} (?:from|published|written|dated)",
    # Newest, oldest.
    rf"(?:{_WHAT_IS} |which {_BE} |which is |show(?: me)? |open |give me |list )?(?:the |your )?(?:\d+ |two |three |five |ten )?(?:very )?(?:newest|latest|most recent|recent|oldest|earliest|first|last|longest|shortest) (?:news )?(?:{_PIECES}|{_PIECE}|news)(?: (?:you have|there is|available|published|here|in here|of all|in the (?:collection|archive|library)))?(?: (?:about|on|from|by|in) {_TOPIC})?",
    rf"which (?:{_PIECES}|{_PIECE}) {_BE} (?:the )?(?:newest|latest|most recent|oldest|earliest|longest|shortest)(?: (?:one|ones|about|on|from) ?(?P<topic>\S.*)?)?",
    r"(?:what(?:'?s| is)|whats|anything|something) (?:new|the latest|newest)(?: (?:today|here|in here|since yesterday|this week))?|latest(?: news)?|what(?:'?s| is) the news|any news(?: today)?|news",
    # What about.
    rf"(?:{_WHAT_IS}) {_HERE}(?: all)?(?: (?:about|on|in|regarding))?",
    rf"(?:{_WHAT_IS}) (?:{_THESE} |this )?(?:{_PIECES}|collection|corpus|archive|library|data ?set|coverage)(?: all)?(?: (?:about|on|regarding|covering))?",
    r"(?:what(?:'?s| is)|whats) (?:this(?: all)? about|in (?:here|there|this|the store|the database)|inside|this (?:collection|corpus|archive|library)(?: about)?|available|covered)",
    rf"(?:(?:which|what) )?(?:topics?|subjects?|themes?|issues?|areas|people|names|places)(?: {_BE}| {_DO})?(?: {_HERE})?(?: (?:about|cover(?:ed|s)?|discuss(?:ed)?|deal with|included|available|in|come up|mentioned|have|has))+(?: {_HERE})?",
    rf"what {_DO} (?:{_THESE} |this )?(?:{_PIECES}|collection|corpus|archive|library) (?:cover|contain|deal with|discuss|talk about|include|consist of)",
    r"what (?:do|can) (?:you|u|we) (?:have|know|cover|got)(?: (?:about|on|in) here| here)?|what have (?:you|u|we) got(?: here)?",
    r"what (?:can|could|may|should) (?:i|we) (?:ask|search|read|find)(?: (?:you|for))?(?: about)?(?: here| in here)?",
    rf"(?:list|show|name|give|display|enumerate)(?: me| us)? (?:(?:all|the|every|your|each|a list|list|of|full|different) )*(?:{_PIECES}|{_OUTLETS}|{_WRITERS}|titles|headlines|topics)(?: (?:you have|there are|available|{_HERE}))*(?: (?:about|on|from|by|mentioning|that mention|that cover|covering|dealing with) {_TOPIC})?",
    rf"(?:do you|do we|have you|is there|are there|got|have|you)(?: have| got)?(?: an?| any| some| more)* (?:{_PIECES}|{_PIECE}|coverage|reporting|reports)(?: (?:about|on|from|by|mentioning|covering|of|in|that mention|dealing with) {_TOPIC})?",
    rf"(?:{_BE}) (?:any|some|all|most)(?: of)? (?:{_HERE}|them) (?:opinion|opinions|op-eds|editorials|undated|opinion pieces|news)",
    rf"(?:in )?(?:which|what) languages? (?:{_BE}|{_DO}) {_HERE}(?: (?:in|written in))?",
    whole=True,
)
"""Questions about the articles themselves."""

TIMELINE = _rules(
    QuestionKind.TIMELINE,
    rf"{_ASKED_FOR}{_TIMELINE}(?: (?:of|for|about|on|in|from|around|behind)(?: (?:the )?(?:events? (?:in|of|around)|what happened (?:in|with|at|to)))? {_TOPIC})?",
    rf"(?:{_WHAT_IS}) (?:the )?{_TIMELINE}(?: (?:of|for|about|on|in|behind)(?: (?:the )?events (?:in|of|around))? {_TOPIC})?",
    r"(?P<topic>\S(?:.{0,80}\S)?) (?:time ?line|chronology|history)",
    rf"when did what happen(?: (?:in|at|with|to|during|on) {_TOPIC})?",
    rf"what (?:happened|occurred) when(?: (?:in|at|with|during) {_TOPIC})?",
    r"how did (?P<topic>\S.*?) (?:unfold|play out|come about|start and end|begin and end)(?P<more> (?:in|at|during|on|over) .+)?",
    rf"how did (?:events|things|it all|the events|the story) (?:unfold|develop|happen|evolve|go)(?: (?:in|at|with|of|around|during) {_TOPIC})?",
    rf"(?:list|trace|show|give|order|put|walk)(?: me| us)?(?: through)? (?:(?:the|all|key|main|major|important) )*(?:events?|dates?|steps?|milestones)(?: (?:of|in|for|about|around|during|leading (?:up )?to|surrounding) {_TOPIC})?(?: in (?:chronological )?order| by date| step by step| chronologically)?",
    r"(?:(?:list|show|tell|give|explain|describe)(?: me| us)? )?(?P<topic>\S.*?)(?:,? in chronological order|,? chronologically|,? step by step|,? by date|,? in order of date)",
    rf"(?:and )?what (?:happened|came|was) (?:first|next|last|then|afterwards?|later|earlier|before that|after that)(?: (?:in|with|at|to|of) {_TOPIC})?",
    rf"(?:{_WHAT_IS}) (?:the )?(?:key|main|important|major|relevant) (?:dates|events|moments|milestones|steps)(?: (?:of|in|for|about|around|during) {_TOPIC})?",
    r"(?:in )?what order (?:did )?(?P<topic>\S.*?) (?:happen|occur|take place)(?: in)?",
)
"""Questions for dated events."""

COMPARISON = _rules(
    QuestionKind.COMPARISON,
    rf"how (?:much )?(?:{_DO}|{_HAVE}|{_BE}) (?P<topic>\S.*?) (?:been )?(?:chang(?:e|ed|es|ing)|evolv(?:e|ed|ing)|var(?:y|ied|ies)|shift(?:ed)?|differ(?:ed|s)?|fluctuated?)(?P<more> (?:over|since|between|from|after|before|during|in|through|throughout|across|with|when|under|among|within|as|about|on|so|to)\b.*)?",
    rf"how (?:{_DO}|{_HAVE}) (?P<topic>\S.*?) (?:develop(?:ed)?|progress(?:ed)?)(?P<more> (?:over|since|between|from|during|through|throughout|across)\b.*)?",
    rf"(?:{_DO}|{_HAVE}) (?P<topic>\S.*?) (?:ever )?change(?:d)?(?:(?P<more> (?:over|since|between|from|after|before|during|in)\b.*)| (?:his|her|its|their)(?: own)? (?:minds?|positions?|stances?|story|stories|views?|tunes?|accounts?|testimony|opinions?|numbers?|figures?|statements?))?",
    rf"what(?:'s| has| have| had)? (?:been )?chang(?:ed|es)(?: (?:in|about|with|since|for|at|between|over|after|from|to) {_TOPIC})?|(?:{_WHAT_IS}) (?:different|changing)(?: (?:in|about|with|since|now|between) ?(?P<about>.*))?",
    rf"(?:where |how |on what |about what )?(?:{_DO}|{_BE}|{_HAVE}) (?:the |these |those |any |all |different |your |both |two )*(?:{_PIECES}|{_OUTLETS}|accounts|they|numbers|figures|versions|witnesses|sides) (?:all |really |ever )?(?:disagree|agree|differ|contradict|conflict|diverge|clash|vary|inconsistent|consistent|in (?:agreement|conflict))(?:(?: (?:each other|one another|themselves))?(?: (?:about|on|over|as to|regarding|in|with))? {_TOPIC})?",
    rf"(?:(?:{_BE}) there|any|are|show(?: me)?|list|what are|what)(?: (?:the|any|some|all))* (?:disagreements?|contradictions?|discrepanc(?:y|ies)|conflicts?|conflicting (?:{_PIECES}|accounts|claims|figures|numbers|versions|information)|inconsistenc(?:y|ies)|differences|different (?:accounts|figures|numbers|versions|claims))(?: (?:are|is) there)?(?: (?:about|on|over|between|in|regarding|among|as to|of) {_TOPIC})?",
    rf"(?:which|what) (?:{_PIECES}|{_OUTLETS}) (?:disagree|contradict|differ)(?: (?:about|on|over))?(?: {_TOPIC})?",
    rf"(?:compare|contrast|compare and contrast) {_TOPIC}",
    rf"{_ASKED_FOR}(?:side(?:-| )by(?:-| )side )?comparison (?:of|between) {_TOPIC}",
    rf"(?:{_WHAT_IS} )?(?:the |any |some |there )*(?:main |key |biggest )?differences? (?:between|in|among) {_TOPIC}",
    rf"how (?:{_DO}) (?P<topic>\S.*?) (?:differ|compare)(?P<more> (?:from|to|with|on|about|in)\b.*)?",
    rf"how (?:{_BE}) (?P<topic>\S.*?) different(?P<more> (?:from|to|than|in|now)\b.*)?",
    r"(?P<topic>\S+(?: \S+){0,4} (?:vs\.?|versus) \S+(?: \S+){0,6})",
    r"(?P<topic>\S.*?)(?P<more> before and after(?: .+)?)",
    r"(?:is|was|are|were|has|have) (?P<topic>\S.*?) (?:been )?(?:corrected|retracted|revised|updated|withdrawn)(?P<more> (?:since|later|in|by|after)\b.*)?",
)
"""Questions where articles differ, and what changed."""

OVERVIEW = _rules(
    QuestionKind.OVERVIEW,
    rf"(?:brief|update|inform|enlighten|educate) (?:me|us) (?:about|on|regarding) {_TOPIC}",
    rf"{_ASKED_FOR}{_SUMMARY}(?:(?::|,)? (?:of|for|about|on|in|from|regarding|to)? ?{_TOPIC})?",
    rf"(?:{_WHAT_IS}) (?:the )?{_SUMMARY} (?:of|for|about|on|in|to) {_TOPIC}",
    rf"(?:summari(?:s|z)e|sum up|sum|recap|condense|digest|outline|tl;?dr|abridge|boil down|shorten|describe)(?: me| us| for me)?(?: (?:what (?:happened|is known|we know|the {_PIECES} say)) (?:in|at|on|with|about|to))? {_TOPIC}",
    r"summari(?:s|z)e|sum (?:it|this|that|them|everything) up|sum up|recap|tl;?dr|in (?:short|brief|a nutshell)|shorter|(?:the )?short version",
    r"sum (?P<topic>\S.*?) up",
    rf"(?:catch|fill|bring|get) (?:me|us) (?:up|in|up to (?:speed|date))(?: (?:about|on|with|to date on|to speed on))? {_TOPIC}|(?:catch|fill) (?:me|us) (?:up|in)|brief (?:me|us)",
    rf"(?:tell|inform|show|teach|give) (?:me|us) (?:more |all |everything |something |anything |what you (?:know|have) )?(?:about|on|regarding|concerning) {_TOPIC}",
    rf"(?:i(?:'?d| would)? (?:want|like|need|wish) to (?:know|learn|read|hear)|i(?:'?m| am) (?:interested in|curious about|looking for)|learn|read)(?: (?:more|everything|something|all|anything))?(?: (?:about|on))? {_TOPIC}",
    rf"what(?:'?s| is| was| has been| had been)? (?:happened|happening|happens|going on|occurred|occurring|up)(?: (?:in|at|with|around|inside|near|during|over|regarding|there in|down in|about)) {_TOPIC}",
    rf"what (?:all )?(?:happened|went on|took place|occurred|went down)(?: (?:in|at|with|around|inside|near|during|over|between|regarding)) {_TOPIC}",
    rf"what (?:do|does|did|can|could|have) (?:we|you|i|u|{_HERE}|the {_PIECES}|they|everyone|people|anyone) (?:really |already |all |currently |learn |to )*(?:know|knows|say|said|tell|tell me|tell us|have|got|write|report|find|find out|cover|discuss|mention)(?: (?:about|on|of|regarding|concerning)) {_TOPIC}",
    rf"what(?:'?s| is) (?:known|reported|said|written|there|in here|the latest|new|the news|the (?:\w+ )?story)(?: so far)?(?: here)? (?:about|on|with|of|from|in|behind|regarding) {_TOPIC}",
    rf"what(?:'?s| is|s) (?P<topic>(?:the|that|this) .*{_PIECE}|(?:the )?(?:first|second|third|fourth|fifth|last) (?:one|{_PIECE})|(?:{_PIECE} |number |no\.? )?#?\d+)(?: (?:called|titled) .+)? (?:about|saying|all about)",
    rf"what {_DO} (?P<topic>(?:the|that|this) .*{_PIECE}|(?:the )?(?:first|second|third|fourth|fifth|last) (?:one|{_PIECE})|(?:{_PIECE} |number |no\.? )?#?\d+) (?:say|cover|discuss|argue|report|describe|contain|deal with|talk about)",
    rf"(?:(?:is|was) there |do you (?:have|know) |have you got |got |you have |find (?:me )?)?(?:anything|something|everything|stuff|info|infos|information|news|updates?|latest|the latest|latest news|more|details|facts) {_ABOUT} {_TOPIC}",
    rf"(?:give|get|find|show|send)(?: me| us)? (?:(?:some|all|any|the|more|your|latest|basic|background|main|key) )*(?:information|info|news|details|facts|updates?|background|coverage|stuff|everything|latest|basics)(?: you have)? {_ABOUT} {_TOPIC}",
    rf"(?:{_WHAT_IS}) (?:the )?(?:main |key |most important |basic |important )(?:points?|facts?|takeaways?|ideas?|findings?|news|topics?)(?: (?:of|in|from|about|on) {_TOPIC})?",
    r"explain (?:to me |to us )?(?:the (?:story|situation|background|case) (?:of|in|around|behind|with) )?(?P<topic>(?!why\b|how\b|what\b|who\b|when\b|where\b|that\b|more\b)\S.*)",
    rf"(?:what about|how about) {_TOPIC}",
)
"""Questions for an article, a topic or everything in a few sentences."""

EVERYTHING = re.compile(_EVERYTHING, re.IGNORECASE)
"""Topics that are all the articles."""

CITED_ARTICLE = re.compile(
    rf"(?:{_THAT}|(?:the|that|this|those|these|your|its)?(?: ?(?:last|first|second|third|fourth|fifth|same|other|previous|next))? ?"
    rf"(?:{_PIECE}|{_PIECES}|one|ones)|(?:{_PIECE} |number |no\.? |citation )?#?\[?\d{{1,3}}\]?"
    rf"|(?:the )?(?:first|second|third|fourth|fifth|last))",
    re.IGNORECASE,
)
"""Topics that are an article, named by its place in the last answer: "that article", "the second", "2"."""
