"""Slash commands: a session at the terminal, and the commands in it, which register themselves. It prints nothing."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot.answers import Answer, Citation
from bot.conversation.session import ConversationSession
from bot.render.article import ArticleLayout, article_head, articles_text, lay_out, sources_text
from bot.render.layout import NUMBER, QUIET, Places, hanging, joined
from bot.render.markdown import markdown
from bot.render.phrases import counted, filter_words
from bot.render.sources import position
from bot.render.terminal import why_text
from bot.terminal.filters import filtered
from bot.user_input import check_span, split_place
from retrieval.articles import ArticleInfo, Filters, Span
from retrieval.errors import InputError
from retrieval.text.sanitize import line

if TYPE_CHECKING:
    from bot.app import App
    from bot.conversation.store import Turn
    from bot.quote_checks import QuotePlace


@dataclass(slots=True)
class OpenArticle:
    """The article that is open: its head, its lines, and the first line shown."""

    head: Text
    layout: ArticleLayout
    top: int


@dataclass(frozen=True, slots=True)
class OpenablePlace:
    """Characters that `/open` shows, and where they are: the page, the paragraph."""

    article_id: str
    span: Span
    position: str


@dataclass(frozen=True, slots=True)
class StatementPlace:
    """Where a listed statement is: its number, its article and its characters."""

    number: int
    article: ArticleInfo
    span: Span


@dataclass(frozen=True, slots=True)
class CheckedPlaces:
    """The places of the last check or list of statements, and how many questions had been asked by then."""

    places: tuple[QuotePlace | StatementPlace, ...]
    answers: int


@dataclass(slots=True)
class TerminalSession:
    """A session at the terminal: the filters, the answers so far, the conversation and the open article.

    Attributes:
        app: What is asked.
        places: How files are named.
        width: Cells to lay out in, or None not to wrap; asked each time, as terminals are resized.
        height: Lines of a page.
        filters: What is searched.
        answers: The answers of this session, for `/open`, `/why` and `/export`.
        conversation: What context-dependent questions depend on.
        checked: What `/open` opens until something is asked.
        view: The article that is open.
        leaving: Whether `/quit` was typed.
    """

    app: App
    places: Places
    width: Callable[[], int | None]
    height: Callable[[], int]
    filters: Filters = field(default_factory=Filters)
    answers: list[Answer] = field(default_factory=list)
    conversation: ConversationSession = field(default_factory=ConversationSession)
    checked: CheckedPlaces | None = None
    view: OpenArticle | None = None
    leaving: bool = False

    @property
    def history(self) -> Sequence[Turn]:
        """The turns of the conversation, oldest first."""
        return self.conversation.history

    def keep(self, answer: Answer) -> None:
        """Remember an answer, for the commands and for the questions that follow."""
        self.answers.append(answer)
        self.conversation.keep(answer)

    def last(self) -> Answer:
        """Return the latest answer.

        Raises:
            InputError: Nothing was asked.
        """
        if not self.answers:
            raise InputError("nothing was asked yet: type a question first")
        return self.answers[-1]

    def openings(self) -> dict[int, OpenablePlace]:
        """Return what `/open` opens, by number: the places of the last check, or the last answer's citations.

        Raises:
            InputError: There is none.
        """
        checked = self.checked if self.checked and self.checked.answers == len(self.answers) else None
        shown: Sequence[Citation | QuotePlace | StatementPlace] = checked.places if checked else self.last().shown
        found = {
            each.number: OpenablePlace(
                each.article.id,
                each.span,
                "" if isinstance(each, StatementPlace) else position(each.paragraph, each.page),
            )
            for each in shown
        }
        if not found:
            raise InputError("nothing that was found could be opened")
        return found

    def run(self, typed: str) -> Text:
        """Run a command as it was typed ("/open 2"), return what to show.

        Raises:
            InputError: There is no such command, or it cannot use its argument.
        """
        name, _, argument = typed.removeprefix("/").partition(" ")
        known = COMMANDS.get(name.removesuffix("!").lower())
        if known is None:
            near = difflib.get_close_matches(name.lower(), COMMANDS, n=1, cutoff=0.4)
            raise InputError(f"there is no command /{name}: " + (f"did you mean /{near[0]}?" if near else "see /help"))
        return known.run(self, argument.strip() + ("!" if name.endswith("!") else ""))


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command of the REPL."""

    name: str
    usage: str
    about: str
    run: Callable[[TerminalSession, str], Text]


_OTHER_NAMES = {
    "quit": ("exit", "q", ":q", "logout", "log out"),
    "new": ("reset", "restart", "start over", "new conversation", "new chat"),
}
_DELETING = frozenset({"forget"})


