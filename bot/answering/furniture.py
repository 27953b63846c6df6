"""Sentence furniture: captions, links, calls to the reader, and notes about a text or its writer, in running text.

Lines that are nothing but furniture are no part of a passage (``retrieval.structure.boilerplate``). Of what remains,
among 87,000 sentences of 2,000 news articles, this is what no reader takes for a sentence of the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from retrieval.articles import Hit, Passage, Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import OBJECT_PRONOUNS, POSSESSIVE_DETERMINERS, alternation, word_set
from retrieval.text.roles import WRITERS

_MEDIA = r"(?:facebook|twitter|instagram|youtube|tiktok|linkedin|snapchat|telegram|whatsapp)"
_TEXT = r"(?:story|article|report|post|piece|column|op-ed|essay|transcript|interview|headline|version|page|blog)"
_WRITER = (
    rf"(?:{alternation(WRITERS - {'author'})}|novelist|podcaster"
    r"|(?:research|senior|visiting|policy|distinguished|media|resident|adjunct) fellow|fellow (?:at|of|with|in)"
    r"|professor (?:of|at|in)|author of|(?:co-)?host of|co-author of|(?:policy|political|legal) analyst)"
)
_PERSON = alternation(OBJECT_PRONOUNS - {"it", "you"})
_CONTACT = r"(?:follow|like|join|find|contact|reach|e-?mail|write(?: to)?|tweet)"
_MEDIA_OPENINGS = (
    # players, galleries and links
    r"(?-i:(?:CLOSE|PHOTOS|VIDEO|WATCH|LIVE|FILE)(?: -)? [A-Z]\w*|Image [A-Z]\w+ [A-Z]\w+)",
    r"(?:close|watch|play|now playing:?) video",
    r"just watched|replay more|must watch|more videos|story highlights|chat with us|(?:photo|video) gallery",
    r"(?:read|see|watch|more|also|listen|related|exclusive|breaking|videos?|photos?|gallery|live)(?: \w+){0,3} ?:",
    r"read (?:more|the (?:full|rest|entire|whole|original)|our|also|next|this|about|his|her)",
    r"see (?:also|more|the (?:full|best|latest|photos)|our|photos)|view (?:all|the|our|more|this|slideshow|\w+'s)",
    r"watch (?:the|this|live|now|our|more|cnn|fox|video|below|above|it|him|her|here|again)",
    r"listen (?:to|here|now|live)|click|tap (?:here|to)|scroll|download|check out|visit (?:our|the|us|www|\w+\.\w+)",
    r"(?:hide|show|toggle) caption|slideshow|enlarge this image|media playback|(?:image|media) (?:copyright|caption)",
    r"advertisement|story continues|continue reading|skip (?:ad|to)|loading|(?:getty|ap) images?|file photo",
    r"coming up|we(?:'ll| will) be (?:right )?back|stay (?:tuned|with us|connected)|more (?:from|stories|at) \w+",
    r"for more (?:information|on|from|of|coverage|news|about|stories|details)",
    # subscriptions and accounts
    r"sign (?:up|in)|(?:un)?subscribe|by (?:signing up|subscribing|clicking)",
    r"you (?:must select|may (?:unsubscribe|opt))",
    r"you (?:can|may) (?:also )?unsubscribe|you(?:'ve| have) (?:been )?(?:subscribed|signed up)|invalid e-?mail",
    r"thank(?:s| you) for (?:subscribing|reading|signing|your|watching|listening)|an error (?:has )?occurred",
    r"please (?:try again|check|enter|verify|enable|sign|click|see|e-?mail|note|consider|upgrade|re-?enter|read)",
    r"already (?:a subscriber|have an account)|create (?:an|your) account|we(?:'re| are) having trouble",
    r"get (?:our|the (?:latest|best|day's|morning|daily|most|news)|breaking|alerts|unlimited|it (?:on|in))",
    r"get \w+ (?:news )?(?:updates|alerts|in your)|want \w+ news|newsletter",
    r"support (?:our|independent|\w+'s journalism)|donate|become a (?:member|subscriber|supporter)",
    # calls to the reader
    rf"{_CONTACT} (?:{_PERSON}|the (?:author|writer))",
    rf"{_CONTACT} .{{1,60}} (?:on {_MEDIA}|(?:on|at) \S{{0,30}}@)",
    r"(?:tell|send|give|ask) us|let us know|share(?: with)? us|share (?:your|this|on)",
    r"(?:have|got) (?:a (?:tip|question|story))",
    r"do you (?:agree|have (?:a|an|any|something))|what do you think|leave (?:a|your) comment",
    r"comments? (?:are|is) closed",
    r"join the (?:conversation|discussion|debate)|(?:learn|find out|read) more|now it(?:'s| is) your turn",
    r"to (?:comment|submit|(?:learn|find out|read) more|contact|subscribe|see)\b.{0,60}\b(?:visit|go to|click|e-?mail)",
)
_TEXT_OPENINGS = (
    # about the text
    r"(?:last )?(?:updated|posted|published|modified|revised) .{0,30}\d+|updated? ?(?:at|\d+|:|\()",
    r"editor(?:'s|s'|s)? note",
    r"(?:correction|clarification|notes?|disclosure|source|methodology|credit|graphic|chart|map|data|key) ?:",
    r"disclaimer",
    r"(?:a |an )?(?:version|portion) of this|this (?:transcript|content (?:was|is)|material)|illustration",
    r"this is (?:an? )?(?:rush|breaking|developing|updated|adapted|opinion|part|one of|the (?:first|second|last))",
    r"(?:the )?(?:views|opinions) expressed",
    r"(?:with )?(?:files|reporting) from (?:the )?(?:associated press|reuters|ap|afp)",
    r"(?:additional )?(?:reporting|editing|writing|compiled|translated|produced|graphics?) by (?-i:[A-Z]\w+)",
    r"by (?-i:[A-Z][\w.'-]+ [A-Z][\w.'-]+),? (?:\||for|special)",
)
_OPINIONS = r"(?:views|opinions) (?:expressed|are (?:his|her|their|those))"
_MEDIA_ANYWHERE = {
    # pictures
    "photo": r"\bphotos?: (?-i:[A-Z])|\b\d+ of \d+ photos\b|ap photos?\b|file photo\b"
    r"|\bphoto (?:released|provided|taken)\b|photo(?:graph)?s? (?:by|courtesy|credit|illustration)\b",
    " caption": r"(?:hide|toggle|show) caption",
    "story highlights": r"story highlights",
    "getty images": r"getty images",
    "/": r"reuters/(?! ?ipsos)|/ ?(?:ap|reuters|afp|epa|upi|getty|politico)\b(?! ?(?:ipsos|poll|/))",
    "(": r"\((?:photo|image|credit|file)\b|\((?:left|right|center|centre|above|pictured|top|bottom|below)\)",
    "courtesy of ": r"courtesy of [^.]{0,60}\)",
    "prop styling": r"prop styling",
    "hair and makeup": r"hair and makeup",
    " be ": r"(?:can|may) be (?:reached|contacted|e-?mailed|followed) (?:at|on|by|via|through)",
    "follow ": rf"follow (?:{_PERSON}|@)",
    "newsletter": r"newsletters? (?:here|now|today|sign)\b",
    "mail": r"e-?mails? sign ?-?up",
    " your inbox": r"(?:in|to) your inbox",
    "subscribe ": r"subscribe (?:here|now|today|to our)|subscribe to [^.]{0,40}\bnewsletter",
    "sign up ": r"sign up (?:here|now|today|for (?:our|this) [^.]{0,20}\bnewsletter)",
    "tagged under": r"this \w+ tagged under",
    "follow our ": r"follow our [^.]{0,40}\bcoverage",
    "click ": r"click (?:here|on the|to (?:see|read|watch|view|listen|enlarge|expand|share))",
    "check out ": rf"\bcheck out (?:{alternation(POSSESSIVE_DETERMINERS)}|the full|this)\b",
    # rights, rules and thanks
    "all rights reserved": r"all rights reserved",
    "©": r"©",
    "copyright ": r"copyright \d",
    "may not be ": r"may not be (?:re)?(?:published|produced|written|printed|distributed|broadcast)",
    "cookie": r"cookie policy|use of cookies",
    "privacy policy": r"privacy policy",
    "recaptcha": r"recaptcha",
    "your browser": r"your browser",
    "javascript": r"javascript",
    "our journalism": r"support(?:ed)? (?:for )?our journalism",
    "contribut": r"contribut(?:ed|ing) (?:to this|reporting|from|research)"
    r"|^\W*(?-i:(?:[A-Z][\w.'-]+,? (?:and )?){2,6}contributed\.?$)",
    " not necessarily ": r"do(?:es)? not necessarily (?:reflect|represent)",
    "views ": _OPINIONS,
    "opinions ": _OPINIONS,
}
"""What media elements contain -> pattern. Looking for the first, in lower case, is a tenth of the work."""
_TEXT_ANYWHERE = {
    # addresses, of which a quoted post has one, too
    "pic.twitter": r"pic\.twitter",
    "http": r"https?:",
    "www.": r"www\.",
    "bit.ly": r"bit\.ly",
    "t.co/": r"t\.co/",
    "@": r"\(@\w|— .{2,60} @\w|(?:on|via) (?:twitter|facebook),? ?@",
    "[e": r"\[e-?mail",
    # about the text
    " been updated ": r"(?:has|have) been updated (?:to|with) (?:reflect|include)",
    "this ": rf"\bthis {_TEXT} (?:(?:has been|was|is|will be) (?:\w+ )?(?:updated|corrected|clarified|adapted|edited"
    r"|(?:re)?p(?:ublish|ost|rint)ed|excerpted|produced)"
    r"|appeared (?:in|on|at)|misstated|misspelled|misidentified|incorrectly)\b",
    **{
        f" {when} ": rf"\b{_TEXT},? (?:(?:was |has )?{when} (?:appeared|ran|published|posted)"
        rf"|{when} (?:reported|stated|said|misstated|identified))\b"
        for when in ("originally", "first", "previously", "initially")
    },
    " version of ": rf"\b(?:previous|earlier|revised|longer|shorter) version of (?:this|the) {_TEXT}\b",
}
"""The same of notes about a text."""


def _opening(patterns: Iterable[str]) -> LazyPattern:
    return LazyPattern(rf"[\W_]*(?:{'|'.join(patterns)})(?:(?<=[:(])|(?!\w))", re.IGNORECASE)


def _anywhere(patterns: Mapping[str, str]) -> tuple[tuple[str, LazyPattern], ...]:
    return tuple((mark, LazyPattern(each, re.IGNORECASE | re.DOTALL)) for mark, each in patterns.items())


_FURNITURE = _opening((*_MEDIA_OPENINGS, *_TEXT_OPENINGS)), _anywhere(_MEDIA_ANYWHERE | _TEXT_ANYWHERE)
_SEEN_IN = r"\b(?:seen|pictured|shown) in (?:a|an|this) (?:\w+ )?(?:handout|file|undated)\b"
_PAGE_ELEMENT = (
    _opening(_MEDIA_OPENINGS),
    _anywhere(_MEDIA_ANYWHERE | dict.fromkeys(("handout", "file", "undated"), _SEEN_IN)),
)
_BIOGRAPHY = LazyPattern(
    r"\W*(?!there\b|that\b|this\b|it\b)(?:(?-i:(?:[A-Z][\w.'-]*,? ){1,5})"
    r"|(?:(?:the )?(?:author|writer)|he|she|(?:mr|ms|dr)\. \w+) )"
    r"(?:[^,.]{0,60}, )?(?:is|covers|writes|teaches|reports) (?:(?:currently|also|now) )?"
    rf"(?:(?:an?|the|our|one of) )?(?:[\w'.,&-]+ ){{0,8}}?{_WRITER}\b",
    re.IGNORECASE,
)
_SPEAKER_TAG = LazyPattern(
    r"\W*(?:[A-Z][A-Z.'-]+(?:,? [A-Z][A-Z.'-]+){0,4}(?: ?\([^()]{1,40}\))?|[QA]|Q\.|A\.|Question|Answer) ?:"
    r"|\[[A-Z ]{3,60}\]|\[[a-z ]{3,60}\]|\([A-Z ]{6,60}\)|archived recording"
)
_LISTED = (
    (LazyPattern(r" \| "), LazyPattern(r"\S \| \S")),
    (LazyPattern(r"\d[\d,.]{0,12}%?\s{1,3}\d"), LazyPattern(r"(?:\b\d[\d,.]{0,12}(?<![,.])%?\s{1,3}){4}")),
    (LazyPattern(r"MORE"), LazyPattern(r"\bMORE\b(?! [A-Z]{2})")),
    (LazyPattern(r"[A-Z]{2}[ ,]{1,2}[A-Z]{2}"), LazyPattern(r"(?:\b[A-Z]{2,}\b[ ,]{1,2}){4}")),
    (LazyPattern(r"handout|file|undated"), LazyPattern(_SEEN_IN)),
)
"""What rows and captions contain -> their pattern. Looking for the first is a fifth of the work."""
MIN_DOUBLED, MAX_DOUBLED = 3, 12
"""Words of the caption, or its title, that a gallery repeats."""
_CREDIT_BEHIND = LazyPattern(
    r"[ \t]*\((?:(?:file )?photos?(?::| by )[^()\n]{1,80}|[^()\n]{0,60}\bAP photo\b[^()\n]{0,60}"
    r"|[^()\n]{1,60}/(?:reuters|ap|afp|epa|upi|getty|bloomberg|usa today)\b[^()\n]{0,40}"
    r"|[^()\n]{1,60}\bvia (?:ap|reuters|afp)|[^()\n]{1,60}\b(?:file|staff|handout) photo)\)",
    re.IGNORECASE,
)
"""The credit in parentheses behind a caption."""
_MARKUP = LazyPattern(r"\W*<[a-z]+[ >/]")
_MAX_NAMES = 30
"""Words of the longest run of capitalised ones that a sentence has; a longer one is a form's choices."""
_BETWEEN_NAMES = word_set("and of the")
_SHOUTED = 0.6
"""Share of capitals among the letters of a sentence from which it is a banner."""


