"""Files for the loading tests, written by hand."""

from __future__ import annotations

import io
import zipfile
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


def docx(body: str, **parts: str) -> bytes:
    """Return a Word document with this body, and other parts by their kind: ``footnotes``, ``styles``, ``core``."""
    names = {"core": "docProps/core.xml"}
    related = "".join(
        f'<Relationship Type="https://x.example/{kind}" Target="{kind}.xml"/>' for kind in parts if kind not in names
    )
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": _relationships('<Relationship Type="x/officeDocument" Target="word/document.xml"/>'),
            "word/_rels/document.xml.rels": _relationships(related),
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            **{names.get(kind, f"word/{kind}.xml"): f"<w:{kind} {_W}>{xml}</w:{kind}>" for kind, xml in parts.items()},
        }
    )


def run(text: str, properties: str = "") -> str:
    """Return a run of a Word document."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    """Return a paragraph of a Word document."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def odt(body: str, styles: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument text with this body and these automatic styles."""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:document-content {_ODF}><o:automatic-styles>{styles}</o:automatic-styles>"
            f"<o:body><o:text>{body}</o:text></o:body></o:document-content>",
            "meta.xml": f"<o:document-meta {_ODF}><o:meta>{meta}</o:meta></o:document-meta>",
        }
    )


def archive(members: dict[str, str]) -> bytes:
    """Return a zip archive; its first member is not compressed, as OpenDocument wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in members.items():
            packed.writestr(name, text, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_ODF = (
    'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:m="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def _relationships(inside: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )
