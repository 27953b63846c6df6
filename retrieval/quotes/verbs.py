"""Whether a word is used as a verb that reports words: "claims" after a name is, after "the" it is not."""

from __future__ import annotations

from retrieval.quotes import cues
from retrieval.quotes.phrases import is_adverb
from retrieval.quotes.tokens import Sentence


def verb_form(sentence: Sentence, number: int) -> tuple[str, str, bool] | None:  # noqa: PLR0911 (one return a rule)
    """Return (lemma, form, strong) when the token is used as a verb that reports words."""
    token = sentence[number]
    if not token.is_word or (token.is_capital and number and token.lower not in cues.CERTAIN):
        return None
    entry = cues.SPEECH.get(token.lower)
    following = sentence[number + 1].lower if number + 1 < len(sentence) else ""
    strong = entry is not None or (token.lower in {"put", "puts"} and following == "it")
    entry = entry or cues.EVALUATION.get(token.lower)
    if entry is None:
        return None
    if token.lower in cues.CERTAIN and token.lower != "tweets":
        return entry[0], entry[1], strong
    previous = sentence[number - 1] if number else None
    if previous is None:
        return (entry[0], entry[1], strong) if entry[1] == "gerund" else None
    if token.lower in cues.AMBIGUOUS and (_stands_as_noun(sentence, number) or _noun_follows_on(following)):
        return None
    if token.lower in cues.ADJECTIVAL and (previous.lower in cues.DETERMINERS or previous.lower in cues.PREPOSITIONS):
        return None
    if entry[1] == "past" and previous.lower in cues.DETERMINERS - {"this", "that", "these", "others", "many", "some"}:
        counted = number > 1 and sentence[number - 2].lower == "of"  # "the mother of three replied"
        return (entry[0], entry[1], strong) if counted else None
    return entry[0], entry[1], strong


def _noun_follows_on(following: str) -> bool:
    """Tell whether the next word can only follow a noun: "tweets targeting", "claims are", "calls for"."""
    return following.endswith("ing") or following in cues.AUXILIARIES or following in {"of", "from"}


def _stands_as_noun(sentence: Sentence, number: int) -> bool:  # noqa: PLR0911 (likewise)
    token, previous = sentence[number], sentence[number - 1]
    if (
        previous.lower in cues.DETERMINERS
        or previous.lower in cues.PREPOSITIONS - {"to"}
        or previous.text in {"’s", "'s"}
    ):
        return previous.lower not in {"this", "that", "many", "some", "others", "critics", "it"}
    if previous.is_capital and number > 1 and sentence[number - 2].lower in cues.PREPOSITIONS:
        return True
    if previous.quote >= 0 or previous.text in {",", ")"}:
        return False
    if previous.lower in cues.PRONOUNS or previous.lower in cues.RELATIVES or previous.is_capital:
        return False
    if previous.lower in cues.AUXILIARIES or previous.lower == "to" or is_adverb(previous):
        return False
    form = (cues.SPEECH.get(token.lower) or cues.EVALUATION[token.lower])[1]
    if form == "base":
        return not previous.lower.endswith("s") and previous.lower not in {"people", "and"}
    return previous.lower.endswith("s") or previous.text[0].isdigit() or not previous.is_word