def _is_like(plain: str, kind: tuple[LazyPattern, tuple[tuple[str, LazyPattern], ...]]) -> bool:
    """Return whether a sentence begins as furniture of a kind does, or contains what only that does."""
    opening, anywhere = kind
    if opening.match(plain):
        return True
    lowered = plain.lower()
    return any(pattern.search(plain) for mark, pattern in anywhere if mark in lowered)


def _is_doubled(words: Sequence[str]) -> bool:
    """Return whether some words are followed by the same again, as in the captions of a gallery."""
    if len(words) - len(set(words)) < MIN_DOUBLED:
        return False
    runs = list(zip(*(words[at:] for at in range(MIN_DOUBLED)), strict=False))
    if len(set(runs)) == len(runs):
        return False
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        for before in reversed(earlier := places.setdefault(word, [])):
            if (size := at - before) > MAX_DOUBLED:
                break
            if size >= MIN_DOUBLED and words[before:at] == words[at : at + size]:
                return True
        earlier.append(at)
    return False


def is_furniture(sentence: str) -> bool:
    """Return whether a sentence is page furniture.

    That is a caption or credit, a link, a call to the reader, a note about the text or its writer, what a transcript
    puts behind a speaker's tag, a banner in capitals, or a run of figures or links.
    """
    plain = sentence.replace("’", "'")
    letters = list(filter(str.isalpha, plain))
    return (
        _is_like(plain, _FURNITURE)
        or any(pattern.match(plain) for pattern in (_BIOGRAPHY, _SPEAKER_TAG))
        or any(mark.search(plain) and pattern.search(plain) for mark, pattern in _LISTED)
        or _is_doubled(plain.split())
        or sum(map(str.isupper, letters)) > _SHOUTED * len(letters)
    )


