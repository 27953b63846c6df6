"""One article, many ways to quote it, and the word for each."""

from __future__ import annotations

import pytest

from evals.quotes.store import TextLibrary
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.diff import ChangeKind
from retrieval.quotes.verdict import Severity, TextVerdict, Verdict

LEASE = (
    "The tenants met Sen. Maria Lopez on Monday. “The landlord is not, in any case, permitted to terminate the lease, "
    "unless fifteen months of rent are due,” Lopez said. “We’ll fight this in every court of the county – and we will "
    "win — because the law is clear.” She said the city may yet step in.\n\n"
    "Did the mayor promise to help the families of River Street? “No,” she said. The full-time staff of the housing "
    "office nego-\ntiated for 3,500 households last year.\n\n"
    "“I never said that the mayor was paid for his vote in the council,” said Tom Reed, of the Herald’s city desk."
)
BRIDGE = (
    "“The old bridge carries 40,000 cars a day and it was built for half of them,” the engineer told reporters. "
    "“Nobody should be surprised that the steel is tired.”"
)


@pytest.fixture(scope="module")
def desk() -> QuoteDesk:
    library = TextLibrary()
    library.add(
        [
            ("lease", "Lease", "Gazette", "2020-03-01", LEASE),
            ("bridge", "Bridge", "Herald", "2020-02-01", BRIDGE),
            ("again", "Again", "Times", "2019-02-01", "Last year “the steel is tired” was a joke. " + BRIDGE[107:]),
        ]
    )
    return QuoteDesk(library)


VERBATIM = [
    "We’ll fight this in every court of the county – and we will win — because the law is clear.",
    "“We’ll fight this in every court of the county”",
    "the steel is tired",
    "  We’ll fight  this in\nevery court of the county ",
    "The landlord is not, in any case, permitted to terminate the lease, unless fifteen months of rent are due,",
]
COSMETIC = {
    "We'll fight this in every court of the county": "quotes",
    "we’ll fight this in every court of the county": "case",
    "every court of the county - and we will win": "dashes",
    "office negotiated for 3,500 households last year": "line_hyphen",
    "office nego-tiated for 3,500 households last year": "dashes",
    "office nego-\ntiated for 3500 households last year": "punctuation",
    "We’ll fight this in every\u00a0court of the county": "spaces",
    "We’ll fight this in ev\u00adery court of the county": "soft_hyphen",
}
EDITED = [
    "We’ll fight this … because the law is clear.",
    "[The tenants will] fight this in every court of the county",
    "[w]e’ll fight this in every court of the county",
    "We’ll fight this in every court [sic] of the county",
    "The old bridge carries 40,000 cars a day and [the bridge] was built for half of them",
]
TRUNCATED = {
    "permitted to terminate the lease": "not",
    "The landlord is … permitted to terminate the lease": "not",
    "The landlord is not, in any case, permitted to terminate the lease": "unless",
    "the mayor was paid for his vote in the council": "never",
    "Did the mayor promise to help the families of River Street?": "",
}
ALTERED = {
    "The old bridge carries 60,000 cars a day and it was built for half of them": ChangeKind.NUMBER,
    "I said that the mayor was paid for his vote in the council": ChangeKind.NEGATION,
    "We’ll fight this in every court of the county and we may win": ChangeKind.MODAL,
    "We’ll fight this in some court of the county – and we will win": ChangeKind.QUANTIFIER,
    "The tenants met Sen. Maria Gomez on Monday": ChangeKind.NAME,
    "We’ll fight this in every cuort of the county": ChangeKind.SPELLING,
    "We’ll fight this in every town of the county": ChangeKind.WORD,
}


@pytest.mark.parametrize("quote", VERBATIM)
def test_the_articles_own_characters_are_verbatim(desk: QuoteDesk, quote: str) -> None:
    verdict = desk.check(quote)
    assert (verdict.text, verdict.severity) == (TextVerdict.VERBATIM, Severity.NONE)
    assert_spans(verdict)


@pytest.mark.parametrize(("quote", "name"), COSMETIC.items())
def test_the_same_words_in_other_type_are_cosmetic_and_the_fold_is_named(
    desk: QuoteDesk, quote: str, name: str
) -> None:
    verdict = desk.check(quote)
    assert verdict.text is TextVerdict.COSMETIC
    assert name in verdict.folds


