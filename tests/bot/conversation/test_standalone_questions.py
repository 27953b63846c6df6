"""Follow-ups after answers of every kind, and the questions that people are shown for them."""

from __future__ import annotations

import pytest

from bot.conversation.follow_ups import FollowUpResolver
from bot.conversation.store import CitedPlace, Turn
from retrieval.articles import Span

PAIRS: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("What became of the bill?", "It failed.", [("what would it have done?",) * 2]),
    ("how did the Iowa caucuses go?", "They went well.", [("how close was it?", "how close was it?")]),
    (
        "gone with the wind being pulled by HBO",
        "It was.",
        [("who is for leaving it alone?", "who is for leaving it alone?")],
    ),
    ("Did Georgia buy machines?", "It did.", [("did Vell pay for its machines?", "did Vell pay for its machines?")]),
    ("Tell me about Ann Brook", "She left.", [("did the police chief defend her officers?",) * 2]),
    ("his friendship with the Kremlin, his line now", "He denied it.", [("Peskov?", "Peskov?")]),
    (
        "Syria 2013, what did voters think of the strikes?",
        "They were for them.",
        [("and the drone flights?", "Syria 2013, what did voters think of the drone flights?")],
    ),
    ("Huffman paid?", "She did.", [("and Loughlin?", "Loughlin paid?")]),
    ("what events were held?", "Two were.", [("and Boehner's position?",) * 2]),
    (
        "What does Justice Brook foresee?",
        "A fall.",
        [("and the travel ban ruling?", "What about the travel ban ruling?")],
    ),
    ("How long did they talk on Thursday?", "An hour.", [("and Pelosi?", "and Pelosi?")]),
    ("Which states dropped Common Core?", "Several did.", [("Who opposes it?", "Who opposes Common Core?")]),
    ("Why did Ann fire Comey?", "It was in the report.", [("Who opposed it?", "Who opposed it?")]),
    (
        "what is the rescue package worth?",
        "It was in the report.",
        [("who opposes it?", "Who opposes the rescue package?")],
    ),
    (
        "Who signed the agreement?",
        "It was in the report.",
        [
            ("When?", "When was the agreement signed?"),
            ("When was that?", "When was the agreement signed?"),
            ("Where?", "Where was the agreement signed?"),
            ("Why?", "Why was the agreement signed?"),
            ("How many?", "How many signed the agreement?"),
            ("since when?", "When was the agreement signed?"),
        ],
    ),
    (
        "Who signed the agreement with Niger in January?",
        "It was in the report.",
        [
            ("When?", "When was the agreement signed with Niger in January?"),
            ("Why?", "Why was the agreement signed with Niger in January?"),
        ],
    ),
    (
        "Who arrived in Mali?",
        "It was in the report.",
        [
            ("When?", "When did they arrive in Mali?"),
            ("How many?", "How many arrived in Mali?"),
            ("Why?", "Why did they arrive in Mali?"),
        ],
    ),
    (
        "Who was killed in the attack?",
        "It was in the report.",
        [
            ("When?", "When were they killed in the attack?"),
            ("Where?", "Where were they killed in the attack?"),
            ("How many?", "How many were killed in the attack?"),
            ("Why?", "Why were they killed in the attack?"),
        ],
    ),
    (
        "Who is the president of Niger?",
        "It was in the report.",
        [
            ("Since when?", "Who is the president of Niger, and since when?"),
            ("When?", "Who is the president of Niger, and when?"),
        ],
    ),
    (
        "What did Biden say about Iran?",
        "It was in the report.",
        [
            ("When?", "When did Biden say that about Iran?"),
            ("Why?", "Why did Biden say that about Iran?"),
            ("Where?", "Where did Biden say that about Iran?"),
            ("who?", "What did Biden say about Iran, and who?"),
        ],
    ),
    (
        "Who did Trump pardon?",
        "It was in the report.",
        [
            ("When?", "When did Trump pardon them?"),
            ("Why?", "Why did Trump pardon them?"),
            ("How many?", "How many did Trump pardon?"),
        ],
    ),
    (
        "Who did Trump fire?",
        "It was in the report.",
        [("When?", "When did Trump fire them?"), ("Why?", "Why did Trump fire them?")],
    ),
    (
        "What happened in Mali?",
        "It was in the report.",
        [
            ("When?", "When did that happen in Mali?"),
            ("When was that?", "When did that happen in Mali?"),
            ("Why?", "Why did that happen in Mali?"),
            ("Where?", "Where did that happen in Mali?"),
            ("How many?", "What happened in Mali, and how many?"),
        ],
    ),
    (
        "Which tanks did Algeria buy from Russia?",
        "It was in the report.",
        [
            ("When?", "When did Algeria buy tanks from Russia?"),
            ("Why?", "Why did Algeria buy tanks from Russia?"),
            ("How many?", "How many tanks did Algeria buy from Russia?"),
        ],
    ),
    (
        "Which tanks does Algeria have?",
        "It was in the report.",
        [
            ("Why?", "Why does Algeria have tanks?"),
            ("Since when?", "Since when does Algeria have tanks?"),
            ("How many?", "How many tanks does Algeria have?"),
        ],
    ),
    (
        "Which countries signed the agreement?",
        "It was in the report.",
        [
            ("When?", "When was the agreement signed?"),
            ("Why?", "Why was the agreement signed?"),
            ("How many?", "How many countries signed the agreement?"),
            ("who?", "Who signed the agreement?"),
        ],
    ),
    (
        "How many people died in the attack?",
        "It was in the report.",
        [
            ("When?", "When did people die in the attack?"),
            ("Where?", "Where did people die in the attack?"),
            ("who?", "Who died in the attack?"),
        ],
    ),
    (
        "How many soldiers were killed in Benghazi?",
        "It was in the report.",
        [
            ("When?", "When were soldiers killed in Benghazi?"),
            ("Who?", "Who was killed in Benghazi?"),
            ("By whom?", "By whom were soldiers killed in Benghazi?"),
            ("Why?", "Why were soldiers killed in Benghazi?"),
        ],
    ),
    (
        "When was the agreement signed?",
        "It was in the report.",
        [
            ("By whom?", "Who signed the agreement?"),
            ("Who?", "Who signed the agreement?"),
            ("Where?", "Where was the agreement signed?"),
            ("Why?", "Why was the agreement signed?"),
        ],
    ),
    (
        "When did the coup happen?",
        "It was in the report.",
        [
            ("Why?", "Why did the coup happen?"),
            ("Who?", "When did the coup happen, and who?"),
            ("Where?", "Where did the coup happen?"),
        ],
    ),
    (
        "When did Trump fire Tillerson?",
        "It was in the report.",
        [("Why?", "Why did Trump fire Tillerson?"), ("Who?", "When did Trump fire Tillerson, and who?")],
    ),
    (
        "Where were soldiers killed?",
        "It was in the report.",
        [("How many?", "How many soldiers were killed?"), ("When?", "When were soldiers killed?")],
    ),
    ("Who replaced her?", "It was in the report.", [("When?", "When was she replaced?")]),
    (
        "Who pardoned Blagojevich?",
        "It was in the report.",
        [("When?", "When was Blagojevich pardoned?"), ("Why?", "Why was Blagojevich pardoned?")],
    ),
    (
        "What caused the fire?",
        "It was in the report.",
        [("When?", "When was the fire caused?"), ("Where?", "Where was the fire caused?")],
    ),
    (
        "Is Algeria reducing its reliance?",
        "It was in the report.",
        [
            ("Why?", "Why is Algeria reducing its reliance?"),
            ("Since when?", "Since when is Algeria reducing its reliance?"),
        ],
    ),
    (
        "Did Cohen lie to Congress?",
        "It was in the report.",
        [("When?", "When did Cohen lie to Congress?"), ("Why?", "Why did Cohen lie to Congress?")],
    ),
    (
        "what did the committee find",
        "It was in the report.",
        [("when?", "When did the committee find that?"), ("why?", "Why did the committee find that?")],
    ),
    (
        "who leads the junta?",
        "It was in the report.",
        [("since when?", "Who leads the junta, and since when?"), ("why?", "Who leads the junta, and why?")],
    ),
    (
        "Tell me about Cohen",
        "It was in the report.",
        [("When was that?", "Timeline of Cohen"), ("Why?", "About Cohen: why?")],
    ),
    (
        "What was destroyed in the fire?",
        "It was in the report.",
        [
            ("When?", "When was it destroyed in the fire?"),
            ("How many?", "What was destroyed in the fire, and how many?"),
        ],
    ),
    (
        "Who won the election last year?",
        "It was in the report.",
        [("Why?", "Why was the election won last year?"), ("where?", "Where was the election won last year?")],
    ),
    ("What did he talk about?", "It was in the report.", [("When?", "What did he talk about, and when?")]),
    (
        "Which judge sentenced Manafort?",
        "It was in the report.",
        [
            ("When?", "When was Manafort sentenced?"),
            ("why?", "Why was Manafort sentenced?"),
            ("For how long?", "For how long was Manafort sentenced?"),
        ],
    ),
    (
        "How much did it cost?",
        "It was in the report.",
        [("Why?", "Why did it cost that much?"), ("When?", "When did it cost that much?")],
    ),
    (
        "Who wrote the letter to the president?",
        "It was in the report.",
        [("when?", "When was the letter written to the president?")],
    ),
    (
        "who was sentenced to prison",
        "It was in the report.",
        [
            ("for how long?", "For how long were they sentenced to prison?"),
            ("why", "Why were they sentenced to prison?"),
        ],
    ),
    ("What was the agreement about?", "It was in the report.", [("When?", "What was the agreement about, and when?")]),
    ("Why did they resign?", "It was in the report.", [("When?", "When did they resign?")]),
    (
        "Who arrived in Mali?",
        "",
        [
            ("And in Niger?", "Who arrived in Niger?"),
            ("and niger?", "What about niger?"),
            ("what about the children?", "What about the children in Mali?"),
        ],
    ),
    (
        "Who signed the agreement?",
        "General Langley signed it.",
        [
            ("And in Niger?", "Who signed the agreement in Niger?"),
            ("And Niger?", "Who signed the agreement in Niger?"),
            ("What about Rod Blagojevich?", "Did Rod Blagojevich sign the agreement?"),
            ("and the treaty?", "Who signed the treaty?"),
            ("And last year?", "Who signed the agreement last year?"),
            ("who else?", "Who else signed the agreement?"),
        ],
    ),
    (
        "Who did Trump pardon?",
        "He pardoned Rod Blagojevich.",
        [
            ("What about Rod Blagojevich?", "Did Trump pardon Rod Blagojevich?"),
            ("And Obama?", "Who did Obama pardon?"),
            ("who else?", "Who else did Trump pardon?"),
            ("when?", "When did Trump pardon them?"),
        ],
    ),
    (
        "What happened in Mali?",
        "",
        [
            ("And in Niger?", "What happened in Niger?"),
            ("and Niger?", "What happened in Niger?"),
            ("what else?", "What else happened in Mali?"),
        ],
    ),
    (
        "timeline of Cohen",
        "",
        [
            ("and Manafort?", "Timeline of Manafort"),
            ("and manafort?", "What about manafort?"),
            ("when was that?", "Timeline of Cohen"),
        ],
    ),
    ("How many articles are about Cohen?", "", [("and Manafort?", "How many articles are about Manafort?")]),
    ("how many articles are about cohen?", "", [("and manafort?", "How many articles are about manafort?")]),
    (
        "Tell me about the agreement",
        "",
        [
            ("what about the coup?", "Tell me about the coup"),
            ("And Niger?", "Tell me about Niger"),
            ("when was that?", "Timeline of the agreement"),
            ("why?", "About the agreement: why?"),
        ],
    ),
    ("Summarise the Benghazi article", "", [("and the Niger article?", "Summarise the Niger article")]),
    (
        "How many men were killed in Mali?",
        "",
        [
            ("and women?", "How many women were killed in Mali?"),
            ("and in Niger?", "How many men were killed in Niger?"),
        ],
    ),
    (
        "When was the agreement signed?",
        "",
        [
            ("and the treaty?", "When was the treaty signed?"),
            ("and Niger?", "When was the agreement signed in Niger?"),
            ("who else?", "Who else signed the agreement?"),
        ],
    ),
    (
        "Which countries signed the agreement?",
        "Niger and Mali.",
        [
            ("which others?", "Which other countries signed the agreement?"),
            ("any others?", "Which other countries signed the agreement?"),
            ("What about Chad?", "Did Chad sign the agreement?"),
        ],
    ),
    ("How did the death toll change?", "", [("And in Niger?", "How did the death toll change in Niger?")]),
    (
        "Which outlets reported the coup?",
        "",
        [
            ("and the agreement?", "Which outlets reported the agreement?"),
            ("who else?", "Which other outlets reported the coup?"),
        ],
    ),
    (
        "Who replaced Yovanovitch?",
        "Taylor did.",
        [("and Tillerson?", "Who replaced Tillerson?"), ("when?", "When was Yovanovitch replaced?")],
    ),
    (
        "list all countries that signed the agreement",
        "",
        [("who else?", "List all countries that signed the agreement, and who else?")],
    ),
]
"""Earlier question, its answer, follow-up, standalone question; these were at hand when the rules were written."""
UNSEEN: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "Who chairs the committee?",
        "Adam Schiff chairs it.",
        [
            ("since when?", "Who chairs the committee, and since when?"),
            ("and the subcommittee?", "Who chairs the subcommittee?"),
        ],
    ),
    (
        "Who investigated the crash?",
        "Investigators of Boeing did.",
        [
            ("when?", "When was the crash investigated?"),
            ("why", "Why was the crash investigated?"),
            ("where was that?", "Where was the crash investigated?"),
            ("anyone else?", "Who else investigated the crash?"),
            ("and in Kenya?", "Who investigated the crash in Kenya?"),
        ],
    ),
    (
        "When did Boeing ground the planes?",
        "In March.",
        [
            ("why?", "Why did Boeing ground the planes?"),
            ("where?", "Where did Boeing ground the planes?"),
            ("how many?", "When did Boeing ground the planes, and how many?"),
            ("and Airbus?", "When did Airbus ground the planes?"),
        ],
    ),
    (
        "What did Pelosi announce?",
        "She announced an inquiry.",
        [
            ("when?", "When did Pelosi announce that?"),
            ("why?", "Why did Pelosi announce that?"),
            ("where", "Where did Pelosi announce that?"),
            ("and Schumer?", "What did Schumer announce?"),
        ],
    ),
    (
        "How many people were injured in Las Vegas?",
        "500.",
        [
            ("when was that?", "When were people injured in Las Vegas?"),
            ("and in Orlando?", "How many people were injured in Orlando?"),
            ("who?", "Who was injured in Las Vegas?"),
            ("by whom?", "By whom were people injured in Las Vegas?"),
        ],
    ),
    (
        "Who was arrested in Minneapolis?",
        "Derek Chauvin was arrested.",
        [
            ("when?", "When was Derek Chauvin arrested in Minneapolis?"),
            ("why?", "Why was Derek Chauvin arrested in Minneapolis?"),
            ("who else?", "Who else was arrested in Minneapolis?"),
            ("and in Atlanta?", "Who was arrested in Atlanta?"),
            ("how many?", "How many were arrested in Minneapolis?"),
        ],
    ),
    (
        "Which senators opposed the bill?",
        "Susan Collins and Mitt Romney opposed it.",
        [
            ("why?", "Why was the bill opposed?"),
            ("how many?", "How many senators opposed the bill?"),
            ("any others?", "Which other senators opposed the bill?"),
            ("and the amendment?", "Which senators opposed the amendment?"),
            ("what about Susan Collins?", "Did Susan Collins oppose the bill?"),
        ],
    ),
    (
        "Where was Christopher Stevens killed?",
        "In Benghazi.",
        [
            ("when?", "When was Christopher Stevens killed?"),
            ("by whom?", "Who killed Christopher Stevens?"),
            ("why?", "Why was Christopher Stevens killed?"),
        ],
    ),
    (
        "What happened in Charlottesville?",
        "",
        [
            ("when?", "When did that happen in Charlottesville?"),
            ("and in Portland?", "What happened in Portland?"),
            ("who was killed?", "Who was killed in Charlottesville?"),
            ("how many?", "What happened in Charlottesville, and how many?"),
            ("what about portland", "What about portland?"),
        ],
    ),
    (
        "Tell me about Michael Cohen",
        "Cohen pleaded guilty.",
        [
            ("and Paul Manafort?", "Tell me about Paul Manafort"),
            ("when was that?", "Timeline of Michael Cohen"),
            ("why?", "About Michael Cohen: why?"),
        ],
    ),
    ("Summarise the impeachment article", "", [("and the Benghazi article?", "Summarise the Benghazi article")]),
    (
        "How did the unemployment rate change?",
        "",
        [
            ("and in Ohio?", "How did the unemployment rate change in Ohio?"),
            ("why?", "Why did the unemployment rate change?"),
            ("when?", "When did the unemployment rate change?"),
        ],
    ),
    (
        "Who said that the election was rigged?",
        "Trump said it.",
        [
            ("when?", "Who said that the election was rigged, and when?"),
            ("who else?", "Who else said that the election was rigged?"),
        ],
    ),
    (
        "Is the wall finished?",
        "",
        [("why not?", "Why is the wall not finished?"), ("when?", "When is the wall finished?")],
    ),
    (
        "Did Mueller testify?",
        "He did.",
        [
            ("when?", "When did Mueller testify?"),
            ("where?", "Where did Mueller testify?"),
            ("and Comey?", "Did Comey testify?"),
        ],
    ),
    ("Which outlets reported the shooting first?", "", [("and the trial?", "Which outlets reported the trial first?")]),
    (
        "How many articles mention Ukraine?",
        "",
        [
            ("and Russia?", "How many articles mention Russia?"),
            ("and in 2019?", "How many articles mention Ukraine in 2019?"),
        ],
    ),
    (
        "What did the judge decide?",
        "The judge blocked it.",
        [("when?", "When did the judge decide that?"), ("why?", "Why did the judge decide that?")],
    ),
    (
        "Who is Lev Parnas?",
        "A Florida businessman.",
        [("and Igor Fruman?", "Who is Igor Fruman?"), ("what about Rudy Giuliani", "Who is Rudy Giuliani?")],
    ),
    (
        "timeline of the impeachment",
        "",
        [
            ("and the Mueller investigation?", "Timeline of the Mueller investigation"),
            ("who was charged?", "Who was charged in the impeachment?"),
        ],
    ),
    (
        "Who leaked the emails?",
        "Guccifer did.",
        [
            ("when", "When were the emails leaked?"),
            ("why", "Why were the emails leaked?"),
            ("what else did they leak?", "What else did they leak?"),
        ],
    ),
    (
        "Why did Tillerson resign?",
        "He was fired.",
        [("when?", "When did Tillerson resign?"), ("and Mattis?", "Why did Mattis resign?")],
    ),
    (
        "List the countries that withdrew from the deal",
        "The United States.",
        [
            ("any others?", "List the countries that withdrew from the deal, and which others?"),
            ("when?", "List the countries that withdrew from the deal, and when?"),
        ],
    ),
    (
        "What was stolen from the museum?",
        "A painting.",
        [
            ("when?", "When was it stolen from the museum?"),
            ("by whom?", "By whom was it stolen from the museum?"),
            ("how much?", "How much was stolen from the museum?"),
        ],
    ),
    (
        "Who will replace Kennedy?",
        "Kavanaugh.",
        [("when?", "When will they replace Kennedy?"), ("why?", "Why will they replace Kennedy?")],
    ),
    (
        "Who is Marie Yovanovitch?",
        "Marie Yovanovitch was the ambassador to Ukraine until she was recalled.",
        [
            ("who replaced her?", "Who replaced Marie Yovanovitch?"),
            ("when was she recalled?", "When was Marie Yovanovitch recalled?"),
            ("what did she say about it?", "What did Marie Yovanovitch say about it?"),
            ("what was her job?", "What was Marie Yovanovitch’s job?"),
        ],
    ),
    (
        "Who signed the agreement?",
        "General Michael Langley signed the agreement.",
        [
            ("What does it say?", "What does the agreement say?"),
            ("when does it end?", "When does the agreement end?"),
            ("how was it received?", "How was the agreement received?"),
            ("what did he say about it?", "What did Michael Langley say about the agreement?"),
            ("where is he from?", "Where is Michael Langley from?"),
        ],
    ),
    (
        "What happened in Niger?",
        "Soldiers arrived.",
        [
            ("who lives there?", "Who lives in Niger?"),
            ("how many soldiers are there?", "How many soldiers are there in Niger?"),
            ("who was killed there?", "Who was killed in Niger?"),
            ("and then?", "Timeline of Niger"),
            ("before that?", "Timeline of Niger"),
        ],
    ),
    (
        "Which planes did Boeing ground?",
        "The 737 Max planes.",
        [
            ("when will they fly again?", "When will the planes fly again?"),
            ("who built them?", "Who built the planes?"),
        ],
    ),
    (
        "Who arrived in Niger?",
        "Trainers arrived in Niger.",
        [
            ("When did they arrive?", "When did they arrive?"),
            ("what did they bring?", "what did they bring?"),
        ],
    ),
    (
        "What did Russia do in Mali?",
        "",
        [("who else?", "Who else did something in Mali?"), ("and before that?", "Timeline of Russia in Mali")],
    ),
    (
        "Did the house approve the budget plan?",
        "",
        [("by how many votes?", "By how many votes did the house approve the budget plan?")],
    ),
    ("Did the house approve the budget plan?", "", [("who voted against it?", "Who voted against the budget plan?")]),
    ("Who was the general killed in the drone strike?", "", [("who ordered it?", "Who ordered the drone strike?")]),
    ("Who won the New Hampshire primary?", "", [("and the Iowa caucuses?", "Who won the Iowa caucuses?")]),
    (
        "Who did Trump commute the sentence of?",
        "",
        [("when did he do that?", "When did Trump commute the sentence of them?")],
    ),
    (
        "Who is the president of Mali?",
        "",
        [("what about the chief executive of Tesla?", "Who is the chief executive of Tesla?")],
    ),
    (
        "Who commands AFRICOM?",
        "",
        [("what about the Algerian defence minister?", "Who is the Algerian defence minister?")],
    ),
    (
        "How many people died in the Oklahoma tornado?",
        "",
        [
            ("and in the 1999 one?", "How many people died in the 1999 tornado?"),
            ("what about hurricane Irma?", "How many people died in hurricane Irma?"),
        ],
    ),
    (
        "When did David Koch die?",
        "David Koch has died.",
        [("how old was he", "How old was David Koch?"), ("who was his brother?", "Who was David Koch’s brother?")],
    ),
    (
        "Which countries called for the Olympics to be postponed?",
        "",
        [
            ("who agreed to postpone them", "Who agreed to postpone the Olympics?"),
            ("which of them are in Europe?", "Which countries are in Europe?"),
        ],
    ),
    (
        "What did Mark Zuckerberg say about the mistakes?",
        "",
        [("who asked him about it?", "Who asked Mark Zuckerberg about the mistakes?")],
    ),
    (
        "Who are the Wagner group?",
        "Mercenaries.",
        [("where are they?", "Where are the Wagner group?"), ("who pays them?", "Who pays the Wagner group?")],
    ),
    (
        "Does Russia sell arms to Algeria?",
        "Russia sells arms.",
        [
            ("which ones", "Which arms does Russia sell to Algeria?"),
            ("how much?", "Does Russia sell arms to Algeria, and how much?"),
            ("and France?", "Does Russia sell arms to France?"),
        ],
    ),
    (
        "Why did Trump fire Comey?",
        "The memo of Rosenstein said so.",
        [("who replaced him?", "Who replaced Comey?"), ("what did he say?", "What did Rosenstein say?")],
    ),
    (
        "Who pays for the wall?",
        "Mexico pays.",
        [("how much?", "Who pays for the wall, and how much?"), ("who said it?", "who said it?")],
    ),
    (
        "Who won the Iowa caucuses?",
        "Ted Cruz won.",
        [
            ("and in New Hampshire?", "Who won the New Hampshire caucuses?"),
            ("by how much?", "By how much were the Iowa caucuses won?"),
            ("who came second?", "Who came second in the Iowa caucuses?"),
        ],
    ),
    (
        "What did Hillary Clinton say about the emails?",
        "She said little.",
        [
            ("and about Benghazi?", "What did Hillary Clinton say about Benghazi?"),
            ("anyone else?", "Who else said something about the emails?"),
        ],
    ),
    (
        "Who is Mick Mulvaney?",
        "Mr Trump named Mick Mulvaney.",
        [("who did he replace?", "Who did Mick Mulvaney replace?"), ("what about Nigeria?", "What about Nigeria?")],
    ),
    (
        "Did Cohen lie to Congress?",
        "Michael Cohen lied to Congress.",
        [
            ("what did he say?", "What did Michael Cohen say?"),
            ("why did he lie?", "Why did Michael Cohen lie?"),
            ("what happened to him?", "What happened to Michael Cohen?"),
            ("did Trump know about it?", "did Trump know about it?"),
        ],
    ),
    ("Did the anchor apologize?", "On Wednesday.", [("when was that?", "When did the anchor apologize?")]),
    ("What was the score?", "It was 8-7.", [("how long had they waited?", "how long had they waited?")]),
    (
        "What did Grisham say?",
        "“It was misinterpreted,” Grisham said.",
        [("what about a deal with China", "Tell me about a deal with China")],
    ),
    (
        "How many people were killed in the clashes?",
        "At least 36 lives.",
        [
            ("and injured?", "How many people were injured in the clashes?"),
            ("and seriously wounded?", "How many people were seriously wounded in the clashes?"),
        ],
    ),
    (
        "How many people died in the train bombings?",
        "192.",
        [("and injured?", "How many people were injured in the train bombings?")],
    ),
    ("What did Ann Brook say about the talks?", "Little.", [("when do they meet?", "when do they meet?")]),
    (
        "How many people have died in Syria?",
        "130,000.",
        [("and displaced?", "How many people have been displaced in Syria?")],
    ),
    (
        "Which third-party candidate was invited to the debates?",
        "Only Ross Perot was.",
        [
            ("when?", "When was that third-party candidate invited to the debates?"),
            ("who sponsored them?", "Who sponsored the debates?"),
        ],
    ),
    (
        "How far ahead is Clinton among them?",
        "83 points.",
        [("and among the young?", "How far ahead is Clinton among the young?")],
    ),
    (
        "how many Americans get disability payments?",
        "8.6 million.",
        [("and food stamps?", "How many Americans get food stamps?")],
    ),
    (
        "How many people are in shelters?",
        "200,000 people.",
        [("and without power?", "How many people are without power?")],
    ),
    (
        "How many soldiers are there in Ohio?",
        "400,000 soldiers and voters.",
        [("and equality voters?", "How many equality voters are there in Ohio?")],
    ),
    (
        "How many beds does Trump want?",
        "52,000 beds.",
        [
            ("and the democrats?", "How many beds do the democrats want?"),
            ("what about the Senate Republicans?", "How many beds do the Senate Republicans want?"),
        ],
    ),
    (
        "How many beds do the Democrats want?",
        "35,520 beds.",
        [
            ("And Trump?", "How many beds does Trump want?"),
            ("and their leader?", "How many beds does the Democrats’ leader want?"),
        ],
    ),
    (
        "What did Brook say about the ICE claim?",
        "“We will see,” said Brook.",
        [("what about the senator from Alabama?", "What did the senator from Alabama say about the ICE claim?")],
    ),
    (
        "Who is Mark Kelly?",
        "Mark Kelly was in Washington.",
        [
            ("and his wife?", "Who is Mark Kelly’s wife?"),
            ("what about his wife?", "Who is Mark Kelly’s wife?"),
            ("and his motive?", "What about Mark Kelly’s motive?"),
            ("and the case against him, in order?", "What about the case against Mark Kelly, in order?"),
            ("who's he?", "Who is Mark Kelly?"),
        ],
    ),
    (
        "How old is Mark Kelly?",
        "Mark Kelly is 50.",
        [("and his wife?", "How old is Mark Kelly’s wife?")],
    ),
    (
        "What did Sarah Palin say about Bill Reilly?",
        "Sarah Palin criticised Bill Reilly.",
        [("and him?", "What did Bill Reilly say about Sarah Palin?")],
    ),
    (
        "What is Joe Biden's priority?",
        "Joe Biden named the bill.",
        [("Where did he say it?", "Where did Joe Biden say it?")],
    ),
    (
        "Did Mark Kelly know the senator?",
        "Mark Kelly did.",
        [("has the FBI contacted him?", "Has the FBI contacted Mark Kelly?")],
    ),
    (
        "How many Republicans voted no?",
        "Twenty did.",
        [("where were they from?", "Where were the Republicans who voted no from?")],
    ),
    (
        "Were the protesters badly hurt?",
        "They were not.",
        [("who was arrested for it?", "who was arrested for it?"), ("why?", "Why were the protesters badly hurt?")],
    ),
    ("How many candidates were in California?", "Fourteen.", [("did it pass?", "did it pass?")]),
    ("What did Ann Brook say?", "“It is.”", [("so it's true then?", "so it's true then?")]),
]
"""The same, written after the rules: of these, the rules had 84 of 94 right before they were changed once more."""


def resolved(before: str, answer: str, follow_up: str) -> str:
    place = (CitedPlace(1, "a" * 16, Span(0, len(answer)), answer),) if answer else ()
    history = [Turn(before, before, answer, place, abstained=False, asked=0.0)]
    return FollowUpResolver().understand(follow_up, history).standalone


@pytest.mark.parametrize(("before", "answer", "follow_ups"), [*PAIRS, *UNSEEN], ids=lambda each: str(each)[:40])
def test_a_follow_up_becomes_an_english_question(before: str, answer: str, follow_ups: list[tuple[str, str]]) -> None:
    assert [(asked, resolved(before, answer, asked)) for asked, _ in follow_ups] == follow_ups
