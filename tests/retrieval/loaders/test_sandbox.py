"""The sandbox: limits of processor time and of the clock, and what happens after a child ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.errors import ArticleError
from retrieval.loaders.sandbox import Extractor

PAGE = b"<html><body><article><p>%s</p></article></body></html>" % (
    b"The city council voted on Monday to rebuild the old harbour, which has stood empty for eleven years now."
)
HEAVY = b"<html><body><p>" + b"<a href=x>word</a> <span>w</span> " * 60_000
"""Some seconds of processor time; less than the .05 that the tests allow is out of reach."""


@pytest.fixture
def extractor(request: pytest.FixtureRequest) -> Iterator[Extractor]:
    made = Extractor(*request.param)
    yield made
    made.close()


def child(extractor: Extractor) -> int:
    """Return the id of the extractor's child process."""
    assert extractor._child is not None
    return extractor._child.pid


@pytest.mark.parametrize("extractor", [({"html": 0.05, "pdf": 30.0}, 10_000.0)], indirect=True)
def test_a_page_that_takes_too_much_processor_time_is_refused_and_the_next_file_read(extractor: Extractor) -> None:
    with pytest.raises(ArticleError, match=r"took more than 0\.05 seconds of processor time"):
        extractor.extract("html", HEAVY)
    with pytest.raises(ArticleError, match="is not a PDF"):
        extractor.extract("pdf", b"x")


@pytest.mark.parametrize("extractor", [({"html": 1.5}, 10_000.0)], indirect=True)
def test_a_child_that_gets_no_processor_for_longer_than_its_limit_is_not_refused(extractor: Extractor) -> None:
    """Stopping it stands for a busy machine: the clock runs, its processor time does not."""
    extractor.extract("html", PAGE)
    stopped = child(extractor)
    os.kill(stopped, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        extracted = pool.submit(extractor.extract, "html", PAGE)
        time.sleep(2)
        os.kill(stopped, signal.SIGCONT)
        assert "old harbour" in extracted.result(120)["text"]
    assert child(extractor) == stopped


@pytest.mark.parametrize("extractor", [({"html": 30.0}, 10.0)], indirect=True)
def test_processor_time_counts_anew_for_each_file_and_not_while_idle(extractor: Extractor) -> None:
    for _ in range(3):
        assert extractor.extract("html", PAGE)
    assert extractor._files == 3


@pytest.mark.parametrize("extractor", [({"html": 30.0}, 10.0)], indirect=True)
def test_a_file_whose_child_was_killed_is_read_in_a_fresh_one(extractor: Extractor) -> None:
    extractor.extract("html", PAGE)
    killed = child(extractor)
    os.kill(killed, signal.SIGKILL)
    assert "old harbour" in extractor.extract("html", PAGE)["text"]
    assert child(extractor) != killed


@pytest.mark.parametrize("extractor", [({"html": 10.0}, 0.0001)], indirect=True)
def test_a_child_without_progress_is_ended_by_the_clock_twice_and_the_file_refused(extractor: Extractor) -> None:
    """A thousandth of a second is too short for any child to start."""
    with pytest.raises(ArticleError, match="needs too much time or memory"):
        extractor.extract("html", PAGE)