@pytest.mark.parametrize("quote", EDITED)
def test_brackets_and_ellipses_that_hide_nothing_are_edits(desk: QuoteDesk, quote: str) -> None:
    assert desk.check(quote).text is TextVerdict.EDITED


@pytest.mark.parametrize(("quote", "lost"), TRUNCATED.items())
def test_a_cut_that_changes_what_is_said_shows_what_was_left_out(desk: QuoteDesk, quote: str, lost: str) -> None:
    verdict = desk.check(quote)
    if not lost:  # the answer is the outlet's next sentence, in other marks: the question stands as it is
        assert verdict.text is TextVerdict.VERBATIM
        return
    assert (verdict.text, verdict.severity) == (TextVerdict.TRUNCATED, Severity.HIGH)
    assert any(lost in omission.critical for omission in verdict.omitted)
    assert all(omission.span.of(LEASE) == omission.text for omission in verdict.omitted)


@pytest.mark.parametrize(("quote", "reason"), ALTERED.items())
def test_other_words_are_shown_with_what_changed(desk: QuoteDesk, quote: str, reason: ChangeKind) -> None:
    verdict = desk.check(quote)
    assert verdict.text is TextVerdict.ALTERED
    assert reason in {change.reason for change in verdict.changes}
    assert (verdict.severity is Severity.HIGH) == any(change.is_grave for change in verdict.changes)
    for change in verdict.changes:
        assert change.quote_span.of(quote) == change.quoted


def test_a_bracket_cannot_hide_a_negation(desk: QuoteDesk) -> None:
    assert desk.check("I [always] said that the mayor was paid for his vote").text is TextVerdict.ALTERED
    assert desk.check("We’ll [not] fight this in every court of the county").text is TextVerdict.ALTERED


@pytest.mark.parametrize(
    "quote",
    [
        "because the law is clear. The old bridge carries 40,000 cars a day and it was built for half of them",
        "We’ll fight this in every court of the county … Nobody should be surprised that the steel is tired.",
        "I never said that the mayor was paid for his vote … We’ll fight this in every court of the county",
    ],
)
def test_parts_of_two_places_are_spliced(desk: QuoteDesk, quote: str) -> None:
    verdict = desk.check(quote)
    assert verdict.text is TextVerdict.SPLICED
    assert len(verdict.matches) == 2


def test_words_that_nobody_wrote_are_not_found_and_what_was_searched_is_said(desk: QuoteDesk) -> None:
    verdict = desk.check("My opponent has taken money from every oil company in this great state")
    assert verdict.text is TextVerdict.NOT_FOUND
    assert (verdict.searched.articles, verdict.searched.since, verdict.searched.until) == (
        3,
        "2019-02-01",
        "2020-03-01",
    )
    assert verdict.matches == ()


@pytest.mark.parametrize("quote", ["", "…", "“”", "the", "court of the", "in"])
def test_a_few_words_get_their_occurrences_and_no_verdict(desk: QuoteDesk, quote: str) -> None:
    assert desk.check(quote).text is TextVerdict.TOO_SHORT


def test_eighty_words_with_one_changed_are_found() -> None:
    words = [f"word{number}" for number in range(80)]
    library = TextLibrary()
    library.add([("long", "", "", "", f"Before. “{' '.join(words)}.” After.")])
    words[40] = "kitchen"
    verdict = QuoteDesk(library).check(" ".join(words))
    assert verdict.text is TextVerdict.ALTERED
    assert [(change.quoted, change.source) for change in verdict.changes] == [("kitchen", "word40")]


def test_a_quotation_over_two_paragraphs_is_found() -> None:
    library = TextLibrary()
    library.add([("two", "", "", "", "“We came at dawn and waited.\n\n“We left when the lights went out,” he said.")])
    verdict = QuoteDesk(library).check("We came at dawn and waited. We left when the lights went out,")
    assert verdict.text is TextVerdict.COSMETIC


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("他说:“我们不会离开这座城市,直到最后一个人安全。”", "我们不会离开这座城市"),
        ("Он сказал: «Мы никогда не покинем этот город без боя».", "«Мы никогда не покинем этот город без боя»"),
        ("«Nous ne quitterons jamais cette ville», a-t-il dit.", "Nous ne quitterons jamais cette ville"),
    ],
)
def test_other_scripts_and_languages_are_found(text: str, quote: str) -> None:
    library = TextLibrary()
    library.add([("x", "", "", "", text)])
    assert QuoteDesk(library).check(quote).text is TextVerdict.VERBATIM


