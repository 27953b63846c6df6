"""Limits of loading: every bound on files, articles and fields, so that no input can exhaust memory or time.

They are far above any article (the longest of 2,000 news articles has 50,000 characters; a long novel has 3 million)
and far below what a small machine can take.
"""

from __future__ import annotations

MAX_TEXT_BYTES = 50_000_000
"""Largest ``.txt`` or ``.md`` file, in bytes: fifteen long novels."""

MAX_HTML_BYTES = 20_000_000
"""Largest page, in bytes; trafilatura's own MAX_FILE_SIZE."""

MAX_PDF_BYTES = 200_000_000
"""Largest PDF, in bytes: pictures make them large, their text is bounded below."""

MAX_PDF_PAGES = 5_000
"""Most pages of one PDF."""

MAX_DOCUMENT_BYTES = 100_000_000
"""Largest DOCX, ODT or RTF file, in bytes: pictures make them large, their text is bounded below."""

MAX_DOCUMENT_XML_BYTES = 200_000_000
"""Largest XML part of a DOCX or ODT file, unpacked: a long novel has 20 million."""

MAX_DOCUMENT_UNPACKED_BYTES = 1_000_000_000
"""Largest DOCX file unpacked, of which a copy with comments is made: pictures and all."""

MAX_ARTICLE_CHARACTERS = 20_000_000
"""Longest text of one article from a page, a PDF or a record."""

MAX_LINE_BYTES = 40_000_000
"""Longest line of a JSONL file. Longer ones are skipped without being kept in memory."""

MAX_UNPACKED_BYTES = 64_000_000_000
"""Most bytes that one gzip file may decompress to."""

MAX_UNPACKED_RATIO = 200
"""Highest compression ratio, beyond :data:`FREE_UNPACKED_BYTES`. News as JSONL compresses about 3:1; deflate cannot
exceed 1,032:1."""

FREE_UNPACKED_BYTES = 8_000_000
"""Bytes that any gzip file may decompress to before its ratio is checked."""

MAX_BAD_LINES = 100
"""Bad lines of one file that are reported one by one; the rest is counted."""

EXTRACTION_CPU_SECONDS = {"html": 20.0, "pdf": 180.0, "docx": 60.0, "docx-comments": 60.0, "odt": 60.0, "rtf": 60.0}
"""Processor time that one page or document may take, start-up not counted. Pages take .03 s, PDFs .02 s a page."""

EXTRACTION_WALL_FACTOR = 10.0
"""Wall-clock time per second of processor time, after which a child that makes no progress is ended: the last resort.
A machine with four times as much work as processors stays far below it."""

EXTRACTION_MEMORY_BYTES = 4_000_000_000
"""Address space of the process that extracts pages and PDFs, where the system can limit it."""

MAX_FIELD_CHARACTERS = 500
"""Longest title, source or author line; longer ones are cut."""

MAX_URL_CHARACTERS = 2_000
"""Longest URL; longer ones are left out."""
