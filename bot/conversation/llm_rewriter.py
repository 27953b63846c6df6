"""LLM rewriter: standalone questions from follow-ups, by a chat model."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Usage
from bot.generation.citation_markers import new_tag
from bot.llm.client import ChatModel
from bot.llm.prompts import load
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.articles import Span
from retrieval.text.analyzer import fold, terms
from retrieval.text.folding import Words
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS, changes_meaning
from retrieval.text.reporting_verbs import PREPOSITIONS
from retrieval.text.sanitize import line
from retrieval.text.sentences import sentences
from retrieval.text.tokens import read_words

PROMPT = "rewrite"
VARIABLES = ("tag", "history", "question")

MAX_TURNS = 4
"""Latest turns that are sent."""
MAX_ANSWER_CHARACTERS = 600
"""Characters of each answer that are sent: what "it" and "there" stand for is named early."""


class LLMRewriter:
    """Rewrites follow-ups with a chat model. Safe to share between threads.

    Args:
        chat: The chat model.

    Raises:
        ConfigurationError: The prompt cannot be used.
    """

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self._prompt = load(PROMPT, VARIABLES)

    def rewrite(self, question: str, turns: Sequence[tuple[str, str]]) -> tuple[str, Usage]:
        """Return the standalone form of ``question``, and the tokens used.

        It is shown to people, so it must not say what nobody said: it is one line that asks or asks for something, and
        every content word of it is in the question or the turns. What the model writes otherwise is not used; the form
        is empty then.

        Args:
            question: As it was asked.
            turns: (question, answer) of the turns before it, oldest first.

        Raises:
            ProviderError: The provider gave no answer.
        """
        if not turns:
            return question, Usage()
        kept = [(line(asked), line(answer)[:MAX_ANSWER_CHARACTERS]) for asked, answer in turns[-MAX_TURNS:]]
        history = "\n".join(f"Question: {asked}\nAnswer: {answer}" for asked, answer in kept)
        tag = new_tag([question, history])
        written, usage = self._chat.ask(self._prompt.messages(tag=tag, history=history, question=line(question)))
        standalone = line(written).strip('"“” ').removeprefix("Question:").strip()
        repeated = standalone.casefold() == line(question).casefold()
        usable = 0 < len(standalone) <= min(MAX_QUESTION_CHARACTERS, 4 * len(question) + 400)
        usable = usable and (repeated or _asks(standalone))
        return standalone if usable and _brings_in_nothing(standalone, f"{question}\n{history}") else "", usage


_LEADS = frozenset({"and", "but", "so", "then"})
_REQUESTS = frozenset(
    {"compare", "describe", "explain", "give", "list", "name", "overview", "show", "summarise", "summarize", "summary"}
    | {"tell", "timeline"}
)
"""Words with which a request begins."""


def _asks(text: str) -> bool:
    """Tell whether a text is one sentence that asks or asks for something.

    Statements, also with a question mark, after a question or before one, are not: "Mali bought 40 tanks, when?".
    """
    words = [word.strip('.,!?"“”') for word in fold(text).split()]
    first, second, *_ = [*words[words[0] in _LEADS :], "", ""]
    opens = first in QUESTION_WORDS | QUESTION_AUXILIARIES | _REQUESTS
    opens = opens or (first in PREPOSITIONS and second in QUESTION_WORDS)
    return opens and not set(";:—") & set(text) and len(sentences(text, Span(0, len(text)))) == 1


_NEUTRAL = frozenset(terms("happen say tell know information detail reason article report answer question"))
"""Terms of questions that assert nothing."""


def _brings_in_nothing(question: str, conversation: str) -> bool:
    """Tell whether every content word, negator and hedge of a question occurs in the conversation."""
    said = {word.term for word in read_words(conversation)}
    written = set(Words(conversation).texts)
    return all(word.term in said or word.term in _NEUTRAL for word in read_words(question) if not word.stop) and all(
        word in written for word in Words(question).texts if changes_meaning(word)
    )