def assert_spans(verdict: Verdict) -> None:
    texts = {"lease": LEASE, "bridge": BRIDGE}
    for match in verdict.matches:
        if match.article.origin in texts:
            assert match.span.of(texts[match.article.origin]) == match.text


MARKUP = [
    "We&#8217;ll fight this in every court of the county",
    "We’ll <em>fight</em> this in every court of the county",
    "We’ll [fight](https://news.example/a-b) this in every court of the county",
    "We’ll **fight this** in every court of the county",
]


@pytest.mark.parametrize("quote", MARKUP)
def test_markup_that_was_left_in_is_cosmetic(desk: QuoteDesk, quote: str) -> None:
    verdict = desk.check(quote)
    assert verdict.text is TextVerdict.COSMETIC
    assert verdict.folds == ("markup",)


def test_an_article_with_markup_is_quoted_without_it() -> None:
    library = TextLibrary()
    library.add(
        [("md", "", "", "", "The [harbour plan](https://news.example/plan) was *never* put to a vote &amp; died.")]
    )
    assert QuoteDesk(library).check("The harbour plan was never put to a vote & died").text is TextVerdict.COSMETIC


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("We’ll fight this … because the town is clear.", ChangeKind.WORD),
        ("The old bridge carries 60,000 cars … built for half of them", ChangeKind.NUMBER),
        ("I said that the mayor was … for his vote in the council", ChangeKind.NEGATION),
    ],
)
def test_words_changed_beside_an_ellipsis_are_altered(desk: QuoteDesk, quote: str, reason: ChangeKind) -> None:
    verdict = desk.check(quote)
    assert verdict.text is TextVerdict.ALTERED
    assert reason in {change.reason for change in verdict.changes}


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("We’ll fight[ing] this in every court of the county", TextVerdict.EDITED),
        ("We’ll fight this in every court of [no county]", TextVerdict.ALTERED),
        ("The old bridge carries [60,000] cars a day and it was built", TextVerdict.ALTERED),
        ("[Old cars belong in museums near the] county", TextVerdict.NOT_FOUND),
    ],
)
def test_a_bracket_may_explain_but_not_claim_or_be_most_of_it(
    desk: QuoteDesk, quote: str, verdict: TextVerdict
) -> None:
    assert desk.check(quote).text is verdict


def test_a_cut_inside_a_number_is_shown() -> None:
    library = TextLibrary()
    library.add(
        [("n", "", "", "", "Shares of the harbour company fell by 40% on Monday. The town paid it $5 million then.")]
    )
    desk = QuoteDesk(library)
    for quote, lost in (("Shares of the harbour company fell by 40", "%"), ("The town paid it $5", "million")):
        verdict = desk.check(quote)
        assert verdict.text is TextVerdict.TRUNCATED
        assert verdict.omitted[0].critical == (lost,)


def test_sentences_in_another_order_are_spliced_and_words_added_to_one_are_altered(desk: QuoteDesk) -> None:
    quote = "Nobody should be surprised that the steel is tired. The old bridge carries 40,000 cars a day"
    assert desk.check(quote).text is TextVerdict.SPLICED
    more = "The old bridge carries 40,000 cars a day and it was built for half of them, as every child knows"
    assert desk.check(more).text is TextVerdict.ALTERED


@pytest.mark.parametrize("size", [300, 3_500])
def test_a_quotation_of_any_length_is_found_as_it_stands(size: int) -> None:
    words = " ".join(f"word{number}" for number in range(size))
    library = TextLibrary()
    library.add([("long", "", "", "", f"Before. “{words}.” After.")])
    assert QuoteDesk(library).check(words).text is TextVerdict.VERBATIM


HOSTILE = ["“" * 2_000, "[x] " * 2_000, "he said … " * 2_000, "&" * 5_000, "](http:" * 1_000, "\ud800 a b c d"]


@pytest.mark.parametrize("quote", HOSTILE)
def test_hostile_input_gets_a_verdict(desk: QuoteDesk, quote: str) -> None:
    assert desk.check(quote).text in {TextVerdict.TOO_SHORT, TextVerdict.NOT_FOUND}
    assert all(verdict.matches == () for _, verdict in desk.check_draft(quote))
