"""Questions of every kind about a synthetic library, made of the names and words that its passages have."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from evals.bench.single_process import AskedQuestion
from evals.bench.synthetic_library import SEED, SamplePassages

COLLECTION = (
    "How many articles are there?",
    "Which outlets are there?",
    "What is the newest article?",
    "Who is mentioned most often?",
    "What do these articles cover?",
    "Which articles are the longest?",
)
"""Questions about all articles rather than what they say."""

_TEMPLATES = {
    "overview": "Tell me about {}",
    "timeline": "Timeline of {}",
    "comparison": "How do outlets differ on {}?",
    "list": "Which people met {}?",
    "who said": "What did {} say?",
    "articles about": "How many articles are about {}?",
}
_NAME = re.compile(r"\b[A-Z][a-z]{2,} [A-Z][a-z]{3,}\b")
_ALTERED_EVERY = 7  # words


def names(sample: SamplePassages, count: int) -> list[str]:
    """Return the commonest names of two words in a sample's passages, most first."""
    found = Counter(name for part in sample.parts for sentence in part for name in _NAME.findall(sentence))
    return [name for name, _ in found.most_common(count)]


def question_mix(sample: SamplePassages, each: int) -> list[AskedQuestion]:
    """Return ``each`` questions of every kind, the first one a fact, with the fields of their filters; none twice."""
    of_outlet, of_days = sample.questions[each + 1 : 2 * each + 1], sample.questions[2 * each + 1 : 3 * each + 1]
    known = names(sample, each)
    asked: list[AskedQuestion] = [("fact", question, {}) for question in sample.questions[: each + 1]]
    asked += [(kind, told.format(name), {}) for kind, told in _TEMPLATES.items() for name in known]
    asked += [("misspelt name", f"Who is {_misspelt(name)}?", {}) for name in known]
    asked += [("collection", question, {}) for question in COLLECTION]
    asked += [("one outlet", question, {"sources": [f"Outlet {at}"]}) for at, question in enumerate(of_outlet)]
    days = {"since": "2012-01-01", "until": "2015-12-31"}
    return [*asked, *(("half of the days", question, days) for question in of_days)]


def quotations(sample: SamplePassages, count: int) -> tuple[list[str], list[str]]:
    """Return sentences of the passages, verbatim, and the same with words replaced."""
    rng = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    sentences = [said for part in sample.parts for said in part if 10 <= len(said.split()) <= 40]
    verbatim = rng.sample(sentences, min(count, len(sentences)))
    return verbatim, [_altered(said.split()) for said in verbatim]


def _altered(words: Sequence[str]) -> str:
    return " ".join("nevertheless" if at % _ALTERED_EVERY == 3 else word for at, word in enumerate(words))


def _misspelt(name: str) -> str:
    """Return a name with two letters of its last word swapped."""
    first, last = name.split()
    return f"{first} {last[0]}{last[2]}{last[1]}{last[3:]}"
