"""Boilerplate: navigation, promotion, credits, bylines and page numbers that remain in extracted text.

Precision comes before recall: a line is boilerplate only when all of it matches a pattern found in real pages.
Patterns are tried on short lines only, which bounds their time.
"""

from __future__ import annotations

import re

from retrieval.structure.lines import INVISIBLE
from retrieval.text.dates import MONTH_PATTERN, WEEKDAY_PATTERN
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import alternation
from retrieval.text.roles import WRITERS

_MAX_LINE_CHARACTERS = 400  # longer lines are content

_MEDIA = (
    r"(?:facebook|twitter|whatsapp|linkedin|e-?mail|print|reddit|pinterest|copy link|link copied|tweet|telegram|tumblr"
    r"|flipboard|messenger|youtube|instagram|comments?|sms)"
)
_AGENCY = (
    r"(?:(?:the )?associated press|reuters|afp|ap photos?|ap|usa today(?: sports)?|getty(?: images)?|epa|upi|bloomberg"
    r"|shutterstock|pixabay|istock|zuma press|redux)"
)
_PATTERNS = (
    # advertisements and the way around them
    r"advertisements?:?(?: ?(?:continue reading|story continues below).{0,60})?",
    r"(?:article|story) continues (?:below|after)\b.{0,40}",
    r"continue reading(?: below| the main story)?|continue reading below",
    r"(?:skip|jump) (?:advertisement|ad|to (?:main )?content)\b.{0,30}",
    # other versions, subscriptions, newsletters
    r"(?:exit|view) mobile version|(?:print|desktop) version|this article is more than \d+ (?:year|month)s? old",
    r"(?:click|tap) here (?:to|for)\b.{0,80}|watch (?:the latest video at\b.{0,60}|live|now):?|watch:",
    r"(?:sign|log) (?:up|in)(?: (?:here|now|today))?|subscribe(?: (?:now|today|here))?",
    r"sign up (?:for|to) .{0,60}\b(?:newsletters?|inbox|alerts|emails?|updates|briefing)\b.{0,80}",
    r"newsletter sign-?up|manage newsletters|subscribe to (?:our|the) .{0,60}",
    r"get .{0,60}\b(?:in|to) your inbox\b.{0,60}",
    # sharing and following
    r"share(?: (?:this|on|via)\b.{0,50})?|share tweet.{0,60}|read or share this story:.{0,80}",
    rf"{_MEDIA}(?:[ ,|/·•]+(?:{_MEDIA}|x|share))*",
    r"(?:like|join|follow|find) us\b[^.!?]{0,90}[.!]?",
    r"-? ?follow @?[\w.'’ -]{1,40} on (?:twitter|facebook|instagram|x)\b.{0,60}",
    r"follow @\w+(?: follow @\w+)*|- follow .{0,80}|contact us at \S{3,60}|send (?:tips|letters) .{0,60}",
    r"write to [^.]{1,60} at \S+@\S+(?: and [^.]{1,60} at \S+@\S+)*|got a (?:news )?tip\b.{0,120}",
    r"(?:\( ?)?(?:want .{5,80}\? )?sign up (?:here|for the .{3,60}|today to receive .{0,120})[.! )*]*",
    r"join us on \S+\.\S+|to submit a (?:letter|comment).{0,160}guidelines\.",
    # notices about the text
    r"(?:this is a rush transcript|the opinions expressed (?:by columnists|here|in this \w+) are).{0,200}",
    r"content created by .{3,60} is available without charge.{0,250}|analysis[/ ]+opinion:?",
    # links elsewhere
    r"(?:read|see|view) (?:more|also|all|next|full (?:story|article)) ?[:.…>»]*",
    r"more(?: on this| from\b.{0,40})? ?(?:\.{3}|…|:)+",
    (
        r"(?:see also|(?:read|watch|see) more|also read|(?:must |now )?watch|more|photos|pictures) ?: .{5,200}"
        r"(?<![.!?…”\"])"
    ),
    r"related(?: (?:video|story|article|coverage))? ?: ?.{5,200}|(?:click|read|see) (?:here )?for more from .{2,60}",
    r"(?:read|see) more from .{2,60}[:.]?|follow (?:our|ap|more|all) .{0,60}coverage .{0,160}",
    # players and their teasers
    r"just watched .{0,190} must watch .{0,190}|related video .{10,380}",
    r".{10,200}[^.!?] Read more",
    r"\( ?(?:photos|watch|see also|video|cartoons|related|more|(?:also|previously) on \w+) ?: .{0,200}\)",
    r"related ?(?:coverage|stories|articles|content|links|posts|topics)? ?:?",
    r"(?:you (?:may|might) also like|recommended|trending|most (?:read|popular)|top stories) ?:?",
    (
        r"(?:prev(?:ious)?|next|back|home|menu|search|back to top)"
        r"(?: ?[|/<>«»·] ?(?:prev(?:ious)?|next|home|menu|search))*"
    ),
    # cookies and rights
    r"(?:we use|this (?:web)?site uses) cookies\b.{0,300}|accept(?: all)? cookies|cookie (?:policy|settings)",
    r"(?:privacy policy|terms (?:of|and) \w+|all rights reserved).{0,60}|(?:©|copyright (?:©|\(c\)|\d{4})).{0,200}",
    # pictures: credits, players, and captions of file photos (of another day than the article)
    rf"image copyright\b.{{0,60}}|(?:image|photo|video|audio|listen|photos) ?:?|\(? ?{_AGENCY} ?\)?",
    rf"[\w .,'’/-]{{2,60}}/ ?{_AGENCY}|\((?:ap photo|photo|image|reuters|afp)[/:] ?.{{2,60}}\)",
    r"(?:enlarge this image )?toggle caption\b.{0,200}|(?:hide|toggle) caption|media playback .{0,390}",
    r"file photos? ?[:–—-].{0,390}|(?:image copyright .{2,60} )?(?:image|media|photo) caption .{3,390}",
    r"(?:photos: .{3,390} )?hide caption \d+ of \d+.{0,200}|.{3,350} hide caption \d+ of \d+.{0,200}",
    r"image (?-i:[A-Z]).{10,300} credit ?(?:\.{3}|…)? ?(?-i:[A-Z]).{2,60}",
    r"facebook twitter pinterest .{3,380}|view (?:photos|slideshow|gallery) .{3,380}",
    # captions that end with their credit
    rf".{{15,350}} ?\([^()]{{2,50}}(?:/ ?| via ){_AGENCY}[^()]{{0,40}}\)",
    rf".{{15,350}} ?\({_AGENCY}(?: file)?(?: photos?)?[/:] ?[^()]{{2,60}}\)",
    r".{15,350} ?\((?:photo(?:graph)?|image|credit|courtesy)s?(?:/video)?(?:[:/]| by| of)[^()]{2,80}\)",
    rf".{{15,350}}[.!?”\"] ?\|? ?(?-i:[A-Z])[\w .'’-]{{2,40}}/ ?{_AGENCY}(?: via {_AGENCY})?(?:,? ?file(?: photo)?)?",
    rf".{{15,350}}[.!?”\"] ?\| ?{_AGENCY}",
    rf".{{15,250}} \| ?(?:(?-i:[A-Z])[\w .'’-]{{2,40}}/ ?)?{_AGENCY} (?-i:[A-Z]).{{10,250}}",
    r".{15,350}[.!?”\"] ?photo(?:graph)?s?(?:/video|/illustration)?(?: by)? ?: ?(?-i:[A-Z]).{1,60}",
    r"\[? ?pullquote ?\]?|loading ?(?:\.{2,3}|…)?|slideshow \(\d+ images?\)|link copied",
    # credits
    r"\(? ?(?:additional )?(?:reporting|writing|editing|compiled|graphics?) by (?-i:[A-Z]).{0,300}",
    r"(?:contributing|contributors?) ?: .{0,120}",
    r".{2,250} contributed to this (?:report|story|article|post|piece) ?\.?(?: from \w+\.?)?",
    r"(?:(?:last )?updated|posted|(?:first )?published) ?(?:[:–-]|\bon|\bat)[\w,.:/ ()+-]{0,20}\d[\w,.:/ ()+-]{0,40}",
    r"\d{1,2} (?:second|minute|min|hour|day|week|month|year)s? (?:ago|read)|\d{1,2} min(?:ute)? read",
    # page numbers
    r"page +\d{1,4}(?: ?(?:of|/) ?\d{1,4})?|[–—-] ?\d{1,4} ?[–—-]",
    r"\d{1,3}(?: ?[–—|·•,-]? \d{1,3}| ?[–—|·•-] ?\d{1,3}){2,} ?(?:…|\.{3})?(?: ?(?:next|last) ?[>»]*)?",
)
_WHOLE = LazyPattern("|".join(_PATTERNS), re.IGNORECASE)
_SEPARATOR = LazyPattern(r"[\W_]+")
_URL = LazyPattern(r"[<(\[]?(?:https?://|www\.)\S+[>)\]]?", re.IGNORECASE)
_DATE = LazyPattern(
    rf"(?:{WEEKDAY_PATTERN},?\s+)?"
    rf"(?:{MONTH_PATTERN}\.?\s+\d{{1,2}},?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH_PATTERN}\.?,?\s+\d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?)?",
    re.IGNORECASE,
)
_NAME = r"(?:[^\W\d_a-z][\w.'’-]{0,25}|de|van|von|al|bin|la|der)"
_BYLINE = LazyPattern(
    rf"(?:[Bb]y|BY)\s+({_NAME}(?:\s+{_NAME}){{1,3}}(?:(?:,\s*|,?\s+(?:and|&)\s+){_NAME}(?:\s+{_NAME}){{1,3}}){{0,4}})"
    r"(?:\s*[,|–—-]\s*[\w .'’,]{1,60}|\s+in\s+[^\W\d_a-z][\w .'’,]{1,40})?"
)
_WRITER = LazyPattern(
    rf"(?:an?|our|the)\s+(?:[\w'’,-]+\s+){{0,6}}?(?:{alternation(WRITERS)})\s+"
    r"(?:who|with|at|for|covering|based|specializing|specialising"
    r"|passionate|focused|focusing|dedicated)\b[^.!?]{0,200}[.!]?",
    re.IGNORECASE,
)


