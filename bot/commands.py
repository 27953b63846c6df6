"""The REPL's engine: a session, and the commands in it, which register themselves. It knows no terminal."""

from __future__ import annotations

import difflib
import os
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot.answers import Answer, Citation
from bot.conversation.talk import Talk
from bot.render.article import Sheet, articles_text, sheet, sheet_head, sources_text
from bot.render.clean import line
from bot.render.layout import NUMBER, QUIET, hanging, joined
from bot.render.markdown import markdown
from bot.render.places import Places
from bot.render.terminal import counted, filter_words
from bot.render.why import why_text
from retrieval.articles import Filters, Span
from retrieval.errors import InputError

if TYPE_CHECKING:
    from bot.app import App


@dataclass(slots=True)
class View:
    """An article that is looked at: its lines, and the first one shown."""

    head: Text
    sheet: Sheet
    top: int


@dataclass(slots=True)
class Session:
    """What a conversation at the terminal remembers.

    Attributes:
        talk: The conversation under way.
        width: Cells to lay out in, or None not to wrap; asked each time, as terminals are resized.
        height: Lines to page in.
    """

    app: App
    places: Places
    width: Callable[[], int | None]
    height: Callable[[], int]
    filters: Filters = field(default_factory=Filters)
    answers: list[Answer] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)
    view: View | None = None
    leaving: bool = False

    def keep(self, answer: Answer) -> None:
        """Remember an answer, for the commands and for the questions that follow."""
        self.answers.append(answer)
        self.talk.keep(answer)

    def last(self) -> Answer:
        """Return the latest answer.

        Raises:
            InputError: Nothing was asked.
        """
        if not self.answers:
            raise InputError("nothing was asked yet: type a question first")
        return self.answers[-1]

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
class Command:
    """A command of the REPL."""

    name: str
    usage: str
    about: str
    run: Callable[[Session, str], Text]


COMMANDS: dict[str, Command] = {}
"""Every command by name, in the order of ``/help``."""


def command(
    name: str, about: str, usage: str = ""
) -> Callable[[Callable[[Session, str], Text]], Callable[[Session, str], Text]]:
    """Register a command: its name, what it does, and what follows its name."""

    def register(run: Callable[[Session, str], Text]) -> Callable[[Session, str], Text]:
        COMMANDS[name] = Command(name, f"/{name} {usage}".strip(), about, run)
        return run

    return register


@command("open", "show a citation in its article; then + and - turn the page", "N | + | -")
def _open(session: Session, argument: str) -> Text:
    if argument in {"+", "-"}:
        return _turn(session, forward=argument == "+")
    answer = session.last()
    shown = answer.citations or answer.nearest
    if not shown:
        raise InputError("the last answer cites nothing that could be opened")
    numbers = {citation.number: citation for citation in shown}
    wanted = argument or str(shown[0].number)
    citation = numbers.get(int(wanted)) if re.fullmatch(r"[0-9]{1,6}", wanted) else None
    if citation is None:
        raise InputError(f"there is no citation {argument!r}: open {_range(sorted(numbers))}")
    return _view(session, citation.article.id, citation.span, _place_note(citation))


@command("show", "show an article, or characters of it", "ARTICLE[:START-END]")
def _show(session: Session, argument: str) -> Text:
    if not argument:
        raise InputError("say which article: /show TITLE, an id or a path (Tab completes titles)")
    named, mark = split_place(argument)
    return _view(session, named, mark, "")


@command("why", "the ranks and scores behind the last answer, and why it abstained")
def _why(session: Session, _argument: str) -> Text:
    return why_text(session.last(), session.app.settings.wrong_costs, session.places, session.width())


@command("sources", "the outlets with their numbers of articles")
def _sources(session: Session, _argument: str) -> Text:
    library = session.app.library
    named = library.sources()
    unnamed = library.counts().articles - sum(number for _, number in named)
    return sources_text([*named, *([("", unnamed)] if unnamed else [])], library.date_range(), session.width())


@command("articles", "the articles that the filters leave")
def _articles(session: Session, _argument: str) -> Text:
    return articles_text(session.app.library.articles(session.filters), session.places, session.width())


@command(
    "filter", "limit what is searched; alone: show the limits", "source=… author=… since=… until=… article=… | clear"
)
def _filter(session: Session, argument: str) -> Text:
    if argument == "clear":
        session.filters = Filters()
    elif argument:
        session.filters = _filtered(session, argument)
    searched = session.app.searched(session.filters)
    left = f"{counted(searched.articles, 'article')}, {counted(searched.passages, 'passage')}."
    return _say(session, f"{filter_words(session.filters) or 'No filter'}: {left}")


@command("new", "begin a new conversation: the next question leans on nothing before it")
def _new(session: Session, _argument: str) -> Text:
    session.talk = session.talk.another()
    return _say(session, "A new conversation.")


