"""Small talk and commands typed without a slash: greetings, thanks, help."""

from __future__ import annotations

import re
from enum import Enum

from bot.answers import Answer, QuestionKind
from bot.composition.draft import AnswerDraft
from bot.composition.request import CompositionRequest
from bot.render.phrases import counted
from bot.render.sources import title_of
from retrieval.store.library import Library

METHOD = "Nothing was searched: this asks nothing of the articles."
MAX_TITLE_CHARACTERS = 70
"""Characters of the longest title that is named as an example."""


class _Talk(Enum):
    """What is meant by small talk: the first of whose phrases one occurs in it."""

    GREETING = "hi,hiya,heya,hello,hey,howdy,greetings,yo,good morning,good afternoon,good evening,good day,g'day"
    WELL_BEING = "how are you,how are things,how is it going,how's it going,how do you do,what's up,what is up,sup"
    NO_MATTER = "joke,story,poem,song,weather,the time,what time,what day,laugh"
    HELP = (
        "help,can you do,can i ask,can i do,can i say,can it do,do you do,use,ask,questions,question,work,purpose,job"
        ",function,for,good at,able to do,what is this,what's this,whats this,things"
    )
    WHO = (
        "who are you,what are you,who r u,who is this,your name,a name,made you,built you,created you,are you,r u,am i"
    )
    THANKS = "thanks,thank,thankyou,thx,thanx,tnx,ty,tysm,cheers,appreciated"
    LEAVING = "bye,goodbye,bye-bye,ciao,farewell,cya,see you,see ya,take care,good night,later,gotta go,have to go"
    COMPLAINT = (
        "stupid,dumb,useless,bad,idiot,suck,terrible,awful,crap,rubbish,liar,wrong,mistaken,hate,shut up,wtf,nonsense"
        ",fuck,screw,damn,go away,nope"
    )


_QUESTIONS_OF_COMMANDS = {
    "sources": "which outlets are there?",
    "articles": "list the articles",
    "people": "who is quoted most?",
    "why": "are you sure?",
    "open": "show me the source",
}
"""Questions that ask for what a command shows."""


_REPLIES = {
    _Talk.THANKS: "You're welcome.",
    _Talk.LEAVING: "Goodbye.",
    _Talk.COMPLAINT: (
        "Sorry. “No, I meant …” corrects the last question, and “which article is that from?” says where it comes from."
    ),
}


class SmallTalkComposer:
    """Answers what is no question of the articles, in a line or two.

    Args:
        library: The collection, for how much there is and for an example.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the answer.

        Raises:
            StoreError: The store cannot be read.
        """
        draft = AnswerDraft(self._library, request)
        if request.decision.kind is QuestionKind.COMMAND:
            self._command(draft, request.topic.lower())
        else:
            self._talk(draft, request.question)
        return draft.answer(METHOD)

    def _talk(self, draft: AnswerDraft, said: str) -> None:
        size = counted(self._library.counts().articles, "article")
        meant = _meant(said)
        if meant is _Talk.HELP:
            self._help(draft)
        elif meant is _Talk.NO_MATTER:
            draft.note(f"That is not for me: I answer from the {size} here. {self._example()}")
        elif meant is _Talk.WHO:
            draft.note(f"I am Onrecord, a program: I answer from the {size} here, in their own words, and say where.")
            draft.note(self._example())
        elif meant in {_Talk.GREETING, _Talk.WELL_BEING}:
            draft.note(f"Hello. Ask about the {size} here. {self._example()}")
        else:
            draft.note(_REPLIES[meant] if meant else "All right. Ask on when you like.")

    def _help(self, draft: AnswerDraft) -> None:
        title = self._title()
        draft.note(
            f"Ask about the {counted(self._library.counts().articles, 'article')} here in your own words, for instance:"
        )
        for what, example in (
            ("a fact", "who signed the agreement?"),
            ("what was said", "what did Obama say about Syria?"),
            ("an overview", f"summarise ‘{title}’" if title else "what happened in Niger?"),
            ("a timeline", "timeline of the attack in Benghazi"),
            ("a comparison", "how did the death toll change?"),
            ("a list", "which countries are mentioned?"),
            ("the collection", "how many articles are there?"),
            ("the last answer", "which article is that from?"),
        ):
            draft.note(f"{what[:1].upper()}{what[1:]}: “{example}”")
        draft.note("Questions may follow on one another: “and in Mali?”, “when was that?”, “no, I meant Niger”.")

    def _command(self, draft: AnswerDraft, typed: str) -> None:
        name = typed.split(maxsplit=1)[0]
        if name == "help":
            self._help(draft)
            return
        draft.note(f"“{typed}” is a command of the terminal: `onrecord chat` has it as /{typed}.")
        if question := _QUESTIONS_OF_COMMANDS.get(name):
            draft.note(f"Here, ask “{question}”")

    def _example(self) -> str:
        title = self._title()
        named = f", or “summarise ‘{title}’”" if title else ""
        return f"For instance: “what are these articles about?”{named}. “help” says what else."

    def _title(self) -> str:
        """Return the title of the newest article that has a short one; empty where none has."""
        titles = (re.sub(r"[“”\"]", "", title_of(each)) for each in self._library.articles() if each.title)
        return next((title for title in titles if len(title) <= MAX_TITLE_CHARACTERS), "")


def _meant(said: str) -> _Talk | None:
    words = re.findall(r"[a-z'-]+", said.lower().replace("’", "'"))
    text = f" {' '.join(words)} "
    return next((each for each in _Talk if any(f" {phrase} " in text for phrase in each.value.split(","))), None)
