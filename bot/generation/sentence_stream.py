"""Sentence stream: a model's streamed text as whole sentences with their citation markers.

A sentence is complete when the splitter sees it end and the next one begin, or at once where its marker stands before
its full stop, as the prompt asks: nothing that comes later can change it. What a sentence is does not depend on how
the text was cut into chunks: characters are taken one by one.
Invented links and Markdown emphasis are removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from bot.answers import Form
from bot.generation.citation_markers import CitationMarker
from retrieval.articles import Span
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.sanitize import clean
from retrieval.text.sentences import MAX_SENTENCE, sentences

_LABELLED = LazyPattern(r"!?\[(?P<label>[^\]\n]{0,300}+)\]\(\s*+<?(?P<url>[^)\s>]{0,2000}+)>?[^)\n]{0,200}+\)")
_URL = LazyPattern(
    r"<?\b(?:(?:https?|ftp|file|data|javascript|mailto|discord|slack|tg)\s*:(?=\S)|www\.)[^\s<>\"“”]+>?"
    r"|<?\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,9}\.[a-z]{2,24}/[^\s<>\"“”]*>?",  # labels as DNS has them (RFC 1035)
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}’”'\"*_"
_EMPTY = LazyPattern(
    r"[(\[<](?:\s|[,;:&.]|\b(?:see|also|and|cf|in|from|sources?|articles?|passages?)\b)*[)\]>]", re.IGNORECASE
)
"""Brackets in which there was a link or a pointer."""
_POINTER = LazyPattern(r"\s?[\[【]\s*\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*[\]】]")
_ICONS = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_ICON_ENDS = LazyPattern(rf"\A[{_ICONS}\s]+|(?<![{_ICONS}\s])[{_ICONS}\s]+\Z")
"""Arrows, ticks, crosses and emoji around a sentence, which may deny or judge it."""
_IMAGE = LazyPattern(r"!\[[^\]\n]{0,300}+\]\([^)\n]{0,2000}+\)")
_STRONG = LazyPattern(r"\*\*|__")
_EMPHASIS = LazyPattern(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_TWO_STOPS = LazyPattern(r"(?<=[^\W\d_]\.)\.\Z")  # "the U.S. [kqzt-1]."
_COMMAS_LEFT = LazyPattern(r"(?<![\s,;])[\s,;]++(?=[.!?](?:\s|\Z))|(?<=[.!?…])[\s,;]++\Z")
"""What is left of "on Tuesday [kqzt-1], [kqzt-2]."."""
_SPACE_BEFORE = LazyPattern(r"(?<!\s)\s+([.,;:!?])(?=\s|\Z)")


def tidy(text: str, links: Collection[str], source: str = "", *, pointed: bool = False) -> tuple[str, int]:
    """Return a sentence on one line without emphasis, links and what cannot be seen, and how many links it had.

    A link stays only when its address is one of ``links``; the label of one that goes is kept, an image's is not. Icons
    around the sentence go, and bracketed numbers that look like citations.

    Args:
        text: The sentence.
        links: The addresses that stay.
        source: The passages' text: bracketed numbers that occur there stay.
        pointed: Whether citation markers were taken out of the sentence: brackets left empty go.
    """
    words, removed = _IMAGE.subn("", clean(text))

    def labelled(found: re.Match[str]) -> str:
        nonlocal removed
        if found["url"] in links:
            return f"{found['label']} ({found['url']})"
        removed += 1
        return found["label"]

    def bare(found: re.Match[str]) -> str:
        nonlocal removed
        whole = found.group()
        url = whole.strip("<>").rstrip(_TRAILING)
        url += ")" * (url.count("(") > url.count(")"))
        if url in links:
            return whole
        removed += 1
        return whole.strip("<>")[len(url) :]

    words = _ICON_ENDS.sub("", words.replace("`", ""))
    words = _URL.sub(bare, _LABELLED.sub(labelled, words))
    words = _EMPTY.sub("", words) if removed or pointed else words
    words = _POINTER.sub(lambda found: found.group() if found.group().strip() in source else "", words)
    words = _TWO_STOPS.sub("", words.rstrip())
    words = _EMPHASIS.sub(r"\2", _STRONG.sub("", words))
    words = _SPACE_BEFORE.sub(r"\1", _COMMAS_LEFT.sub("", words)) if removed or pointed else words
    return " ".join(words.split()), removed


_BULLETS = "*•–+◦▪●○‣·➢➤→✓✔✅❌☑👉🔹🔸"
_LEAD = LazyPattern(
    r"[^\S\n]*(?=[^\w\s]|[0-9(])(?P<quote>(?:>[^\S\n]?){0,9})(?:(?P<heading>#{1,6})[^\S\n]+"
    rf"|(?P<item>[-{_BULLETS}]\ufe0f?|\(?[0-9]{{1,3}}[.)]|\([a-z]\))[^\S\n]+(?:\[[ xX✓]\][^\S\n]+)?)?"
)
_OPENER = LazyPattern(rf"[-{_BULLETS}#|>`0-9\n]")
_SHORT_LINE = 60
"""Characters of a line that the next one does not go on unless it begins in lower case: a label, a title."""
_REFERENCES = LazyPattern(
    r"(?:(?:the|list of|works|key|main|further)\s+)?(?:sources?|references?|citations?|cited|bibliography|footnotes?"
    r"|reading|links?|articles? (?:cited|used)|see(?: also)?)(?:\s+(?:cited|used|list|articles?|consulted))?"
    r"(?:\W|\bthe article\b|\band\b)*\Z",
    re.IGNORECASE,
)
"""A line, or the heading of a list, of sources; the pointers are taken out of it."""
_END = LazyPattern(r"[.!?…][\"”’»)\]*_]*\Z")
_DONE = LazyPattern(r"(?<!\.\.)(?<![\W\d_][^\W\d_])(?<![\W\d_])[.!?]\s*\Z")
_INNER_END = LazyPattern(r"[.!?…][\"”’»)\]*_]*\s")
_QUOTED_END = LazyPattern(r"[\"”’»][*_)\]]*\Z")
_FENCE = "```"
_BOLD_LINE = LazyPattern(r"(\*\*|__)(?P<text>.{1,80}?):?\1:?\Z")
_AFTER_QUOTE = 7
"""Words after a quotation's end that show whether "… she said" goes on: the splitter looks at five and a verb."""
_PROBE = " Then there was more."
_LONGEST_CODE = 4_000  # characters of a code block or a table's row
_LONGEST_HELD = 3 * MAX_SENTENCE
"""Characters without white space after which the splitter is asked: it cuts them into three sentences at least."""
_LONGEST_BLANK = 40
"""White space in a row; the rest of a longer run is dropped, outside code."""
_LONGEST_END = 40  # characters of a full stop and the marks that follow it
_ENDING = frozenset('.!?…"”’»)]*_')
_PIECE = LazyPattern(r"[^\W_]+|([^\w\s`]|_)\1*|[\s`]")


