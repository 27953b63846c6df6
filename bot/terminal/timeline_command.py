"""The command ``onrecord timeline``."""

from __future__ import annotations

from datetime import datetime

from bot.app import App
from bot.composition.timeline import MAX_ROWS
from bot.exit_codes import code_of_answer
from bot.record_requests import MAX_TOPIC_CHARACTERS, checked_day
from bot.render.json import answer_document
from bot.render.terminal import answer_text
from bot.terminal.output import Output
from bot.terminal.quote_commands import check_target, write_report
from bot.terminal.record_commands import shown_at_most
from bot.user_input import checked
from retrieval.articles import Filters
from retrieval.errors import InputError


def run_timeline(
    app: App,
    output: Output,
    topic: str,
    filters: Filters,
    *,
    since: str = "",
    until: str = "",
    limit: int | None = None,
    report: str | None = None,
) -> int:
    """Show the dated events of a topic; return the exit code: 1 where no article tells of any.

    Args:
        app: The application.
        output: Where the timeline goes.
        topic: What it is about; empty for all of the articles that ``filters`` name.
        filters: The articles to search.
        since: The first day of the events, ISO; empty for any.
        until: The last one.
        limit: Rows shown; 0 shows all, None as many as are read at a glance.
        report: Where an HTML page is written; None: nowhere.

    Raises:
        InputError: The topic, a day or the limit cannot be used, or the page not be written.
    """
    target = None if report is None else check_target(report)
    named = " ".join(checked(topic, what="topic", longest=MAX_TOPIC_CHARACTERS).split())
    if not (named or filters.articles):
        raise InputError("say of what: the name of a person, a place or an event")
    days = [f"{word} {checked_day(day)}" for word, day in (("since", since), ("until", until)) if day]
    answer = app.timeline(" ".join((named, *days)).strip(), filters, limit=shown_at_most(limit, MAX_ROWS))
    places = output.places(app.home)
    if target:
        from bot.render.answer_report import answer_report  # noqa: PLC0415 (late: most ask for none)

        made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
        write_report(target, answer_report(answer, places, made))
        output.status(f"Wrote {target}.")
    if output.as_json:
        output.document(answer_document(answer, places))
    else:
        output.text(answer_text(answer, places, output.width))
    return code_of_answer(answer)
