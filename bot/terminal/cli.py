"""The command line, ``onrecord``: thin commands over the library.

The answer goes to stdout, status to stderr. Exit codes: 0 answered, found as quoted, or done; 1 abstained, or no such
quotation; 2 wrong usage or input; 3 a quotation is altered, cut or somebody else's; 4 the store, a setting, the model
or the program itself failed; 5 a provider failed; 130 interrupted. ``check`` gives the worst of its quotations' codes
(3, 1, 0). ``chat`` without a terminal gives 0 when every line was dealt with (abstaining is an answer), else the code
of the first error.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.commands import GlobalOptions, commands_for
from bot.terminal.errors import guarded

if TYPE_CHECKING:
    from bot.app import Overrides

cli = typer.Typer(
    name="onrecord",
    help="Answer questions about your own articles; every citation opens at the exact characters it rests on.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Store = Annotated[str | None, typer.Option("--store", metavar="DIR", help="The folder that holds what was ingested.")]
Sources = Annotated[list[str] | None, typer.Option("--source", metavar="NAME", help="Only this outlet (repeatable).")]
Authors = Annotated[list[str] | None, typer.Option("--author", metavar="NAME", help="Only this author (repeatable).")]
Since = Annotated[str, typer.Option(metavar="DATE", help="Only articles of this day or later, as 2024-01-31.")]
Until = Annotated[str, typer.Option(metavar="DATE", help="Only articles of this day or earlier, as 2024-01-31.")]
Articles = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ARTICLE", help="Only this article: id, path or title (repeatable)."),
]
Report = Annotated[
    str | None, typer.Option("--html", metavar="REPORT", help="Write a report, one HTML page; replaces only a report.")
]


Conversation = Annotated[
    str | None,
    typer.Option("--conversation", metavar="NAME", help="Go on with this conversation, and keep it in the store."),
]


@cli.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    as_json: Json = False,
    store: Store = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
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
    prune: Annotated[bool, typer.Option("--prune", help="Remove articles whose file has left PATH.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again with the model now set.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing unless something changed or failed.")
    ] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Read articles into the store. Only what is new or changed is worked on."""
    return commands_for(context, as_json=as_json, store=store).ingest(
        paths or [], prune=prune, rebuild=rebuild, quiet=quiet
    )


@cli.command(epilog="Example: onrecord ask 'Who signed the agreement?' --source Reuters --since 2024-01-01")
def ask(
    context: typer.Context,
    *,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question; - reads it from stdin.")],
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    conversation: Conversation = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Answer a question from the articles. Says so when they do not hold the answer."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.ask(question, commands.filters(source, author, since, until, article), conversation)


@cli.command(
    epilog="Exits with 0 when the words stand as quoted, with 1 when there is no such quotation, with 3 when it is "
    "altered, cut or somebody else's.  Example: onrecord quote 'we will not raise taxes' --speaker 'Jane Smith'"
)
def quote(
    context: typer.Context,
    *,
    words: Annotated[str, typer.Argument(metavar="QUOTATION", help="The words; - reads them from stdin.")],
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who is said to have said it.")] = None,
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    report: Report = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Check a quotation: are these the words, who said them, where, and what was left out."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.quote(words, speaker, commands.filters(source, author, since, until, article), report)


@cli.command(
    epilog="Exits with the worst of its quotations' codes: 3, 1 or 0; 0 when there is none.  "
    "Example: onrecord check draft.md --html report.html"
)
def check(
    context: typer.Context,
    *,
    draft: Annotated[
        str, typer.Argument(metavar="FILE", help="A .txt, .md, .html, .pdf or .jsonl file; - reads stdin.")
    ],
    source: Sources = None,
    author: Authors = None,
    since: Since = "",
    until: Until = "",
    article: Articles = None,
    report: Report = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Check every quotation of a draft."""
    commands = commands_for(context, as_json=as_json, store=store)
    return commands.check(draft, commands.filters(source, author, since, until, article), report)


@cli.command(epilog="Example: onrecord chat < questions.txt")
def chat(
    context: typer.Context, *, conversation: Conversation = None, as_json: Json = False, store: Store = None
) -> int:
    """Ask question after question. Without a terminal: answer the questions on stdin, one a line."""
    return commands_for(context, as_json=as_json, store=store).chat(conversation)


@cli.command(epilog="Example: onrecord forget --all")
def forget(
    context: typer.Context,
    *,
    conversation: Annotated[
        str | None, typer.Argument(metavar="CONVERSATION", help="Its name, as `forget` alone lists them.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every conversation.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Delete a conversation, or all of them. Alone: list those that are kept."""
    return commands_for(context, as_json=as_json, store=store).forget(conversation, everything=everything)


@cli.command(epilog="Example: onrecord show seeds/001_4305dc1b0247198e.txt:44-150")
def show(
    context: typer.Context,
    *,
    place: Annotated[
        str, typer.Argument(metavar="ARTICLE[:START-END]", help="Its id, path or title; characters of it.")
    ],
    whole: Annotated[bool, typer.Option("--whole", help="Show the whole article around the characters.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Show an article. With START-END: those characters, marked, in their surroundings."""
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
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="Where to; in the store by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Copy the library to one file, whoever is reading or writing it."""
    return commands_for(context, as_json=as_json, store=store).backup(file, force=force)


@cli.command(epilog="Example: onrecord restore /mnt/safe/articles.sqlite")
def restore(
    context: typer.Context,
    *,
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A backup; the store's last by default.")] = None,
    as_json: Json = False,
    store: Store = None,
) -> int:
    """Put a backup in the library's place. What it replaces is kept in the store."""
    return commands_for(context, as_json=as_json, store=store).restore(file)


@cli.command(epilog="Exits with 0 when all is well, with 4 when something needs mending.")
def doctor(context: typer.Context, *, as_json: Json = False, store: Store = None) -> int:
    """Check the installation and the store. Says what is there, and what mends what is wrong."""
    return commands_for(context, as_json=as_json, store=store).doctor()


@cli.command(epilog="Needs DISCORD_TOKEN. The README leads from the developer portal to the first answer.")
def discord(
    context: typer.Context,
    *,
    invite: Annotated[bool, typer.Option("--invite", help="Print the link that adds the bot to a server.")] = False,
    store: Store = None,
) -> int:
    """Run the Discord bot, until it is told to stop (Ctrl-C, SIGTERM)."""
    return commands_for(context, store=store).discord(invite=invite)


def main(arguments: Sequence[str] | None = None, overrides: Overrides | None = None) -> int:
    """Run the command line and return its exit code. Never raises, never shows a traceback unless ONRECORD_DEBUG=1.

    Args:
        arguments: What was typed after the program's name; None: the process's own.
        overrides: Components used instead of those that the settings name.
    """
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
    return code
