"""Claims held to articles: what passes, what cannot pass, and what it rests on."""

from __future__ import annotations

import time

import pytest

from bot.answers import ClaimContext, Support
from bot.verification.verifier import MAX_CLAIM_CHARACTERS, ClaimVerifier
from retrieval.articles import Hit
from tests.bot.verification.harbour import ORCHARD, STRIKE, hits_of, make_article

ARTICLES = [make_article(STRIKE, "2024-02-23"), make_article(ORCHARD, "2024-04-20")]
HITS = hits_of(ARTICLES)
TEXTS = {article.id: article.text for article in ARTICLES}
CARRIED = {Support.VERBATIM, Support.SUPPORTED}


@pytest.fixture(scope="module")
def verifier() -> ClaimVerifier:
    made = ClaimVerifier()
    made.prepare(HITS)
    return made


@pytest.mark.parametrize(
    "claim",
    [
        "Some 1,200 dockers walked out on 9 January.",
        "The strike cost the city about $3.5 million.",
        "Half of the cherry harvest in Kestrel Valley was destroyed by a late frost.",
        "The strike in Port Vell ended after 45 days.",
        "Norsea was accused by Quill of prolonging the dispute.",
        "Paul Brandt, the minister, will visit the valley in May.",
        "Reyes may run for the city council.",
        "The ministry has not promised aid.",
    ],
)
def test_what_an_article_says_in_other_words_is_supported(verifier: ClaimVerifier, claim: str) -> None:
    judged = verifier.judge(claim, HITS)
    assert judged.support in CARRIED, judged
    assert not judged.problems


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ("The strike in Port Vell ended after 35 days.", "the number 35 is not in the source"),
        ("Some 1,300 dockers walked out on 9 January.", "1,200 dockers, not 1,300"),
        ("Some 1,200 dockers walked out on 19 January.", "19"),
        ("Wages will rise by 45 percent.", "45"),
        ("The port authority agreed to raise wages by four dollars.", "four"),
        ("The strike cost the city $3.5 billion.", "$3.5 billion"),
        ("The strike cost the city 3.5 million euros.", "3.5 million"),
        ("Lena Okafor, who owns 1,200 trees, lost all of her blossom.", "300 trees, not 1,200"),
        ("300 dockers walked out.", "1,200 dockers, not 300"),
        ("It was the longest winter in 45 years.", "45"),
        ("Paul Brandt will visit the valley in June.", "“June” is not in the source"),
        ("The dockers of Port Vell ended their strike on Monday.", "“Monday” is not in the source"),
        ("The strike in Rotterdam ended after 45 days.", "the name “Rotterdam” is not in the source"),
        ("Maria Reyes leads the union.", "the name “Maria Reyes” is not in the source"),
        ("Ada Quill accused Reyes of prolonging the dispute.", "“Norsea” where the claim says “Reyes”"),
        ("The ministry of agriculture has promised aid.", "the source says “not” where the claim does not"),
        ("Norsea commented on the agreement.", "the source says “not” where the claim does not"),
        ("The union had sued the company in February.", "the two sides of “sued” the other way round"),
    ],
)
def test_a_changed_fact_is_unsupported_and_says_why(verifier: ClaimVerifier, claim: str, problem: str) -> None:
    judged = verifier.judge(claim, HITS)
    assert judged.support is Support.UNSUPPORTED
    assert any(problem in each for each in judged.problems), judged.problems


@pytest.mark.parametrize(
    "claim",
    [
        "Norsea accused Ada Quill of prolonging the dispute.",
        "The court did not reject the lawsuit.",
        "Tomas Reyes owns 300 trees.",
        "The strike cost Norsea an estimated $3.5 million.",
        "The dockers did not end their strike.",
        "Brandt will not visit the valley.",
        "Half of the apple harvest in Kestrel Valley was destroyed by a late frost.",
        "The frost cost the city an estimated $3.5 million.",
        "The president resigned.",
        "Der Streik endete nach 45 Tagen.",
    ],
)
def test_what_no_article_says_is_not_supported(verifier: ClaimVerifier, claim: str) -> None:
    assert verifier.judge(claim, HITS).support not in CARRIED


def test_a_sentence_of_an_article_is_verbatim_and_rests_on_itself(verifier: ClaimVerifier) -> None:
    claim = "The dockers of Port Vell ended their strike on Tuesday after 45 days."
    judged = verifier.judge(claim, HITS)
    assert judged.support is Support.VERBATIM
    assert [each.span.of(TEXTS[HITS[each.hit].passage.article_id]) for each in judged.evidence] == [claim]