@dataclass(frozen=True, slots=True)
class SentenceDraft:
    """A sentence of the model, not yet verified.

    Attributes:
        text: The words, without markers. Empty: the markers belong to the sentence before.
        numbers: The passages cited, from 1, in order of first use.
        unknown: Markers that refer to no passage, as written.
        form: What it is on the page.
        opens: Whether it opens a paragraph.
        links: The number of links removed.
        reference: Whether it is part of a list of sources.
    """

    text: str
    numbers: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    form: Form = Form.SENTENCE
    opens: bool = False
    links: int = 0
    reference: bool = False


class SentenceStream:
    """Splits text and markers into sentences.

    Args:
        tag: The letters of this answer's markers; the model may name a passage by them in its prose.
        links: Addresses that are stored with articles; any other is taken out.
        source: The passages' text.
    """

    def __init__(self, tag: str, links: Collection[str] = (), source: str = "") -> None:
        self._name = re.compile(rf"\b{re.escape(tag)}-?([0-9]{{1,3}})?\b", re.IGNORECASE)
        self._links = frozenset(links)
        self._source = source
        self._lists_sources = False
        self._text = ""
        self._points: list[tuple[int, CitationMarker]] = []
        self._opens = True
        self._breaks = 1  # line ends since the last word

    def feed(self, parts: Iterable[str | CitationMarker]) -> list[SentenceDraft]:
        """Return the sentences that these parts complete."""
        return [draft for part in parts for draft in self._part(part)]

    def pause(self) -> list[SentenceDraft]:
        """Return the sentence at hand where it looks complete: nothing has come for a moment.

        Not after a digit, an initial, an ellipsis or a quotation's end: what follows may go on with those.
        """
        text = self._text
        looks_done = _DONE.search(text) and len(text.split()) > 2 and _form(text) is not Form.CODE
        if not looks_done or _is_open(text) or not _ends_here(text):
            return []
        return list(self._flush(paragraph=False))

    def close(self) -> list[SentenceDraft]:
        """Return what is left."""
        return list(self._flush())

    def _part(self, part: str | CitationMarker) -> Iterator[SentenceDraft]:
        if isinstance(part, CitationMarker):
            self._points.append((len(self._text), part))
            if not self._text.strip() and not self._breaks:  # it stands behind a sentence that is complete
                yield from self._flush(paragraph=False)
            return
        for piece in _PIECE.finditer(part):
            word = piece.group()
            yield from self._char(word[0])
            if len(word) > 1:
                yield from self._rest(word)

    def _rest(self, word: str) -> Iterator[SentenceDraft]:
        """Take what follows the first character: letters and digits, or the same mark, change nothing but the length.

        Except a mark that may end a sentence whose marker stands before it.
        """
        at = 1
        while at < len(word):
            may_end = bool(self._points) and word[0] in _ENDING
            room = 0 if may_end or self._is_code() else max(0, _LONGEST_HELD - len(self._text))
            self._text += word[at : at + room]
            at += room
            if not room:
                yield from self._char(word[at])
                at += 1

    def _char(self, char: str) -> Iterable[SentenceDraft]:
        if self._is_code():
            return self._code(char)
        drafts: list[SentenceDraft] = []
        if self._text.endswith("\n") and (_OPENER.match(char) or self._ends_line(char)):
            drafts += self._flush()
        if char == "\n":
            return [*drafts, *self._line_end()]
        is_space = char.isspace()
        if is_space and len(self._text) >= _LONGEST_BLANK and self._text[-_LONGEST_BLANK:].isspace():
            return drafts
        follows_space = is_space and self._text[-1:].isspace()
        self._append(char)
        if is_space:
            return drafts if follows_space else [*drafts, *self._split()]
        self._breaks = 0
        if char in _ENDING and self._points and self._ends_now():
            drafts += self._flush(paragraph=False)
        elif len(self._text) > _LONGEST_HELD:
            drafts += self._split()
        return drafts

    def _ends_line(self, char: str) -> bool:
        """Tell whether the line at hand is one by itself, from the first character of the next."""
        if char.isspace() or char.islower():
            return False
        return len(self._text) - self._text.rfind("\n", 0, -1) <= _SHORT_LINE

    def _is_code(self) -> bool:
        return _FENCE in self._text[: _LONGEST_BLANK + len(_FENCE)] and self._text.lstrip().startswith(_FENCE)

    def _append(self, char: str) -> None:
        marked = bool(self._points) and self._points[-1][0] == len(self._text)
        if marked and char in ".,;:!?…" and self._text.endswith(" "):
            self._text = self._text.rstrip(" ")
            self._points[-1] = (len(self._text), self._points[-1][1])
        elif marked and char == " " and self._text.endswith(" "):
            return
        self._text += char

    def _line_end(self) -> Iterator[SentenceDraft]:
        """End a line: a paragraph's goes on in the next one unless its sentence ended."""
        text = self._text.rstrip(" ")
        ended = not text or text.endswith(":") or _end_of(text) >= 0 or text[-1] == "\n" or self._marked(len(text))
        if not self._text and not self._points:
            pass
        elif ended or _lead(text) or _BOLD_LINE.match(text) or text.lstrip().startswith("|"):
            yield from self._flush()
        else:
            self._text += "\n"
        self._opens = self._opens or self._breaks > 0
        self._breaks += 1

    def _marked(self, at: int) -> bool:
        return bool(self._points) and self._points[-1][0] >= at

    def _code(self, char: str) -> Iterator[SentenceDraft]:
        """Take a code block whole."""
        self._text += char
        body = self._text.lstrip()
        if (char == "\n" and body.count("\n" + _FENCE) and body.rstrip().endswith(_FENCE)) or len(body) > _LONGEST_CODE:
            yield from self._flush(form=Form.CODE)

    def _split(self) -> Iterator[SentenceDraft]:
        """Yield the sentences that are complete before the one being written."""
        while True:
            lead = _lead(self._text)
            at = lead.end() if lead else 0
            body = self._text[at:]
            if body.lstrip().startswith("|"):
                if len(body) > _LONGEST_CODE:
                    yield from self._flush(form=Form.CODE)
                return
            if not _INNER_END.search(body) and len(body) <= MAX_SENTENCE:
                return
            found = sentences(body, Span(0, len(body)))
            if len(found) < 2 or not _settled(body, found):
                return
            yield from self._cut(at + found[1].start)

    def _ends_now(self) -> bool:
        """Tell whether the sentence at hand ends here whatever follows: its marker stands before its full stop."""
        text = self._text
        stop = _end_of(text)
        if stop < 0 or not self._marked(stop) or self._points[-1][0] > stop or _is_open(text):
            return False
        return _ends_here(text)

    def _cut(self, at: int) -> Iterator[SentenceDraft]:
        """Yield the text before ``at``; keep the rest."""
        rest = self._text[at:]
        later = [(place - at, pointer) for place, pointer in self._points if place > at]
        self._points = [(place, pointer) for place, pointer in self._points if place <= at]
        self._text = self._text[:at]
        yield from self._flush(paragraph=False)
        self._text, self._points = rest, later

    def _flush(self, *, form: Form | None = None, paragraph: bool = True) -> Iterator[SentenceDraft]:
        """Yield what is held as one draft; ``paragraph``: the next one opens a line or paragraph."""
        text, points = self._text, [pointer for _, pointer in self._points]
        self._text, self._points = "", []
        numbers = tuple(dict.fromkeys(number for pointer in points for number in pointer.numbers))
        unknown = tuple(dict.fromkeys(pointer.unknown for pointer in points if pointer.unknown))
        shape = form or _form(text)
        if shape is Form.CODE and any(map(str.isalnum, text)):
            yield SentenceDraft(text.strip("\n"), numbers, unknown, shape, self._opens)
        elif (draft := self._tidied(text, shape, pointed=bool(points))).text or points:
            yield replace(draft, numbers=numbers, unknown=unknown)
            shape = draft.form if draft.text else Form.SENTENCE
        else:
            return
        self._opens = paragraph and shape is Form.HEADING

    def _tidied(self, text: str, form: Form, *, pointed: bool) -> SentenceDraft:
        lead = _lead(text)
        defines = text.lstrip().startswith(":") and pointed  # "[^1]: …"
        body = text[lead.end() :] if lead else text
        words, links = tidy(_row(body) if form is Form.ITEM else body, self._links, self._source, pointed=pointed)
        words = self._name.sub("the article", words) if any(map(str.isalnum, words)) else ""
        words = _NAME_LABEL.sub("", words)
        return SentenceDraft(
            words, form=form, opens=self._opens, links=links, reference=self._is_reference(words, form) or defines
        )

    def _is_reference(self, text: str, form: Form) -> bool:
        """Tell whether a draft lists sources: such a line, and what follows such a heading up to the next one."""
        is_label = bool(_REFERENCES.match(text))
        if form is Form.HEADING or is_label:
            self._lists_sources = is_label and form is Form.HEADING
        return is_label or (self._lists_sources and bool(text))


