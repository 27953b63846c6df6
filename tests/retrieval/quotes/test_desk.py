"""The quote desk as its callers see it: words, speaker, variants, drafts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evals.quotes.store import TextLibrary
from retrieval.articles import Filters
from retrieval.quotes.attribution.speakers import SpeakerVerdict
from retrieval.quotes.desk import QuoteDesk
from retrieval.quotes.diff import ChangeKind
from retrieval.quotes.verdict import Severity, TextVerdict

SEEDS = Path(__file__).parents[3] / "seeds"
SAID = "We have waited eleven years for this harbour and we will wait no longer"


@pytest.fixture
def desk() -> QuoteDesk:
    library = TextLibrary()
    library.add(
        [
            ("b", "B", "Gazette", "2020-02-02", f"“{SAID},” Mayor Ann Brook said on Friday."),
            ("a", "A", "Herald", "2020-01-01", f"Crowds came. “{SAID},” said Ann Brook."),
            ("c", "C", "Times", "2020-03-03", f"“{SAID.replace('eleven', 'twelve')},” Brook said."),
        ]
    )
    return QuoteDesk(library)


def test_the_earliest_article_comes_first_and_the_others_say_how_they_differ(desk: QuoteDesk) -> None:
    verdict = desk.check(SAID)
    assert verdict.text is TextVerdict.VERBATIM
    assert [match.article.origin for match in verdict.matches] == ["a"]
    assert [(match.article.origin, match.verdict) for match in verdict.variants] == [
        ("b", TextVerdict.VERBATIM),
        ("c", TextVerdict.ALTERED),
    ]
    assert [change.source for change in verdict.variants[1].changes] == ["twelve"]


@pytest.mark.parametrize(("asked", "answer"), [("Ann Brook", SpeakerVerdict.MATCH), ("Tom Reed", SpeakerVerdict.OTHER)])
def test_the_right_words_with_another_name_are_told_apart(desk: QuoteDesk, asked: str, answer: SpeakerVerdict) -> None:
    speaker = desk.check(SAID, speaker=asked).speaker
    assert speaker is not None
    assert speaker.verdict is answer


def test_a_filter_limits_the_search_and_is_told(desk: QuoteDesk) -> None:
    verdict = desk.check(SAID, filters=Filters(sources=("Times",)))
    assert verdict.text is TextVerdict.ALTERED
    assert verdict.searched.articles == 1


def test_every_quotation_of_a_draft_is_checked_against_the_speaker_it_names(desk: QuoteDesk) -> None:
    draft = f"“{SAID},” Ann Brook said. “Every one of you will get a new boat from this city,” Tom Reed said."
    checked = desk.check_draft(draft)
    assert [verdict.text for _, verdict in checked] == [TextVerdict.VERBATIM, TextVerdict.NOT_FOUND]
    assert checked[0][1].speaker is not None
    assert checked[0][1].speaker.verdict is SpeakerVerdict.MATCH
    assert SAID in checked[0][0].span.of(draft)


@pytest.fixture(scope="module")
def seeds() -> QuoteDesk:
    library = TextLibrary()
    library.add((file.name, file.stem, "", "", file.read_text("utf-8")) for file in sorted(SEEDS.glob("*.txt")))
    return QuoteDesk(library)


def test_an_articles_own_words_are_verbatim_and_the_outlets(seeds: QuoteDesk) -> None:
    verdict = seeds.check("Two Russian trainers were shown on Nigerian state television")
    assert verdict.text is TextVerdict.VERBATIM
    assert verdict.speaker is not None
    assert verdict.speaker.verdict is SpeakerVerdict.OUTLET


@pytest.mark.parametrize(
    "quote",
    [
        "John Lechner said Niger wants to control its own airspace, which makes remaining American operations harder",
        "The arrival of Russian air defenses is a move by Niger to assert control over its airspace",
    ],
)
def test_a_view_in_other_words_is_a_paraphrase_with_its_speaker(seeds: QuoteDesk, quote: str) -> None:
    verdict = seeds.check(quote, speaker="John Lechner")
    assert verdict.text is TextVerdict.PARAPHRASE
    assert verdict.nearest[0].text.startswith("John Lechner, an Africa analyst")
    assert verdict.speaker is not None
    assert verdict.speaker.verdict is SpeakerVerdict.MATCH


def test_checking_a_quotation_loads_no_model() -> None:
    program = (
        "import sys; from retrieval.quotes.desk import QuoteDesk; from evals.quotes.store import TextLibrary\n"
        "library = TextLibrary(); library.add([('a', '', '', '', 'The bridge was closed to all traffic on Monday.')])\n"
        "QuoteDesk(library).check('The bridge was open to all traffic on Monday')\n"
        "print(sorted({'torch', 'chromadb', 'langchain_core', 'sentence_transformers', 'nupunkt'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=SEEDS.parent)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("the report", SpeakerVerdict.MATCH),
        ("The Herald", SpeakerVerdict.MATCH),
        ("Ann Brook", SpeakerVerdict.OUTLET),
        ("the reporter", SpeakerVerdict.OUTLET),
    ],
)
def test_an_articles_own_words_are_what_it_says(asked: str, answer: SpeakerVerdict) -> None:
    """The report and the outlet by name are right about them; anybody else is not."""
    library = TextLibrary()
    library.add([("a", "A", "Herald", "2020-01-01", "The harbour was closed for eleven years. Boats lay idle.")])
    speaker = QuoteDesk(library).check("The harbour was closed for eleven years", speaker=asked).speaker
    assert speaker is not None
    assert speaker.verdict is answer


@pytest.mark.parametrize(("old", "new"), [("large", "small"), ("agreed", "disagreed"), ("safe", "unsafe")])
def test_a_word_changed_to_its_opposite_is_grave(old: str, new: str) -> None:
    """It is another claim, as a changed number is."""
    said = f"The council {old} parts of the town were left without water"
    library = TextLibrary()
    library.add([("a", "A", "Herald", "2020-01-01", f"{said}.")])
    verdict = QuoteDesk(library).check(said.replace(old, new))
    assert (verdict.text, verdict.severity) == (TextVerdict.ALTERED, Severity.HIGH)
    assert verdict.matches[0].changes[0].reason is ChangeKind.OPPOSITE


def test_an_ellipsis_over_the_end_of_a_sentence_is_told() -> None:
    """Two halves of two sentences read as one claim: whoever quotes them is told to look."""
    library = TextLibrary()
    text = "The town was said to lose its harbour that year. The council later bought two ferries from France."
    library.add([("a", "A", "Herald", "2020-01-01", text)])
    verdict = QuoteDesk(library).check("The town was said to … bought two ferries from France")
    assert verdict.text is TextVerdict.EDITED
    assert "from one sentence into another" in verdict.evidence
