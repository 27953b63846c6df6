"""Assertions: what of an answer claims something, a heading, a lead-in, a bold label and "50%." included.

Only phrases of a closed vocabulary ("Here is what the articles say:") do not.
"""

from __future__ import annotations

import re

from retrieval.text.folding import Words, joined
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import ARTICLES, BE, DEMONSTRATIVES, DO, MODAL_VERBS, QUESTION_WORDS, alternation, word_set

LIST_MARK = LazyPattern(r"\s*(?:[-*+•–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+")
"""The mark of a list item, which is no part of the claim."""
_EMPHASIS = LazyPattern(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_ABOUT_SOURCES = LazyPattern(
    r"(?:(?:the|these|your|those) )?(?:given |provided |available )?(?:articles?|sources?|passages?|reports?|excerpts?"
    r"|texts?) (?:provided |given |here )?(?:do|does|did)(?: not|n't|n’t) (?:\w+ )?(?:say|mention|state|specify|tell"
    r"|give|name|report|provide|contain|indicate|explain|describe|include|identify|address)\b",
    re.IGNORECASE,
)
_STOCK_WORDS = (
    ARTICLES
    | BE
    | DEMONSTRATIVES
    | DO
    | QUESTION_WORDS
    | word_set(
        """article articles source sources passage passages report reports reporting excerpt excerpts text texts
        document documents coverage material news context information provided given available retrieved cited above
        below following here here's what's
        say says said tell tells report reports mention mentions describe describes cover covers state states give gives
        list lists show shows explain explains know known find found learn happened happens mean means
        key main important relevant additional further other more full brief quick final overall detailed general
        point points fact facts detail details finding findings takeaway takeaways highlight highlights answer answers
        summary summarised summarized overview breakdown background conclusion conclusions introduction explanation
        short tl dr list timeline
        quote quotes quotation quotations evidence example examples analysis note notes topic question
        step steps next reason reasons result results
        in on of to from for by with and or about according based as per can we you your our it so sum up step"""
    )
)
_BEFORE_TOPIC = word_set("about on regarding concerning")
_MAX_STOCK_WORDS = 14
_LABEL = LazyPattern(r"(?P<label>[^\W\d_][\w ;/-]{1,40}):\s+(?=\S)")
_COURTESY = LazyPattern(
    r"(?:(?:sure|certainly|okay|ok|alright|hello|hi|great|good|thanks|thank you|you['’]re welcome|got it|no problem)\b"
    r"(?:[\s,!.]+(?:thing|question|there|for asking|for your question|again)\b)*[\s!.,]*\Z"
    r"|(?:let me know|feel free|don['’]t hesitate|i hope (?:this|that|it)|i['’](?:m|d be) (?:here|happy|glad)"
    r"|if you (?:have|need|want|would like|['’]d like) (?:any|more|further|additional|me|to know)"
    r"|as an ai|i am an ai|i['’]m an ai|disclaimer: i"
    r"|(?:please )?(?:note|disclaimer)(?: that|:)? (?:this|the|my) (?:answer|response|summary))\b)",
    re.IGNORECASE,
)
_OFFER = LazyPattern(rf"(?:(?:would|do) you (?:like|want|need)|(?:{alternation(MODAL_VERBS)}) I)\b", re.IGNORECASE)


def split_list_mark(text: str) -> tuple[str, str]:
    """Return the list mark and white space in front of a claim, and the claim."""
    mark = LIST_MARK.match(text)
    start = mark.end() if mark else len(text) - len(text.lstrip())
    return text[:start], text[start:]


def is_assertion(text: str, question: str = "") -> bool:
    """Tell whether a sentence, heading or label without its list mark asserts something that could be wrong.

    Args:
        text: It.
        question: The question that it answers: its words may follow a stock phrase, as in "Here is what the articles
            say about the strike:".
    """
    said = Words(_EMPHASIS.sub("", text)).texts
    stock = next((place for place, word in enumerate(said) if word not in _STOCK_WORDS), len(said))
    if stock > _MAX_STOCK_WORDS:
        return True
    if stock == len(said):
        return False
    topic = next((place for place in range(stock, 1, -1) if said[place - 1] in _BEFORE_TOPIC), 0)
    return not topic or joined(said[topic:]) not in joined(Words(question).texts)


def is_question(text: str) -> bool:
    """Tell whether a sentence asks something: what it presupposes ("Why did he take bribes?") cannot be checked."""
    return _EMPHASIS.sub("", text).rstrip(" \"'”’»)]").endswith(("?", "？"))


def is_courtesy(text: str, question: str) -> bool:
    """Tell whether a sentence is chatter ("I hope this helps."), an offer ("Shall I …?"), or ``question`` again."""
    bare = _EMPHASIS.sub("", text).strip()
    return bool(_OFFER.match(bare) or _COURTESY.match(bare)) or Words(bare).texts == Words(question).texts


def without_label(text: str) -> str:
    """Return ``text`` without a label of stock words in front: "Answer: It ended." as "It ended."."""
    bare = _EMPHASIS.sub("", text)
    label = _LABEL.match(bare)
    return bare[label.end() :] if label and _STOCK_WORDS.issuperset(Words(label["label"]).texts) else text


def is_about_sources(text: str) -> bool:
    """Tell whether a sentence states what the articles do not say, which no article can support."""
    return bool(_ABOUT_SOURCES.match(_EMPHASIS.sub("", text.strip())))
