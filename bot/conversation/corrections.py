"""Corrections of the last question: "no, I meant Mali", "in Benghazi", "sorry, 2012", "not Smith, Jones"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.correction_exchange import (
    DETERMINED,
    POSSESSIVE,
    exchanged,
    exchanged_for_like,
    has_phrase,
    last_noun,
    of_last_noun,
    of_one_kind,
    of_other_relative,
    whole_names,
)
from bot.conversation.correction_parser import CorrectionParts, parse_correction
from bot.conversation.definite_phrase import definite_phrase
from bot.conversation.pronouns import replaced_pronoun, resolve_pronouns
from bot.conversation.question_clause import PREPOSITIONS, agreeing, as_question, is_plural, parse_clause
from bot.conversation.question_patterns import LEADING_PREPOSITIONS, leading_preposition, substituted_topic
from bot.conversation.question_topic import question_topic
from bot.conversation.rule_rewriter import (
    Similarity,
    has_pronoun,
    is_request,
    read_terms,
    redated,
    rewrite_by_rules,
    with_other_one,
    with_topic,
    with_words,
)
from bot.conversation.store import Turn
from retrieval.text.analyzer import fold
from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import (
    ARTICLES,
    BE,
    DEMONSTRATIVES,
    DO,
    FEMININE_PRONOUNS,
    HAVE,
    MASCULINE_PRONOUNS,
    OBJECT_PRONOUNS,
    POSSESSIVE_DETERMINERS,
    QUESTION_AUXILIARIES,
    QUESTION_WORDS,
    RELATIVE_PRONOUNS,
    SUBJECT_PRONOUNS,
    THIRD_PERSON,
    alternation,
    word_set,
)
from retrieval.text.names import GIVEN
from retrieval.text.places import PLACES
from retrieval.text.roles import is_office
from retrieval.text.tokens import read_words
from retrieval.text.verb_forms import BASES, base_form, is_participle, is_past_form

_MEANT = (
    r"(?:i (?:actually |really )?(?:mean|meant|said|was asking about|am asking about)|i['’]m asking about"
    r"|make (?:that|it)|(?:that |it )?should (?:be|have been|read))"
)
_SORRY = (
    r"(?:no|nope|nah|not quite|wrong|sorry|oops|ups|my bad|my mistake|actually|wait|rather|correction|excuse me|typo"
    r"|oh|ah|er|erm|um)"
)
_LEAD = rf"(?:{_SORRY}[\s,.:;!–—-]+)"
_OLD = r"(?P<old>[^\s,;:]+(?: [^\s,;:]+){0,4})"
_NEW = r"(?P<new>\S+(?: \S+){0,7}?)"
_END = r"(?:,? (?:i mean|i meant|instead|rather|please|sorry))?"
_FORMS = tuple(
    LazyPattern(form, re.IGNORECASE)
    for form in (
        rf"{_LEAD}{{0,3}}(?:{_MEANT} )?not {_OLD}(?:[,;:–—.-]+ ?(?:but |rather )?| but ){_NEW}{_END}",
        rf"{_LEAD}{{0,3}}{_MEANT}:? {_NEW}(?:,? (?:and )?not {_OLD})?{_END}",
        rf"{_LEAD}{{0,3}}{_NEW},? (?:and )?not {_OLD}",
        rf"{_LEAD}{{1,3}}{_NEW}{_END}",
        rf"{_NEW},? (?:i mean|i meant|instead)",
    )
)
_SENTENCE = LazyPattern(
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)}|tell|show|give|list|name|explain|describe|find"
    r"|summari[sz]e|compare|thanks|thank|i|you|that|this|it|worries|problem|idea|way|more|nothing|not"
    r"|never|for asking|for that|answer|wrong|right|an?)\b",
    re.IGNORECASE,
)
_SAYS = LazyPattern(rf"\W*{_LEAD}{{0,3}}(?:no )?i (?:actually |really )?(?:mean|meant) ", re.IGNORECASE)
_VERB = LazyPattern(rf"\b(?:{alternation(QUESTION_AUXILIARIES)}|you|i|we)\b", re.IGNORECASE)
_ONE = LazyPattern(rf"(?:(?:{alternation(ARTICLES)}) )?(?P<which>\S.*) ones?", re.IGNORECASE)
_ONES = LazyPattern(r"(?:the|those|that) ones? ", re.IGNORECASE)
_ONE_OF = LazyPattern(rf"(?:the|that) ones? (?=(?:{alternation(PREPOSITIONS)})\b)", re.IGNORECASE)
_THAT_ONE = LazyPattern(r"\bthe (?:[\w’'-]+ ){1,3}(?P<one>one)\b", re.IGNORECASE)
_POSSESSIVE_BEFORE = LazyPattern(r"\w(?:['’]s|s['’]) \w")
_RELATIVE = LazyPattern(rf"\b(?:{alternation(RELATIVE_PRONOUNS)}|when|where|they|we)\b", re.IGNORECASE)
_ITSELF = LazyPattern(
    rf"(?:{alternation(ARTICLES | DEMONSTRATIVES | POSSESSIVE_DETERMINERS | QUESTION_WORDS)})\b", re.IGNORECASE
)
"""How a phrase begins that stands for itself: "the booking", "how it began"."""
_ACTING = LazyPattern(r"(?:[\w’'-]+ )?[a-z]+ing \w+")
_ASKING = LazyPattern(rf"^\W*(?:{alternation(QUESTION_WORDS)})(?:['’]?s)?\b", re.IGNORECASE)
_DOING = LazyPattern(r"(?<![\w’'-])[A-Z][\w’'-]* [a-z]+ing [a-z]+\b")
"""What somebody does: "Trump and Rouhani threatening each other"."""
_REQUESTED = LazyPattern(
    rf"\W*(?:(?:and|but|so) )?(?:{alternation(LEADING_PREPOSITIONS)} )?"
    rf"(?:{alternation(QUESTION_WORDS | QUESTION_AUXILIARIES)})\b",
    re.IGNORECASE,
)
"""How a question begins that is one clause."""
_COMPARED = LazyPattern(r"\W*(?:compare|what(?:['’]s| is) the difference)\b", re.IGNORECASE)
_CLAUSE = LazyPattern(rf"(?:{alternation(QUESTION_WORDS)})\b", re.IGNORECASE)
_PRONOUN = LazyPattern(rf"\b(?:{alternation(THIRD_PERSON)}|(?:those|these|that|this)(?= [a-z]+$|$))\b", re.IGNORECASE)
_THERE = LazyPattern(r"\bthere\b", re.IGNORECASE)
_SEVERAL = LazyPattern(r"the(?:y|m|ir|se)|those", re.IGNORECASE)
_ACRONYM = 4
"""Letters up to which a name in capitals is written so: "NATO"."""
_TOPIC_REQUEST = LazyPattern(
    r"\W*(?:timeline of|tell me about|summari[sz]e|sum up|overview of|what do we know about|background on) ",
    re.IGNORECASE,
)
_REQUEST = LazyPattern(
    r"(?P<lead>\W*(?i:timeline of|tell me about|summari[sz]e|overview of|what do we know about|what happened (?:in|at))"
    r" )"
    r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*(?P<end>\W*)"
)
"""A request for a topic that is a name."""
_ABOUT = "What about"
_TOLD_OF = (_ABOUT, "Tell me about")
_HIM = LazyPattern(rf"\b(?:{alternation(MASCULINE_PRONOUNS | FEMININE_PRONOUNS)})\b", re.IGNORECASE)
_SUBJECT = LazyPattern(
    rf"\b(?:(?P<auxiliary>{alternation(BE | HAVE | DO)})\s+)?"
    rf"(?:{alternation((SUBJECT_PRONOUNS | OBJECT_PRONOUNS) & THIRD_PERSON)})\b",
    re.IGNORECASE,
)
"""A third-person pronoun, with the auxiliary before it."""
_IT = LazyPattern(r"\bit\b", re.IGNORECASE)
_PERSONS = word_set("guy guys bloke person man woman lady girl boy people men women")
_OWNED = LazyPattern(rf"\s+(?!(?:{alternation(PREPOSITIONS)})\b)[a-z]", re.IGNORECASE)
"""What somebody has, after "her"."""
_OBJECT = LazyPattern(r".*\s(?P<verb>[a-z]+)\s(?P<object>(?!to\b)[a-z][\w’'-]*(?:\s[a-z][\w’'-]*)?)")
"""A question that ends in a verb and a thing without a name: "what share of workers get overtime"."""
MAX_SPLICED = 3
"""Content words up to which what was meant takes the place of something in the question before; more say it whole."""
MAX_VAGUE = 1
"""Content words up to which a question about a phrase that says more asks for all about it: "what's his case?"."""
MAX_TURNS_BACK = 3
"""Turns in which the question is sought that a correction puts right."""
_EMPHASIS = LazyPattern(r"[\"“]|\b[A-Z]{5,}\b")
_STORIES = word_set("story article piece question topic subject event case thing matter one news issue incident")
"""What the last answer was wholly wrong about: "wrong story, I want the interview"."""


_OF_TIME = word_set("before after since until during")
"""Prepositions of a bare phrase that limits the last question to a time, and corrects nothing: "before the debate?"."""


def is_correction(question: str) -> bool:
    """Tell whether a question corrects the one before it by its form."""
    asked = " ".join(question.split()).strip(" ?!.…")
    for form in _FORMS:
        found = form.fullmatch(asked)
        new = found["new"].strip(" ,;:") if found else ""
        if new and not _SENTENCE.match(new) and not _VERB.search(new):
            return True
    preposition = leading_preposition(asked)
    names = preposition and preposition not in _OF_TIME and not has_pronoun(asked)
    return bool(names and substituted_topic(asked))


def says_meant(question: str) -> bool:
    """Tell whether a question begins with what its writer meant, or did not mean: "no, I meant what …"."""
    return _SAYS.match(question) is not None


def corrected_question(
    question: str, history: Sequence[Turn], near: Similarity | None = None, topic: str = "", *, decided: bool = False
) -> str:
    """Return the question before with what a correction replaces in it; empty where that cannot be done.

    Args:
        question: What was asked, with at least one turn before it.
        history: The turns before it, oldest first.
        near: Chooses the name that a new one takes the place of, where the correction does not say.
        topic: What the conversation is about; empty where that is not known.
        decided: Whether it is known to be a correction, whatever its form: where nothing can be exchanged, what was
            meant is asked about with what the question before was about.
    """
    found = parse_correction(question) if decided or is_correction(question) else None
    if found is None or not found.new:
        return ""
    if has_pronoun(found.new):
        found = replace(found, new=resolve_pronouns(found.new, history, "") or found.new)
    if decided and _stands_alone(found, history[-1].standalone_question):
        return _told_of(found, history, topic)
    if found.kind and POSSESSIVE.search(found.new) and not has_phrase(history[-1].standalone_question, found.kind):
        found = replace(found, new=f"{found.new} {found.kind}")  # "wrong lawyer, I want Bergdahl's"
    for number in range(len(history), max(0, len(history) - MAX_TURNS_BACK), -1):
        if corrected := _corrected(found, history[:number], near):
            return _with_more(corrected, found.more)
        named = any(word.name and not word.stop for word in read_words(history[number - 1].standalone_question))
        if named or not any(word.name for word in read_words(found.new, sentence=False)):
            break
    return _asked_about(found, history, topic) if decided else ""


def _corrected(found: CorrectionParts, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the last question with what a correction replaces in it; empty where that cannot be done."""
    before, new = history[-1].standalone_question, found.new
    clause, (*others, last) = parse_clause(before), new.split()
    if (
        clause and others and base_form(fold(last)) == fold(clause.verb)
    ):  # "the guard lost" after "… did the army lose?"
        found = replace(found, new=" ".join(others))
        new = found.new
    if is_participle(fold(new)) and (done := _substituted(new, history, near)):  # "injured, not died"
        return done
    if replaced := exchanged(before, found.old, new) or of_one_kind(before, found.old, new):
        return replaced
    if relative := of_other_relative(before, new):  # "the ones who went for Sanders"
        return relative
    thing = new[len(leading_preposition(new)) :].strip()
    if one := _ONE.fullmatch(thing):
        written = with_other_one(thing, before) or of_last_noun(before, one["which"])
        return written or _replaced(replace(found, new=one["which"]), history, near)
    if placed := _ONE_OF.match(new):  # "the one in Phoenix"
        return _replaced(replace(found, new=new[placed.end() :]), history, near)
    return _replaced(found, history, near)


