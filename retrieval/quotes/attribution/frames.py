"""Attribution frames of one sentence: a cue and the phrase that names its source.

A frame is found from its cue outward, whatever it reports: ``said Smith``, ``Smith, a farmer, told reporters``,
``according to Smith``, ``Smith's claim that``, ``was quoted by Smith``.

Whether a word is used as a verb that reports words: "claims" after a name is, after "the" it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.quotes.attribution.phrases import (
    MAX_TOKENS,
    PERSONAL_SUBJECTS,
    Phrase,
    after,
    before,
    is_adverb,
    is_time,
    main_subject,
)
from retrieval.quotes.attribution.sentences import QUOTE, Sentence
from retrieval.text import reporting_verbs
from retrieval.text.lexicon import (
    ARTICLES,
    CONTRACTIONS,
    OBJECT_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    RELATIVE_PRONOUNS,
    is_negator,
)

_SUBJECT_DETERMINERS = frozenset({"this", "that", "these", "others", "many", "some", "critics"})
"""Determiners after which a word that may be a noun or a past form is a verb: "some said", "critics claim"."""


def verb_form(sentence: Sentence, number: int) -> tuple[str, str, bool] | None:  # noqa: PLR0911 (one return a rule)
    """Return (lemma, form, strong) when the token is used as a verb that reports words."""
    token = sentence[number]
    if not token.is_word or (token.is_capital and number and token.lower not in reporting_verbs.CERTAIN):
        return None
    entry = reporting_verbs.SPEECH.get(token.lower)
    following = sentence[number + 1].lower if number + 1 < len(sentence) else ""
    strong = entry is not None or (token.lower in {"put", "puts"} and following == "it")
    entry = entry or reporting_verbs.EVALUATION.get(token.lower)
    if entry is None:
        return None
    if token.lower in reporting_verbs.CERTAIN and token.lower != "tweets":
        return entry[0], entry[1], strong
    previous = sentence[number - 1] if number else None
    if previous is None:
        return (entry[0], entry[1], strong) if entry[1] == "gerund" else None
    if token.lower in reporting_verbs.AMBIGUOUS and (_stands_as_noun(sentence, number) or _noun_follows_on(following)):
        return None
    if token.lower in reporting_verbs.ADJECTIVAL and (
        previous.lower in reporting_verbs.DETERMINERS or previous.lower in reporting_verbs.PREPOSITIONS
    ):
        return None
    if entry[1] == "past" and previous.lower in reporting_verbs.DETERMINERS - _SUBJECT_DETERMINERS:
        counted = number > 1 and sentence[number - 2].lower == "of"  # "the mother of three replied"
        return (entry[0], entry[1], strong) if counted else None
    return entry[0], entry[1], strong


def _noun_follows_on(following: str) -> bool:
    """Return whether the next word can only follow a noun: "tweets targeting", "claims are", "report says"."""
    form = reporting_verbs.SPEECH.get(following) or reporting_verbs.EVALUATION.get(following) or ("", "")
    is_verb = form[1] == "third" and following not in reporting_verbs.AMBIGUOUS
    return (
        following.endswith("ing") or following in reporting_verbs.AUXILIARIES or following in {"of", "from"} or is_verb
    )


def _stands_as_noun(sentence: Sentence, number: int) -> bool:  # noqa: PLR0911 (likewise)
    token, previous = sentence[number], sentence[number - 1]
    if (
        previous.lower in reporting_verbs.DETERMINERS
        or previous.lower in reporting_verbs.PREPOSITIONS - {"to"}
        or previous.text in {"’s", "'s"}
    ):
        return previous.lower not in _SUBJECT_DETERMINERS
    if previous.is_capital and number > 1 and sentence[number - 2].lower in reporting_verbs.PREPOSITIONS:
        return True
    if previous.quote >= 0 or previous.text in {",", ")"}:
        return False
    if previous.lower in reporting_verbs.SUBJECTS or previous.lower in RELATIVE_PRONOUNS or previous.is_capital:
        return False
    if previous.lower in reporting_verbs.AUXILIARIES or previous.lower == "to" or is_adverb(previous):
        return False
    form = (reporting_verbs.SPEECH.get(token.lower) or reporting_verbs.EVALUATION[token.lower])[1]
    if form == "base":
        return not previous.lower.endswith("s") and previous.lower not in {"people", "and"}
    return previous.lower.endswith("s") or previous.text[0].isdigit() or not previous.is_word


@dataclass(frozen=True, slots=True)
class Frame:
    """A cue and its source, as token numbers of one sentence.

    Attributes:
        cue: The verb or noun of saying, or "according to".
        source: The phrase that names the speaker.
        rule: How the speaker was found: inversion, subject, relative, coordinated, participle, agent, according_to,
            noun_of_saying.
        strong: Whether the cue is a verb of saying (rather than of judging or thinking).
        denied: Whether the words are said not to have been said, or only supposed: "never said", "would say".
    """

    cue: Phrase
    source: Phrase
    rule: str
    strong: bool = True
    denied: bool = False

    @property
    def first(self) -> int:
        """The first token of the frame."""
        return min(self.cue[0], self.source[0])

    @property
    def last(self) -> int:
        """The token after the frame."""
        return max(self.cue[1], self.source[1])


_CUES = frozenset({
    *("according", "per", "words", "courtesy", "via"), *reporting_verbs.SPEECH, *reporting_verbs.EVALUATION,
    *reporting_verbs.NOUNS_OF_SAYING
})  # fmt: skip
"""The words with which a frame begins: one in eighteen of a text's."""


