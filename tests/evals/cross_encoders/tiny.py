"""A cross-encoder of a few thousand weights, and examples that it learns in seconds."""

from __future__ import annotations

import random
from pathlib import Path

from evals.cross_encoders.examples import Candidate, ExampleFile, ExampleGroup, ExamplePassage

NOUNS = ["harbour", "strike", "bridge", "budget", "election", "school"]
DAYS = ["monday", "tuesday", "wednesday"]
WORDS = [*NOUNS, *DAYS, "when", "who", "did", "the", "happen", "in", "on", "old", "?", "."]


def write_base(folder: Path) -> None:
    """Write a BERT of two layers with random weights, and its tokenizer of whole words."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), "utf-8")
    BertTokenizerFast(str(vocabulary)).save_pretrained(str(folder))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(str(folder))


def day_examples(count: int) -> ExampleFile:
    """Return questions about when something happened: right is the sentence that has a day."""
    rng = random.Random(0)  # noqa: S311
    passages, groups = [], []
    for number in range(count):
        noun = rng.choice(NOUNS)
        sentences = [f"The {noun} on {rng.choice(DAYS)}.", f"The old {noun}."]
        rng.shuffle(sentences)
        passages.append(ExamplePassage(noun, tuple(sentences)))
        candidates = tuple(Candidate(number, at, float(" on " in text)) for at, text in enumerate(sentences))
        groups.append(ExampleGroup(f"When did the {noun} happen?", candidates, "days", number % 10))
    return ExampleFile(tuple(passages), tuple(groups))