def _settled(body: str, found: list[Span]) -> bool:
    """Tell whether what stands after the first sentence suffices to know that it ended."""
    after = body[found[1].start :]
    if len(found) > 2:
        return True
    words = len(after.split()) if after[-1:].isspace() else len(after.split()) - 1
    return words >= (_AFTER_QUOTE if _QUOTED_END.search(found[0].of(body)) else 1)


def _end_of(text: str) -> int:
    """Return where the full stop stands that ends ``text``, closing marks behind it aside; -1 without one."""
    found = _END.search(text, max(0, len(text) - _LONGEST_END))
    return found.start() if found else -1


def _ends_here(text: str) -> bool:
    """Tell whether the splitter would end a sentence at the end of ``text``."""
    found = sentences(text + _PROBE, Span(0, len(text) + len(_PROBE)))
    return len(found) > 1 and found[-1].start > len(text.rstrip()) and found[-2].end <= len(text)


def _is_open(text: str) -> bool:
    """Tell whether a quotation or bracket is still open: its end belongs to the sentence."""
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1 or text.count("(") > text.count(")")


def _lead(text: str) -> re.Match[str] | None:
    """Return the marks that open a line: of a quotation, a heading or a list item; None without any."""
    found = _LEAD.match(text)
    return found if found and (found["quote"] or found["heading"] or found["item"]) else None


_NAME_LABEL = LazyPattern(r"the article\s*:\s+")
"""What is left of "kqzt-1: …"."""


def _row(text: str) -> str:
    """Return a table's row as one line: "| Mali | 22 million | Bamako |" as "Mali: 22 million; Bamako"."""
    if not text.lstrip().startswith("|"):
        return text
    cells = [cell.strip() for cell in text.strip().strip("|").split("|") if cell.strip()]
    return ": ".join(filter(None, [*cells[:1], "; ".join(cells[1:])]))


def _form(text: str) -> Form:
    stripped = text.strip()
    lead = _lead(text)
    if lead and lead["heading"]:
        return Form.HEADING
    if stripped.startswith("|"):
        return Form.ITEM
    if stripped.startswith(_FENCE):
        return Form.CODE
    if stripped.endswith(":") or _BOLD_LINE.match(stripped):
        return Form.HEADING
    return Form.ITEM if lead and lead["item"] else Form.SENTENCE
