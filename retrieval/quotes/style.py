"""The matters of house style in which two ways to write the same words may differ, by name; loads nothing."""

from __future__ import annotations

from enum import StrEnum


class Style(StrEnum):
    """A matter of house style between two ways to write the same words."""

    VARIANT_SPELLING = "variant_spelling"  # organise, organize
    NUMERAL = "numeral"  # 15, fifteen; 5%, five per cent; $5m, 5 million dollars; 9am, 9 a.m.; 5 January, Jan. 5
    ABBREVIATION = "abbreviation"  # US, U.S.; Sen., Senator
    COMPOUND = "word_break"  # full-time, full time; healthcare, health care
    APOSTROPHE = "apostrophe"
    ACCENT = "accent"  # café, cafe
    SYMBOL = "symbol"  # CO₂, CO2; R&D, R and D
    FOOTNOTE = "footnote"  # [1], ¹


STYLES = {
    Style.VARIANT_SPELLING: "British and American spelling",
    Style.NUMERAL: "numbers, sums, dates and times in figures and in words",
    Style.ABBREVIATION: "abbreviations with and without points, and written out",
    Style.COMPOUND: "compounds in one word and in two",
    Style.APOSTROPHE: "an apostrophe added or left out",
    Style.ACCENT: "accents",
    Style.SYMBOL: "symbols: CO₂ and CO2, & and and",
    Style.FOOTNOTE: "footnote marks",
}
"""Every matter of style in words for a person."""
