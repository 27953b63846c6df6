"""Folding: a text without differences of typography, with the original offsets of every character.

:func:`fold` returns the folded text; :class:`Words` its words, as quotations are compared: words with their inner
apostrophes, whole numbers, and signs that change a number. Unlike :mod:`retrieval.text.analyzer` nothing is stemmed or
left out. :data:`FOLDS` names each fold for reports. There is no NFKC over the whole string: it would turn ½ into 1⁄2
and ™ into TM.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retrieval.articles import Span
from retrieval.text.analyzer import UNSPACED
from retrieval.text.lazy_pattern import LazyPattern

FOLDS = {
    "case": "upper and lower case",
    "quotes": "curly, straight, angle and low quotation marks",
    "apostrophes": "an apostrophe added, left out or of another shape",
    "dashes": "hyphens and dashes of any length",
    "ellipsis": "… and three dots",
    "spaces": "no-break, thin and other spaces",
    "zero_width": "characters without width",
    "soft_hyphen": "soft hyphens",
    "line_hyphen": "a word hyphenated at a line's end",
    "ligatures": "ﬁ, ﬂ and their like",
    "width": "full-width letters",
    "composition": "an accent as a character of its own",
    "markup": "HTML entities and tags, Markdown links and emphasis",
    "punctuation": "other punctuation",
}
"""Every fold by its name, in words for a person."""

DOUBLE_MARKS = '"“”„‟«»‹›〝〞「」『』＂'
SINGLE_MARKS = "'‘’‚‛`´ʼ＇"
DASHES = "-‐‑‒–—―−﹘﹣－"
ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069"
SPACES = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085"

_ONE = {
    **dict.fromkeys(DOUBLE_MARKS, '"'),
    **dict.fromkeys(SINGLE_MARKS, "'"),
    **dict.fromkeys(DASHES, "-"),
    "ς": "σ",
}
_PLAIN = LazyPattern(f"[{re.escape(''.join(char for char in _ONE if not char.isascii()))}`{SPACES}]|[\t\n\r\x0b\x0c]")
_ENTITY = r"&(?:amp;)*(?:\#\d{1,7}|\#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});"
_TAG = r"</?(?:a|abbr|b|blockquote|br|cite|em|i|mark|p|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?/?>"
_LINK = r"\]\((?:https?:|mailto:|www\.|[/\#])[^()\s]{0,500}\)"
MARKUP = LazyPattern(rf"{_ENTITY}|{_TAG}|{_LINK}", re.IGNORECASE)
"""Markup between words: HTML entities, inline tags, the second half of a Markdown link."""

_LINKED = LazyPattern(rf"\[([^\[\]]*){_LINK}", re.IGNORECASE)
_BREAK = LazyPattern(r"</?(?:br|p|blockquote)\b", re.IGNORECASE)
_EMPHASIS = LazyPattern(r"(?<!\w)[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?!\w)")
_LINE_END = LazyPattern(r"[-‐][ \t]*\r?\n")
_LINE_HYPHEN = r"(?<=[^\W\d_])[-‐][ \t]*\r?\n\s*(?=[^\W\d_])"
_SINGLE = rf"[{ZERO_WIDTH}\u00ad]|…|[\ufb00-\ufb06\uff01-\uff5eİ](?![\u0300-\u036f])"
_SPECIAL = LazyPattern(rf"{_LINE_HYPHEN}|(?i:{_ENTITY}|{_TAG}|{_LINK})|{_SINGLE}|[^\W_][\u0300-\u036f]+|\u0345")
_MAX_COMPARED = 20_000  # characters whose differences are named
_HINT = LazyPattern(rf"[{ZERO_WIDTH}\u00ad…\ufb00-\ufb06\uff01-\uff5eİ\u0300-\u036f&<]")


def _is_plain(text: str) -> bool:
    """Return whether :data:`_SPECIAL` surely matches nowhere; a fraction of the time of a search."""
    if "](" in text or ("\n" in text and _LINE_END.search(text)):
        return False
    return not ({"&", "<"} & set(text)) if text.isascii() else not _HINT.search("".join(set(text)))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.

    Attributes:
        text: In lower case, with one shape of each mark.
        offsets: For each folded character, the original offset of the first character it replaces; and the
            original's length at the end.
        ends: For each folded character, the original offset after the last character it replaces.
    """

    text: str
    offsets: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Return the original span of the folded characters ``[start, end)``."""
        if start == end:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.ends[end - 1])


def fold(text: str) -> Folded:
    """Return ``text`` folded; idempotent on ``Folded.text``, unless there was markup inside markup."""
    if _is_plain(text):
        return Folded(_fold_plain(text), range(len(text) + 1), range(1, len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    position = 0
    for special in _SPECIAL.finditer(text):
        start, end = special.span()
        pieces.append(_fold_plain(text[position:start]))
        offsets.extend(range(position, start))
        ends.extend(range(position + 1, start + 1))
        piece = _fold_special(special.group())
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        ends.extend([end] * len(piece))
        position = end
    pieces.append(_fold_plain(text[position:]))
    offsets.extend(range(position, len(text) + 1))
    ends.extend(range(position + 1, len(text) + 1))
    return Folded("".join(pieces), offsets, ends)


def differences(quote: str, source: str) -> tuple[str, ...]:
    """Return the names of the folds by which two texts of the same words differ, in the order of :data:`FOLDS`."""
    if quote == source:
        return ()
    tests: dict[str, Callable[[str], str]] = {
        "markup": _without_markup,
        "case": _caseless,
        "quotes": lambda text: re.sub(f"[{DOUBLE_MARKS}{SINGLE_MARKS}]", "'", text),
        "dashes": lambda text: re.sub(f"(?:(?<!\\s)\\s++)?[{DASHES}]+\\s*", "-", text),
        "ellipsis": lambda text: re.sub(r"(?:(?<!\s)\s++)?(?:…|\.(?:\s?\.){1,}+)\s*", "…", text),
        "spaces": lambda text: re.sub(f"[{SPACES}]", " ", text),
        "zero_width": lambda text: re.sub(f"[{ZERO_WIDTH}]", "", text),
        "soft_hyphen": lambda text: text.replace("\u00ad", ""),
        "ligatures": lambda text: re.sub("[\ufb00-\ufb06]", lambda hit: _fold_special(hit.group()), text),
        "width": lambda text: re.sub("[\uff01-\uff5e]", lambda hit: unicodedata.normalize("NFKC", hit.group()), text),
        "composition": lambda text: unicodedata.normalize("NFC", text),
    }
    left, right = (re.sub(_LINE_HYPHEN, "", text) for text in (quote, source))
    named = ["line_hyphen"] if (left, right) != (quote, source) and _broken(quote) != _broken(source) else []
    left, right = _one_space(left), _one_space(right)
    for name, undo in tests.items():
        before = (left, right)
        after = _one_space(undo(left)), _one_space(undo(right))
        if after != before and _distance(*after) < _distance(*before):
            named.append(name)
            left, right = after
        if left == right:
            break
    if left != right:
        named.extend(_rest(left, right))
    return tuple(name for name in FOLDS if name in named)


def _broken(text: str) -> int:
    return len(re.findall(_LINE_HYPHEN, text))


def _rest(left: str, right: str) -> list[str]:
    """Return the names of the remaining differences: apostrophes inside words, other punctuation."""
    apostrophe = re.compile(f"(?<=\\w)[{SINGLE_MARKS}](?=\\w)")
    bare = apostrophe.sub("", left), apostrophe.sub("", right)
    if bare[0] == bare[1]:
        return ["apostrophes"]
    return ["punctuation", "apostrophes"] if _distance(*bare) < _distance(left, right) else ["punctuation"]


def _distance(left: str, right: str) -> int:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 (only needed when texts differ)

    return int(Levenshtein.distance(left[:_MAX_COMPARED], right[:_MAX_COMPARED]))


def _one_space(text: str) -> str:
    return re.sub(r"[ \t\r\n\x0b\x0c]+", " ", text)


def _caseless(text: str) -> str:
    return text.lower().replace("ς", "σ")


def _fold_plain(text: str) -> str:
    lower = text.lower()
    return _PLAIN.sub(lambda found: _ONE.get(found.group(), " "), lower)


def _without_markup(text: str) -> str:
    plain = _LINKED.sub(r"\1", text)
    return _EMPHASIS.sub("", MARKUP.sub(lambda hit: _unmarked(hit.group()), plain))


_LINK_OPENS = LazyPattern(rf"!?\[(?=[^\[\]]{{0,500}}{_LINK})", re.IGNORECASE)


@lru_cache(maxsize=8)
def blank_markup(text: str) -> str:
    """Return a text of the same length in which spaces stand for markup between words, so that offsets keep.

    An entity is its one character, next to the word it opens or closes: ``&quot;Yes&quot;`` is a quotation.
    """
    if not _MAY_BE_MARKED.search(text):
        return text
    plain = _LINK_OPENS.sub(lambda hit: " " * len(hit.group()), text)
    plain = MARKUP.sub(_blanked, plain)
    plain = _CHAT_MARKUP.sub(lambda hit: " " * len(hit.group()), plain)
    return _STRESS.sub(lambda hit: " " * len(hit.group()), plain)


_MAY_BE_MARKED = LazyPattern(r"[*_~|&<\[]|://|:\w{2,32}:|^[ \t]*-#", re.MULTILINE)
_CHAT_MARKUP = LazyPattern(
    r"<(?:@[!&]?|[#:]|a:|t:|id:|/)[^<>\n]{1,100}>|<?https?://[^\s<>]{1,2000}>?|(?<![\w:]):[a-z]\w{1,31}:(?![\w:])"
    r"|\[\^?\d{1,3}\]|^[ \t]*-#(?=[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
"""What is beside the words of a message: mentions, channels, emoji, times, addresses, numbers of notes, small print."""
_STRESS = LazyPattern(r"(?<!\w)(?:[*_~]{1,3}|\|\|)(?=\S)|(?<=\S)(?:[*_~]{1,3}|\|\|)(?!\w)")
"""Emphasis, deletion and spoilers; a backtick may be half a quotation mark."""


def _blanked(found: re.Match[str]) -> str:
    markup = found.group()
    character = html.unescape(markup) if markup.startswith("&") else ""
    if len(character) != 1 or character.isspace():
        return " " * len(markup)
    before = found.string[max(0, found.start() - 1) : found.start()]
    opens = not before or before.isspace() or before in "([>—–-"
    return character.rjust(len(markup)) if opens else character.ljust(len(markup))


def _unmarked(markup: str) -> str:
    """Return the text of markup: an entity's characters, nothing for a tag, the bracket of a link."""
    if markup.startswith("<"):
        return " " if _BREAK.match(markup) else ""
    if markup.startswith("]"):
        return "]"
    while (plain := html.unescape(markup)) != markup and MARKUP.fullmatch(plain):
        markup = plain
    return plain