def _stands_alone(found: CorrectionParts, before: str) -> bool:
    """Return whether what was meant says enough to be asked about by itself, or the question before is no one clause.

    "The truce that collapsed at the start of August" takes the place of nothing in "What does each side want?", and in
    "Guinea or Liberia, how was each one doing?" a place for "the doctor" is not certain.
    """
    new = found.new
    wrong = found.kind.split()[-1:]  # "wrong story, I want the interview"
    if wrong and fold(wrong[0]) in _STORIES and not any(word.name for word in read_words(new, sentence=False)):
        return True
    said = found.old and has_phrase(before, found.old)
    if leading_preposition(new) or _ONE.fullmatch(new) or _ONES.match(new) or said:
        return False
    described = " ".join(word for each in found.more for word in each.split() if word.islower())
    if _is_long(f"{new}, {described}" if DETERMINED.match(new) else new):
        return not of_one_kind(before, found.old, new)
    person = any(is_office(each) or fold(each) in _PERSONS for each in " ".join((new, *found.more)).split())
    if person and _IT.search(before) and not whole_names(before):  # "the mayor" after "How did it unfold?"
        return True
    whole = _REQUESTED.match(before) or _TOPIC_REQUEST.match(before) or ("," not in before and is_request(before))
    return not whole and DETERMINED.match(new) is not None and not redated("", new)


