"""What leaves the chain: an answer with its citations, or an abstention with its reason. Frozen values, no face.

What checking a claim hands back. Frozen values, no face.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from retrieval.articles import ArticleInfo, Filters, Hit, Span
from retrieval.text.date_intervals import DateInterval


class Support(StrEnum):
    """How far the articles carry a claim."""

    VERBATIM = "verbatim"  # an article says it in these words
    SUPPORTED = "supported"  # an article says it
    PARTIAL = "partial"  # a part of it is said, or it is said less firmly, or in other words than quoted
    UNCONFIRMED = "unconfirmed"  # nothing is known to be wrong with it, but it is not sure that an article says it
    UNSUPPORTED = "unsupported"  # no article says it, or one says otherwise


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that carries a claim.

    Attributes:
        hit: Which of the hits it stands in, from 0.
        span: Its characters in the article.
    """

    hit: int
    span: Span


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """What a claim is read with, such as the question that "In 2019" answers.

    Attributes:
        question: The question that it answers; empty without one.
        before: The sentence before it in the answer, as the model wrote it; empty for the first.
    """

    question: str = ""
    before: str = ""


NO_CONTEXT = ClaimContext()
"""The context of a claim that stands alone."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """A claim, checked.

    Attributes:
        support: How far the articles carry it.
        probability: The calibrated probability that they do, in [0, 1], at even odds beforehand.
        text: The claim as it may be shown: what is no quotation has lost its marks.
        evidence: The sentences that carry it, best first; as few as do. The nearest one where nothing does; empty
            without hits, and for what claims nothing.
        problems: What is wrong, each in words for a person: "the number 45 is not in the source".
        asserts: False for a stock phrase ("Here is what the articles say:"), which claims nothing about the world: its
            support is then ``SUPPORTED``; and for an offer or the question repeated, which are not shown: theirs is
            ``UNSUPPORTED``.
        cut: What was cut away from the claim because no article supports it, as written; ``text`` is without it.
    """

    support: Support
    probability: float
    text: str
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[str, ...] = ()
    asserts: bool = True
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A note that withdraws words of an article.

    Attributes:
        article: The article with the note: the same one, or a corrected version of it.
        span: The note's characters.
        note: The note.
    """

    article: ArticleInfo
    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact characters that an assertion rests on.

    Attributes:
        number: From 1, in order of first use in the answer; 0 for a sentence that is cited for nothing.
        article: Where the words stand.
        span: Their place: ``article.text[span.start:span.end] == quote``.
        quote: The words.
        passage_id: The passage that search found them in.
        paragraph: The paragraph (citable block) of the article they stand in, from 1.
        page: The page, from 1, where the format has pages.
        confidence: The reader's calibrated probability that these words answer the question, in [0, 1].
        copies: Other articles that are one story with this one, the earliest first.
        correction: The note that withdraws the words, where one does.
    """

    number: int
    article: ArticleInfo
    span: Span
    quote: str
    passage_id: str
    paragraph: int
    confidence: float
    page: int | None = None
    copies: tuple[ArticleInfo, ...] = ()
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What was searched for an answer, so that "not in these articles" says which articles.

    Attributes:
        articles: The articles that the filters leave.
        passages: Their passages.
        filters: The filters.
        undated: Articles without a date that the filters' first or last day leaves out.
    """

    articles: int
    passages: int
    filters: Filters
    undated: int = 0

    @property
    def undated_remark(self) -> str:
        """Say how many undated articles are left out: "12 undated articles were left out by since=2024-01-01."."""
        if not self.undated:
            return ""
        days = {"since": self.filters.since, "until": self.filters.until}
        limits = " ".join(f"{name}={day}" for name, day in days.items() if day)
        return f"{self.undated:,} undated article{' was' if self.undated == 1 else 's were'} left out by {limits}."


@dataclass(frozen=True, slots=True)
class Doubt:
    """What keeps a sentence from being an answer, in words.

    Attributes:
        sentence: What is wrong with the sentence, as it follows "the sentence": "gives no date".
        missing: What a sentence would have to do, as it follows "no sentence": "gives a date".
        word: The word of the question that it does not mention, where that is what is wrong and it is no name.
    """

    sentence: str
    missing: str
    word: str = ""

    @property
    def text(self) -> str:
        """The doubt as a clause: "the sentence gives no date"."""
        return f"the sentence {self.sentence}"


def lacks_word(word: str, *, is_name: bool = False) -> Doubt:
    """Return the doubt of a sentence whose article has no such word as the question."""
    missing = f"mentions “{word}” with the rest of the question"
    return Doubt(f"does not mention “{word}”", missing, "" if is_name else word)