def frames(sentence: Sentence) -> list[Frame]:
    """Return the frames of a sentence in the order of their cues."""
    found: list[Frame] = []
    for number, token in enumerate(sentence):
        if token.lower not in _CUES:
            continue
        frame = _according(sentence, number) or _verb_frame(sentence, number, found) or _noun_frame(sentence, number)
        if frame is not None:
            found.append(frame)
    return found


def _according(sentence: Sentence, number: int) -> Frame | None:
    word = sentence[number].lower
    following = sentence[number + 1].lower if number + 1 < len(sentence) else ""
    if word == "according" and following == "to":
        end = number + 2
    elif word == "per" and (number == 0 or sentence[number - 1].text in {",", QUOTE}):
        end = number + 1
    elif word == "words" and following == "of":
        end = number + 2
    elif word in {"courtesy", "via"} and number and sentence[number - 1].text in {"—", "―", "–", "-"}:
        end = number + 1
    else:
        return None
    phrase = after(sentence, end)
    return Frame((number, end), phrase, "according_to") if phrase else None


def _verb_frame(sentence: Sentence, number: int, earlier: list[Frame]) -> Frame | None:
    form = verb_form(sentence, number)
    if form is None:
        return None
    lemma, shape, strong = form
    begin, passive, denied = _auxiliaries(sentence, number)
    cue = (number, number + 1)
    if passive and lemma != "quote" and shape == "past":
        return _agent(sentence, number, strong, denied)
    if lemma == "quote" and passive:
        agent = _agent(sentence, number, strong, denied)
        source = before(sentence, begin - 1) if begin else None
        return Frame(cue, source, "passive", strong, denied) if source else agent
    found = _subject(sentence, number, begin, shape, earlier)
    if found is None:
        return None
    source, rule = found
    if rule == "subject" and source[0] and sentence[source[0] - 1].lower == "with":
        return None  # "With leaders worried about it, Obama …"
    return Frame(cue, source, rule, strong, denied)


def _auxiliaries(sentence: Sentence, number: int) -> tuple[int, bool, bool]:
    """Return where the verb group begins, whether it is passive, and whether the saying is denied or supposed."""
    begin, passive, denied = number, False, False
    if (
        sentence[number].lower in reporting_verbs.FOREIGN
        and begin
        and sentence[begin - 1].lower in {"a", "ha", "hat", "ont"}
    ):
        begin -= 1
    while begin and number - begin < 8:
        word = sentence[begin - 1]
        if (
            word.text in {"’s", "'s"}
            and begin > 1
            and sentence[begin - 2].lower in reporting_verbs.SUBJECTS | RELATIVE_PRONOUNS
        ):
            passive = passive or sentence[begin - 2].lower not in {"he", "she", "who"}
            begin -= 1
            break
        if (
            word.lower in reporting_verbs.AUXILIARIES
            or word.text in {"’", "'"}
            or is_adverb(word)
            or word.lower == "not"
        ):
            if word.lower in CONTRACTIONS:
                break
            passive = passive or word.lower in reporting_verbs.PASSIVE_AUXILIARIES
            denied = denied or is_negator(word.lower) or word.lower in {"would", "could", "might"}
            begin -= 1
        else:
            break
    lead = sentence[begin - 2].lower if begin > 1 else ""
    return begin, passive, denied or lead in {"if", "whether"}


