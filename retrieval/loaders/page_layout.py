"""The layout of printed pages: words with positions become lines, columns in reading order, and paragraphs.

A page is cut by its white space (recursive X-Y cut, Nagy and Seth 1984): where a vertical gutter separates running
text, the text on its left precedes the text on its right, in whatever order the words were drawn. Rows of a table are
not running text and stay rows. Lengths are in points, y grows upwards, and all thresholds are multiples of the type
size.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from retrieval.structure.blocks import list_marker
from retrieval.structure.lines import ends_sentence
from retrieval.text.ligatures import LOST

_SPACE = 0.12  # em between two words drawn without a blank
_CELL_GAP = 2.5  # em: wider than any blank of justified text
_GUTTER = 0.9  # em
_WIDE_GUTTER = 1.6  # em, for columns of few lines
_FEW_LINES = 6
_LEAST_LINES = 2  # of a column
_LEAST_LETTERS = 12  # of a column's average line
_SHORT_LINE = 0.75  # of the width of a column
_RUNNING = 0.25  # least share of a column's lines that go on in the next
_MAX_BANDS = 1_000  # of one page, beyond which its columns are not looked for
_MAX_DEPTH = 12
_MAX_GUTTERS = 8  # tried of one run, the widest first
_BULLET = "•"  # for a glyph without a code at the head of a line
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class PrintedWord:
    """Characters drawn without a blank between them.

    Attributes:
        text: The characters.
        left: Its left edge.
        right: Its right edge.
        baseline: The line it is printed on.
        size: The type size.
        blank: Whether a blank follows.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    blank: bool = False


