"""Questions in another language than the articles are refused in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversation.question_language import REFUSAL, QuestionLanguage, is_foreign
from tests.fakes import FakeEmbedder, make_article, make_library


@pytest.mark.parametrize(
    "question",
    [
        "¿Quién firmó el acuerdo?",
        "Que paso en Niger",
        "cuantas personas perderian su cobertura?",
        "Qui a signé l'accord ?",
        "Parle-moi de Michael Cohen",
        "Wer hat das Abkommen unterzeichnet?",
        "Was ist in Niger passiert?",
        "Cosa è successo in Niger?",
        "Quem assinou o acordo?",
        "quem ganhou a eleicao",
        "quantos soldados morreram",
        "pourquoi a-t-il demissionne",
        "wie viele soldaten sind gestorben",
        "Кто подписал соглашение?",
        "من وقع الاتفاق؟",
        "谁签署了协议？",
    ],
)
def test_questions_in_other_languages(question: str) -> None:
    assert is_foreign(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the agreement?",
        "Niger",
        "Emmanuel Macron",
        "Was he fired?",
        "Was Cohen sentenced in March?",
        "Comment on the deal",
        "Charles de Gaulle Paris",
        "El Chapo trial",
        "Como 1907 owner",
        "chi cheng death",
        "los angeles fires",
        "Tell me about Le Monde",
        "How many died in São Paulo?",
        "Beyoncé concert tickets",
        "Como police chief arrested",
        "",
        "2012?",
    ],
)
def test_english_questions_and_names(question: str) -> None:
    """Names are of no language."""
    assert not is_foreign(question)


def test_only_english_articles_refuse(tmp_path: Path) -> None:
    """Articles in other languages may hold the answer."""
    english = make_article("The agreement was signed in January, and it was welcomed by the government.", title="One")
    french = make_article("L'accord a été signé en janvier et il a été salué par le gouvernement.", title="Deux")
    with make_library(tmp_path / "english", [english], FakeEmbedder()) as library:
        language = QuestionLanguage(library)
        assert language.refusal("Qui a signé l'accord ?") == REFUSAL
        assert language.refusal("Who signed the agreement?") == ""
    with make_library(tmp_path / "both", [english, french], FakeEmbedder()) as library:
        assert QuestionLanguage(library).refusal("Qui a signé l'accord ?") == ""
