"""Log lines are JSON documents without secrets."""

from __future__ import annotations

import io
import json
import logging

from bot.discord.logs import LOGGER, JsonFormatter, correlation, log


def test_a_log_line_is_one_document_without_the_values_of_libraries() -> None:
    """Every line of one question has the same correlation id."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    library = logging.getLogger("discord.test")
    for logger in (LOGGER, library):
        logger.addHandler(handler)
    try:
        with correlation() as reference:
            log("asked", level=logging.WARNING, pages=2)
            library.warning("webhook %s failed", "https://discord.com/api/webhooks/1/SECRET")
    finally:
        for logger in (LOGGER, library):
            logger.removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["id"] for line in lines] == [reference, reference]
    assert lines[0]["pages"] == 2
    assert "SECRET" not in written.getvalue()