def bare_command(typed: str) -> str:
    """Return the command that a line without a slash is ("exit": "/quit", "open 1": "/open 1"); empty for other lines.

    "Why?" is a question, "why" the command.

    Raises:
        InputError: It is one that deletes something: it needs the slash.
    """
    from bot.composition.question_kind import is_command  # noqa: PLC0415 (late: its patterns take a fifth of a second)

    line_typed = typed.rstrip(" .!")
    if not is_command(line_typed) or (line_typed.lower() == "why" and line_typed != "why"):
        return ""
    lower = line_typed.lower()
    if lower in _DELETING:
        raise InputError(f"“{lower}” deletes this conversation: type /{lower} if you mean it")
    name = next((name for name, others in _OTHER_NAMES.items() if lower in others), "")
    first, _, argument = line_typed.partition(" ")
    return f"/{name}" if name else f"/{first.lower()} {argument.strip('[]')}".rstrip()


COMMANDS: dict[str, SlashCommand] = {}
"""Every command by name, in the order of ``/help``."""


def command(
    name: str, about: str, usage: str = ""
) -> Callable[[Callable[[TerminalSession, str], Text]], Callable[[TerminalSession, str], Text]]:
    """Register a command: its name, what it does, and what follows its name."""

    def register(run: Callable[[TerminalSession, str], Text]) -> Callable[[TerminalSession, str], Text]:
        COMMANDS[name] = SlashCommand(name, f"/{name} {usage}".strip(), about, run)
        return run

    return register


@command("open", "show a citation or a checked place in its article; then + and - turn the page", "N | + | -")
def _open(session: TerminalSession, argument: str) -> Text:
    if argument in {"+", "-"}:
        return _turn(session, forward=argument == "+")
    openings = session.openings()
    wanted = argument or str(next(iter(openings)))
    opening = openings.get(int(wanted)) if re.fullmatch(r"[0-9]{1,6}", wanted) else None
    if opening is None:
        raise InputError(f"there is no citation {argument!r}: open {_range(sorted(openings))}")
    return _view(session, opening.article_id, opening.span, opening.position)


@command("show", "show an article, or characters of it", "ARTICLE[:START-END]")
def _show(session: TerminalSession, argument: str) -> Text:
    if not argument:
        raise InputError("say which article: /show TITLE, an id or a path (Tab completes titles)")
    named, mark = split_place(argument)
    return _view(session, named, mark, "")


@command("why", "why the last question was answered so, or not; --numbers: the ranks and scores", "[--numbers]")
def _why(session: TerminalSession, argument: str) -> Text:
    if argument not in {"", "--numbers"}:
        raise InputError(f"/why takes no {argument!r}: type /why or /why --numbers")
    cost = session.app.settings.wrong_answer_cost
    return why_text(session.last(), cost, session.places, session.width(), numbers=bool(argument))


@command("sources", "the outlets with their numbers of articles")
def _sources(session: TerminalSession, _argument: str) -> Text:
    library = session.app.library
    named = library.sources()
    unnamed = library.counts().articles - sum(number for _, number in named)
    return sources_text([*named, *([("", unnamed)] if unnamed else [])], library.date_range(), session.width())


@command("articles", "the articles that the filters leave")
def _articles(session: TerminalSession, _argument: str) -> Text:
    return articles_text(session.app.library.articles(session.filters), session.places, session.width())


@command(
    "filter", "limit what is searched; alone: show the limits", "source=… author=… since=… until=… article=… | clear"
)
def _filter(session: TerminalSession, argument: str) -> Text:
    if argument == "clear":
        session.filters = Filters()
    elif argument:
        session.filters = filtered(session.app, session.filters, argument)
    searched = session.app.search_scope(session.filters)
    left = f"{counted(searched.articles, 'article')}, {counted(searched.passages, 'passage')}."
    return _say(session, f"{filter_words(session.filters) or 'No filter'}: {left}")


@command("new", "begin a new conversation: the next question depends on nothing before it")
def _new(session: TerminalSession, _argument: str) -> Text:
    session.conversation = session.conversation.another()
    return _say(session, "A new conversation.")


@command("forget", "delete this conversation, and begin a new one")
def _forget(session: TerminalSession, _argument: str) -> Text:
    gone = session.conversation.forget()
    session.answers.clear()
    session.view = None
    session.conversation = session.conversation.another()
    return _say(session, f"Forgot {counted(gone, 'turn')}.")


@command("quote", "check a quotation: the words, who said them, what was left out", '"…" [by NAME]')
def _quote(session: TerminalSession, argument: str) -> Text:
    from bot.quote_checks import QuoteChecker, split_speaker  # noqa: PLC0415 (late: most sessions check none)
    from bot.render.verdict import verdict_text  # noqa: PLC0415

    words, speaker = split_speaker(argument)
    check = QuoteChecker(session.app.quotes, session.app.library).check_quote(words, speaker, session.filters)
    session.checked = CheckedPlaces(check.places, len(session.answers))
    return verdict_text(check, session.places, session.width())


@command("check", "check every quotation of a draft", "FILE")
def _check(session: TerminalSession, argument: str) -> Text:
    from bot.quote_checks import QuoteChecker  # noqa: PLC0415 (late, as above)
    from bot.render.verdict import draft_text  # noqa: PLC0415

    checker = QuoteChecker(session.app.quotes, session.app.library)
    named, found = checker.check_file(argument, session.filters)
    places = tuple(place for draft in found for check in draft.checks for place in check.places)
    session.checked = CheckedPlaces(places, len(session.answers))
    return draft_text(found, named, session.places, session.width())


