"""Encoding detection: which decoding of a text gives the letters and words of a language.

Code pages for one script share most of their bytes, so frequencies of letters do not tell them apart in a few
sentences: "Mu\u00f1oz" in Windows-1252 is "Mu\u0144oz" in Windows-1250. Every decoding is compared with every language
instead, by its commonest words and by whether its letters are the language's. Scripts without an entry in
``languages`` are left to charset-normalizer.
"""

from __future__ import annotations

import re
from collections import Counter

from retrieval.text.languages import Language, languages
from retrieval.text.lazy_pattern import LazyPattern

_EUROPEAN = """cp1252 cp1250 cp1251 cp1253 cp1254 cp1257 mac_roman iso8859_2 iso8859_9 iso8859_15 koi8_r koi8_u
    iso8859_5 iso8859_7 iso8859_13 mac_latin2 mac_cyrillic""".split()  # noqa: SIM905 (readable as prose)
"""Encodings for the languages of ``languages()``, the likeliest first: of equal ones the first is chosen."""

_OTHERS = "cp1255 cp1256 cp1258 cp874 cp932 euc_jp cp949 big5 gb18030".split()  # noqa: SIM905 (readable as prose)
"""Encodings of other scripts, left to charset-normalizer: with the European ones, articles are written in no others
(no EBCDIC, no DOS code pages)."""

_CHAOS = 0.1
"""Highest mess ratio of a detected encoding, in [0, 1], as charset-normalizer computes it."""

_SAMPLE = 100_000  # bytes
_MARGIN = 2_000  # bytes of the sample before its first byte above 127

_WORD = LazyPattern(r"[^\W\d_]+")
_PUNCTUATION = frozenset("“”‘’„‚«»‹›–—…•·°€£§©®™¿¡½¼¾ªº²³×±†‡\xa0\xad")
_STRAY = LazyPattern(r"(?<=[^\W\d_])[^\w\s’‘·–—…\xad”“«»®™\x00-\x7f](?=[^\W\d_])")
"""A symbol inside a word."""

_LATIN, _OTHER_SCRIPT = LazyPattern("[A-Za-z]"), LazyPattern("[\u0370-\u04ff]")

_MISFIT = 3.0
"""What a word with a letter that the language has not costs, in letters that it has. With the sentences of
tests/retrieval/loaders/test_encodings.py the decisions are the same from 1 to 10."""

_MAX_MISFITS = 0.25
"""Share of misfits among the words with letters beyond ASCII, up to which a language may fit."""


def detect(data: bytes) -> str | None:
    """Return the encoding of bytes that are not UTF-8, as a codec that decodes all of them; None where none fits."""
    first = next(re.finditer(rb"[\x80-\xff]", data), None)
    start = max(0, first.start() - _MARGIN) if first else 0
    sample = data[start : start + _SAMPLE]
    return _european(data, sample) or _other(data, sample)


def _european(data: bytes, sample: bytes) -> str | None:
    found: list[tuple[float, str]] = []
    for encoding in _EUROPEAN:
        if _decodes(data, encoding):
            score = _Reading(sample.decode(encoding)).score()
            found += [(score, encoding)] if score is not None else []
    return max(found, key=lambda each: each[0])[1] if found else None  # the first of equal ones


def _other(data: bytes, sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(sample, cp_isolation=_OTHERS, threshold=_CHAOS, enable_fallback=False).best()
    return best.encoding if best is not None and _decodes(data, best.encoding) else None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class _Reading:
    """A text as one encoding gives it."""

    def __init__(self, text: str) -> None:
        words = Counter(_WORD.findall(text))
        self._words = Counter[str]()
        self._accented: dict[str, int] = {}  # words with letters beyond ASCII, in lower case
        self._broken = len(_STRAY.findall(text))
        for word, count in words.items():
            lower = word.lower()
            self._words[lower] += count
            if not word.isascii():
                self._accented[lower] = self._accented.get(lower, 0) + count
                self._broken += count if _is_broken(word) else 0
        self._broken += sum(
            text.count(char) for char in set(text) if char > "\x7f" and not char.isalpha() and char not in _PUNCTUATION
        )

    def score(self) -> float | None:
        """Return the score of the language that fits best, or None where none fits."""
        scores = map(self._score, languages().values())
        return max((score for score in scores if score is not None), default=None)

    def _score(self, language: Language) -> float | None:
        letters = language.letters | language.borrowed
        misfits, fitting = self._broken, 0
        for word, count in self._accented.items():
            beyond = {char for char in word if char > "\x7f"}
            is_word = beyond <= letters and (len(word) > 1 or word in language.words)
            misfits += 0 if is_word else count
            fitting += count * len(beyond & language.letters)
        if misfits > _MAX_MISFITS * sum(self._accented.values()):
            return None
        return sum(self._words[word] for word in language.words) + fitting - _MISFIT * misfits


def _is_broken(word: str) -> bool:
    """Return whether capitals stand inside a word, or letters of two scripts."""
    is_cased = word.islower() or word.isupper() or word.istitle()
    return not is_cased or (_LATIN.search(word) is not None and _OTHER_SCRIPT.search(word) is not None)
