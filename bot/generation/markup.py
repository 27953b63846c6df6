r"""Markup that models write around their words, read as it streams in: HTML, LaTeX, entities, thoughts, tokens.

Tags that break lines become line ends, list items and headings as Markdown writes them; other tags are dropped, and so
are comments, struck-out text and thoughts (``<reflection>…</reflection>``). Pointers in markup become those in brackets
that :mod:`bot.generation.citation_markers` reads: ``<sup>1</sup>``, ``<kqzt-1>``, ``\cite{1}``, ``¹``, ``^1``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from retrieval.text.lazy_pattern import LazyPattern

_MAX_TAG = 100
_MAX_ARGUMENT = 200
_MAX_STRUCK = 400
_MAX_ENTITY = 12
"""Characters that are waited for until a tag, an argument, struck-out text or an entity closes."""

_SPECIAL = LazyPattern("[<\\\\&~^{⁰¹²³⁴-⁹\ue200]")
_TAG_NAME = LazyPattern(r"(?P<end>/?)\s*(?P<name>[A-Za-z][\w-]*)(?P<rest>\s[^<>]*)?/?\s*\Z")
_COMMENT, _COMMENT_END = "<!--", "-->"
_THOUGHTS = frozenset("think thinking thought thoughts reasoning reflection scratchpad script style".split())  # noqa: SIM905
_INLINE = frozenset("a abbr b big code del em font i ins kbd mark q s samp small span strong sub sup u var".split())  # noqa: SIM905
_POINTING = frozenset("sup cite citation ref source co".split())  # noqa: SIM905
_IN_ATTRIBUTE = LazyPattern(
    r"\b(?:id|ref|name|source|index|doc|n)\s*=\s*[\"']?(?:\w{0,12}[-_ ])?(\d{1,2})\b", re.IGNORECASE
)
_NUMBERED = LazyPattern(r"[\s\[(^]*(?:[A-Za-z]{1,12}[ -]?)?\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\s*[\])]{0,2}\s*\Z")
_COMMAND = LazyPattern(r"\\([A-Za-z]{1,20})\*?")
_ARGUMENT = LazyPattern(r"(?:\[[^\[\]\n]{0,80}\]){0,2}\{([^{}\n]{0,200})\}")
_CITING = frozenset("cite citep citet citealp citeauthor parencite textcite autocite footcite footnotemark ref".split())  # noqa: SIM905
_FORMATTING = frozenset("textbf textit emph underline text textrm texttt mathrm mathbf mbox url".split())  # noqa: SIM905
_SECTIONS = frozenset("title chapter section subsection subsubsection paragraph".split())  # noqa: SIM905
_ESCAPED = LazyPattern(r"\\([%$&#_])")
_ESCAPES = frozenset("%$&#_{}[]*`~|.!>+-")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = LazyPattern("[⁰¹²³⁴-⁹]+")
_UNIT = LazyPattern(r"(?:(?<![^\W\d_])(?:[kcmdµn]?m|mi|ft|in|yd|[^\W\d_])|\d)\Z")
"""Before a superscript: "km²", "x²", "10³"."""
_CARET = LazyPattern(r"\^\{?\[?(\d{1,2}(?:,\s?\d{1,2}){0,4})\]?\}?\^?")
_CARET_PART = LazyPattern(r"\^[{\[]{0,2}[\d, ]{0,12}[\]}]{0,2}\Z")
_ENTITY = LazyPattern(r"&#?[A-Za-z0-9]{1,10};")
_ENTITY_PART = LazyPattern(r"&#?[A-Za-z0-9]{0,10}\Z")
_PRIVATE = LazyPattern("\ue200[^\ue201\n]{0,100}\ue201")
_KEPT_TAIL = 12  # characters before a superscript that show whether it is a unit's


class MarkupReader:
    """Reads markup in chunks of any size; what it returns does not depend on them.

    Args:
        tag: The letters of this answer's markers.
        passages: How many there are.
        source: The passages' text: markup that occurs there is text.
    """

    def __init__(self, tag: str, passages: int, source: str = "") -> None:
        self._tag = tag.casefold()
        self._passages = passages
        self._source = source
        self._buffer = ""
        self._until = ""  # the end of what is dropped
        self._tail = ""  # of what was returned

    @property
    def holds(self) -> bool:
        """Whether something is waited for."""
        return bool(self._buffer or self._until)

    def feed(self, text: str) -> str:
        """Return the text that is complete with ``text``."""
        self._buffer += text
        return "".join(self._read(final=False))

    def close(self) -> str:
        """Return the rest."""
        return "".join(self._read(final=True))

    def _read(self, *, final: bool) -> Iterator[str]:
        text, at = self._buffer, 0
        while at < len(text):
            if self._until:
                end = text.lower().find(self._until, at)
                if end < 0:
                    at = len(text) if final else max(at, len(text) - len(self._until) + 1)
                    break
                at, self._until = end + len(self._until), ""
                continue
            special = _SPECIAL.search(text, at)
            end = special.start() if special else len(text)
            if end > at:
                yield self._returned(text[at:end])
                at = end
                continue
            token = self._token(text, at, final=final)
            if token is None:
                break
            length, instead = token
            yield self._returned(instead)
            at += length
        self._buffer = text[at:]

    def _returned(self, text: str) -> str:
        self._tail = (self._tail + text[-_KEPT_TAIL:])[-_KEPT_TAIL:]
        return text

    def _token(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:
        """Return how many characters the markup at ``at`` has, and what replaces them; None: more must come first."""
        readers = {
            "<": self._tag_token, "\\": _command, "^": self._caret, "&": self._entity, "~": _struck, "{": self._braces,
            "\ue200": _private,
        }  # fmt: skip
        return readers.get(text[at], self._superscript)(text, at, final=final)

    def _tag_token(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:  # noqa: PLR0911 (a case each)
        opened = len(text[at : at + 3]) - len(text[at : at + 3].lstrip("<"))
        body = at + opened
        begins_comment = len(text) - at < len(_COMMENT) and _COMMENT.startswith(text[at:])
        if not final and (body == len(text) or begins_comment):
            return None
        if text.startswith(_COMMENT, at):
            self._until = _COMMENT_END
            return len(_COMMENT), ""
        if not re.match(r"[A-Za-z/|]", text[body : body + 1] or " "):
            return opened, text[at:body]
        end = body
        while end < len(text) and end - body < _MAX_TAG and text[end] not in "<>\n":
            end += 1
        if end == len(text) and end - body < _MAX_TAG and not final:
            return None
        if text[end : end + 1] != ">":
            return opened, text[at:body]
        closed = end
        while closed < len(text) and closed - end < opened and text[closed] == ">":
            closed += 1
        if closed == len(text) and closed - end < opened and not final:
            return None
        return self._tag_read(text, at, closed, text[body:end], final=final)

    def _tag_read(  # noqa: PLR0911 (a kind of tag each)
        self, text: str, at: int, closed: int, content: str, *, final: bool
    ) -> tuple[int, str] | None:
        length = closed - at
        if self._tag in content.casefold():
            return length, f"[{content.strip('/ ')}]"
        if content.startswith("|") and content.endswith("|") and len(content) > 1:
            return length, ""
        found = _TAG_NAME.match(content)
        if not found or text[at:closed] in self._source:
            return length, text[at:closed]
        name, ends = found["name"].lower(), bool(found["end"])
        if name in _THOUGHTS and not ends:
            self._until = f"</{name}>"
            return length, "\n"
        if name in _POINTING and not ends:
            if numbered := _IN_ATTRIBUTE.search(found["rest"] or ""):
                return length, f"[{numbered[1]}]"
            return self._pointing(text, at, closed, name, final=final)
        return length, _LINES.get((name, ends), "" if name in _INLINE or name in _POINTING else "\n")

    def _pointing(self, text: str, at: int, closed: int, name: str, *, final: bool) -> tuple[int, str] | None:
        """Read ``<sup>1</sup>``."""
        end = text.find("<", closed, closed + _MAX_TAG)
        closing = f"</{name}>"
        if not final and (len(text) - closed < _MAX_TAG if end < 0 else len(text) < end + len(closing)):
            return None
        content = text[closed:end] if end >= 0 else ""
        if text[end : end + len(closing)].lower() != closing or not _NUMBERED.match(content):
            return closed - at, ""
        if name == "sup" and _UNIT.search(self._tail):
            return end + len(closing) - at, content
        return end + len(closing) - at, f"[{content.strip('[]()^ ')}]"

    def _caret(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:
        before = self._tail.rstrip(" ")[-1:]
        if not before or before.isspace() or before in "[【［(" or _UNIT.search(self._tail):
            return 1, "^"
        if not final and _CARET_PART.match(text, at):
            return None
        found = _CARET.match(text, at)
        return (found.end() - at, f"[{found[1]}]") if found else (1, "^")

    def _entity(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:
        if not final and _ENTITY_PART.match(text, at):
            return None
        found = _ENTITY.match(text, at)
        if not found or found.group() in self._source:
            return 1, "&"
        return found.end() - at, html.unescape(found.group())

    def _braces(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:
        """Read ``{kqzt-1}`` and ``{1}``."""
        end = next((place for place in range(at + 1, min(len(text), at + 40)) if text[place] in "}\n"), -1)
        if end < 0 and not final and len(text) - at < 40:
            return None
        content = text[at:end].strip("{ ") if end >= 0 and text[end] == "}" else ""
        if re.fullmatch(r"index=\d+", content):
            return end + 1 - at, ""
        points = self._tag in content.casefold() or re.fullmatch(r"\d{1,2}", content)
        if not points or text[at : end + 1] in self._source:
            return 1, "{"
        return end + 1 - at, f"[{content}]"

    def _superscript(self, text: str, at: int, *, final: bool) -> tuple[int, str] | None:
        found = _SUPERSCRIPT_RUN.match(text, at)
        if found is None or (found.end() == len(text) and not final and len(found.group()) < _MAX_ENTITY):
            return None if found else (1, text[at])
        written = found.group()
        word = self._tail.split()[-1:] if not self._tail[-1:].isspace() else []
        if _UNIT.search(self._tail) or (word and word[0] + written in self._source):
            return len(written), written
        digits = written.translate(_SUPERSCRIPTS)
        apart = int(digits) > self._passages and all("0" < digit <= str(min(9, self._passages)) for digit in digits)
        return len(written), f"[{', '.join(digits) if apart else digits}]"


_LINES = {
    ("li", False): "\n- ",
    ("tr", False): "\n| ",
    ("td", True): " | ",
    ("th", True): " | ",
    ("td", False): "",
    ("th", False): "",
    **{(f"h{level}", False): "\n# " for level in range(1, 7)},
}
"""What stands for an HTML tag, by its name and whether it closes."""


def _private(text: str, at: int, *, final: bool) -> tuple[int, str] | None:
    """Drop a pointer between private-use characters."""
    found = _PRIVATE.match(text, at)
    if not found and not final and len(text) - at <= _MAX_TAG and "\n" not in text[at:]:
        return None
    return (found.end() - at, "") if found else (1, "")


def _command(text: str, at: int, *, final: bool) -> tuple[int, str] | None:  # noqa: PLR0911 (a kind of command each)
    r"""Read a LaTeX command or an escape: ``\cite{1}``, ``\textbf{…}``, ``\%``."""
    if at + 1 == len(text):
        return (1, "\\") if final else None
    following = text[at + 1]
    if following in "()":
        return 2, ""
    if following in _ESCAPES:
        return 2, following
    found = _COMMAND.match(text, at)
    if not found:
        return 1, "\\"
    if found.end() == len(text) and not final:
        return None
    name = found[1].lower()
    if name == "item":
        return found.end() - at, "\n- "
    if name not in _CITING | _FORMATTING | _SECTIONS | {"begin", "end"}:
        return 1, "\\"
    rest = text[found.end() : found.end() + 2 * _MAX_ARGUMENT]
    if rest[:1] in {"[", "{"} and "}" not in rest and "\n" not in rest and len(rest) < 2 * _MAX_ARGUMENT and not final:
        return None
    argument = _ARGUMENT.match(text, found.end())
    if not argument:
        return found.end() - at, ""
    content = _ESCAPED.sub(r"\1", argument[1])
    instead = {"begin": "\n", "end": "\n"}.get(name, content)
    if name in _CITING:
        instead = f"[{content}]"
    elif name in _SECTIONS:
        instead = f"\n# {content}\n"
    return argument.end() - at, instead


def _struck(text: str, at: int, *, final: bool) -> tuple[int, str] | None:
    """Drop ``~~struck-out~~`` text."""
    if text[at + 1 : at + 2] != "~":
        return None if at + 1 == len(text) and not final else (1, "~")
    end = text.find("~~", at + 2, at + _MAX_STRUCK)
    line_end = text.find("\n", at + 2, end if end >= 0 else at + _MAX_STRUCK)
    if line_end >= 0:
        return 2, ""
    if end < 0:
        return (2, "") if final or len(text) - at >= _MAX_STRUCK else None
    return end + 2 - at, ""
