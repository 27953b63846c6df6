"""Pages of a benchmark: unpacked to files, and loaded as a library loads them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from retrieval.articles import CITABLE, Article, BlockKind
from retrieval.loaders import LoadProblem, SourceFile, load

_SCORED = CITABLE | {BlockKind.HEADING, BlockKind.TABLE_HEADER}


def unpack(folder: Path, packed: Mapping[str, str], scratch: Path) -> dict[str, Path]:
    """Write pages as the files they were before they were packed, and return their paths by id.

    Args:
        folder: Holds the packed pages in ``pages/``.
        packed: The file name of each page, by id; files that are missing are left out.
        scratch: Where to write.
    """
    found: dict[str, Path] = {}
    for number, (page, name) in enumerate(packed.items()):
        file = folder / "pages" / name
        if file.is_file():
            found[page] = scratch / f"{number}.html"
            found[page].write_bytes(gzip.decompress(file.read_bytes()))
    return found


def load_page(path: Path) -> tuple[Article | None, str]:
    """Return the article of a page, or None and the reason why there is none."""
    reason = ""
    for one in load(SourceFile(path, path.name, path.stat().st_size, path.name)):
        if isinstance(one, Article):
            return one, ""
        if isinstance(one, LoadProblem):
            reason = one.message
    return None, reason


def citable_text(article: Article | None) -> str:
    """Return the text of an article's passages and headings, without its title and boilerplate."""
    if article is None:
        return ""
    return "\n".join(block.span.of(article.text) for block in article.blocks if block.kind in _SCORED)
