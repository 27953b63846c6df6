"""What the commands do: each asks the app and hands what comes back to a renderer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from bot.exit_codes import ExitCode, code_of_answer

if TYPE_CHECKING:
    import typer

    from bot.app import App, Overrides
    from bot.conversation.session import ConversationSession
    from bot.render.layout import Places
    from bot.terminal.output import Output
    from bot.terminal.repl import Repl
    from bot.terminal.slash_commands import TerminalSession
    from retrieval.articles import Filters

CONTEXT_LINES = 8
"""Lines shown on each side of the characters that `show` marks."""


class GlobalOptions(TypedDict):
    """What was given before the command's name, and the components a test hands in."""

    as_json: bool
    store: str | None
    overrides: Overrides


def commands_for(context: typer.Context, *, as_json: bool = False, store: str | None = None) -> Commands:
    """Return the desk for the options given before the command's name or after it."""
    before: GlobalOptions = context.obj
    return Commands(as_json=as_json or before["as_json"], store=store or before["store"], overrides=before["overrides"])


class Commands:
    """One run of the program; parts are imported when a command needs them. Methods return the exit code."""

    def __init__(self, *, as_json: bool, store: str | None, overrides: Overrides) -> None:
        from bot.app import build  # noqa: PLC0415 (late: `--help` reads no settings)
        from bot.settings import load  # noqa: PLC0415
        from bot.terminal.output import Output  # noqa: PLC0415

        self.output: Output = Output(as_json=as_json)
        self.app: App = build(load(store_dir=Path(store) if store else None), **overrides)
        self.app.notify = self.output.status

    @property
    def places(self) -> Places:
        """How to name files from the current folder."""
        return self.output.places(self.app.home)

    def filters(
        self,
        sources: Sequence[str] | None,
        authors: Sequence[str] | None,
        since: str,
        until: str,
        articles: Sequence[str] | None,
    ) -> Filters:
        """Return the filters as typed; the library is opened only to check those that are given."""
        return self.app.filters(sources or (), authors or (), since, until, articles or ())

    def version(self) -> int:
        """Print the version."""
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            number = version("onrecord")
        except PackageNotFoundError:
            number = "unknown (not installed)"
        if self.output.as_json:
            self.output.document({"version": number})
        else:
            self.output.raw(f"onrecord {number}\n")
        return 0

    def ask(self, question: str, filters: Filters, conversation: str | None = None) -> int:
        """Answer a question, or several one by one, after those of ``conversation``; return the first code but 0."""
        from rich.text import Text  # noqa: PLC0415

        from bot.render.json import answer_document  # noqa: PLC0415
        from bot.terminal.answer_printer import answer_and_print, question_title  # noqa: PLC0415
        from bot.terminal.errors import ReportedCode  # noqa: PLC0415
        from bot.user_input import split_questions  # noqa: PLC0415

        session = self._session(filters, conversation)
        questions = split_questions(_question(question))
        for number, asked in enumerate(questions):
            heading = question_title(asked, self.output.width) if len(questions) > 1 else None
            answer_and_print(
                session,
                self.output,
                asked,
                heading=Text("\n") + heading if heading and number else heading,
                wait=lambda each: self.output.each(each, "reading…"),
            )
        if self.output.as_json:
            documents = [answer_document(answer, self.places) for answer in session.answers]
            self.output.document(documents if len(questions) > 1 else documents[0])
        return ReportedCode(next(filter(None, map(code_of_answer, session.answers)), 0))

    def quote(self, words: str, speaker: str | None, filters: Filters, report: str | None) -> int:
        """Check one quotation."""
        from bot.terminal.quote_commands import run_quote  # noqa: PLC0415

        return run_quote(self.app, self.output, words, filters, speaker=speaker, report=report)

    def check(self, draft: str, filters: Filters, report: str | None, comments: str | None) -> int:
        """Check every quotation of a draft."""
        from bot.terminal.quote_commands import run_check  # noqa: PLC0415

        return run_check(self.app, self.output, draft, filters, report=report, comments=comments)

    def said(
        self, name: str, about: str, filters: Filters, pivot: str, *, limit: int | None, report: str | None
    ) -> int:
        """Show what somebody said; 1 when no article has a statement."""
        from bot.record_requests import record_request  # noqa: PLC0415
        from bot.terminal.record_commands import run_said  # noqa: PLC0415

        request = record_request(name, about, filters, pivot=pivot)
        return run_said(self.app, self.output, request, limit=limit, report=report)

    def timeline(
        self, topic: str, filters: Filters, *, since: str, until: str, limit: int | None, report: str | None
    ) -> int:
        """Show the dated events of a topic; 1 when no article tells of any."""
        from bot.terminal.timeline_command import run_timeline  # noqa: PLC0415

        return run_timeline(self.app, self.output, topic, filters, since=since, until=until, limit=limit, report=report)

    def people(self, filters: Filters, *, limit: int | None) -> int:
        """List who is quoted."""
        from bot.terminal.record_commands import run_people  # noqa: PLC0415

        return run_people(self.app, self.output, filters, limit=limit)

    def chat(self, conversation: str | None = None) -> int:
        """Open the REPL, or answer the questions on stdin; ``conversation`` goes on with one that is kept."""
        from bot.terminal.echo import unechoed  # noqa: PLC0415 (late, as above)

        with unechoed():
            self.app.check_ready()
            kept = self._conversation(conversation)
            repl = self._repl(kept) if sys.stdin.isatty() and sys.stdout.isatty() and not self.output.as_json else None
        if repl:
            return repl.run()
        from bot.terminal.batch import answer_lines  # noqa: PLC0415

        return answer_lines(self.app, self.output, sys.stdin.buffer, kept)

    def _repl(self, kept: ConversationSession | None) -> Repl:
        from bot.terminal.repl import Repl  # noqa: PLC0415 (a line editor)

        return Repl(self.app, self.output, conversation=kept)

    def forget(self, conversation: str | None, *, everything: bool) -> int:
        """Delete a conversation, or all of them."""
        from bot.terminal.forget import forget  # noqa: PLC0415 (late, as above)

        said, gone = forget(self.app.conversations, self.app.folder, conversation, everything=everything)
        if self.output.as_json:
            self.output.document({"forgotten_turns": gone})
        else:
            self.output.raw(said + "\n")
        return 0

    def _conversation(self, name: str | None) -> ConversationSession | None:
        """Return the conversation of this name, kept in the store; None without a name."""
        from bot.conversation.session import ConversationSession  # noqa: PLC0415 (late, as above)

        return None if name is None else ConversationSession(name, self.app.conversations)

    def _session(self, filters: Filters, conversation: str | None) -> TerminalSession:
        """Return a session with these filters, in the conversation of this name."""
        from bot.terminal.slash_commands import TerminalSession  # noqa: PLC0415 (late, as above)

        width, height = (lambda: self.output.width), (lambda: self.output.height)
        session = TerminalSession(self.app, self.places, width, height, filters)
        session.conversation = self._conversation(conversation) or session.conversation
        return session

    def show(self, named: str, *, whole: bool) -> int:
        """Show an article, or a span of it in its surroundings."""
        from bot.render.article import article_head, excerpt, lay_out  # noqa: PLC0415
        from bot.render.json import article_document  # noqa: PLC0415
        from bot.user_input import check_span, split_place  # noqa: PLC0415

        name, mark = split_place(named)
        article = self.app.article(name, Path.cwd())
        check_span(mark, len(article.text))
        info = self.app.library.info(article.id)
        copies = self.app.library.near_duplicates(article.id)
        if self.output.as_json:
            self.output.document(article_document(article, info, mark, self.places, copies))
            return 0
        laid = lay_out(article, mark, self.output.width)
        self.output.text(article_head(info, mark, self.places, self.output.width, copies=copies))
        self.output.text(excerpt(laid, len(laid.lines) if whole or not mark else CONTEXT_LINES))
        return 0

    def articles(self, filters: Filters) -> int:
        """List the articles."""
        from bot.render.article import articles_text  # noqa: PLC0415
        from bot.render.json import articles_document  # noqa: PLC0415

        found = self.app.library.articles(filters)
        if self.output.as_json:
            copies = self.app.library.near_duplicates_among([info.id for info in found])
            self.output.document(articles_document(found, copies, self.places))
        else:
            self.output.text(articles_text(found, self.places, self.output.width))
        return 0

    def backup(self, named: str | None, *, force: bool) -> int:
        """Copy the library to a file."""
        from retrieval.errors import InputError  # noqa: PLC0415
        from retrieval.store.backup import LAST_BACKUP, backup  # noqa: PLC0415

        target = Path(named).expanduser() if named else self.app.folder / LAST_BACKUP
        if named and target.exists() and not force:
            raise InputError(f"{named} exists: choose another name, or add --force to replace it")
        if not target.parent.is_dir():
            raise InputError(f"there is no folder {target.parent.name!r} to put {target.name!r} in: make it first")
        size = backup(self.app.folder, target)
        shown = named or str(self.app.settings.store_dir / LAST_BACKUP)
        return self._told({"file": shown, "bytes": size}, f"{shown}: {size / 1e6:,.1f} MB")

    def restore(self, named: str | None) -> int:
        """Put a backup in the library's place."""
        from bot.render.phrases import counted  # noqa: PLC0415
        from retrieval.store.backup import LAST_BACKUP  # noqa: PLC0415

        counts = self.app.restore(Path(named).expanduser() if named else self.app.folder / LAST_BACKUP)
        held = f"{counted(counts.articles, 'article')}, {counted(counts.passages, 'passage')}"
        shown = named or str(self.app.settings.store_dir / LAST_BACKUP)
        document = {"file": shown, "articles": counts.articles, "passages": counts.passages}
        return self._told(document, f"restored {held} from {shown}")

    def follow(self, named: str, *, once: bool, every: float) -> int:
        """Follow what another machine publishes."""
        from bot.terminal.follow_command import run_follow  # noqa: PLC0415

        return run_follow(self.app, self.output, Path(named).expanduser(), once=once, every=every)

    def _told(self, document: dict[str, object], line: str) -> int:
        if self.output.as_json:
            self.output.document(document)
        else:
            self.output.raw(f"{line}\n")
        return 0

    def doctor(self) -> int:
        """Examine the installation and the store; 4 when something needs mending."""
        from bot.terminal.doctor import (  # noqa: PLC0415
            checks_document,
            checks_text,
            examine,
        )

        checks = examine(self.app)
        if self.output.as_json:
            self.output.document(checks_document(checks))
        else:
            self.output.text(checks_text(checks, self.output.width))
        return ExitCode.ANSWERED if all(check.ok for check in checks) else ExitCode.STORE

    def ingest(self, paths: Sequence[str], *, prune: bool, rebuild: bool, quiet: bool) -> int:
        """Read articles into the store."""
        from bot.terminal.progress import run_ingest  # noqa: PLC0415

        return run_ingest(self.app, self.output, paths, prune=prune, rebuild=rebuild, quiet=quiet)

    def discord(self, *, invite: bool) -> int:
        """Run the Discord bot, or print the link that adds it to a server."""
        from bot.discord.run import invitation, run_bot  # noqa: PLC0415 (a Discord client)

        if not invite:
            return run_bot(self.app)
        self.output.raw(f"{invitation(self.app.settings)}\n")
        return 0


def _question(typed: str) -> str:
    """Return the question as it was typed, or the one on stdin for "-".

    Raises:
        InputError: It is empty or too long, or not text.
    """
    from bot.user_input import checked, decoded, read_limited  # noqa: PLC0415
    from retrieval.errors import InputError  # noqa: PLC0415

    asked = decoded(read_limited(sys.stdin.buffer)) if typed == "-" else checked(typed)
    if not asked:
        raise InputError("the question is empty: write it after `onrecord ask`, in quotation marks")
    return asked
