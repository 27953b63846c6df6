"""The command line, ``onrecord``: thin commands over the library.

The answer goes to stdout, status to stderr. Exit codes: ``bot.exit_codes``; ``check`` gives the worst of its
quotations' codes (3, 1, 0), ``chat`` without a terminal 0 when every line was answered (abstaining is an answer), else
the code of the first error.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot.exit_codes import ExitCode
from bot.terminal.commands import GlobalOptions, commands_for
from bot.terminal.errors import guarded
from retrieval.text.lexicon import QUESTION_AUXILIARIES, QUESTION_WORDS
from retrieval.text.sanitize import line

if TYPE_CHECKING:
    from bot.app import Overrides

MAX_OFFERED_CHARACTERS = 200
"""Characters of a question that an error repeats."""


class CommandGroup(TyperGroup):
    """The commands; where a question is typed in the place of one, the error offers ``ask``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command's name, the command and its arguments.

        Raises:
            TyperException: There is no such command.
        """
        typed = [word for word in args if not word.startswith("-")]
        if args[0] not in self.commands and is_question(typed):
            offered = shlex.quote(line(" ".join(typed))[:MAX_OFFERED_CHARACTERS])
            word = line(args[0])[:MAX_OFFERED_CHARACTERS]
            ctx.fail(f"{word!r} is no command, to ask it write `onrecord ask {offered}`")
        return super().resolve_command(ctx, args)


def is_question(typed: Sequence[str]) -> bool:
    """Return whether the words after the program's name are a question rather than a command."""
    first = " ".join(typed).split(" ")[0].lower()
    return " " in typed[0] or typed[-1].endswith("?") or first in QUESTION_WORDS | QUESTION_AUXILIARIES


cli = typer.Typer(
    name="onrecord",
    cls=CommandGroup,
    help="Answer questions about your own articles; every citation opens at the exact characters it rests on.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Store = Annotated[str | None, typer.Option("--store", metavar="DIR", help="The folder of the store.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="NAME", help="Only articles of this outlet (repeatable).")
]
Authors = Annotated[
    list[str] | None, typer.Option("--author", metavar="NAME", help="Only articles by this author (repeatable).")
]
Since = Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or after DATE (YYYY-MM-DD).")]
Until = Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or before DATE (YYYY-MM-DD).")]
Articles = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ARTICLE", help="Only this article: id, path or title (repeatable)."),
]
Report = Annotated[
    str | None,
    typer.Option("--html", metavar="REPORT", help="Write an HTML report; replaces nothing but an older report."),
]

Limit = Annotated[int | None, typer.Option(metavar="N", help="Show at most N; 0 shows all.")]

Conversation = Annotated[
    str | None,
    typer.Option("--conversation", metavar="NAME", help="Continue this conversation, kept in the store."),
]


@cli.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    as_json: Json = False,
    store: Store = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> int:
    context.obj.update(as_json=as_json, store=store)
    if version:
        return commands_for(context).version()
    if context.invoked_subcommand is None:
        return commands_for(context).chat()
    return 0


