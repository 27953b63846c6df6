"""The catalogues of other languages."""

from __future__ import annotations

import ast
import string
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.answering.extractive import abstention
from bot.answers import POSSIBLY_LABEL, UNCONFIRMED_MESSAGE, AbstentionReason, SearchScope
from bot.conversation.question_language import REFUSAL
from bot.render.catalogue import LANGUAGES, catalogue, language_of, retold, speaking, translated, translated_count
from bot.render.phrases import NEAREST_LABEL, UNCONFIRMED_LABEL, label_words
from bot.render.record import DIFFERENCE_NOTE, KINDS
from bot.render.sources import OPINION, UNDATED
from bot.render.why import KIND_WORDS
from retrieval.articles import Filters
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.draft_survey import UncheckedReason
from retrieval.quotes.verdict import TextVerdict

ROOT = Path(__file__).parents[3]
FACES = {"render", "discord", "cogs"}
"""Where numbers with nouns are shown; what is composed elsewhere is English."""


TRANSLATING = {
    "translated": slice(0, 1),
    "translated_count": slice(1, 3),
    "BotRefusal": slice(0, 1),
    "NotPermitted": slice(0, 1),
    "AnswerAction": slice(1, 2),
}
"""Which arguments of a function are templates."""


@cache
def templates() -> set[str]:
    """Return every template that the code names, itself or by a constant of its module."""
    found: set[str] = set()
    for file in (ROOT / "bot").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {ast.unparse(each.targets[0]): each.value for each in tree.body if isinstance(each, ast.Assign)}
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                given = call.args[TRANSLATING.get(call.func.id, slice(0))]
                found |= set(words(given, constants))
                if call.func.id == "counted" and file.parent.name in FACES:
                    found |= {
                        f"{{number:,}} {noun}{ending}" for noun in words(call.args[1:], {}) for ending in ("", "s")
                    }
    return found


def words(arguments: Sequence[ast.expr], constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the strings among arguments, those of both values of "one if … else other", and of constants."""
    for argument in arguments:
        for one in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            value = constants.get(ast.unparse(one), one)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


def fields(template: str) -> set[str]:
    """Return the names of the values of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_translates_every_template_with_its_values(language: str) -> None:
    """And none that the code no longer names."""
    held = catalogue(language)
    assert sorted(templates() - held.keys()) == []
    for template, translation in held.items():
        assert translation.strip(), template
        assert fields(translation) == fields(template), template


def test_the_language_is_that_of_the_context() -> None:
    """English outside of it, and for what has no translation."""
    with speaking("de"):
        assert translated("Searched {scope}.", scope="{0}") == "Durchsucht: {0}."
        assert translated("No such message: {what}", what=1) == "No such message: 1"
    assert translated("Searched {scope}.", scope=3) == "Searched 3."
    with speaking("fr"):
        assert translated_count(0, "{number} one", "{number} many") == "0 one"
    assert translated_count(0, "{number} one", "{number} many") == "0 many"


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("es-419", "es"), ("en-GB", "en"), ("ja", "en"), (None, "en")]
)
def test_a_locale_names_its_language(locale: str | None, language: str) -> None:
    """Discord's locales, and none."""
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Left out: “He didn't. Really {0}”.", "Weggelassen: “He didn't. Really {0}”."),
        ("Made of 2 parts from 3 articles.", "Aus 2 Teilen zusammengesetzt (3 Artikel)."),
        (
            "It is in none of the articles. No such sentence {x}.",
            "In keinem der Artikel steht es. No such sentence {x}.",
        ),
        ("Nothing  of the\nkind.", "Nothing  of the\nkind."),
        ("Left out: .", "Left out: ."),
        ("2,516 articles.", "2.516 Artikel."),
        ("Not in these articles. No article names {0}.", "Nicht in diesen Artikeln. Kein Artikel nennt {0}."),
        (
            "No article mentions “Zanzibar”. 684 articles searched.",
            "Kein Artikel erwähnt “Zanzibar”. Durchsucht: 684 Artikel.",
        ),
        (
            "From 4 of at least 1,035 articles about “Niger”; 2,684 articles searched.",
            "Zu “Niger”: mindestens 1.035 Artikel, gezeigt aus 4; durchsucht: 2.684 Artikel.",
        ),
        (
            "1,361 of 2,684 articles mention “Niger”, 159 of them in the headline.",
            "2.684 Artikel, davon erwähnen 1.361 “Niger”, 159 im Titel.",
        ),
        ("96 outlets in 684 articles, most articles first:", "684 Artikel: 96 Medien, die häufigsten zuerst:"),
        ("And 84 more outlets with 324 articles.", "Und 84 weitere Medien (324 Artikel)."),
        ("And 1,349 more articles.", "Und 1.349 weitere Artikel."),
        (
            "16 of 31 dated events about “Niger” in 14 articles looked at: the most central.",
            "Die 16 zentralsten zu “Niger”: 31 datierte Ereignisse insgesamt, durchgesehen: 14 Artikel.",
        ),
        ("Fox News: 12 articles about it", "Fox News: 12 Artikel dazu"),
        ("", ""),
    ],
)
def test_a_finished_sentence_is_told_in_another_language(english: str, german: str) -> None:
    """Sentence by sentence, its quotations whole and as they are; English where no template makes it."""
    assert retold(english) == english
    with speaking("de"):
        assert retold(english) == german


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("planned before 2018-12-25", "geplant vor 2018-12-25"),
        ("week of 2018-09-17 · 2 articles", "Woche vom 2018-09-17 · 2 Artikel"),
        ("2019-01-12 (article’s date)", "2019-01-12 (Datum des Artikels)"),
        ("since 2011", "seit 2011"),
        ("2013-10-15, CNN (Web News)", "2013-10-15, CNN (Web News)"),
    ],
)
def test_the_label_of_a_dated_sentence_is_told_in_another_language(english: str, german: str) -> None:
    """Its prepositions, not its date or outlet."""
    assert label_words(english) == english
    with speaking("de"):
        assert label_words(english) == german


def test_a_long_text_is_looked_up_in_linear_time() -> None:
    """Whoever writes it."""
    started = time.process_time()
    with speaking("fr"):
        for hostile in ("Left out: " * 5_000, "“" * 20_000, "a. " * 20_000):
            retold(hostile)
    assert time.process_time() - started < 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_translated_where_it_is_shown_has_a_translation(language: str) -> None:
    """Fixed words that are named in tables: kinds of questions and statements, verdicts, reasons, abstentions."""
    nowhere = SearchScope(0, 0, Filters())
    shown = [
        *KIND_WORDS.values(),
        *KINDS.values(),
        *(reason.because for reason in UncheckedReason if not reason.is_right),
        *(verdict.replace("_", " ").upper() for verdict in (*TextVerdict, *SpeakerVerdict)),
        *(abstention(reason, nowhere).message for reason in AbstentionReason),
        DIFFERENCE_NOTE,
        NEAREST_LABEL,
        POSSIBLY_LABEL,
        UNCONFIRMED_LABEL,
        UNCONFIRMED_MESSAGE,
        REFUSAL,
        UNDATED,
        OPINION,
    ]
    assert [words for words in shown if words not in catalogue(language)] == []
