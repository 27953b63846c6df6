"""The pairs by which the scores of other cross-encoders are brought to the scale of the packaged one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from retrieval.embedding.cross_encoder import SCALE_FILE, OnnxCrossEncoder

HEADLINE = "Harbour bridge opens after nine years"
SENTENCES = (
    "The council of Port Vell opened the harbour bridge on Saturday, nine years after the old one was closed.",
    "Mayor Ada Quill cut the ribbon before some 300 guests and called it a bridge for the next century.",
    "It cost 84 million euros, 20 million more than planned.",
    "Engineers chose steel because salt water eats concrete.",
    "The dockers' union, led by Paul Brandt, stayed away in protest against the toll of two euros.",
    "Ferries, which carried 4,000 people a day, will stop at the end of May.",
    "A study by the university found that traffic in the old town may fall by a third.",
    "Residents of Kestrel Valley fear more noise at night.",
)
ANSWERED_BY = {
    "When was the harbour bridge opened?": 0,
    "how long was the bridge closed": 0,
    "Who cut the ribbon?": 1,
    "How many guests came to the opening?": 1,
    "How much did the bridge cost?": 2,
    "what did the bridge cost more than planned": 2,
    "Why is the bridge made of steel?": 3,
    "Who leads the dockers' union?": 4,
    "Why did the dockers stay away?": 4,
    "How many people used the ferries?": 5,
    "When will the ferries stop?": 5,
    "What did the university find about traffic?": 6,
    "Who is afraid of noise?": 7,
}
"""Questions, and the index of the sentence that answers each."""
NEAR = (1, 3)
"""Of each question, the sentences so many places further on are the ones that do not answer."""


def pairs() -> Iterator[tuple[str, str]]:
    """Yield each question with the sentence that answers it and with two that do not."""
    for question, place in ANSWERED_BY.items():
        for step in (0, *NEAR):
            yield question, f"{SENTENCES[(place + step) % len(SENTENCES)]} {HEADLINE}"


def write_scale(folder: Path) -> None:
    """Write ``SCALE_FILE`` beside the exported model in ``folder``."""
    model = OnnxCrossEncoder(folder)
    scored = [(query, text, round(float(model.scores(query, [text])[0]), 3)) for query, text in pairs()]
    (folder / SCALE_FILE).write_text(json.dumps({"pairs": scored}, indent=1) + "\n", encoding="utf-8")
