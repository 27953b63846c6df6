"""LLM rewriter: standalone questions from follow-ups, by a chat model."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Usage
from bot.generation.citation_markers import new_tag
from bot.llm.client import ChatModel
from bot.llm.prompts import load
from bot.user_input import MAX_QUESTION_CHARACTERS
from retrieval.text.sanitize import line

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

        What the model writes is used only as words to search with: it is kept to one line, and left aside for the
        question itself when it is empty or too long to be one.

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
        return (
            standalone if 0 < len(standalone) <= min(MAX_QUESTION_CHARACTERS, 4 * len(question) + 400) else question
        ), usage
