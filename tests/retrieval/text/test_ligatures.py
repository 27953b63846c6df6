from __future__ import annotations

import pytest

from retrieval.text.ligatures import restore_ligatures


@pytest.mark.parametrize(
    ("word", "restored"),
    [
        ("o\ufffdce", "office"),
        ("of\ufffdce", "office"),
        ("\ufffdrst", "first"),
        ("“\ufffdnances”", "“finances”"),
        ("Di\ufffdculties,", "Difficulties,"),
        ("\ufffdat", "\ufffdat"),
        ("Grun\ufffd", "Grun\ufffd"),
        ("\ufffd\ufffd\ufffd", "\ufffd\ufffd\ufffd"),
    ],
)
def test_a_word_is_restored_where_one_english_word_fits(word: str, restored: str) -> None:
    assert restore_ligatures([word]) == {word: restored}


def test_of_several_words_the_one_with_the_only_ligature_seen_is_taken() -> None:
    """A font that has lost its fl, and no other, writes "flat"."""
    assert restore_ligatures(["\ufffdat", "\ufffdoor"])["\ufffdat"] == "flat"
    assert restore_ligatures(["\ufffdat", "\ufffdoor", "\ufffdrst"])["\ufffdat"] == "\ufffdat"