@cli.command(epilog="Example: onrecord ingest articles/ 'archive/2024-*.jsonl.gz' --prune")
def ingest(
    context: typer.Context,
    *,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders or patterns.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose file is no longer in PATH.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed all articles again, with the current model.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing unless something changed or failed.")
    ] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Read articles into the store. Files that have not changed are skipped."""
    return commands_for(context, as_json=as_json, store=store).ingest(
        paths or [], prune=prune, rebuild=rebuild, quiet=quiet
    )


@cli.command(epilog="Example: onrecord ask 'Who signed the agreement?' --source Reuters --since 2024-01-01")
def ask(
    context: typer.Context,
    *,
    question: Annotated[
        list[str],
        typer.Argument(metavar="QUESTION...", help="The question, in quotation marks or not; - reads it from stdin."),
    ],
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    conversation: Conversation = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Answer a question from the articles, or say that they do not hold the answer."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.ask(" ".join(question), commands.filters(source, author, since, until, article), conversation)


@cli.command(
    epilog="Exit code: 0 found as quoted; 1 no such quotation; 3 altered, truncated or misattributed."
    "  Example: onrecord quote 'we will not raise taxes' --speaker 'Jane Smith'"
)
def quote(
    context: typer.Context,
    *,
    words: Annotated[str, typer.Argument(metavar="QUOTATION", help="The words; - reads them from stdin.")],
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="The person it is attributed to.")] = None,
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    report: Report = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Check a quotation: the words, the speaker, where it was published, and what was left out."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.quote(words, speaker, commands.filters(source, author, since, until, article), report)


@cli.command(
    epilog="Exit code: 3 altered or misattributed, 2 not read, 1 not found or not checked, 0 otherwise.  "
    "Example: onrecord check draft.md --html report.html"
)
def check(
    context: typer.Context,
    *,
    draft: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A .txt, .md, .html, .pdf, .docx, .odt, .rtf or .jsonl file; - reads stdin."
        ),
    ],
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    report: Report = None,
    comments: Annotated[
        str | None,
        typer.Option(
            metavar="COPY",
            help="Write a copy of a .docx draft with a comment at each quotation; replaces only such a copy.",
        ),
    ] = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Check every quotation of a draft."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.check(draft, commands.filters(source, author, since, until, article), report, comments)


@cli.command(epilog="Exit code: 1 no statement.  Example: onrecord said 'Jane Smith' --about taxes --since 2024-01-01")
def said(
    context: typer.Context,
    *,
    name: Annotated[list[str], typer.Argument(metavar="NAME...", help="The speaker: a person or an organisation.")],
    about: Annotated[str, typer.Option(metavar="TEXT", help="Only statements on this topic.")] = "",
    since: Since = "",
    until: Until = "",
    before_after: Annotated[
        str, typer.Option(metavar="DATE", help="Part what was said before DATE from what was said from then on.")
    ] = "",
    source: Sources = None,
    author: Authors = None,
    article: Articles = None,
    limit: Limit = None,
    report: Report = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Show what somebody said, by date: verbatim, with who reported it first, and pairs that differ."""
    commands = commands_for(context, as_json=as_json, store=store)
    filters = commands.filters(source, author, since, until, article)
    return commands.said(" ".join(name), about, filters, before_after, limit=limit, report=report)


