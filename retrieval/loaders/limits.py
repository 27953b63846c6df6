"""How much of a file is read. One place for every bound, so that no input can exhaust memory or time.

The figures are chosen far above any article (the longest of 2,000 news articles has 50,000 characters; a long novel has
3 million) and far below what hurts a small machine.
"""

from __future__ import annotations

MAX_TEXT_BYTES = 50_000_000
"""Largest ``.txt`` or ``.md`` file, in bytes: fifteen long novels."""

MAX_HTML_BYTES = 20_000_000
"""Largest page, in bytes; trafilatura's own MAX_FILE_SIZE."""

MAX_PDF_BYTES = 200_000_000
"""Largest PDF, in bytes: pictures make them big, the text in them is bounded by the limits below."""

MAX_PDF_PAGES = 5_000
"""Most pages of one PDF."""

MAX_ARTICLE_CHARACTERS = 20_000_000
"""Longest text of one article, in characters, where it was taken out of a page, a PDF or a record."""

MAX_LINE_BYTES = 40_000_000
"""Longest line of a JSONL file, in bytes. What is longer is passed over without being kept in memory."""

MAX_UNPACKED_BYTES = 64_000_000_000
"""Most bytes that one gzip file may unpack to."""

MAX_UNPACKED_RATIO = 200
"""Most bytes out for each byte in, once :data:`FREE_UNPACKED_BYTES` are out. News as JSONL packs about 3:1, deflate
cannot exceed 1,032:1."""

FREE_UNPACKED_BYTES = 8_000_000
"""What any gzip file may unpack to before its ratio is looked at."""

MAX_BAD_LINES = 100
"""How many bad lines of one file are reported one by one; the rest are counted."""

EXTRACTION_CPU_SECONDS = {"html": 20.0, "pdf": 180.0}
"""Processor time that one page or PDF may take, start-up not counted. Pages take .03 s, PDFs .02 s a page."""

EXTRACTION_WALL_FACTOR = 10.0
"""Wall-clock time per second of processor time, after which a child that makes no progress is ended: the last resort.
A machine with four times as much work as processors stays far below it."""

EXTRACTION_MEMORY_BYTES = 4_000_000_000
"""Address space of the process that extracts pages and PDFs, where the system can limit it."""

MAX_FIELD_CHARACTERS = 500
"""Longest title, source or author line; the rest is cut."""

MAX_URL_CHARACTERS = 2_000
"""Longest web address; longer ones are left out."""