@dataclass(slots=True)
class PrintedLine:
    """Words on one baseline, from left to right.

    Attributes:
        words: The words.
        text: Their characters, with a blank between words and a tab between the cells of a row.
        size: The size of most of its type.
        page: The number of its page, from 1.
    """

    words: list[PrintedWord]
    page: int
    text: str = ""
    size: float = 0.0

    def __post_init__(self) -> None:
        self.words.sort(key=lambda word: word.left)
        self.size = type_size(self.words)
        self.text = "".join(_joined(_in_reading_order(self.words), self.size, self.baseline))

    @property
    def left(self) -> float:
        """Its left edge."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(word.right for word in self.words)

    @property
    def baseline(self) -> float:
        """The baseline of its largest word."""
        return max(self.words, key=lambda word: word.size).baseline


@dataclass(slots=True)
class PrintedParagraph:
    """Lines that belong together.

    Attributes:
        lines: The lines.
        left: The left edge of its column.
        right: The right edge of its column.
        closes: Whether it is the last of its column, footnotes aside: what follows may be its continuation.
    """

    lines: list[PrintedLine]
    left: float
    right: float
    closes: bool = False
    size: float = field(init=False)

    def __post_init__(self) -> None:
        self.size = self.lines[0].size


def type_size(words: Iterable[PrintedWord]) -> float:
    """Return the size of most characters."""
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word.size * 2) / 2] += len(word.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0) or 1.0


def lines(words: Iterable[PrintedWord], page: int) -> list[PrintedLine]:
    """Return the lines of ``words`` from top to bottom; raised and lowered words belong to the line beside them."""
    rows: list[list[PrintedWord]] = []
    for word in sorted(words, key=lambda word: -word.baseline):
        if rows and rows[-1][0].baseline - word.baseline <= 0.3 * min(rows[-1][0].size, word.size):
            rows[-1].append(word)
        else:
            rows.append([word])
    merged: list[PrintedLine] = []
    pending: list[PrintedWord] = []
    for at, row in enumerate(rows):
        below = rows[at + 1] if at + 1 < len(rows) else None
        if below and _is_script(row, below):
            pending.extend(row)
        elif merged and _is_script(row, merged[-1].words):
            merged[-1] = PrintedLine([*merged[-1].words, *row, *pending], page)
            pending = []
        else:
            merged.append(PrintedLine([*row, *pending], page))
            pending = []
    return merged


def paragraphs(words: Sequence[PrintedWord], page: int) -> Iterator[PrintedParagraph]:
    """Yield the paragraphs of a page in reading order."""
    for column in _columns(words, page, 0):
        yield from _split(lines(column, page))


def continues(before: PrintedParagraph, after: PrintedParagraph) -> bool:
    """Return whether ``after``, at the head of a column or page, continues ``before``, at the foot of another."""
    last, first = before.lines[-1], after.lines[0]
    if not _same_size(last.size, first.size) or "\t" in last.text + first.text:
        return False
    if list_marker(first.text[:60], dashes=False):
        return False
    if first.text[0].islower() or last.text[-1] in ",-–—":
        return True
    widths = before.right - before.left, after.right - after.left
    if min(widths) < 0.75 * max(widths):
        return False
    if not ends_sentence(last.text):
        return len(before.lines) > 1 or not _has_room(last, first, before.right)
    second = after.lines[1] if len(after.lines) > 1 else None
    is_indented = second is not None and first.left - second.left > 0.5 * first.size
    return len(before.lines) > 1 and not is_indented and not _has_room(last, first, before.right)


def runs_on(paragraph: PrintedParagraph) -> bool:
    """Return whether a paragraph at the foot of a column stops in the middle of a sentence."""
    return paragraph.closes and not ends_sentence(paragraph.lines[-1].text)


def _in_reading_order(words: list[PrintedWord]) -> list[PrintedWord]:
    """Return the words of a line in Hebrew or Arabic from right to left, others as they are."""
    letters = [letter for word in words for letter in word.text if letter.isalpha()]
    leftwards = sum(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in letters)
    return words[::-1] if leftwards * 2 > len(letters) else words


def _joined(words: Sequence[PrintedWord], size: float, baseline: float) -> Iterator[str]:
    before: PrintedWord | None = None
    for word in words:
        is_raised = word.size < 0.85 * size and word.baseline - baseline > 0.15 * size
        if before is not None:
            gap = max(word.left - before.right, before.left - word.right)
            if gap > _CELL_GAP * size:
                yield "\t"
            elif gap > _SPACE * size or (before.blank and not is_raised):
                yield " "
        if before is None and word.text == LOST and len(words) > 1:
            yield _BULLET
        else:
            yield word.text.translate(_SUPERSCRIPTS) if is_raised and word.text.isdigit() else word.text
        before = word


def _is_script(row: Sequence[PrintedWord], line: Sequence[PrintedWord]) -> bool:
    """Return whether ``row`` is superscripts or subscripts of ``line``: smaller, close by, and between its words."""
    size, offset = line[0].size, row[0].baseline - line[0].baseline
    if not -0.35 * size < offset < 0.65 * size or max(word.size for word in row) > 0.85 * size:
        return False
    left, right = min(word.left for word in line), max(word.right for word in line)
    return all(left - size < word.left < right + size and len(word.text) <= 6 for word in row)


def _columns(words: Sequence[PrintedWord], page: int, depth: int) -> Iterator[Sequence[PrintedWord]]:
    """Yield the words of each column, in reading order."""
    bands = _bands(words)
    if depth >= _MAX_DEPTH or len(bands) > _MAX_BANDS:
        yield words
        return
    size = type_size(words)
    free = [_free(band, _GUTTER * size) for band in bands]
    waiting: list[PrintedWord] = []
    at = 0
    while at < len(bands):
        stop, gutter = _run(bands, free, at, page)
        if gutter is None:
            # Half of a run that is no text: a table as long as the page is looked at a few times, not once a row.
            stop = at + max(1, (stop - at) // 2)
            waiting.extend(word for band in bands[at:stop] for word in band)
            at = stop
            continue
        if waiting:
            yield waiting
            waiting = []
        run = [word for band in bands[at:stop] for word in band]
        for side in (
            [word for word in run if word.right <= gutter],
            [word for word in run if word.right > gutter],
        ):
            yield from _columns(side, page, depth + 1)
        at = stop
    if waiting:
        yield waiting


def _bands(words: Iterable[PrintedWord]) -> list[list[PrintedWord]]:
    """Return the words between which no horizontal line can be drawn, from top to bottom."""
    bands: list[list[PrintedWord]] = []
    floor = math.inf
    for word in sorted(words, key=lambda word: -(word.baseline + 0.7 * word.size)):
        foot = word.baseline - 0.15 * word.size
        if bands and word.baseline + 0.7 * word.size > floor:
            bands[-1].append(word)
            floor = min(floor, foot)
        else:
            bands.append([word])
            floor = foot
    return bands


_Interval = tuple[float, float]


def _free(band: Iterable[PrintedWord], least: float) -> list[_Interval]:
    """Return the intervals of x, at least so wide, that no word of ``band`` covers."""
    found: list[_Interval] = []
    edge = -math.inf
    for word in sorted(band, key=lambda word: word.left):
        if word.left - edge >= least:
            found.append((edge, word.left))
        edge = max(edge, word.right)
    return [*found, (edge, math.inf)]


def _common(one: Sequence[_Interval], other: Sequence[_Interval], least: float) -> list[_Interval]:
    """Return the intersection of two lists of intervals, without the parts narrower than ``least``."""
    found: list[_Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if high - low >= least:
            found.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _run(
    bands: Sequence[Sequence[PrintedWord]], free: Sequence[Sequence[_Interval]], start: int, page: int
) -> tuple[int, float | None]:
    """Return the end of the bands from ``start`` that one gutter divides, and its x; None where they are no columns."""
    least = _GUTTER * type_size(bands[start])
    common = [gap for gap in free[start] if math.isfinite(gap[0]) and math.isfinite(gap[1])]
    stop = start + 1
    while common and stop < len(bands):
        narrowed = _common(common, free[stop], least)
        if not narrowed:
            break
        common, stop = narrowed, stop + 1
    for low, high in sorted(common, key=lambda gap: gap[0] - gap[1])[:_MAX_GUTTERS]:
        middle = (low + high) / 2
        end = _trimmed(bands, start, stop, middle)
        run = [word for band in bands[start:end] for word in band]
        left = lines((word for word in run if word.right <= middle), page)
        right = lines((word for word in run if word.right > middle), page)
        few = min(len(left), len(right)) < _FEW_LINES
        if few and high - low < _WIDE_GUTTER * type_size(run):
            continue
        if _is_running_text(left) and _is_running_text(right):
            return end, middle
    return stop, None


def _trimmed(bands: Sequence[Sequence[PrintedWord]], start: int, stop: int, gutter: float) -> int:
    """Return where the columns end: before a last paragraph on one side that stands apart."""
    heads = [max(word.baseline for word in band) for band in bands[start:stop]]
    steps = [above - below for above, below in itertools.pairwise(heads)]
    usual = median(steps) if steps else 0.0
    end = stop
    while end - 1 > start:
        band = bands[end - 1]
        if len({word.right <= gutter for word in band}) > 1:
            break
        end -= 1
        if steps[end - start - 1] > 1.5 * usual:
            return end
    return stop


def _is_running_text(column: Sequence[PrintedLine]) -> bool:
    if len(column) < _LEAST_LINES or sum(len(line.text) for line in column) < _LEAST_LETTERS * len(column):
        return False
    running = sum(not ends_sentence(above.text) and _goes_on(line.text) for above, line in itertools.pairwise(column))
    return running >= max(1, _RUNNING * (len(column) - 1))


def _goes_on(text: str) -> bool:
    """Return whether a line may begin in the middle of a sentence: with a small letter, or in a script without them."""
    return text[0].islower() or (text[0].isalpha() and not text[0].isupper())


def _split(column: Sequence[PrintedLine]) -> list[PrintedParagraph]:
    """Return the paragraphs of the lines of a column."""
    steps = [above.baseline - line.baseline for above, line in itertools.pairwise(column)]
    left, right = min(line.left for line in column), max(line.right for line in column)
    starts = [0]
    for at in range(1, len(column)):
        above, line = column[at - 1], column[at]
        usual = min((step for step in steps[max(0, at - 4) : at + 3] if step > 0.5 * line.size), default=line.size)
        if _begins_paragraph(above, line, steps[at - 1] / usual, (left, right)):
            starts.append(at)
    found = [
        PrintedParagraph(list(column[start:stop]), left, right)
        for start, stop in itertools.pairwise([*starts, len(column)])
    ]
    size = type_size(word for line in column for word in line.words)
    last = next((paragraph for paragraph in reversed(found) if _same_size(paragraph.size, size)), found[-1])
    last.closes = True  # footnotes below it are set smaller
    return found


def _begins_paragraph(above: PrintedLine, line: PrintedLine, step: float, edges: tuple[float, float]) -> bool:
    """Return whether ``line`` begins a paragraph, ``step`` times the usual distance below ``above``."""
    left, right = edges
    is_row, was_row = "\t" in line.text, "\t" in above.text
    if not _same_size(above.size, line.size) or is_row != was_row:
        return True
    if is_row or list_marker(line.text[:60], dashes=ends_sentence(above.text)):
        return not is_row or step > 2
    if step > 1.3:
        return not line.text[0].islower() or step > 2
    is_open = not ends_sentence(above.text)
    if is_open and (line.text[0].islower() or above.text[-1] in ",-–—"):
        return False
    if is_open:  # a sentence goes on, unless a short line was ended on purpose
        return above.right - left < _SHORT_LINE * (right - left) and _has_room(above, line, right)
    is_indented = line.left - left > 0.8 * line.size and abs(above.left - left) < 0.5 * line.size
    return is_indented or _has_room(above, line, right)


def _has_room(above: PrintedLine, line: PrintedLine, right: float) -> bool:
    """Return whether the first word of ``line`` had room at the end of ``above``, so that the break was wanted."""
    first = line.words[0]
    return above.right + 0.35 * line.size + (first.right - first.left) < right - 0.5 * line.size


def _same_size(one: float, other: float) -> bool:
    return abs(one - other) <= 0.12 * max(one, other)