@cli.command(
    epilog="Exit code: 1 no dated event.  Example: onrecord timeline Niger --since 2017-10-01 --html niger.html"
)
def timeline(
    context: typer.Context,
    *,
    topic: Annotated[
        list[str] | None,
        typer.Argument(metavar="TOPIC...", help="A person, a place, an event; may be left out with --article."),
    ] = None,
    since: Annotated[str, typer.Option(metavar="DATE", help="Only events on or after DATE (YYYY-MM-DD).")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Only events on or before DATE (YYYY-MM-DD).")] = "",
    source: Sources = None,
    author: Authors = None,
    article: Articles = None,
    limit: Limit = None,
    report: Report = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Show the dated events of a topic or person, the earliest first, each in an article's own words."""
    commands = commands_for(context, as_json=as_json, store=store)
    filters = commands.filters(source, author, "", "", article)
    return commands.timeline(" ".join(topic or ()), filters, since=since, until=until, limit=limit, report=report)


@cli.command(epilog="Example: onrecord people --since 2024-01-01")
def people(
    context: typer.Context,
    *,
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    limit: Limit = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """List who is quoted: how many statements, and under which names."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.people(commands.filters(source, author, since, until, article), limit=limit)


@cli.command(epilog="Example: onrecord chat < questions.txt")
def chat(
    context: typer.Context, *, conversation: Conversation = None, as_json: Json = False, store: Store = None
) -> int:
    """Ask questions at a prompt. Without a terminal: answer the questions on stdin, one a line."""
    return commands_for(context, as_json=as_json, store=store).chat(conversation)


@cli.command(epilog="Example: onrecord forget --all")
def forget(
    context: typer.Context,
    *,
    conversation: Annotated[str | None, typer.Argument(metavar="CONVERSATION", help="Its name, from the list.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Delete all conversations.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Delete a conversation, or all of them. Without arguments: list them."""
    return commands_for(context, as_json=as_json, store=store).forget(conversation, everything=everything)


@cli.command(epilog="Example: onrecord show seeds/001_4305dc1b0247198e.txt:44-150")
def show(
    context: typer.Context,
    *,
    place: Annotated[
        str, typer.Argument(metavar="ARTICLE[:START-END]", help="Its id, path or title, and characters of it.")
    ],
    whole: Annotated[bool, typer.Option("--whole", help="Show the whole article.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Show an article. With START-END: these characters, marked, with their context."""
    return commands_for(context, as_json=as_json, store=store).show(place, whole=whole)


@cli.command(epilog="Example: onrecord articles --since 2024-01-01 --json")
def articles(
    context: typer.Context,
    *,
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """List the articles in the store."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.articles(commands.filters(source, author, since, until, article))


@cli.command(epilog="Example: onrecord backup /mnt/safe/articles.sqlite")
def backup(
    context: typer.Context,
    *,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The backup to write; in the store by default.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Copy the library to one file, even while it is read or written."""
    return commands_for(context, as_json=as_json, store=store).backup(file, force=force)


@cli.command(epilog="Example: onrecord restore /mnt/safe/articles.sqlite")
def restore(
    context: typer.Context,
    *,
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="The backup to read; the store's last one by default.")
    ] = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Replace the library with a backup. The replaced library is kept in the store."""
    return commands_for(context, as_json=as_json, store=store).restore(file)


@cli.command(epilog="Example: onrecord follow /mnt/shared/articles.sqlite --every 10")
def follow(
    context: typer.Context,
    *,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The published copy: the writer's PUBLISH_FILE.")],
    once: Annotated[bool, typer.Option("--once", help="Take the present copy and end.")] = False,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, max=86400, help="How often to look for another copy.")
    ] = 5.0,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Keep this store's library a replica of the one that another machine publishes, until stopped."""
    return commands_for(context, as_json=as_json, store=store).follow(file, once=once, every=every)


@cli.command(epilog="Exit code: 0 when everything works, 4 when something needs to be repaired.")
def doctor(context: typer.Context, *, as_json: Json = False, store: Store = None) -> int:
    """Check the installation and the store, with a remedy for each problem."""
    return commands_for(context, as_json=as_json, store=store).doctor()


@cli.command(epilog="Needs DISCORD_TOKEN. docs/discord.md leads from the developer portal to the first answer.")
def discord(
    context: typer.Context,
    *,
    invite: Annotated[bool, typer.Option("--invite", help="Print the link that adds the bot to a server.")] = False,
    store: Store = None,
) -> int:
    """Run the Discord bot until it is stopped (Ctrl-C, SIGTERM)."""
    return commands_for(context, store=store).discord(invite=invite)


def main(arguments: Sequence[str] | None = None, overrides: Overrides | None = None) -> int:
    """Run the command line and return its exit code. Never raises, never shows a traceback unless ONRECORD_DEBUG=1.

    Args:
        arguments: What was typed after the program's name; None: the process's own.
        overrides: Components used instead of those that the settings name.
    """
    _open_closed_streams()
    # Pydantic looks for plugins in the metadata of every installed package: a twentieth of `articles`.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows fewer characters shows "?"
    try:
        options = GlobalOptions(as_json=False, store=None, overrides=overrides or {})
        code = guarded(
            lambda: cli(given, prog_name="onrecord", standalone_mode=False, obj=options), as_json="--json" in given
        )
        sys.stdout.flush()
    except BrokenPipeError:  # `| head -1` has read enough; what is left in the buffer must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk: what is left in the buffer must not complain at exit, either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"onrecord: the output cannot be written ({error.strerror})\n")
        return ExitCode.STORE
    return code


def _open_closed_streams() -> None:
    """Open standard streams that the shell closed (``>&-``) on the null device.

    Python has None for them, and their numbers would go to the next files that are opened: a database on 1 would be
    written to by whatever prints.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (a descriptor)