def is_boilerplate(line: str) -> bool:
    """Return whether a whole line is boilerplate: navigation, credits, separators, page numbers."""
    if len(line) > _MAX_LINE_CHARACTERS:
        return _is_separator(line)
    bare = " ".join(line.strip(INVISIBLE + "*_ ").split())
    return not bare or _is_separator(bare) or bool(_WHOLE.fullmatch(bare) or _URL.fullmatch(bare))


def byline(line: str) -> str:
    """Return the names of a line such as "By Jane Doe and John Roe, Staff Writer", or an empty string."""
    found = _BYLINE.fullmatch(line.strip(INVISIBLE + "*_ ")) if len(line) <= _MAX_LINE_CHARACTERS else None
    return found[1] if found else ""


def is_date(line: str) -> bool:
    """Return whether the whole line is a date, with or without a time."""
    return len(line) <= 80 and bool(_DATE.fullmatch(line.strip(INVISIBLE + "*_ ")))


def is_about_the_writer(line: str) -> bool:
    """Return whether a closing line describes its writer with no name: "A journalist who covers science."."""
    return len(line) <= _MAX_LINE_CHARACTERS and bool(_WRITER.fullmatch(line.strip(INVISIBLE + "*_ ")))


def _is_separator(line: str) -> bool:
    return bool(_SEPARATOR.fullmatch(line))