def _agent(sentence: Sentence, number: int, strong: bool, denied: bool) -> Frame | None:
    """Read "was described by Smith as": only the one after "by" speaks."""
    for ahead in range(number + 1, min(len(sentence), number + 8)):
        if sentence[ahead].lower == "by":
            phrase = after(sentence, ahead + 1)
            return Frame((number, number + 1), phrase, "agent", strong, denied) if phrase else None
        if not sentence[ahead].is_word:
            break
    return None


def _subject(  # noqa: PLR0911 (one return a rule)
    sentence: Sentence, number: int, begin: int, shape: str, earlier: list[Frame]
) -> tuple[Phrase, str] | None:
    if shape != "gerund" and _follows_quote(sentence, begin):
        inverted = _inverted(sentence, number)
        if inverted is not None:
            return inverted, "inversion"
    previous = sentence[begin - 1] if begin else None
    if (
        shape == "gerund"
        and previous is not None
        and previous.is_word
        and (previous.is_capital or previous.lower in {"him", "her", "them"})
    ):
        direct = before(sentence, begin - 1)
        if direct is not None and begin > 1:
            return direct, "participle"
    if shape == "gerund" or previous is None or previous.lower in {"to", "by", "and", "or", "but", "before", "after"}:
        rule = "coordinated" if previous is not None and previous.lower in {"and", "or", "but"} else "participle"
        return _shared(sentence, begin, earlier, rule)
    if previous.lower in RELATIVE_PRONOUNS:
        return _antecedent(sentence, begin - 1)
    if previous.text in {",", ")", "]", "—", "–", "-", "--"}:
        apposed = _past_appositive(sentence, begin - 1)
        if apposed is not None:
            return apposed, "subject"
        return _shared(sentence, begin, earlier, "coordinated")
    direct = before(sentence, begin - 1)
    if direct is not None and sentence[begin - 1].text != ")":
        return _with_lead(sentence, direct), "subject"
    return (direct, "subject") if direct is not None else _shared(sentence, begin, earlier, "coordinated")


def _follows_quote(sentence: Sentence, begin: int) -> bool:
    at = begin - 1
    while at >= 0 and sentence[at].text in {",", "—", "–", "-", "--", "…", "...", "?", "!", "."}:
        at -= 1
    return at >= 0 and begin - 1 - at <= 2 and sentence[at].quote >= 0


def _inverted(sentence: Sentence, number: int) -> Phrase | None:
    first = number + 1
    if first < len(sentence) and sentence[first].lower in OBJECT_PRONOUNS - {"it", "you"}:
        return None
    while (
        first < len(sentence) and first < number + 3 and is_adverb(sentence[first]) and not sentence[first].is_capital
    ):
        first += 1
    return after(sentence, first)


def _antecedent(sentence: Sentence, relative: int) -> tuple[Phrase, str] | None:
    """Return the phrase that "who" stands for, with the pronoun itself, so that both are seen."""
    at = relative - 1
    if at >= 0 and sentence[at].text in {",", "—", "–", "--"}:
        at -= 1
    if at < 0 or sentence[relative].lower == "what":
        return None
    if sentence[at].lower in reporting_verbs.PREPOSITIONS:
        return (relative, relative + 1), "relative"
    phrase = before(sentence, at)
    return ((phrase[0], relative + 1), "relative") if phrase else None


def _past_appositive(sentence: Sentence, at: int) -> Phrase | None:
    """Return the phrase before an appositive that ends at ``at``: "Smith, 45, a farmer from Iowa, said"."""
    start = _clause_start(sentence, at)
    number = start
    while number < at:
        phrase = main_subject(sentence, at, number)
        if phrase is None:
            return None
        closes = min(phrase[1], at)
        if sentence[closes].text in {",", "(", ")", "—", "–", "-", "--", "["} or closes >= at or phrase[0] == start:
            return phrase
        number = phrase[1]
    return None


def _clause_start(sentence: Sentence, at: int) -> int:
    for number in range(at - 1, max(-1, at - MAX_TOKENS), -1):
        token = sentence[number]
        if (
            token.quote >= 0
            or token.text in {";", ":"}
            or token.lower in {"but", "while", "though", "although"}
            or (token.lower == "that" and not _is_relative(sentence, number))
        ):
            if token.quote >= 0 and number + 1 < at and sentence[number + 1].text == ",":
                return number + 2
            return number + 1
    return max(0, at - MAX_TOKENS)


