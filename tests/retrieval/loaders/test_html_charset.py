from __future__ import annotations

import pytest

from retrieval.loaders.html_charset import decode_page

PAGE = '<html><head><meta charset="{}"></head><body><p>{}</p></body></html>'
SPANISH = "La mayoría de los concejales de la ciudad vota hoy por la propuesta de Ana Muñoz, la alcaldesa. " * 3


@pytest.mark.parametrize("declared", ["utf-8", "windows-1252", "iso-8859-1"])
def test_utf_8_counts_before_what_a_page_declares(declared: str) -> None:
    page = PAGE.format(declared, SPANISH)
    assert decode_page(page.encode()) == (page, ())


def test_a_page_that_declares_utf_8_and_is_not_is_detected_and_noted() -> None:
    page = PAGE.format("utf-8", SPANISH)
    text, (note,) = decode_page(page.encode("cp1252"))
    assert text == page
    assert note.startswith("declares UTF-8 and is not")


def test_stray_bytes_in_utf_8_are_read_as_windows_1252_and_noted() -> None:
    page = PAGE.format("utf-8", SPANISH * 3)
    text, (note,) = decode_page(page.encode() + "<p>Señor Muñoz</p>".encode("cp1252"))
    assert text == page + "<p>Señor Muñoz</p>"
    assert "2 stray bytes" in note
    assert "\ufffd" not in text


def test_a_declared_encoding_is_used_and_what_it_lacks_is_noted() -> None:
    page = PAGE.format("windows-1251", "Мэр сказал, что моста не будет. " * 3)
    assert decode_page(page.encode("cp1251")) == (page, ())
    text, (note,) = decode_page(page.encode("cp1251").replace(b"</p>", b"\x98</p>"))
    assert text.count("\ufffd") == 1
    assert note.startswith("holds 1 characters")


@pytest.mark.parametrize("declared", ["base64", "hex", "zip", "idna", "utf-7", "undefined", "no-such-code"])
def test_what_is_no_text_encoding_is_not_used(declared: str) -> None:
    page = PAGE.format(declared, SPANISH)
    assert decode_page(page.encode("cp1252"))[0] == page
