"""Precision and recall of the record against annotated attributions."""

from __future__ import annotations

import pytest

from evals.quotes import record
from retrieval.errors import InputError

TEXT = "Ann Brook said that the bridge is safe. “It is not,” said Tom Reed. Reed hopes for rain."


def attribution(source: str, content: str, kind: str) -> dict[str, object]:
    def spans(words: str) -> list[dict[str, int]]:
        at = TEXT.index(words)
        return [{"start": at, "end": at + len(words)}]

    return {"source": spans(source) if source else [], "content": spans(content), "type": kind}


def test_a_statement_is_right_when_source_and_content_overlap() -> None:
    """One that nobody annotated costs precision, an attribution that is not found recall."""
    gold = [
        attribution("Ann Brook", "the bridge is safe", "indirect"),
        attribution("Reed hopes", "It is not", "direct"),  # another source
        attribution("Reed hopes", "for rain", "indirect"),
        attribution("", "bridge", "indirect"),
    ]
    report = record.measure({"a": {"text": TEXT, "attributions": gold}})
    assert report["precision"] == {"right": 1, "of": 2, "share": 0.5}
    assert report["recall"] == {"right": 1, "of": 3, "share": 0.3333}
    assert report["precision_by_kind"]["direct"]["right"] == 0
    assert report["recall_by_type"]["indirect"] == {"right": 1, "of": 2, "share": 0.5}
    assert report["attributions_without_source"] == 1
    assert record.table({"record": report})


def test_another_layout_is_refused() -> None:
    with pytest.raises(InputError, match="PolNeAR's layout"):
        record.measure({"a": {"text": TEXT, "attributions": [{"content": [{"start": 0, "end": 1}]}]}})
