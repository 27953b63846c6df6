"""The people and places that most articles mention."""

from pathlib import Path

from bot.composition.frequent_names import FrequentNames
from retrieval.quotes.record.record import Record
from tests.fakes import make_article, make_library, put

ARTICLES = [
    make_article("“It is over,” Mayor Ann Reed said in Burkina Faso.", title="One"),
    make_article("Ann Reed left Niger for Burkina Faso. The main road was closed.", title="Two"),
    make_article("Nobody saw Reed in Nigeria.", title="Three"),
]


def test_places_and_quoted_people_are_counted_by_article(tmp_path: Path) -> None:
    """People by their full names; "Nigeria" is not "Niger", and "main" is not Maine."""
    with make_library(tmp_path, ARTICLES) as library:
        Record(library).people()
        counts = FrequentNames(library).of(library.article_ids())
    assert counts.people == (("Ann Reed", 2),)
    assert counts.places == (("Burkina Faso", 2), ("Niger", 1), ("Nigeria", 1))


def test_only_the_given_articles_count(tmp_path: Path) -> None:
    with make_library(tmp_path, ARTICLES) as library:
        names = FrequentNames(library)
        assert names.of(library.article_ids()[2:]).places == (("Nigeria", 1),)
        assert names.of([]).places == ()


def test_a_change_of_the_library_is_seen(tmp_path: Path) -> None:
    with make_library(tmp_path, ARTICLES) as library:
        names = FrequentNames(library)
        before = names.of(library.article_ids(), 1)
        put(library, [make_article(f"Rain in Niger, day {day}.", title=f"Rain {day}") for day in range(3)])
        after = names.of(library.article_ids(), 1)
    assert (before.places, after.places) == ((("Burkina Faso", 2),), (("Niger", 4),))
