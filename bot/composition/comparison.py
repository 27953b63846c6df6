"""Comparisons: what articles say of one quantity or claim, side by side, and what changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.answering.features import parse_passage
from bot.answering.speech_search import PassageSearch
from bot.answering.term_weights import TermWeights, general_weights
from bot.answering.time_constraint import QuestionClock
from bot.answers import Answer
from bot.citations import CorrectionFinder
from bot.composition.claim_comparison import (
    ClaimRow,
    ClaimSide,
    are_near,
    claim_rows,
    name_rows,
    opposed_rows,
    tell_of_one_event,
)
from bot.composition.comparison_question import ComparisonQuestion, parse_comparison
from bot.composition.draft import AnswerDraft, composed_abstention
from bot.composition.figure_comparison import (
    COUNTRY_TERMS,
    MIN_SHARED_NAMES,
    Comparability,
    EventFigures,
    FigureComparison,
    FigureRow,
    compare_figures,
    figure_rows,
    home_country,
)
from bot.composition.quotable import QuotableSentence, needs_context, quotable_sentences
from bot.composition.request import CompositionRequest
from bot.composition.topic_search import TopicSearcher
from bot.render.phrases import counted
from retrieval.articles import Filters, Hit, Span
from retrieval.store.library import Library
from retrieval.text.analyzer import fold, terms
from retrieval.text.date_intervals import DateInterval
from retrieval.text.lexicon import SUBJECT_PRONOUNS
from retrieval.text.measures import EVENT_MEASURES, Figure, Measure, MeasureKind, measure_of, scope_of
from retrieval.text.names import GIVEN
from retrieval.text.near_duplicates import ShingleSet, duplicates_any, shingle_set
from retrieval.text.roles import COURTESIES, ROLES
from retrieval.text.tokens import read_words

MAX_PASSAGES = 60
"""Passages that are searched for each wording of what is compared."""
MIN_COVERAGE = 0.6
"""Share of the weight of the topic's terms that a passage, with its headings, has to hold."""
MIN_OF_BEST = 0.7
"""Share of what the best sentence holds of a topic that another one has to hold to stand beside it."""
MIN_EVENT_WEIGHT = 0.8
"""Weight in general English from which a word tells one event from others: "Benghazi" does, "attack" does not."""
MIN_EVENT_WEIGHTS = 1.2
"""The same of all its words together, from which reports of a few weeks are of one: "the Boston bombing"."""
MAX_ROWS = 8
"""Sentences of a table."""
MAX_OTHERS = 3
"""Further figures, of something else or perhaps so."""
MAX_OF_SIDE = 3
"""Sentences of each of two sides."""
MAX_SAYING = 6
"""Articles of which a sentence is shown where none differs."""

_SIDE_HEADINGS = {
    ClaimSide.AFFIRMS: "Sentences that say so, or that somebody says so",
    ClaimSide.DENIES: "Sentences that say otherwise, or that somebody denies it",
}
_CHANGED = re.compile(
    r"\b(?:chang\w+|revers\w+|shift\w*|no longer|now|instead|backed|backs|abandon\w*|flip\w*|dropp?\w*|reject\w*"
    r"|announc\w+|agree[sd]?|reach\w*|end(?:s|ed)|beg[ai]n|start\w*|withdr\w+|since|evolv\w+|soften\w*|harden\w*"
    r"|previously|earlier|after|former(?:ly)?|for the first time)\b",
    re.IGNORECASE,
)
"""Words by which a sentence tells of a change."""
_METHOD = "Sentences about the same thing from different articles, by date; what differs in them is marked."


