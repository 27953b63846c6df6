"""The fitted reader: which sentences it chooses, when it abstains, and what its features mean."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import features, model
from bot.answering.features import LEXICAL_FEATURES
from bot.answering.question import AnswerType, parse_question
from bot.answering.reader import MAX_SCORED, MAX_SENTENCES, MIN_IGNORING_LENGTH, FittedReader, rank_hits
from bot.answering.term_weights import TermWeights
from retrieval.articles import ArticleInfo, Hit, Passage, Span
from retrieval.embedding.cross_encoder import DEFAULT_RERANKER
from retrieval.text.tokens import read_words
from tests.fakes import FakeCrossEncoder

SENTENCES = (
    "The council opened the Harbour Bridge on 4 May 2019.",
    "Mayor Ada Quill cut the ribbon before 300 guests.",
    "It replaced a ferry that had sailed since 1931.",
    "Engineers chose steel because salt water eats concrete.",
)


class FakeCounts:
    passages = 3


class FakeCorpus:
    """A corpus that holds no word but those of the prior."""

    def document_frequencies(self, terms: object) -> dict[str, int]:
        return {}

    def counts(self) -> FakeCounts:
        return FakeCounts()


def make_hit(*sentences: str, rank: int = 1, article: str = "0123456789abcdef", dense: float = 0.5) -> Hit:
    text = " ".join(sentences)
    ends = list(itertools.accumulate(len(sentence) + 1 for sentence in sentences))
    spans = tuple(Span(end - len(sentence) - 1, end - 1) for sentence, end in zip(sentences, ends, strict=True))
    passage = Passage(article, 0, Span(0, len(text)), text, "Harbour news", spans)
    info = ArticleInfo(article, "harbour.txt", "Harbour news", "harbour.txt", "", "", "", "", len(text), 1)
    return Hit(passage, info, 1.0 / rank, rank, rank, dense, rank, 5.0 / rank)


def make_reader(cross_encoder: FakeCrossEncoder | None = None, **options: float) -> FittedReader:
    return FittedReader(cross_encoder or FakeCrossEncoder(), TermWeights(FakeCorpus()), **options)


def test_a_name_typed_without_a_capital_is_the_same_name() -> None:
    """It counts as missing from a sentence that lacks it."""
    names = LEXICAL_FEATURES.index("missing_names")
    hits = [make_hit(*SENTENCES)]
    reader = make_reader()
    for question in ("Who did Mayor Quill meet?", "who did mayor quill meet?"):
        found, values = reader.candidate_features(question, hits)
        missing = {each.sentence.text: values[row, names] for row, each in enumerate(found)}
        assert missing[SENTENCES[1]] == 0.0
        assert missing[SENTENCES[2]] == 1.0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the council open the Harbour Bridge?", SENTENCES[0]),
        ("Who cut the ribbon?", SENTENCES[1]),
        ("Which ferry did it replace?", SENTENCES[2]),
        ("Why did engineers choose steel?", SENTENCES[3]),
    ],
)
def test_the_sentence_that_answers_comes_first(question: str, expected: str) -> None:
    hit = make_hit(*SENTENCES)
    best = make_reader().read(question, [hit]).candidates[0]
    assert best.span.of(hit.passage.text) == expected


def test_a_question_about_something_else_is_less_likely_answered_and_not_answered() -> None:
    reader = make_reader()
    near = reader.read("Who cut the ribbon before 300 guests?", [make_hit(*SENTENCES)])
    foreign = reader.read("How tall is Mount Kilimanjaro?", [make_hit(*SENTENCES, dense=0.02)])
    assert foreign.confidence < near.confidence
    assert foreign.answers == 0


def test_passages_are_ranked_by_their_likeliest_sentence_too() -> None:
    """Together with their own order; one of which no sentence was read comes last."""
    hits = [
        make_hit("Trains to Rome were late again.", article="a" * 16),
        make_hit(SENTENCES[1], rank=2, article="b" * 16),
    ]
    reading = make_reader().read("Who cut the ribbon before 300 guests?", hits)
    assert rank_hits(reading, hits)[0] is hits[1]
    assert rank_hits(reading, [*hits, unread := make_hit("So.", rank=4, article="d" * 16)])[-1] is unread


def test_nothing_found_is_nothing_read() -> None:
    reading = make_reader().read("Who cut the ribbon?", [])
    assert (reading.candidates, reading.confidence, reading.answers) == ((), 0.0, 0)


def test_the_dearer_a_wrong_answer_the_fewer_are_given() -> None:
    hits = [make_hit(*SENTENCES)]
    question = "Who cut the ribbon before 300 guests?"
    assert make_reader(wrong_answer_cost=0.0001).read(question, hits).answers > 0
    dear = make_reader(wrong_answer_cost=10_000.0)
    assert dear.read(question, hits).possibly
    none = make_reader(wrong_answer_cost=10_000.0, wrong_suggestion_cost=10_000.0)
    assert none.read(question, hits).answers == 0


def test_probabilities_fall_and_the_first_is_the_confidence() -> None:
    reading = make_reader().read("Who opened the Harbour Bridge?", [make_hit(*SENTENCES)])
    said = [candidate.probability for candidate in reading.candidates]
    assert said == sorted(said, reverse=True)
    assert said[0] == reading.confidence
    assert all(0 <= each <= 1 for each in said)


def test_a_sentence_that_two_articles_share_is_offered_once() -> None:
    hits = [make_hit(*SENTENCES), make_hit(*SENTENCES, rank=2, article="fedcba9876543210")]
    reading = make_reader().read("Who cut the ribbon?", hits)
    texts = [candidate.span.of(candidate.hit.passage.text) for candidate in reading.candidates]
    assert len(texts) == len(set(texts))
    assert len(texts) >= MAX_SENTENCES


def test_what_the_cross_encoder_reads_for_an_answer_is_bounded_however_long_the_sentences() -> None:
    """The best ones are looked at however long they are."""
    question = "Who cut the ribbon before 300 guests?"
    long = [f"{'Guest after guest came to the harbour, ' * 20}and number {at} cut the ribbon." for at in range(20)]
    cross_encoder = FakeCrossEncoder()
    make_reader(cross_encoder).read(question, [make_hit(SENTENCES[1], *long)])
    assert SENTENCES[1] in cross_encoder.read
    assert 3 <= len(cross_encoder.read) <= MIN_IGNORING_LENGTH
    cross_encoder = FakeCrossEncoder()
    make_reader(cross_encoder).read(question, [make_hit(*(f"Guest {at} cut a ribbon." for at in range(40)))])
    assert len(cross_encoder.read) == MAX_SCORED


def test_a_sentence_that_is_plainly_another_matter_is_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    cross_encoder = FakeCrossEncoder()
    monkeypatch.setattr("bot.answering.reader.MAX_LOG_ODDS_GAP", 5.0)
    others = [f"Trains to {name} were late again." for name in ("Rome", "Oslo", "Bonn", "Graz", "Lyon", "York")]
    make_reader(cross_encoder).read("Who cut the ribbon before 300 guests?", [make_hit(SENTENCES[1], *others)])
    assert SENTENCES[1] in cross_encoder.read
    assert len(cross_encoder.read) < len(others)


@given(st.text(max_size=200))
def test_any_question_is_read_without_failing(question: str) -> None:
    reading = make_reader().read(question, [make_hit(*SENTENCES)])
    assert 0 <= reading.answers <= MAX_SENTENCES
    assert 0.0 <= reading.confidence <= 1.0


@given(st.text(max_size=120))
def test_words_stand_where_they_say(text: str) -> None:
    words = read_words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(left.end <= right.start for left, right in itertools.pairwise(words))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who signed it?", AnswerType.PERSON),
        ("When was it signed?", AnswerType.TIME),
        ("In what year was it signed?", AnswerType.TIME),
        ("How many trainers came?", AnswerType.NUMBER),
        ("Where did they land?", AnswerType.PLACE),
        ("Why did they leave?", AnswerType.REASON),
        ("How did they leave?", AnswerType.MANNER),
        ("Which tanks were sold?", AnswerType.NAMED),
        ("What is it?", AnswerType.OTHER),
        ("niger russia trainers", AnswerType.OTHER),
    ],
)
def test_a_question_says_what_kind_of_thing_answers_it(question: str, kind: AnswerType) -> None:
    assert parse_question(question).kind is kind


def test_a_capital_makes_a_name_only_inside_a_sentence() -> None:
    words = read_words("Trainers from Niger met U.S. officials")
    assert [word.term for word in words if word.name] == ["niger", "us"]


def test_rare_words_weigh_more_than_common_ones_however_small_the_library() -> None:
    weights = TermWeights(FakeCorpus()).of(["peopl", "airspac"])
    assert 0 < weights["peopl"] < weights["airspac"] <= 1


def test_features_do_not_change_when_scores_are_scaled() -> None:
    question = parse_question("Who cut the ribbon?")
    hit = make_hit(*SENTENCES)
    louder = Hit(hit.passage, hit.article, hit.score * 9, 1, 1, hit.dense_score, 1, (hit.word_score or 0) * 9)
    found = features.candidate_sentences([hit])
    assert np.array_equal(
        features.lexical_features(question, [hit], found, {}), features.lexical_features(question, [louder], found, {})
    )


def test_the_fitted_file_names_only_features_that_exist_and_the_command_that_fitted_it() -> None:
    record = json.loads(Path(model.MODEL_FILE).read_text(encoding="utf-8"))
    assert record["fitted_by"].startswith("python -m evals fit-reader")
    assert set(record["first_stage"]) == set(features.LEXICAL_FEATURES)
    assert set(record["choice"]) == set(model.FEATURES)
    assert record["cross_encoder"] == DEFAULT_RERANKER
