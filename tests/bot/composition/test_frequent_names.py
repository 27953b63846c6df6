"""The people and places that most articles mention."""

from pathlib import Path

from bot.composition.frequent_names import FrequentNames
from retrieval.quotes.record.record import Record
from tests.fakes import make_article, make_library, put, remove

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


def test_an_article_that_is_deleted_or_changed_no_longer_counts(tmp_path: Path) -> None:
    with make_library(tmp_path, ARTICLES) as library:
        names = FrequentNames(library)
        names.of(library.article_ids())
        put(library, [make_article("Rain in Chile.", title="One", origin=ARTICLES[0].origin)])
        remove(library, ARTICLES[2].origin)
        expected = FrequentNames(library).of(library.article_ids())
        assert names.of(library.article_ids()) == expected
        assert expected.places == (("Burkina Faso", 1), ("Chile", 1), ("Niger", 1))


def test_only_the_passages_that_were_added_are_read(tmp_path: Path) -> None:
    """What an ingestion costs the next answer does not grow with the library."""
    with make_library(tmp_path, ARTICLES) as library:
        names = FrequentNames(library)
        names.of(library.article_ids())
        put(library, [make_article("Rain in Niger.", title="Rain")])
        last = library.last_passage - 1
        statements: list[str] = []
        with library.reading() as connection:
            connection.set_trace_callback(statements.append)
        names.of(library.article_ids())
        read = [each for each in statements if "word_index MATCH" in each]
        assert read
        assert all(each.endswith(f"w.rowid > {last}") for each in read)