@command("said", "what somebody said, by date", "NAME [about TOPIC] [since DATE] [until DATE] [before/after DATE]")
def _said(session: TerminalSession, argument: str) -> Text:
    from bot.record_requests import read_record_request  # noqa: PLC0415 (late, as above)
    from bot.render.record import record_text  # noqa: PLC0415

    request = read_record_request(argument, session.filters)
    found = session.app.record.said(request.name, request.about, request.filters, pivot=request.pivot)
    places = tuple(
        StatementPlace(number, entry.shown.article, entry.shown.statement.span)
        for number, entry in enumerate(found.entries, 1)
    )
    session.checked = CheckedPlaces(places, len(session.answers))
    return record_text(found, session.places, session.width())


@command("timeline", "the dated events of a topic or person, the earliest first", "TOPIC [since DATE] [until DATE]")
def _timeline(session: TerminalSession, argument: str) -> Text:
    from bot.composition.timeline import MAX_ROWS  # noqa: PLC0415 (late, as above)
    from bot.render.terminal import answer_text  # noqa: PLC0415

    if not argument:
        raise InputError("say of what: /timeline Niger, /timeline Jane Smith since 2017")
    answer = session.app.timeline(argument, session.filters, limit=MAX_ROWS)
    session.keep(answer)
    return answer_text(answer, session.places, session.width())


@command("people", "who is quoted in the articles that the filters leave")
def _people(session: TerminalSession, _argument: str) -> Text:
    from bot.render.record import MAX_PEOPLE, people_text  # noqa: PLC0415 (late, as above)

    return people_text(session.app.record.people(session.filters), MAX_PEOPLE, session.width())


@command("export", "write this session's answers to a Markdown file; ! overwrites", "FILE[!]")
def _export(session: TerminalSession, argument: str) -> Text:
    named = argument.removesuffix("!").strip()
    if not named:
        raise InputError("say where to: /export answers.md")
    session.last()
    target = Path(named).expanduser()
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if argument.endswith("!") else os.O_EXCL)
    try:
        with open(os.open(target, flags, 0o666), "w", encoding="utf-8") as file:  # noqa: PTH123 (O_EXCL: never overwrite)
            file.write(markdown(session.answers, session.places))
    except FileExistsError:
        raise InputError(f"{named} exists: /export {named}! overwrites it") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{named} cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return _say(session, f"Wrote {counted(len(session.answers), 'answer')} to {named}.")


@command("help", "this list")
def _help(session: TerminalSession, _argument: str) -> Text:
    width = session.width()
    lines = hanging(Text("Type a question, or:"), width)
    for each in COMMANDS.values():
        lines += hanging(Text(each.usage, NUMBER), width, first="  ", rest="    ")
        lines += hanging(Text(each.about, QUIET), width, first="      ", rest="      ")
    return joined([*lines, *hanging(Text("Ctrl-C cancels an answer or clears the line, Ctrl-D leaves.", QUIET), width)])


@command("quit", "leave")
def _quit(session: TerminalSession, _argument: str) -> Text:
    session.leaving = True
    return Text()


def _view(session: TerminalSession, named: str, mark: Span | None, note: str) -> Text:
    article = session.app.library.article(named)
    check_span(mark, len(article.text))
    info = session.app.library.info(article.id)
    width = session.width()
    laid = lay_out(article, mark, width)
    head = article_head(info, mark, session.places, width, note)
    room = _page_lines(session, head)
    session.view = OpenArticle(head, laid, laid.window(room))
    return _page(session, session.view, room)


def _turn(session: TerminalSession, *, forward: bool) -> Text:
    view = session.view
    if view is None:
        raise InputError("nothing is open: /open 1 opens the first citation")
    room = _page_lines(session, view.head)
    top = min(max(0, view.top + (room if forward else -room)), max(0, len(view.layout.lines) - room))
    if top == view.top:
        raise InputError(f"this is the article's {'end' if forward else 'beginning'}")
    view.top = top
    return _page(session, view, room)


def _page(session: TerminalSession, view: OpenArticle, room: int) -> Text:
    last = min(view.top + room, len(view.layout.lines))
    if view.top == 0 and last == len(view.layout.lines):
        foot = f"whole article, {counted(last, 'line')}"
    else:
        foot = f"lines {view.top + 1}-{last} of {len(view.layout.lines)} · /open + and /open - turn the page"
    return Text.assemble(
        view.head, view.layout.page(view.top, room), "\n", joined(hanging(Text(foot, QUIET), session.width()))
    )


def _page_lines(session: TerminalSession, head: Text) -> int:
    """Return how many lines of an article fit on the terminal under its head."""
    # The typed line, the foot (two lines on a narrow terminal), the blank lines around and the prompt with its toolbar.
    return max(5, session.height() - head.plain.count("\n") - 6)


def _range(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _say(session: TerminalSession, message: str) -> Text:
    return joined(hanging(Text(line(message)), session.width()))