def _is_long(meant: str) -> bool:
    """Return whether a phrase says enough to be a topic by itself."""
    return len(read_terms(meant)) > MAX_SPLICED or bool(_DOING.search(meant) or _RELATIVE.search(meant, 1))


def _replaced(found: CorrectionParts, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the last question with what was meant in the place of its like; empty where it has no such thing."""
    if _CLAUSE.match(found.new):
        return ""
    like = exchanged_for_like(history[-1].standalone_question, found.new, found.old)
    return like or ("" if _RELATIVE.search(found.new) else _substituted(found.new, history, near))


def asked_itself(question: str, history: Sequence[Turn], topic: str = "") -> str:
    """Return the question that a correction asks itself; empty for a correction that asks none.

    "When was Mitchell charged?" of "Mitchell, when was she charged".

    Args:
        question: What was asked, with at least one turn before it.
        history: The turns before it, oldest first.
        topic: What the conversation is about; empty where that is not known.
    """
    found = parse_correction(question)
    if found is None or not found.question:
        return ""
    asked = _asked_of_meant(found, history, topic)
    resolved = resolve_pronouns(asked, history, topic) or asked
    named = bool(whole_names(resolved))
    if "(" in resolved or not (_IT.search(resolved) or (_HIM.search(resolved) and not named)):
        return asked
    if named:  # "why did Harris launch it (presidential campaign)?"
        return with_topic(asked, topic)
    about = _context(history, topic)
    return with_words(asked, about) if about else asked


def _asked_of_meant(found: CorrectionParts, history: Sequence[Turn], topic: str) -> str:
    """Return the question that a correction asks, of what was meant."""
    last = history[-1].standalone_question
    asked, meant = (_with_noun(each, last) for each in (found.question, found.new))
    before, own = parse_clause(last), parse_clause(asked)
    if before and own and before.word and not own.word and before.verb == own.verb:  # "will it cost"
        asked = f"{before.word} {before.thing}".strip() + f" {asked}"
    name = "" if _CLAUSE.match(meant) else meant
    if _is_long(name) and len(_asks_for(asked) - set(read_terms(name))) <= MAX_VAGUE:
        return _told_of(replace(found, new=name), history, topic)
    if fold(name) in PLACES and (there := _THERE.search(asked)):
        return as_question(f"{asked[: there.start()]}in {name}{asked[there.end() :]}")
    pronoun = _PRONOUN.search(asked)
    owns = pronoun and pronoun.group().lower() in POSSESSIVE_DETERMINERS and _OWNED.match(asked, pronoun.end())
    unfit = pronoun is None or (_SEVERAL.match(pronoun.group()) is not None) is not is_plural(name)
    if name and (unfit or (owns and _RELATIVE.search(name))):  # "… his case (the justice who left)?"
        return with_words(as_question(asked), name)
    names = whole_names(last)
    if before and before.subject in names:
        names = [before.subject]
    if not name and not resolve_pronouns(asked, history) and len(names) == 1:
        name, pronoun = names[0], _HIM.search(asked)
    if not name or pronoun is None:
        return as_question(asked)
    name = name.title() if name.isupper() and len(name) > _ACRONYM else name
    owns = pronoun.group().lower() in POSSESSIVE_DETERMINERS and _OWNED.match(asked, pronoun.end())
    return as_question(f"{asked[: pronoun.start()]}{name}{'’s' if owns else ''}{asked[pronoun.end() :]}")


def _asks_for(question: str) -> set[str]:
    """Return the terms of a question without its question word: "case" of "what's his case"."""
    return set(read_terms(_ASKING.sub("", question)))


def _with_noun(text: str, before: str) -> str:
    """Return a text with the noun that "one" stands for in the question before: "the July poll" for "the July one"."""
    one = _THAT_ONE.search(text)
    found = last_noun(before) if one else None
    if one is None or found is None:
        return text
    noun = found["noun"].removesuffix("s") if is_plural(found["noun"]) else found["noun"]
    return f"{text[: one.start('one')]}{noun}{text[one.end('one') :]}"


def _asked_about(found: CorrectionParts, history: Sequence[Turn], topic: str = "") -> str:
    """Return a question about what was meant, which takes the place of nothing in the question before.

    A phrase that stands for itself is told of, with what the question before was about in parentheses; any other says
    more of what was asked: "How much does Berea cost (tuition)?".
    """
    new, before = found.new, history[-1].standalone_question
    if all(word.stop for word in read_words(new)):
        return ""
    if leading_preposition(new):
        return _with_more(f"{before.rstrip(' ?!.…')} {new}?", found.more)
    itself = _ITSELF.match(new) or _POSSESSIVE_BEFORE.search(new) or _ACTING.match(new) or _COMPARED.match(before)
    if not (itself or _TOPIC_REQUEST.match(before)):
        return _with_more(with_words(before, new), found.more)
    return _told_of(found, history, topic)


def _told_of(found: CorrectionParts, history: Sequence[Turn], topic: str = "") -> str:
    """Return a request for what was meant; where it names nothing, with what the conversation was about."""
    before = history[-1].standalone_question
    request = _TOPIC_REQUEST.match(before)
    meant = ", ".join((found.new, *found.more))
    told = f"{request.group() if request else 'Tell me about '}{meant}"
    about = "" if whole_names(f"About {meant}") else _context(history, topic)
    return f"{told} ({about})" if about and not has_phrase(meant, about) else told


def _context(history: Sequence[Turn], topic: str = "") -> str:
    """Return what a conversation is about: the names of the last question, or else its topic; empty for nothing.

    Args:
        history: The turns before the question, oldest first.
        topic: What they are about; empty where that is not known.
    """
    recent = [turn.standalone_question for turn in reversed(history[-MAX_TURNS_BACK:])]
    named = next((each for each in recent if whole_names(each)), recent[0])
    about = topic if whole_names(f"About {topic}") else "" if named is recent[0] else question_topic(named)
    is_phrase = any(map(str.islower, about.split())) and (about[:1].isupper() or DETERMINED.match(about))
    return about if is_phrase and named is not recent[0] else ", ".join(whole_names(named)) or topic


def _with_more(question: str, more: Sequence[str]) -> str:
    """Return a question with what else a correction says of what was meant, in parentheses."""
    rest = ", ".join(each for each in more if not has_phrase(question, each))
    if not question or not rest:
        return question
    asks = question.endswith("?")
    return with_words(question, rest) if asks or not question.endswith(")") else f"{question[:-1]}, {rest})"


def _substituted(new: str, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the question with ``new`` in the place of the name it is most like; empty where it has no such name."""
    before = history[-1].standalone_question
    if put := _for_pronoun(new, history[-1]) or _for_object(new, before) or _for_topic(new, before):
        return put
    return rewrite_by_rules(new, history, near) or "" if leading_preposition(new) else _for_name(new, history, near)


def _for_topic(new: str, before: str) -> str:
    """Return the question with an event for an event, or a name for the topic of a request; empty where it has none."""
    named = definite_phrase(new)
    if named and named == new and not _EMPHASIS.search(new):  # "the Orlando shooting"
        replaced = definite_phrase(before)
        if not new.islower() or not replaced:
            return before.replace(replaced, new, 1) if replaced else f"Tell me about {new}"
    phrase = (
        definite_phrase(before) if new.islower() and DETERMINED.match(new) and not _TOPIC_REQUEST.match(before) else ""
    )
    if phrase:  # "the trial"
        written, names = before.replace(phrase, new, 1), whole_names(phrase)
        return with_words(written, ", ".join(names)) if names else written
    place = new[len(leading_preposition(new)) :].strip()
    request = _REQUEST.fullmatch(before)
    if request and place[:1].isupper():  # "Timeline of Mali", "in Niger"
        return f"{request['lead']}{place}{request['end']}"
    person = _HIM.search(before)
    if person and new[:1].isupper() and person.group().lower() in OBJECT_PRONOUNS:  # "Who else criticised him?"
        return f"{before[: person.start()]}{new}{before[person.end() :]}"
    return ""


def _for_name(new: str, history: Sequence[Turn], near: Similarity | None) -> str:
    """Return the question before as it is asked of a name, several things or a deed; empty for another noun."""
    first = fold(new.split(maxsplit=1)[0])
    typed = new.islower() and (fold(new) in PLACES or first in GIVEN)  # "mali"
    if new.islower() and not typed and not is_participle(first):
        clause = parse_clause(history[-1].standalone_question)
        counts = clause is not None and clause.word == "how many" and bool(clause.thing)
        if not is_plural(new) and (counts or first not in ARTICLES):
            return ""
    if _ACTING.match(new) or has_phrase(history[-1].standalone_question, new):
        return ""
    names = dict.fromkeys((new, new.title() if typed else new))
    written = (rewrite_by_rules(f"{_ABOUT} {name}?", history, near) or "" for name in names)
    return next((each for each in written if each and not each.startswith(_TOLD_OF)), "")


def _for_pronoun(new: str, last: Turn) -> str:
    """Return the question with ``new`` for its pronoun, or for what took the place of that; empty where it has none."""
    if leading_preposition(new) or not (new[:1].isupper() or new.split(maxsplit=1)[0].lower() in ARTICLES):
        return ""
    if (replaced := replaced_pronoun(last)) and replaced[:1].isupper() == new[:1].isupper():
        return exchanged(last.standalone_question, replaced, new)
    found = list(_SUBJECT.finditer(last.standalone_question))
    if len(found) != 1 or (fold(new) in PLACES and _HIM.search(found[0].group())):
        return ""
    if _IT.search(found[0].group()) and any(is_office(each) or fold(each) in _PERSONS for each in new.split()):
        return ""  # "the Florida guy" after "How did it unfold?"
    auxiliary, kept = found[0]["auxiliary"], last.standalone_question
    agreed = agreeing(auxiliary, new) if auxiliary else ""
    owns = "’s" if _OWNED.match(kept, found[0].end()) and found[0].group().lower().endswith("her") else ""  # "her job"
    return f"{kept[: found[0].start()]}{agreed}{' ' if agreed else ''}{new}{owns}{kept[found[0].end() :]}"


def _for_object(new: str, before: str) -> str:
    """Return the question with a thing for the object that it ends in: "the minimum wage" for "… get overtime?"."""
    asked = before.rstrip(" ?!.…")
    found = _OBJECT.fullmatch(asked)
    thing = new.islower() and new.split(maxsplit=1)[0] in ARTICLES
    if not thing or not found or (fold(found["verb"]) not in BASES and not is_past_form(fold(found["verb"]))):
        return ""
    return f"{asked[: found.start('object')]}{new}?"