def _fold_special(special: str) -> str:  # noqa: PLR0911 (one return a kind)
    if special[0] in "&<]":
        plain = _unmarked(special)
        return plain.lower() if plain == special else fold(plain).text
    if special == "…":
        return "..."
    if special == "İ":
        return "i"
    first = special[0]
    if "\ufb00" <= first <= "\ufb06":
        return unicodedata.normalize("NFKC", first).replace("ſ", "s").lower()
    if "\uff01" <= first <= "\uff5e":
        plain = unicodedata.normalize("NFKC", first).lower()
        return _ONE.get(plain, plain)
    if len(special) > 1 and unicodedata.combining(special[1]):
        return unicodedata.normalize("NFC", special.replace("İ", "I")).lower()
    return ""


_MINUS = r"(?<![^\s(])-(?=[$€£¥]?\d)"
WORD = LazyPattern(
    rf"[{UNSPACED}]|\d+(?:[.,]\d+)*(?:[^\W\d_{UNSPACED}]+)?|[^\W_{UNSPACED}]+(?:'[^\W_{UNSPACED}]+)*|[$€£¥₹%°½¼¾]|{_MINUS}"
)
_PREFETCHED = 200  # words located beyond the one asked for: those around a quotation are asked for next
_GROUPED = LazyPattern(r"(?<=\d),(?=\d{3}(?!\d))")