@command("forget", "delete this conversation, and begin a new one")
def _forget(session: Session, _argument: str) -> Text:
    gone = session.talk.forget()
    session.answers.clear()
    session.view = None
    session.talk = session.talk.another()
    return _say(session, f"Forgot {counted(gone, 'turn')}.")


@command("export", "write this session's answers to a Markdown file; ! overwrites", "FILE[!]")
def _export(session: Session, argument: str) -> Text:
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
def _help(session: Session, _argument: str) -> Text:
    width = session.width()
    lines = hanging(Text("Type a question, or:"), width)
    for each in COMMANDS.values():
        lines += hanging(Text(each.usage, NUMBER), width, first="  ", rest="    ")
        lines += hanging(Text(each.about, QUIET), width, first="      ", rest="      ")
    return joined([*lines, *hanging(Text("Ctrl-C cancels an answer or clears the line, Ctrl-D leaves.", QUIET), width)])


@command("quit", "leave")
def _quit(session: Session, _argument: str) -> Text:
    session.leaving = True
    return Text()


def split_place(named: str) -> tuple[str, Span | None]:
    """Split "ARTICLE:120-340" into the article's name and the span.

    Raises:
        InputError: The span ends before it starts.
    """
    found = re.fullmatch(r"(.+):([0-9]{1,12})-([0-9]{1,12})", named, re.DOTALL)
    if not found:
        return named, None
    start, end = int(found[2]), int(found[3])
    if start >= end:
        raise InputError(f"{found[2]}-{found[3]} is not a span: write START-END, START before END")
    return found[1], Span(start, end)


def _view(session: Session, named: str, mark: Span | None, note: str) -> Text:
    article = session.app.library.article(named)
    check_span(mark, len(article.text))
    info = session.app.library.info(article.id)
    width = session.width()
    laid = sheet(article, mark, width)
    head = sheet_head(info, mark, session.places, width, note)
    room = _room(session, head)
    session.view = View(head, laid, laid.window(room))
    return _page(session, session.view, room)


def check_span(mark: Span | None, characters: int) -> None:
    """Check that a span lies in a text.

    Raises:
        InputError: It ends behind the text's end.
    """
    if mark and mark.end > characters:
        raise InputError(f"{mark.start}-{mark.end} goes past the article's end: it has {characters:,} characters")


def _turn(session: Session, *, forward: bool) -> Text:
    view = session.view
    if view is None:
        raise InputError("nothing is open: /open 1 opens the first citation")
    room = _room(session, view.head)
    top = min(max(0, view.top + (room if forward else -room)), max(0, len(view.sheet.lines) - room))
    if top == view.top:
        raise InputError(f"this is the article's {'end' if forward else 'beginning'}")
    view.top = top
    return _page(session, view, room)


def _page(session: Session, view: View, room: int) -> Text:
    last = min(view.top + room, len(view.sheet.lines))
    if view.top == 0 and last == len(view.sheet.lines):
        foot = f"whole article, {counted(last, 'line')}"
    else:
        foot = f"lines {view.top + 1}-{last} of {len(view.sheet.lines)} · /open + and /open - turn the page"
    return Text.assemble(
        view.head, view.sheet.page(view.top, room), "\n", joined(hanging(Text(foot, QUIET), session.width()))
    )


def _room(session: Session, head: Text) -> int:
    # The typed line, the foot (two lines on a narrow terminal), the blank lines around and the prompt with its toolbar.
    return max(5, session.height() - head.plain.count("\n") - 6)


def _place_note(citation: Citation) -> str:
    return (f"p. {citation.page} · " if citation.page else "") + f"¶ {citation.paragraph}"


def _range(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _say(session: Session, message: str) -> Text:
    return joined(hanging(Text(line(message)), session.width()))


def _filtered(session: Session, argument: str) -> Filters:
    """Return the session's filters with what ``argument`` sets; "since=" with nothing after it takes one away."""
    try:
        parts = shlex.split(argument)
    except ValueError:
        raise InputError(f"a quotation mark is not closed in {argument!r}") from None
    chosen: dict[str, list[str]] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or name not in FILTERS:
            raise InputError(f"{part!r} is not a filter: write source=…, author=…, since=…, until=… or article=…")
        chosen.setdefault(name, []).extend([value] if value else [])
    filters = session.filters
    for name, values in chosen.items():
        day = "".join(values[-1:])
        filters = replace(filters, **{FILTERS[name]: day if name in {"since", "until"} else tuple(values)})  # type: ignore[arg-type]  # the value fits the name
    if "article" not in chosen:
        return session.app.filters(filters.sources, filters.authors, filters.since, filters.until, filters.articles)
    return session.app.filters(filters.sources, filters.authors, filters.since, filters.until, chosen["article"])


FILTERS = {"source": "sources", "author": "authors", "since": "since", "until": "until", "article": "articles"}
"""Filters by the name they are typed with."""
