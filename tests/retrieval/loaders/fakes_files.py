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
    """Return a PDF whose pages hold these lines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    bodies: list[bytes] = [part.encode("latin-1") for part in objects]
    for lines in pages:
        content = "BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        data = zlib.compress(content.encode("latin-1")) if packed else content.encode("latin-1")
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
