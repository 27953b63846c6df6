"""Files for the loading tests, written by hand."""

from __future__ import annotations

import zlib
from pathlib import Path

from retrieval.articles import Article
from retrieval.loaders import LoadProblem, SourceFile, find, load


def read(path: Path, home: Path | None = None) -> tuple[list[Article], list[LoadProblem]]:
    """Find and load one path; return its articles and its problems."""
    articles: list[Article] = []
    problems: list[LoadProblem] = []
    for found in find([str(path)], home or path.parent):
        for one in load(found) if isinstance(found, SourceFile) else [found]:
            if isinstance(one, Article):
                articles.append(one)
            else:
                problems.append(one)
    return articles, problems


def refusal(path: Path) -> str:
    """Return the message of the one problem that a path has, with no article."""
    articles, problems = read(path)
    assert not articles
    assert len(problems) == 1
    assert problems[0].refused
    assert "\n" not in str(problems[0])
    return problems[0].message


def pdf(pages: list[list[str]], info: str = "", packed: bool = False) -> bytes:
    """Return a PDF whose pages hold these lines, one below the other."""
    return drawn_pdf(
        [[(72, 720 - 14 * at, 12, line) for at, line in enumerate(lines)] for lines in pages], info, packed
    )


Drawn = tuple[float, float, float, str]
"""Left edge and baseline in points, type size, text."""


def drawn_pdf(
    pages: list[list[Drawn]], info: str = "", packed: bool = False, *, codes: str = "", first: str = ""
) -> bytes:
    """Return a PDF whose pages have these words at these places, drawn in this order.

    Args:
        pages: The words of each page.
        info: Entries of the document's metadata.
        packed: Whether pages are compressed.
        codes: Pairs of a code of the font and of the character it stands for, in hexadecimal ("<1E> <0000>").
        first: Operators that are drawn first on every page.
    """
    contents = [
        f"{first} BT " + " ".join(f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, size, text in words) + " ET"
        for words in pages
    ]
    bodies: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 4 0 R >>"
    bodies.append(font.encode())
    table = f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar {codes} endbfchar" if codes else ""
    bodies.append(f"<< /Length {len(table)} >>\nstream\n{table}\nendstream".encode())
    kids = []
    for content in contents:
        data = zlib.compress(content.encode("cp1252")) if packed else content.encode("cp1252")
        filtered = "/Filter /FlateDecode " if packed else ""
        bodies.append(f"<< {filtered}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")
        kids.append(f"{len(bodies) + 1} 0 R")
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(bodies)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    bodies.append(f"<< {info} >>".encode("latin-1"))
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    trailer = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info {len(bodies)} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + trailer.encode()