class Words:
    """The words of a text, each with its original span.

    Attributes:
        source: The original text.
        folded: Its folding.
        texts: The words, folded; digit groups without their commas.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.folded: Folded = fold(source)
        self.texts: list[str] = [_plain(word) for word in WORD.findall(self.folded.text)]
        self._places: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def joined(self) -> str:
        """The words without apostrophes, with spaces around each, for ``str.find``."""
        return joined(self.texts)

    def span(self, first: int, last: int) -> Span:
        """Return the original span of the words ``[first, last)``."""
        if len(self._places) < last:  # not all of an article: most are never asked for
            wanted = itertools.islice(WORD.finditer(self.folded.text), last + _PREFETCHED)
            self._places = [found.span() for found in wanted]
        return self.folded.span(self._places[first][0], self._places[last - 1][1])

    def original(self, index: int) -> str:
        """Return a word as written in the text."""
        return self.span(index, index + 1).of(self.source)

    def runs(self, run: str) -> Iterator[int]:
        """Yield the number of the first word of each occurrence of ``run`` (from :func:`joined`)."""
        return runs(run, self.joined)


def joined(texts: list[str]) -> str:
    """Return words as one string to search: no apostrophes, a space before and after each."""
    return f" {' '.join(texts)} ".replace("'", "")


def runs(run: str, words: str) -> Iterator[int]:
    """Yield the number of the first word of each occurrence of ``run`` in ``words``, both from :func:`joined`."""
    place = words.find(run)
    while place >= 0:
        yield words.count(" ", 0, place + 1) - 1
        place = words.find(run, place + 1)


def _plain(word: str) -> str:
    return _GROUPED.sub("", word) if "," in word else word