def test_part_of_a_sentence_is_not_verbatim(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("Norsea did not comment on", HITS)
    assert judged.support is not Support.VERBATIM


def test_evidence_is_as_few_sentences_as_carry_the_claim(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("The strike cost the city about $3.5 million.", HITS)
    said = [each.span.of(TEXTS[HITS[each.hit].passage.article_id]) for each in judged.evidence]
    assert said == ["The strike cost the city an estimated $3.5 million."]


def test_a_claim_of_two_facts_rests_on_both_their_sentences(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("The strike ended after 45 days, and it cost the city an estimated $3.5 million.", HITS)
    said = [each.span.of(TEXTS[HITS[each.hit].passage.article_id]) for each in judged.evidence]
    assert len(said) == 2
    assert any("45 days" in each for each in said)
    assert any("$3.5 million" in each for each in said)


def test_an_altered_quotation_loses_its_marks_and_is_a_problem(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("Reyes said it was “the longest strike of my life”.", HITS)
    assert judged.text == "Reyes said it was the longest strike of my life."
    assert "the article has these words as “the longest winter of my life”" in judged.problems
    assert judged.support not in CARRIED


def test_a_quotation_that_a_source_has_keeps_its_marks(verifier: ClaimVerifier) -> None:
    claim = "Reyes called it “the longest winter of my life”."
    judged = verifier.judge(claim, HITS)
    assert judged.text == claim
    assert not judged.problems


def test_a_claim_firmer_than_its_source_is_not_supported(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("Reyes will run for the city council next year.", HITS)
    assert judged.support not in CARRIED
    assert judged.problems == ("the source says “may” where the claim says “will”",)


@pytest.mark.parametrize(
    ("claim", "question", "supported"),
    [
        ("After 45 days.", "When did the dockers end their strike?", True),
        ("After 46 days.", "When did the dockers end their strike?", False),
        ("Yes.", "Did the dockers end their strike?", True),
        ("No.", "Did the dockers end their strike?", False),
        ("No.", "Did Norsea comment on the agreement?", True),
        ("Yes.", "Did Norsea comment on the agreement?", False),
        ("Yes.", "How long did the strike last?", False),
        ("$3.5 million.", "How much did the strike cost the city?", True),
        ("$35 million.", "How much did the strike cost the city?", False),
        ("Half.", "", False),
    ],
)
def test_a_short_answer_is_judged_with_its_question(
    verifier: ClaimVerifier, claim: str, question: str, *, supported: bool
) -> None:
    judged = verifier.judge(claim, HITS, ClaimContext(question))
    assert (judged.support is not Support.UNSUPPORTED) == supported
    assert judged.text == claim
    assert judged.asserts


def test_a_stock_lead_in_is_not_shown(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("- According to the articles, the strike cost the city about $3.5 million.", HITS)
    assert judged.text == "- The strike cost the city about $3.5 million."
    assert judged.support in CARRIED


def test_a_yes_that_no_article_supports_is_cut_from_a_claim_that_one_does(verifier: ClaimVerifier) -> None:
    context = ClaimContext("Did Ada Quill end the strike?")
    judged = verifier.judge("Yes, the strike cost the city about $3.5 million.", HITS, context)
    assert judged.support is Support.PARTIAL
    assert judged.text == "The strike cost the city about $3.5 million."
    assert judged.cut == ("Yes",)


@pytest.mark.parametrize(
    "text",
    ["Here is what the articles say:", "Here's a brief summary of the key points:", "## Background", "Why?", "—", ""],
)
def test_a_stock_phrase_asserts_nothing(verifier: ClaimVerifier, text: str) -> None:
    judged = verifier.judge(text, HITS)
    assert (judged.asserts, judged.support) == (False, Support.SUPPORTED)


def test_a_stock_phrase_may_name_the_topic_of_the_question_only(verifier: ClaimVerifier) -> None:
    context = ClaimContext("Why did the strike end?")
    assert not verifier.judge("Here is what the articles say about the strike:", HITS, context).asserts
    assert verifier.judge("Here is what the articles say about Norsea's bribes:", HITS, context).asserts


@pytest.mark.parametrize(
    "text",
    [
        "According to prosecutors, Quill took bribes:",
        "## Norsea took bribes",
        "**Bribes**",
        "Why did Norsea take bribes?",
        "Did you know that Norsea took bribes?",
        "How did it end?",
        "50%.",
        "No.",
        "1.",
        "Ada Quill",
        "Dockers: bribed",
        "Bribes:",
    ],
)
def test_a_heading_a_lead_in_a_question_and_a_fragment_are_judged(verifier: ClaimVerifier, text: str) -> None:
    assert verifier.judge(text, HITS).support not in CARRIED


@pytest.mark.parametrize(
    "text",
    [
        "Would you like more details?",
        "Sure!",
        "I hope this helps!",
        "Let me know if he took bribes.",
        "Why did the dockers strike?",
    ],
)
def test_chatter_an_offer_and_the_question_repeated_are_no_claims_and_not_shown(
    verifier: ClaimVerifier, text: str
) -> None:
    judged = verifier.judge(text, HITS, ClaimContext("Why did the dockers strike?"))
    assert (judged.asserts, judged.support) == (False, Support.UNSUPPORTED)


def test_a_label_of_stock_words_is_left_out(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("**Short answer:** The strike cost the city an estimated $3.5 million.", HITS)
    assert (judged.support, judged.text) == (Support.VERBATIM, "The strike cost the city an estimated $3.5 million.")


def test_a_question_that_brings_in_a_new_number_is_a_claim(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("Did you know that the dockers won 77 million euros?", HITS)
    assert judged.asserts
    assert judged.support is Support.UNSUPPORTED


def test_what_the_articles_do_not_say_is_carried_by_none(verifier: ClaimVerifier) -> None:
    assert verifier.judge("The articles do not say when the strike began.", HITS).support is Support.UNSUPPORTED


def test_a_list_mark_stays_and_is_no_number(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("7. The strike cost the city about $3.5 million.", HITS)
    assert judged.text.startswith("7. ")
    assert judged.support in CARRIED


def test_without_hits_a_claim_is_unsupported(verifier: ClaimVerifier) -> None:
    judged = verifier.judge("The strike ended.", [])
    assert judged.support is Support.UNSUPPORTED
    assert not judged.evidence
    assert judged.problems


@pytest.mark.parametrize("claim", ["word " * 2_000, "9" * 10_000, "“" * 10_000, "a" * 10_000, "Ada Quill " * 199])
def test_a_claim_of_any_length_is_judged_in_bounded_time(verifier: ClaimVerifier, claim: str) -> None:
    start = time.process_time()
    judged = verifier.judge(claim, HITS)
    assert time.process_time() - start < 10
    assert judged.support not in CARRIED
    assert (len(claim) <= MAX_CLAIM_CHARACTERS) or judged.problems


def test_what_is_added_after_a_yes_is_cut_with_the_yes_that_nothing_says(verifier: ClaimVerifier) -> None:
    context = ClaimContext("Did the strike in Port Vell last a year?")
    judged = verifier.judge("Yes, the strike in Port Vell secretly ended after 45 days.", HITS, context)
    assert judged.text == "The strike in Port Vell ended after 45 days."
    assert judged.cut == ("Yes", "secretly")


def test_evidence_always_lies_in_its_hit(verifier: ClaimVerifier) -> None:
    shuffled: list[Hit] = list(reversed(HITS))
    for claim in ("The strike cost the city about $3.5 million.", "Lena Okafor lost all of her blossom."):
        for each in verifier.judge(claim, shuffled).evidence:
            assert each.span in shuffled[each.hit].passage.sentences


def test_a_false_clause_of_a_long_claim_is_cut_and_the_rest_is_shown(verifier: ClaimVerifier) -> None:
    claim = (
        "1. The dockers of Port Vell ended their strike after 45 days, and the mayor of Lisbon paid 77 million "
        "euros to the union of the dockers on Friday."
    )
    judged = verifier.judge(claim, HITS)
    assert judged.support is Support.PARTIAL
    assert judged.text == "1. The dockers of Port Vell ended their strike after 45 days."
    assert judged.cut == ("and the mayor of Lisbon paid 77 million euros to the union of the dockers on Friday",)


def test_a_date_that_the_article_gives_by_its_weekday_is_supported(verifier: ClaimVerifier) -> None:
    right = verifier.judge("The dockers of Port Vell ended their strike on Tuesday, February 20, 2024.", HITS)
    wrong = verifier.judge("The dockers of Port Vell ended their strike on Tuesday, February 13, 2024.", HITS)
    assert right.support in CARRIED
    assert right.text.endswith("February 20, 2024.")
    assert wrong.support is Support.UNSUPPORTED