class AbstentionReason(StrEnum):
    """Why nothing is asserted."""

    NOT_IN_ARTICLES = "not_in_articles"  # passages were found; none is likely enough to answer
    NOTHING_FOUND = "nothing_found"  # no passage shares a meaning or a word, or the filters leave none
    NOT_A_QUESTION = "not_a_question"  # empty, or no word to search with
    NOT_SUPPORTED = "not_supported"  # a chat model answered; the articles carry none of its claims


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer."""

    reason: AbstentionReason
    message: str


class QuestionKind(StrEnum):
    """What a question asks for."""

    FACT = "fact"  # what a sentence or a few say
    WHO_SAID = "who_said"  # who said something, or what somebody said
    OVERVIEW = "overview"  # an article, a topic or everything, in a few sentences
    TIMELINE = "timeline"  # dated events, the earliest first
    COMPARISON = "comparison"  # what changed, or where articles differ
    LIST = "list"  # each of several: "which countries", "who was charged"
    COLLECTION = "collection"  # the articles themselves: how many, from when, which outlets
    LAST_ANSWER = "last_answer"  # the answer just given: its article, author, date
    CORRECTION = "correction"  # the last question with something else in it: "no, I meant Mali"
    SMALL_TALK = "small_talk"  # a greeting or thanks
    COMMAND = "command"  # a command typed without a slash


class Form(StrEnum):
    """What a claim is on the page."""

    SENTENCE = "sentence"
    ITEM = "item"  # a sentence that opens a list item
    HEADING = "heading"  # a heading, or a line that leads in a list; not counted among the claims
    CODE = "code"  # a whole code block or table row, line ends kept
    REMARK = "remark"  # says what the articles do not say; shown when that is true, never with a citation; not counted
    NOTE = "note"  # said by the program of the collection or of itself, counted from the library; never cited


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer, held to the articles.

    Attributes:
        text: The words as they are shown, without the numbers of their citations.
        support: How far the articles carry it.
        citations: The numbers of the citations it rests on.
        probability: The calibrated probability that the articles carry it, in [0, 1].
        problems: What is wrong with it, a phrase each.
        form: What it is on the page.
        opens: Whether it opens a paragraph.
        nearest: For a claim that is not confirmed, the sentence closest to it: it proves nothing, so its number is 0.
        label: What stands in front of it, in its row of a timeline or comparison: "2014-03-24", "2014-03-24, Reuters".
        marks: Characters of ``text`` in which it differs from the claims beside it.
        when: The days that its label names; None where that is no date, or one that cannot be worked out.
    """

    text: str
    support: Support
    citations: tuple[int, ...] = ()
    probability: float = 1.0
    problems: tuple[str, ...] = ()
    form: Form = Form.SENTENCE
    opens: bool = False
    nearest: Citation | None = None
    label: str = ""
    marks: tuple[Span, ...] = ()
    when: DateInterval | None = None

    @property
    def counted(self) -> bool:
        """Whether it asserts something, so that it counts in "7 of 8 claims supported"."""
        return self.form not in {Form.HEADING, Form.REMARK, Form.NOTE}

    @property
    def supported(self) -> bool:
        """Whether the articles carry all of it."""
        return self.support in {Support.VERBATIM, Support.SUPPORTED}

    @property
    def unsure(self) -> bool:
        """Whether nothing is known to be wrong with it, while it is not sure that the articles carry all of it."""
        return self.support in {Support.PARTIAL, Support.UNCONFIRMED}

    @property
    def marked(self) -> str:
        """The claim with its numbers, and a mark when it is not wholly carried: "… [1][3] (partly supported)"."""
        numbers = "".join(f"[{number}]" for number in self.citations)
        return " ".join(filter(None, [self.text, numbers, self.mark]))

    @property
    def mark(self) -> str:
        """What is put behind a claim that is not wholly carried: "(partly supported)"."""
        marks = {
            Support.PARTIAL: "(partly supported)",
            Support.UNCONFIRMED: "(not confirmed)",
            Support.UNSUPPORTED: "(not supported)",
        }
        return marks.get(self.support, "") if self.counted else ""


def quoted(citations: Sequence[Citation]) -> tuple[Claim, ...]:
    """Return the claims of an answer that quotes its citations, word for word."""
    return tuple(Claim(each.quote, Support.VERBATIM, (each.number,), each.confidence) for each in citations)


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost at the provider.

    Attributes:
        input_tokens: Tokens sent.
        output_tokens: Tokens received.
        calls: Requests made.
        estimated: Whether the provider did not count, so that characters were.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    calls: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.calls + other.calls,
            self.estimated or other.estimated,
        )

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.input_tokens + self.output_tokens


class Status(StrEnum):
    """How an answer ended."""

    ANSWERED = "answered"
    POSSIBLY = "possibly"  # the sentences may answer, and are shown as such
    UNCONFIRMED = "unconfirmed"  # nothing is asserted; what a chat model wrote may be right, and is shown as such
    ABSTAINED = "abstained"
    PARTIAL = "partial"  # it ended early; what had been checked is kept
    STREAMING = "streaming"  # it goes on


POSSIBLY_LABEL = "This may answer it"
"""What is shown above sentences that may answer."""

UNCONFIRMED_MESSAGE = "The articles do not confirm what the chat model wrote."
"""What an answer says that has unconfirmed claims only."""

INTERRUPTION = "it was interrupted"
"""Why an answer ended early (``Answer.cut``) that a person stopped."""

