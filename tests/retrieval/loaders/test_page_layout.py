from __future__ import annotations

from retrieval.loaders.page_layout import PrintedWord, lines, paragraphs


def words(text: str, *, x: float = 0, y: float = 0, size: float = 10) -> list[PrintedWord]:
    """Return the words of a line in type of which every letter is half an em wide."""
    found = []
    for word in text.split():
        found.append(PrintedWord(word, x, x + size / 2 * len(word), y, size, blank=True))
        x += size / 2 * (len(word) + 1)
    return found


def test_raised_figures_are_superscripts_of_their_line() -> None:
    """10⁶ is not 106."""
    raised = PrintedWord("6", 40, 43, 4, 6)
    (line,) = lines([*words("about 10", y=0), raised, *words("tonnes", x=60)], 1)
    assert line.text == "about 10⁶ tonnes"


def test_words_in_hebrew_are_read_from_right_to_left() -> None:
    (line,) = lines([PrintedWord("עולם", 0, 20, 0, 10), PrintedWord("שלום", 30, 50, 0, 10)], 1)
    assert line.text == "שלום עולם"


def test_an_indented_line_begins_a_paragraph() -> None:
    column = [
        *words("The council voted to keep the old harbour.", y=60),
        *words("It meets again in May with the new", x=12, y=48),
        *words("members who were elected to replace them.", y=36),
    ]
    assert [len(paragraph.lines) for paragraph in paragraphs(column, 1)] == [1, 2]


def test_the_lines_of_an_address_stay_apart() -> None:
    """A line that had room for the next word was ended on purpose."""
    column = [
        *words("Nordline Ferries", y=60),
        *words("Harbour Street", y=48),
        *words("4400 Vessby is where the company has had its seat", y=36),
    ]
    assert [paragraph.lines[0].text for paragraph in paragraphs(column, 1)][:2] == [
        "Nordline Ferries",
        "Harbour Street",
    ]


def test_a_page_of_thousands_of_rows_is_read_in_linear_time() -> None:
    """No gutter of a long table is looked for once per row."""
    rows = [word for y in range(0, 9_000, 10) for x in range(0, 500, 50) for word in words("1,204", x=x, y=y)]
    assert sum(len(paragraph.lines) for paragraph in paragraphs(rows, 1)) == 900