def _is_relative(sentence: Sentence, that: int) -> bool:
    """Return whether "that" follows its noun, and nothing before it reports: "Smith, head of a union that …, said"."""
    head = that - 1
    while (
        head > max(0, that - 4) and sentence[head].is_word and sentence[head].lower not in reporting_verbs.DETERMINERS
    ):
        head -= 1
    return sentence[head].lower in ARTICLES and not any(
        token.lower in reporting_verbs.SPEECH or token.lower in reporting_verbs.NOUNS_OF_SAYING
        for token in sentence[:head]
    )


def _shared(sentence: Sentence, begin: int, earlier: list[Frame], rule: str) -> tuple[Phrase, str] | None:
    """Return the subject that a participle or a second verb shares with what came before it."""
    owner = next((f for f in reversed(earlier) if is_reporting(sentence, f) and f.rule != "noun_of_saying"), None)
    if owner is not None and begin - owner.last < MAX_TOKENS:
        return owner.source, rule
    if begin <= 2:  # "After saying “…,” she left": the subject is still to come
        return _to_come(sentence, begin, rule)
    start = 0
    for back in range(begin - 1, max(0, begin - MAX_TOKENS), -1):
        token = sentence[back]
        if earlier and earlier[-1].last > back and earlier[-1].rule not in {"noun_of_saying", "according_to"}:
            return earlier[-1].source, rule
        if token.lower in PERSONAL_SUBJECTS:
            return (back, back + 1), rule
        if token.text == ";":
            start = back + 1
            break
    phrase = main_subject(sentence, begin, start)
    return (phrase, rule) if phrase is not None else None


def _to_come(sentence: Sentence, begin: int, rule: str) -> tuple[Phrase, str] | None:
    for ahead in range(begin + 1, min(len(sentence) - 1, begin + MAX_TOKENS)):
        if sentence[ahead].text == "," or sentence[ahead].quote >= 0:
            phrase = after(sentence, ahead + 1)
            if phrase is not None:
                return phrase, rule
    return None


def lemma_of(sentence: Sentence, frame: Frame) -> str:
    """Return the lemma of a frame's verb, or "" when its cue is no verb."""
    word = sentence[frame.cue[0]].lower
    entry = reporting_verbs.SPEECH.get(word) or reporting_verbs.EVALUATION.get(word)
    return entry[0] if entry else ""


def is_reporting(sentence: Sentence, frame: Frame) -> bool:
    """Return whether the clause of a frame's verb is somebody's speech."""
    return frame.strong and lemma_of(sentence, frame) in reporting_verbs.REPORTING


def _with_lead(sentence: Sentence, phrase: Phrase) -> Phrase:
    """Cut what stands before a name without belonging to it: "In Ohio Smith"."""
    first, last = phrase
    while first < last - 1 and (is_time(sentence[first]) or sentence[first].text in {"’s", "'s"}):
        first += 1
    return first, last


def _noun_frame(sentence: Sentence, number: int) -> Frame | None:
    """Read "Trump's claim", "the claim by Trump", "a statement from the company"."""
    if sentence[number].lower not in reporting_verbs.NOUNS_OF_SAYING or sentence[number].is_capital:
        return None
    cue = (number, number + 1)
    for ahead in range(number + 1, min(len(sentence), number + 3)):
        if sentence[ahead].lower in {"by", "from"}:
            phrase = after(sentence, ahead + 1)
            if phrase:
                return Frame(cue, phrase, "noun_of_saying", strong=False)
        if sentence[ahead].lower not in {"released", "issued", "sent", "written", "posted"}:
            break
    for back in range(number - 1, max(-1, number - 6), -1):
        token = sentence[back]
        if token.lower in POSSESSIVE_DETERMINERS:
            return Frame(cue, (back, back + 1), "noun_of_saying", strong=False)
        if token.text in {"’s", "'s", "’", "'"} and back:
            phrase = before(sentence, back - 1)
            return Frame(cue, phrase, "noun_of_saying", strong=False) if phrase else None
        if not token.is_word or token.lower in reporting_verbs.PREPOSITIONS or token.lower in ARTICLES:
            break
    return None