EXTRACTIVE = "extractive"
"""The answerer that needs no chat model; any other is named "provider:model"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes:
        question: As it was asked.
        citations: What is asserted, or ``possibly`` so, best first: each citation's quote is one or more sentences of
            the answer. Empty when ``message`` is set.
        nearest: The best sentences that were not asserted, best first: the nearest passages where nothing is.
        confidence: The calibrated probability that the articles hold the answer and the first citation gives it.
        abstention: Why nothing is asserted, or None.
        hits: The passages that were read, by rank.
        searched: What was searched.
        p_answerable: The calibrated probability that the articles hold the answer.
        claims: What is asserted, sentence by sentence, as it is shown.
        unconfirmed: Claims of a chat model with which nothing is known to be wrong, but that no article is sure to
            carry. They are shown apart from the answer, never as part of it, and have no citations.
        withheld: Claims that are not shown, because the articles do not carry them.
        standalone_question: What was searched for, where that is not the question as it was asked.
        answerer: ``EXTRACTIVE``, or the chat model ("openai:gpt-5").
        fallback: Why the offline answerer answered in the chat model's place; empty when it did not.
        cut: Why the answer ended early; empty when it did not.
        possibly: Whether the citations only may answer: they are shown, but not asserted.
        doubts: What keeps the best sentence from being an answer, the weightiest first; empty where it is one.
        remarks: What a reader should know beside the answer, a sentence each: "Articles give different numbers."
        kind: What the question asks for.
        method: How a composed answer was made, in a sentence; empty for one that the reader or a chat model chose.
        complete: False while the answer goes on.
        usage: What it cost at the provider; None without one.
        timings: Milliseconds by step. Two answers that differ in nothing else are equal.
    """

    question: str
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    confidence: float
    abstention: Abstention | None
    hits: tuple[Hit, ...]
    searched: SearchScope
    p_answerable: float = 0.0
    claims: tuple[Claim, ...] = ()
    unconfirmed: tuple[Claim, ...] = ()
    withheld: tuple[Claim, ...] = ()
    standalone_question: str = ""
    answerer: str = EXTRACTIVE
    fallback: str = ""
    cut: str = ""
    possibly: bool = False
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[str, ...] = ()
    kind: QuestionKind = QuestionKind.FACT
    method: str = ""
    complete: bool = True
    usage: Usage | None = None
    timings: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def status(self) -> Status:
        """How it ended."""
        if not self.complete:
            return Status.STREAMING
        if self.abstention:
            return Status.ABSTAINED
        if self.possibly:
            return Status.POSSIBLY
        if self.unconfirmed and not self.citations:
            return Status.UNCONFIRMED
        return Status.PARTIAL if self.cut else Status.ANSWERED

    @property
    def message(self) -> str:
        """What is said in the place of an answer where nothing is asserted; empty where something is."""
        if self.abstention:
            return self.abstention.message
        return UNCONFIRMED_MESSAGE if self.status is Status.UNCONFIRMED else ""

    def with_remark(self, remark: str) -> Answer:
        """Return the answer with a remark beside it, or behind its message where nothing is asserted."""
        if self.abstention:
            message = f"{self.abstention.message} {remark}"
            return replace(self, abstention=replace(self.abstention, message=message))
        return replace(self, remarks=(*self.remarks, remark))

    @property
    def label(self) -> str:
        """What is shown above sentences that may answer: "This may answer it: …"; empty for other answers."""
        if not self.possibly:
            return ""
        reason = f": {self.doubts[0].text}" if self.doubts else ""
        return f"{POSSIBLY_LABEL}{reason}."

    @property
    def laid_out(self) -> bool:
        """Whether its claims stand under headings, with notes or labels: it is composed, or has further sentences."""
        return self.composed or any(claim.form is Form.HEADING for claim in self.claims)

    @property
    def composed(self) -> bool:
        """Whether its claims are laid out as they are: headings, rows and notes among verbatim sentences."""
        return bool(self.method) and self.answerer == EXTRACTIVE

    @property
    def shown(self) -> tuple[Citation, ...]:
        """The citations that are shown: the nearest where nothing is asserted."""
        return self.nearest if self.message else self.citations

    @property
    def text(self) -> str:
        """The answer in words: the claims with their numbers, below the label if any, or the message."""
        return self.message or "".join(lead + claim.marked for lead, claim in self._led())

    @property
    def places(self) -> tuple[Span, ...]:
        """The characters of ``text`` that each claim is: ``places[n].of(text) == claims[n].text``."""
        found: list[Span] = []
        at = 0
        for lead, claim in self._led():
            found.append(Span(at + len(lead), at + len(lead) + len(claim.text)))
            at += len(lead) + len(claim.marked)
        return () if self.message else tuple(found)

    @property
    def _label_lead(self) -> str:
        return f"{self.label}\n" if self.possibly else ""

    def _led(self) -> Iterator[tuple[str, Claim]]:
        """Yield each claim after what parts it from the one before."""
        for number, claim in enumerate(self.claims):
            lead = (
                self._label_lead
                if not number
                else "\n\n"
                if claim.opens
                else "\n"
                if claim.form is not Form.SENTENCE
                else " "
            )
            yield lead + ("- " if claim.form is Form.ITEM else "") + (f"{claim.label}: " if claim.label else ""), claim
