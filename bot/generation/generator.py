"""Generated answers: written by a chat model, and verified sentence by sentence before they are shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.extractive import MAX_NEAREST, abstention
from bot.answers import (
    UNCONFIRMED_MESSAGE,
    Abstention,
    AbstentionReason,
    Answer,
    Claim,
    Doubt,
    Form,
    SearchScope,
    Support,
)
from bot.citations import CitationBuilder, CopiesLookup
from bot.generation.citation_markers import MarkerParser, marker, new_tag
from bot.generation.claim_filter import ClaimFilter, Verifier
from bot.generation.context import PackedPassages, pack_passages
from bot.generation.denials import DenialChecker, Search
from bot.generation.markup import MarkupReader
from bot.generation.sentence_stream import SentenceDraft, SentenceStream
from bot.llm.budget import estimate_tokens
from bot.llm.client import ChatModel, ChatStream
from bot.llm.errors import ProviderError
from bot.llm.prompts import Prompt, load
from bot.llm.stream import StreamChunk, incompleteness
from bot.settings import Settings
from retrieval.articles import Hit
from retrieval.errors import EmbeddingError
from retrieval.text.analyzer import words
from retrieval.text.lexicon import PERSONAL_PRONOUNS, STOP_WORDS

MAX_CHARACTERS_PER_TOKEN = 8
"""An answer of more characters than MAX_ANSWER_TOKENS times this is cut, whatever the provider counts."""

MAX_UNSUPPORTED_RUN = 20
"""An answer is cut after this many unsupported sentences in a row: verifying ten thousand words takes 15 s."""

MAX_BATCH_SECONDS = 0.5
"""Seconds that a sentence waits for others to be asked about with it, while the model goes on writing."""

_NOT_FOUND = Doubt("is no answer for the chat model", "is an answer for the chat model")
_NOT_WRITTEN = Doubt(
    "is not what the chat model wrote, which no article supports", "supports what the chat model wrote"
)
_NOT_CONFIRMED = Doubt("does not confirm what the chat model wrote", "confirms what the chat model wrote")
_UNFINISHED = "it was not finished"


@dataclass(frozen=True, slots=True)
class GenerationLimits:
    """The limits of an answer, from the settings.

    Attributes:
        context_tokens: The most tokens of a prompt.
        max_tokens: The most tokens of an answer.
        show_unsupported: Show unsupported claims, marked.
        show_unconfirmed: Show unconfirmed claims, apart from the answer.
    """

    context_tokens: int = 6_000
    max_tokens: int = 1_000
    show_unsupported: bool = False
    show_unconfirmed: bool = True

    @classmethod
    def of(cls, settings: Settings) -> GenerationLimits:
        """Return the limits of the settings."""
        return cls(
            settings.context_tokens, settings.max_answer_tokens, settings.show_unsupported, settings.show_unconfirmed
        )


@dataclass(frozen=True, slots=True)
class OutputParser:
    """Parses the output of a chat model into sentences with citation markers.

    Attributes:
        markup: Reads markup.
        markers: Parses markers.
        drafts: Splits sentences.
        nothing: The marker that says that the passages contain no answer.
    """

    markup: MarkupReader
    markers: MarkerParser
    drafts: SentenceStream
    nothing: str

    @classmethod
    def of(cls, packed: PackedPassages, tag: str) -> OutputParser:
        """Return the parser for a prompt."""
        links = {hit.article.url for hit in packed.hits if hit.article.url}
        known = len(packed.hits)
        return cls(
            MarkupReader(tag, known, packed.text),
            MarkerParser(tag, known, packed.text),
            SentenceStream(tag, links, packed.text),
            marker(tag, 0),
        )

    def read(self, text: str) -> list[SentenceDraft]:
        """Return the sentences that ``text`` completes."""
        return self.drafts.feed(self.markers.feed(self.markup.feed(text)))

    def pause(self) -> list[SentenceDraft]:
        """Return the current sentence if it looks complete; call it when the stream is idle."""
        return [] if self.markup.holds or self.markers.holds else self.drafts.pause()

    def rest(self) -> list[SentenceDraft]:
        """Return the unfinished rest."""
        rest = [*self.markers.feed(self.markup.close()), *self.markers.close()]
        return [*self.drafts.feed(rest), *self.drafts.close()]


class CheckedGeneration:
    """Reads the stream, verifies every sentence, and yields the answer so far.

    Args:
        begun: The answer before its first word.
        stream: What the model writes.
        checking: Verifies sentences.
        parser: How its text is to be read.
        limits: The limits of the answer.

    Attributes:
        checking: As given.
        failure: The provider's error, once ``answers`` has ended.
        cut: Why the answer ended early; empty when it did not.
    """

    def __init__(
        self, begun: Answer, stream: ChatStream, checking: ClaimFilter, parser: OutputParser, limits: GenerationLimits
    ) -> None:
        self.checking = checking
        self.failure: ProviderError | None = None
        self.cut = ""
        self._begun = begun
        self._stream = stream
        self._parser = parser
        self._limits = limits
        self._start = time.monotonic()
        self._timings: dict[str, float] = {}
        self._shown = 0
        self._waiting: list[SentenceDraft] = []
        self._waiting_since = 0.0

    def close(self) -> None:
        """Leave the rest of the stream."""
        self._stream.close()

    def answers(self) -> Iterator[Answer]:
        """Yield the answer at each further sentence to show, until the model has ended."""
        longest = self._limits.max_tokens * MAX_CHARACTERS_PER_TOKEN
        length = 0
        latest = StreamChunk()
        try:
            for piece in self._stream:
                latest = latest if piece.quiet else piece
                text = piece.text[: max(0, longest - length)]
                length += len(piece.text)
                if piece.text:
                    self._timings.setdefault("first_token", (piece.came - self._start) * 1000)
                for draft in self._due(self._parser.pause() if piece.quiet else self._parser.read(text), piece):
                    self.checking.add(draft, self._parser.nothing)
                    if self.checking.unsupported_run >= MAX_UNSUPPORTED_RUN:
                        break
                    if self._grew():
                        self._time(latest)
                        yield self.so_far()
                self.cut = self._gone_too_far(length)
                if self.cut:
                    self.close()
                    break
        except ProviderError as error:
            self.failure = error
        self.cut = self.cut or self._why_cut()
        self._finish()

    def _due(self, drafts: Sequence[SentenceDraft], piece: StreamChunk) -> list[SentenceDraft]:
        """Return the sentences to verify now, in order.

        At once; where a second opinion is asked on each, those that came together, so that one request does.
        """
        self._waiting += drafts
        if not self._waiting:
            self._waiting_since = piece.came
        size = self.checking.batch_size
        waited = time.monotonic() - self._waiting_since
        if not piece.quiet and len(self._waiting) < size and (size > 1 and waited < MAX_BATCH_SECONDS):
            return []
        return self._prepared()

    def _prepared(self) -> list[SentenceDraft]:
        """Return the sentences that wait, verified together."""
        ready, self._waiting = self._waiting, []
        size = self.checking.batch_size
        for first in range(0, len(ready) if size > 1 else 0, size):
            self.checking.prepare(ready[first : first + size])
        return ready

    def so_far(self) -> Answer:
        """Return the answer with everything verified so far."""
        checking = self.checking
        wanted = (Support.VERBATIM, Support.SUPPORTED) if checking.supported_count else (Support.PARTIAL,)
        supported = [claim.probability for claim in checking.claims if claim.support in wanted and claim.counted]
        return replace(
            self._begun,
            citations=tuple(checking.citations),
            claims=tuple(checking.claims),
            unconfirmed=tuple(checking.unconfirmed),
            withheld=tuple(checking.withheld),
            confidence=min(supported, default=0.0),
            p_answerable=max(supported, default=0.0),
            usage=self._stream.usage if self._stream.usage.tokens else None,
            timings=dict(self._timings),
        )

    def _grew(self) -> bool:
        """Tell whether there is more to show: nothing is shown before the first supported claim."""
        if not self.checking.supported_count and not self._limits.show_unsupported:
            return False
        before, self._shown = self._shown, len(self.checking.claims) + len(self.checking.unconfirmed)
        return self._shown > before

    def _gone_too_far(self, length: int) -> str:
        if length > self._limits.max_tokens * MAX_CHARACTERS_PER_TOKEN:
            return f"it was longer than MAX_ANSWER_TOKENS={self._limits.max_tokens} allows"
        return (
            f"{MAX_UNSUPPORTED_RUN} sentences in a row stand in no article"
            if self.checking.unsupported_run >= MAX_UNSUPPORTED_RUN
            else ""
        )

    def _why_cut(self) -> str:
        if self.failure:
            return self.failure.what
        return incompleteness(self._stream.ended, self._limits.max_tokens)

    def _finish(self) -> None:
        """Verify the unfinished rest when the model was done; withhold it when the answer was cut."""
        for draft in self._prepared():
            self.checking.add(draft, self._parser.nothing)
        for draft in self._parser.rest():
            if not _ends(draft) and (self.cut or _breaks_off(draft)):
                self.checking.refuse(draft, _UNFINISHED)
            else:
                self.checking.add(draft, self._parser.nothing)
        self.checking.finish()
        self._timings["total"] = (time.monotonic() - self._start) * 1000

    def _time(self, piece: StreamChunk) -> None:
        now = time.monotonic()
        self._timings.setdefault("first_claim", (now - self._start) * 1000)
        waited = (now - piece.came) * 1000
        self._timings["slowest_claim"] = max(waited, self._timings.get("slowest_claim", 0.0))


def _ends(draft: SentenceDraft) -> bool:
    """Tell whether the last sentence of a cut answer is complete."""
    sentence = draft.form in {Form.SENTENCE, Form.ITEM}
    return sentence and draft.text.rstrip('"”’»)]*_').endswith((".", "!", "?"))


def _breaks_off(draft: SentenceDraft) -> bool:
    """Tell whether the last sentence stops at a word that cannot end one: "and", "of the"."""
    last = draft.text.rpartition(" ")[2].lower()
    return draft.form in {Form.SENTENCE, Form.ITEM} and (last.endswith(",") or last in STOP_WORDS - PERSONAL_PRONOUNS)


PROMPT = "answer"
VARIABLES = ("tag", "example", "example_two", "nothing", "passages", "question")


class OfflineAnswerer(Protocol):
    """Answers when the chat model does not: ``bot.answering.extractive.ExtractiveAnswerer``."""

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the answer, or an abstention with the nearest sentences."""
        ...

    def ranked(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return ``hits`` by how likely they answer ``question``, best first."""
        ...


class GenerativeAnswerer:
    """The answerer with a chat model. Safe to share between threads.

    Args:
        chat: Writes.
        verifier: Verifies each claim.
        offline: Answers when the provider fails, and finds the nearest sentences.
        articles: The library that the hits come from.
        limits: The limits of the answer.
        search: Finds more passages, to check a remark that the articles do not say something; None: there are no more.

    Raises:
        ConfigurationError: The prompt cannot be used.
    """

    def __init__(
        self,
        chat: ChatModel,
        verifier: Verifier,
        offline: OfflineAnswerer,
        articles: CopiesLookup,
        limits: GenerationLimits,
        *,
        search: Search | None = None,
    ) -> None:
        self._search = search
        self._chat = chat
        self._verifier = verifier
        self._offline = offline
        self._articles = articles
        self._limits = limits
        self._prompt: Prompt = load(PROMPT, VARIABLES)

    def answer(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Answer:
        """Return the whole answer, or an abstention with the nearest sentences."""
        *_, last = self.stream(question, hits, searched)
        return last

    def stream(self, question: str, hits: Sequence[Hit], searched: SearchScope) -> Iterator[Answer]:
        """Yield the answer as it grows, each time whole and checked; the last one is complete.

        When the provider fails before a claim could be shown, the offline answerer's answer is the last, with the
        reason as its ``fallback``.

        Raises:
            EmbeddingError: The embedding model cannot be loaded.
            ArticleReplaced: An article left the library since it was found; nothing was written then.
            StoreError: The day's tokens cannot be counted.
        """
        if not hits or not words(question):
            yield self._offline.answer(question, hits, searched)
            return
        hits = self._offline.ranked(question, hits)
        tag = new_tag([question, *(f"{hit.article.title} {hit.passage.text}" for hit in hits)])
        packed, messages = self._messages(question, hits, tag)
        citing = CitationBuilder(self._articles)
        citing.read(packed.hits)
        begun = Answer(question, (), (), 0.0, None, tuple(hits), searched, answerer=self._chat.name, complete=False)
        try:
            stream = self._chat.stream(messages)
        except ProviderError as error:
            yield self._instead(begun, error)
            return
        denials = DenialChecker(
            question, packed.hits, searched, verifier=self._verifier, offline=self._offline, search=self._search
        )
        checking = ClaimFilter(
            self._verifier,
            packed.hits,
            citing,
            question=question,
            is_true_denial=denials.is_true,
            show_unsupported=self._limits.show_unsupported,
            show_unconfirmed=self._limits.show_unconfirmed,
        )
        writing = CheckedGeneration(begun, stream, checking, OutputParser.of(packed, tag), self._limits)
        with closing(writing), self._preparing(packed.hits):
            yield from writing.answers()
            yield self._finished(writing)

    @contextmanager
    def _preparing(self, hits: Sequence[Hit]) -> Iterator[None]:
        """Prepare the verifier while the model reads, best passage first: the first sentence need not wait for all."""
        left = threading.Event()

        def prepare() -> None:
            with suppress(EmbeddingError):  # the first claim says so
                for hit in hits:
                    if left.is_set():
                        return
                    self._verifier.prepare([hit])

        thread = threading.Thread(target=prepare, daemon=True, name="onrecord-prepare")
        thread.start()
        try:
            yield
        finally:
            left.set()
            thread.join()  # at most a passage: the program must not end under it

    def _finished(self, writing: CheckedGeneration) -> Answer:
        """Return the complete answer.

        It has the supported claims; where none answers, the offline answerer's sentences that may answer; else the
        unconfirmed claims alone, or an abstention. After a failure it is the offline answer.
        """
        answer, checking = writing.so_far(), writing.checking
        wrote = checking.claims or checking.unconfirmed or checking.withheld
        if not checking.has_answer and (writing.failure or (writing.cut and not wrote)):
            error = writing.failure or ProviderError(f"{answer.answerer} gave nothing to show ({writing.cut})")
            return self._instead(answer, error)
        answer = replace(answer, complete=True, cut=writing.cut)
        if checking.has_answer:
            return answer
        offline = self._offline.answer(answer.question, answer.hits, answer.searched)
        shown = answer.claims if self._limits.show_unsupported else ()
        answer = self._without_answer(answer, shown)
        # The articles' own sentences may answer where the model's did not; a model that read them and found none leaves
        # only those that would be asserted without it.
        if offline.citations and not shown and not (checking.denials and offline.possibly):
            doubt, found = _NOT_WRITTEN, "wrote nothing that the articles support"
            if answer.unconfirmed:
                doubt, found = _NOT_CONFIRMED, "wrote nothing that the articles confirm"
            elif checking.denials:
                doubt, found = _NOT_FOUND, "found no answer in the passages"
            return replace(
                offline,
                possibly=True,
                doubts=(*offline.doubts, doubt),
                remarks=(*offline.remarks, f"{answer.answerer} {found}."),
                unconfirmed=answer.unconfirmed,
                withheld=answer.withheld,
                usage=answer.usage,
                timings=answer.timings,
            )
        reason = AbstentionReason.NOT_IN_ARTICLES if checking.denials else AbstentionReason.NOT_SUPPORTED
        abstained: Abstention | None = abstention(reason, answer.searched)
        if answer.unconfirmed and not checking.denials:
            abstained = None
        elif any(claim.unsure and claim.counted for claim in answer.withheld) and not checking.denials:
            abstained = Abstention(reason, UNCONFIRMED_MESSAGE)
        return replace(
            answer,
            nearest=(*offline.citations, *offline.nearest)[:MAX_NEAREST],
            p_answerable=offline.p_answerable,
            abstention=abstained,
        )

    def _without_answer(self, answer: Answer, shown: tuple[Claim, ...]) -> Answer:
        """Return an answer without a claim that answers: of its claims ``shown`` remain, and nothing is cited.

        Partly supported claims beside the point are not confirmed; the rest is withheld.
        """
        cited = {citation.number: citation for citation in answer.citations}
        aside, withheld = [], []
        for claim in answer.claims:
            if claim in shown:
                continue
            if claim.support is Support.PARTIAL and self._limits.show_unconfirmed:
                nearest = replace(cited[claim.citations[0]], number=0) if claim.citations else None
                aside.append(replace(claim, citations=(), nearest=nearest))
            else:
                withheld.append(replace(claim, citations=()))
        return replace(
            answer,
            citations=(),
            claims=tuple(replace(claim, citations=()) for claim in shown),
            unconfirmed=(*aside, *answer.unconfirmed),
            withheld=(*withheld, *answer.withheld),
        )

    def _messages(self, question: str, hits: Sequence[Hit], tag: str) -> tuple[PackedPassages, list[tuple[str, str]]]:
        values = {
            "tag": tag,
            "example": marker(tag, 1),
            "example_two": marker(tag, 1, 2),
            "nothing": marker(tag, 0),
            "question": question,
        }
        bare = self._prompt.messages(passages="", **values)
        room = self._limits.context_tokens - sum(estimate_tokens(text) for _, text in bare)
        packed = pack_passages(hits, tag, room)
        return packed, self._prompt.messages(passages=packed.text, **values)

    def _instead(self, begun: Answer, error: ProviderError) -> Answer:
        """Return the offline answer, with the error as its ``fallback``."""
        answer = self._offline.answer(begun.question, begun.hits, begun.searched)
        return replace(answer, fallback=str(error), usage=begun.usage, timings=begun.timings)