def is_page_element(sentence: str) -> bool:
    """Return whether a sentence is of the page and not of its text, so that it answers nothing.

    That is a caption or credit, a link, a call to the reader, a form's choices or markup. Of furniture, notes about the
    text, its writer's biography, speakers' tags and rows of figures may answer a question for a fact.
    """
    plain = sentence.replace("’", "'")
    words = plain.split()
    return (
        _is_like(plain, _PAGE_ELEMENT)
        or _MARKUP.match(plain) is not None
        or _is_doubled(words)
        or (len(words) > _MAX_NAMES and _names_in_a_row(words) > _MAX_NAMES)
    )


def _names_in_a_row(words: Sequence[str]) -> int:
    """Return the length of the longest run of capitalised words without punctuation between them."""
    longest = run = 0
    for word in words:
        run = run + 1 if (word[0].isupper() and word.isalpha()) or (run and word in _BETWEEN_NAMES) else 0
        longest = max(longest, run)
    return longest


def is_credited(passage: Passage, span: Span) -> bool:
    """Return whether a picture's credit stands behind a sentence of a passage, so that it is its caption.

    Args:
        passage: The passage.
        span: The sentence's characters in the article.
    """
    return _CREDIT_BEHIND.match(passage.text[span.end - passage.span.start :]) is not None


def citable_hit(hit: Hit) -> Hit:
    """Return a hit whose passage has no page elements among its sentences; its text and places are unchanged."""
    return replace(hit, passage=_citable_passage(hit.passage))


@lru_cache(maxsize=4096)
def _citable_passage(passage: Passage) -> Passage:
    kept = tuple(
        span for span in passage.sentences if not (is_page_element(passage.text_of(span)) or is_credited(passage, span))
    )
    return passage if len(kept) == len(passage.sentences) else replace(passage, sentences=kept)