class ComparisonComposer:
    """Composes comparisons.

    Args:
        search: Finds passages.
        topics: Finds the passages about a topic.
        library: The library that both search.
        clock: The day against which questions are read.
    """

    def __init__(self, search: PassageSearch, topics: TopicSearcher, library: Library, clock: QuestionClock) -> None:
        self._search = search
        self._topics = topics
        self._library = library
        self._clock = clock
        self._weights = TermWeights(library)

    def compose(self, request: CompositionRequest) -> Answer | None:
        """Return the comparison; None where no sentence is about its topic.

        Raises:
            OnrecordError: The store, the search or the model cannot be used.
            ArticleReplaced: An article left the library since it was found.
        """
        asked = parse_comparison(request.standalone, request.topic, self._clock.anchor())
        outlets = [self._outlets(side) for side in asked.sides]
        if asked.is_doubtful and not (all(outlets) if asked.sides else measure_of(asked.phrase)):
            return None
        if asked.sides and not (all(outlets) and measure_of(asked.phrase)):
            return self._sides(request, asked, outlets)
        if not asked.topic:
            return self._everything(request, asked)
        filters = (
            replace(request.searched.filters, sources=tuple(name for names in outlets for name in names))
            if all(outlets) and outlets
            else request.searched.filters
        )
        measure = None if asked.is_claim or asked.asks_who else measure_of(asked.phrase)
        answer = self._figures(request, asked, measure, filters) if measure else None
        answer = answer or self._claim(request, asked, filters, measure)
        if answer and asked.event and not asked.parting:
            undated = f"No date is known for “{asked.event}”: name one to see before and after."
            return replace(answer, remarks=(*answer.remarks, undated))
        return answer

    # Figures

    def _figures(
        self, request: CompositionRequest, asked: ComparisonQuestion, measure: Measure, filters: Filters
    ) -> Answer | None:
        """Return the figures that the articles give of a measure, the oldest first."""
        hits = self._about_measure(asked, measure, filters)
        rows = [
            own
            for row in figure_rows(quotable_sentences(hits), measure)
            if (own := self._own_figures(row, asked, measure))
        ]
        rows = [row for row in rows if asked.period is None or _is_within(row.day, asked.period)]
        if not rows:
            return None
        about = frozenset(measure.rest)
        rows.sort(key=lambda row: (-len(about & row.sentence.sentence.terms), needs_context(row.sentence)))
        judge = self._comparability(asked, measure, rows)
        compared = self._compared(rows, judge)
        others = [row for row in compared.others if self._covers(asked, measure, _with_headings(row.sentence))]
        compared = replace(compared, others=tuple(others))
        draft = AnswerDraft(self._library, request)
        remarks = _laid_out(draft, compared, asked.parting, named=judge.is_named)
        return draft.answer(_METHOD, remarks=remarks)

    def _compared(self, rows: Sequence[FigureRow], judge: Comparability) -> FigureComparison:
        finder = CorrectionFinder(self._library)
        checked = [
            replace(row, withdrawn=finder.correction(row.sentence.article, row.sentence.span) is not None)
            for row in rows
        ]
        return compare_figures(checked, self._copies(row.sentence.article.id for row in rows), judge)

    def _comparability(self, asked: ComparisonQuestion, measure: Measure, rows: Sequence[FigureRow]) -> Comparability:
        """Return how figures are told apart by their events: not at all where the question names its own."""
        about, home, places = frozenset(measure.rest), self._home(), scope_of(f"The {asked.phrase}")
        weights = general_weights(measure.rest)
        if not measure.of_event or any(weight >= MIN_EVENT_WEIGHT for weight in weights.values()):
            return Comparability(about, home, places)
        half_named = bool(_names(asked, measure)) or sum(weights.values()) >= MIN_EVENT_WEIGHTS
        return Comparability(about, home, places, self._rare_names(rows), 0 if half_named else MIN_SHARED_NAMES)

    def _home(self) -> str:
        return home_country(self._library.document_frequencies(COUNTRY_TERMS))

    def _about_measure(self, asked: ComparisonQuestion, measure: Measure, filters: Filters) -> list[Hit]:
        """Return the passages about the event that may give a figure, best first."""
        wordings = (asked.topic, " ".join((*measure.rest, *sorted(measure.heads))))
        hits: dict[str, Hit] = {}
        for wording in wordings:
            for hit in self._search.search(wording, filters, MAX_PASSAGES):
                hits.setdefault(hit.passage.id, hit)
        return [hit for hit in hits.values() if self._covers(asked, measure, parse_passage(hit.passage).terms)]

    def _covers(self, asked: ComparisonQuestion, measure: Measure, held: frozenset[str]) -> bool:
        """Return whether terms hold the names and most of the weight of what a measure is of."""
        weights = self._weights.of(measure.rest)
        covered = sum(weight for term, weight in weights.items() if term in held)
        return _names(asked, measure) <= held and covered >= MIN_COVERAGE * sum(weights.values())

    def _own_figures(self, row: FigureRow, asked: ComparisonQuestion, measure: Measure) -> FigureRow | None:
        """Return a sentence with the figures that are of what is asked: whose rate it is, it says itself."""
        if measure.kind is MeasureKind.COUNT or not measure.rest:
            return row
        named = _names(asked, measure)
        figures = tuple(
            each
            for each in row.figures
            if (_is_owner(named, row, each) if named else _is_near(frozenset(measure.rest), row, each))
        )
        if not figures or not self._covers(asked, measure, _with_headings(row.sentence)):
            return None
        return replace(row, figures=figures)

    def _rare_names(self, rows: Iterable[FigureRow]) -> Mapping[str, frozenset[str]]:
        """Return the rare names around each row, by its passage."""
        found: dict[str, frozenset[str]] = {}
        for row in rows:
            passage = row.sentence.hit.passage
            words = [word for each in parse_passage(passage).sentences for word in each.words]
            words += read_words(passage.context, sentence=False)
            names = {word.term for word in words if word.name and not word.date and word.term and not word.stop}
            weights = self._weights.of(names)
            found[passage.id] = frozenset(term for term in names if weights[term] >= MIN_COVERAGE)
        return found

    def _copies(self, article_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        found = self._library.near_duplicates_among(list(article_ids))
        return {name: frozenset(each.id for each in copies) for name, copies in found.items()}

    # Claims

    def _claim(
        self, request: CompositionRequest, asked: ComparisonQuestion, filters: Filters, measure: Measure | None
    ) -> Answer | None:
        """Return what the articles say of a claim or a topic, and where they differ in it."""
        if asked.period:
            filters = replace(
                filters,
                since=max(filters.since, asked.period.first.isoformat()),
                until=min(filter(None, (filters.until, asked.period.last.isoformat()))),
            )
        found = self._topics.find(asked.topic, filters)
        if not found.hits:
            event = set(measure.rest) if measure else set(terms(asked.topic))
            if unknown := [word for word in found.unknown if event.intersection(terms(word))]:
                words = " and ".join(f"“{word}”" for word in unknown)
                return composed_abstention(request, f"No article mentions {words}.")
            return None
        sentences = quotable_sentences(found.hits)
        draft = AnswerDraft(self._library, request)
        remarks: list[str] = []
        if measure:
            sentences = [each for each in sentences if self._covers(asked, measure, _with_headings(each))]
            if not sentences:
                looked_at = counted(len(found.articles), "article")
                return composed_abstention(request, f"No figure of it was found in the {looked_at} nearest to it.")
            draft.note("No article gives a figure of it.")
        if asked.parting:
            return self._parted(draft, asked, sentences, found.hits)
        rows = claim_rows(asked.topic, sentences) if asked.is_claim else []
        named = name_rows(asked.phrase, sentences)
        if rows:
            remarks = self._both_sides(draft, rows)
        elif named:
            remarks = self._names_given(draft, named)
        else:
            remarks = self._anything(draft, asked, sentences)
        return draft.answer(_METHOD, remarks=remarks) if draft.citations else None

    def _both_sides(self, draft: AnswerDraft, rows: Sequence[ClaimRow]) -> list[str]:
        """Add the sentences that affirm a claim and those that deny it; return the remark on them."""
        kept = self._voices(rows, lambda row: row.side)
        sides = {side: [row for row in kept if row.side is side] for side in ClaimSide}
        affirming, denying = (len(sides[side]) for side in ClaimSide)
        if not affirming:
            draft.note("No article found says so; what is said against it:")
        elif not denying:
            says = "1 article has a sentence" if affirming == 1 else f"{affirming} articles have a sentence"
            draft.note(f"{says} that says so, or that somebody says so; none found denies it:")
        for side, heading in _SIDE_HEADINGS.items():
            if affirming and denying:
                draft.heading(heading)
            for row in _by_published(sides[side])[: MAX_ROWS // 2]:
                draft.quote(
                    row.sentence.hit, row.sentence.span, label=row.label, marks=_marks(row) if affirming else ()
                )
        apart = [
            row
            for row in sides[ClaimSide.DENIES]
            if any(are_near(row, other) and _is_other(row, other) for other in sides[ClaimSide.AFFIRMS])
        ]
        if affirming and denying and not apart:
            draft.note("They are of different times, or of one article: what is so may have changed.")
        return [_denial_remark(apart)] if apart else []

    def _names_given(self, draft: AnswerDraft, rows: Sequence[ClaimRow]) -> list[str]:
        """Add the sentences that name somebody for a role; return the remark on different names."""
        kept = _by_published(self._voices(rows, lambda row: row.name))[:MAX_ROWS]
        apart = [row for row in kept if any(row.name != other.name and tell_of_one_event(row, other) for other in kept)]
        if len(kept) == 1:
            draft.note("Only one article says it:")
        elif len({row.name for row in kept}) == 1:
            draft.note(f"The {len({row.sentence.article.id for row in kept})} articles that say it agree:")
        elif not apart:
            draft.note("They may be of different events:")
        for row in kept:
            draft.quote(row.sentence.hit, row.sentence.span, label=row.label, marks=_marks(row) if row in apart else ())
        given = [f"“{row.mark.of(row.sentence.text)}” ({row.label})" for row in apart if row.mark]
        return [f"The names differ: {', '.join(given)}."] if given else []

    def _voices(self, rows: Sequence[ClaimRow], key: Callable[[ClaimRow], object]) -> list[ClaimRow]:
        """Return one row of each article and side; of syndicated copies and near-duplicates the first."""
        copies = self._copies({row.sentence.article.id for row in rows})
        kept: list[ClaimRow] = []
        for row in rows:
            article = row.sentence.article.id
            same = [each for each in kept if key(each) == key(row)]
            repeats = any(
                article == each.sentence.article.id or article in copies.get(each.sentence.article.id, ())
                for each in same
            )
            text = shingle_set(row.sentence.text)
            if not repeats and not duplicates_any(text, [shingle_set(each.sentence.text) for each in same]):
                kept.append(row)
        return kept

    def _anything(
        self, draft: AnswerDraft, asked: ComparisonQuestion, sentences: Sequence[QuotableSentence]
    ) -> list[str]:
        """Add the figures of a topic that several articles give, or what each says of it; return the remarks."""
        remarks: list[str] = []
        about = frozenset(terms(asked.topic))
        named = {word.term for word in read_words(asked.topic, sentence=False) if word.name and not word.stop}
        near = [each for each in sentences if self._share(about, each) >= MIN_COVERAGE]
        of_topic = [each for each in sentences if named <= parse_passage(each.hit.passage).terms]
        is_event = bool(named) and not (asked.is_claim or asked.asks_who)
        for name, measure in EVENT_MEASURES.items() if is_event else ():
            rows = figure_rows(of_topic, measure)
            judge = Comparability(about, self._home(), scope_of(asked.topic), self._rare_names(rows), 0)
            compared = self._compared(rows, judge)
            for event in compared.events:
                if event.articles > 1 and (event.differing or not asked.changed):
                    draft.heading(f"{name}: the figures {'differ' if event.differing else 'agree'}")
                    shown = event.first(MAX_OF_SIDE + 1)
                    _rows(draft, shown)
                    remarks += _differing(shown)
        if opposed := opposed_rows(near)[:1]:
            draft.heading("One says what the other denies")
            for row in _by_published(opposed[0]):
                draft.quote(row.sentence.hit, row.sentence.span, label=row.label, marks=_marks(row))
            remarks += [_denial_remark(opposed[0])]
        if draft.citations and remarks:
            return remarks
        articles = len({each.article.id for each in near})
        chosen = self._chosen(near, about, MAX_SAYING, changed=asked.changed)
        if articles == 1:
            draft.note("Only one article speaks of it:")
        elif chosen and not asked.changed:
            said = "they say" if len(chosen) == articles else f"{len(chosen)} of {articles} say"
            draft.heading(f"What {said} of it")
            where = f"the {counted(len(near), 'sentence')} about it in {counted(articles, 'article')}"
            draft.note(_nothing_found(asked, where, is_event=is_event))
        self._said(draft, sorted(chosen, key=_published))
        if asked.changed and articles > len(chosen):
            draft.note(
                f"{counted(len(chosen), 'article')} of {articles} that speak of it, by date; the rest is left out."
            )
        return remarks

    def _share(self, about: frozenset[str], each: QuotableSentence) -> float:
        """Return the share of the weight of the topic's terms that a sentence holds, its headings at half."""
        weights = self._weights.of(about)
        total = sum(weights.values()) or 1.0
        context = parse_passage(each.hit.passage).context
        held = sum(w if t in each.sentence.terms else w / 2 if t in context else 0.0 for t, w in weights.items())
        return held / total

    def _chosen(
        self, sentences: Iterable[QuotableSentence], about: frozenset[str], limit: int, *, changed: bool = False
    ) -> list[QuotableSentence]:
        """Return the sentence of each article that says most of a topic, the best first, without repeats.

        Args:
            sentences: The sentences.
            about: The topic's terms.
            limit: At most so many.
            changed: Whether those come first that tell of a change.
        """

        def score(each: QuotableSentence) -> float:
            apart = needs_context(each) or each.text.count("“") != each.text.count("”") or each.text.count('"') % 2
            told = changed and _CHANGED.search(each.text) is not None
            return self._share(about, each) - 0.5 * bool(apart) + 0.3 * told - 0.01 * each.hit.rank

        kept: list[QuotableSentence] = []
        known: set[str] = set()
        texts: list[ShingleSet] = []
        shares = {each: self._share(about, each) for each in sentences}
        enough = MIN_OF_BEST * max(shares.values(), default=0.0)
        for each in sorted((each for each, share in shares.items() if share >= enough), key=score, reverse=True):
            if each.article.id in known:
                continue
            text = shingle_set(each.text)
            if not duplicates_any(text, texts):
                kept.append(each)
                known.add(each.article.id)
                texts.append(text)
            if len(kept) == limit:
                break
        return kept

    def _said(self, draft: AnswerDraft, sentences: Iterable[QuotableSentence]) -> None:
        for each in sentences:
            draft.quote(each.hit, each.span, label=each.label)

    # Before and after

    def _parted(
        self, draft: AnswerDraft, asked: ComparisonQuestion, sentences: Sequence[QuotableSentence], hits: Sequence[Hit]
    ) -> Answer | None:
        """Return what articles say of a topic before a day and from it on."""
        day = asked.parting.isoformat() if asked.parting else ""
        about = frozenset(terms(asked.topic))
        undated = len({hit.article.id for hit in hits if not hit.article.published})
        near = [each for each in sentences if self._share(about, each) >= MIN_COVERAGE] or sentences
        for heading, is_in in _parts(asked.parting):
            part = [each for each in near if each.article.published and is_in(each.article.published[:10])]
            draft.heading(heading)
            chosen = self._chosen(part, about, MAX_OF_SIDE + 1)
            if not chosen:
                draft.note("No article about it.")
            self._said(draft, sorted(chosen, key=_published))
        if undated:
            draft.note(f"{counted(undated, 'undated article')} about it left out.")
        remarks = [f"“{asked.event}” is read as {day}."] if asked.event and asked.event != day else []
        return draft.answer(_METHOD, remarks=remarks) if draft.citations else None

    def _everything(self, request: CompositionRequest, asked: ComparisonQuestion) -> Answer:
        """Return the newest articles of each part of the collection, or what to ask instead."""
        if asked.parting is None:
            return composed_abstention(
                request, "Name what to compare: “Do the articles disagree about the death toll?”, “How has X changed?”"
            )
        draft = AnswerDraft(self._library, request)
        infos = self._library.articles(request.searched.filters)
        for heading, is_in in _parts(asked.parting):
            part = [info for info in infos if info.published and is_in(info.published[:10])]
            draft.heading(f"{heading}: {counted(len(part), 'article')}")
            for info in part[:MAX_OF_SIDE]:
                hits = [
                    Hit(passage, info, 1.0, rank) for rank, passage in enumerate(self._library.passages_of(info.id), 1)
                ]
                lead = next((each for each in quotable_sentences(hits) if _is_lead(each)), None)
                if lead:
                    draft.quote(lead.hit, lead.span, label=lead.label)
        if not draft.citations:
            return composed_abstention(request, f"No article is of before or after {asked.parting.isoformat()}.")
        draft.note("The newest of each part; name a topic to see what changed in it.")
        return draft.answer(_METHOD)

    # Two sides

    def _outlets(self, side: str) -> tuple[str, ...]:
        """Return the outlets that a name is of: "Fox" of "Fox News" and "Fox Online News"."""
        wanted = [word for word in side.lower().split() if word not in {"the", "news", "and"}] or side.lower().split()
        return tuple(
            name for name, _ in self._library.sources() if set(wanted) <= set(name.lower().replace("-", " ").split())
        )

    def _sides(
        self, request: CompositionRequest, asked: ComparisonQuestion, outlets: Sequence[tuple[str, ...]]
    ) -> Answer | None:
        """Return what two outlets say of a topic, or what is said of two things."""
        by_outlet = all(outlets)
        if by_outlet and not asked.topic:
            names = " and ".join(asked.sides)
            return composed_abstention(request, f"Name what to compare {names} on: “Compare {names} on immigration”.")
        draft = AnswerDraft(self._library, request)
        for side, sources in zip(asked.sides, outlets, strict=True):
            topic = asked.topic if by_outlet else f"{side} {asked.topic}".strip()
            filters = replace(request.searched.filters, sources=sources) if by_outlet else request.searched.filters
            found = self._topics.find(topic, filters)
            sentences = quotable_sentences(found.hits)
            about = frozenset(terms(topic))
            own = {word.term for word in read_words(side, sentence=False) if word.term and not word.stop}
            if not by_outlet:
                sentences = [each for each in sentences if own & each.sentence.terms]
            chosen = self._chosen(sentences, about, MAX_OF_SIDE)
            draft.heading(f"{side}: {counted(len(found.articles), 'article')} about it")
            if not chosen:
                draft.note("Nothing found.")
            self._said(draft, sorted(chosen, key=_published))
        return draft.answer(_METHOD) if draft.citations else None


def _with_headings(each: QuotableSentence) -> frozenset[str]:
    return each.sentence.terms | parse_passage(each.hit.passage).context


def _is_owner(named: frozenset[str], row: FigureRow, figure: Figure) -> bool:
    """Return whether a rate is of who is asked about: of the persons that its sentence names, the last before it.

    A person right behind it is its owner as well: "the approval rating of Congress", "39 percent approve of Quill".
    """
    sentence, number = row.sentence.sentence, figure.quantity
    if not named <= sentence.terms:
        opens = sentence.text.split()[0].lower() in SUBJECT_PRONOUNS
        return not opens and not any(word.name and not word.date for word in sentence.words)
    owner = ""
    for at, word in enumerate(sentence.words):
        written = sentence.text[word.start : word.end].lower()
        before = fold(sentence.text[sentence.words[at - 1].start : sentence.words[at - 1].end]) if at else ""
        is_given = written in GIVEN and sentence.text[word.start].isupper()
        is_person = is_given or (word.name and (written.endswith(("'s", "’s")) or before.rstrip(".") in _TITLES))
        if word.start >= number.end:
            is_near = word.start - number.end <= _OWNER_REACH and before in {
                "of",
                "for",
                "the",
                "president",
                "mr",
                "mr.",
            }
            if is_near and (word.term in named or is_person):
                return word.term in named
        elif word.term in named or (is_person and not word.date):
            owner = word.term
        elif owner and word.name and sentence.words[at - 1].term == owner and owner not in named:
            owner = word.term  # a surname behind its given name
    return not owner or owner in named


def _is_near(about: frozenset[str], row: FigureRow, figure: Figure) -> bool:
    """Return whether a sentence names what a price or a rate is of near it, or leaves it to its headings."""
    words = row.sentence.sentence.words
    places = [number for number, word in enumerate(words) if word.term in about]
    at = next((number for number, word in enumerate(words) if word.end >= figure.quantity.end), len(words))
    return not places or min(abs(at - place) for place in places) <= _WORDS_NEAR


_WORDS_NEAR = 10
"""Words between a price and what it is of."""
_TITLES = ROLES | COURTESIES
_OWNER_REACH = 40
"""Characters behind a rate in which its owner is named."""


def _is_lead(each: QuotableSentence) -> bool:
    """Return whether a sentence says by itself what its headline says."""
    shared = each.sentence.terms & parse_passage(each.hit.passage).context
    return not needs_context(each) and len(shared) > 1


def _names(asked: ComparisonQuestion, measure: Measure) -> frozenset[str]:
    return frozenset(word.term for word in read_words(asked.topic, sentence=False) if word.name) & set(measure.rest)


def _is_within(day: str, period: DateInterval) -> bool:
    return bool(day) and period.first.isoformat()[: len(day)] <= day[:10] <= period.last.isoformat()[: len(day)]


def _published(each: QuotableSentence) -> tuple[bool, str]:
    return not each.article.published, each.article.published


def _by_published(rows: Iterable[ClaimRow]) -> list[ClaimRow]:
    return sorted(rows, key=lambda row: _published(row.sentence))


def _marks(row: ClaimRow) -> tuple[Span, ...]:
    return (row.mark,) if row.mark else ()


def _denial_remark(rows: Iterable[ClaimRow]) -> str:
    """Return "The sentences differ: “denied” (2017-11-24, Reuters)." of those that deny."""
    denied = [row for row in rows if row.side is ClaimSide.DENIES]
    named = [f"“{row.mark.of(row.sentence.text)}” ({row.label})" if row.mark else row.label for row in denied]
    return f"The sentences differ: {', '.join(named)}."


def _nothing_found(asked: ComparisonQuestion, where: str, *, is_event: bool) -> str:
    """Return what was compared without a difference, so that nobody takes it for more."""
    if asked.is_claim:
        return f"None of {where} says it or denies it in plain words."
    if asked.asks_who:
        return f"None of {where} names somebody for it in plain words."
    counts = "No count of dead, injured, arrested, missing or cases differs, and none" if is_event else "None"
    return f"{counts} denies another, in {where}; nothing else was compared."


def _is_other(one: ClaimRow, other: ClaimRow) -> bool:
    return one.sentence.article.id != other.sentence.article.id


def _parts(parting: dt.date | None) -> tuple[tuple[str, Callable[[str], bool]], ...]:
    """Return the headings of before and after a day, and which days are of each."""
    day = parting.isoformat() if parting else ""
    return (f"Before {day}", lambda each: each < day), (f"From {day} on", lambda each: each >= day)


def _laid_out(draft: AnswerDraft, compared: FigureComparison, parting: dt.date | None, *, named: bool) -> list[str]:
    """Add compared figures to a draft; return the remarks on them."""
    remarks = []
    several = not named and len(compared.events) > 1
    if several:
        draft.note("These figures may be of several events: name one to compare its own.")
    left = MAX_ROWS
    for event in compared.events:
        shown = event.first(left)
        if not shown.rows:
            break
        left -= len(shown.rows)
        if several:
            draft.heading(shown.rows[0].sentence.article.title or shown.rows[0].label)
        elif not event.differing:
            one = "One article gives it plainly:" if compared.others else "Only one article gives it:"
            draft.note(one if event.articles == 1 else f"The {event.articles} articles that give it agree:")
        _rows(draft, shown, parting)
        _left_out(draft, len(event.rows) - len(shown.rows))
        remarks += _differing(shown)
    if compared.others:
        draft.heading("Other figures, of something else or perhaps so")
        _quoted(draft, compared.others[:MAX_OTHERS])
        _left_out(draft, len(compared.others) - MAX_OTHERS)
    _quoted(draft, compared.withdrawn)
    return remarks + [
        f"{row.sentence.article.source or 'An article'} ({row.day or 'undated'}) has withdrawn “{row.figure.text}”."
        for row in compared.withdrawn
    ]


def _left_out(draft: AnswerDraft, count: int) -> None:
    if count > 0:
        draft.note(f"{count} more left out.")


def _rows(draft: AnswerDraft, event: EventFigures, parting: dt.date | None = None) -> None:
    """Add rows to a draft, parted by a day where one is asked for."""
    parts = [(heading, [row for row in event.rows if row.day and is_in(row.day)]) for heading, is_in in _parts(parting)]
    parts += [("Undated", [row for row in event.rows if not row.day])]
    for heading, rows in parts if parting else [("", list(event.rows))]:
        if heading and (rows or heading != "Undated"):
            draft.heading(heading)
            if not rows:
                draft.note("No article gives it.")
        for row in rows:
            marks = row.marks if row in event.differing else ()
            draft.quote(row.sentence.hit, row.sentence.span, label=row.label, marks=marks)


def _differing(event: EventFigures) -> list[str]:
    named = ", ".join(row.named for row in event.rows if row in event.differing)
    return [f"The figures differ: {named}."] if named else []


def _quoted(draft: AnswerDraft, rows: Sequence[FigureRow]) -> None:
    for row in rows:
        draft.quote(row.sentence.hit, row.sentence.span, label=row.label)
