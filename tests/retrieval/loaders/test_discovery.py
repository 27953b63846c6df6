from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrieval.loaders import LoadProblem, SourceFile, find


def found(paths: list[str], home: Path) -> tuple[list[SourceFile], list[LoadProblem]]:
    everything = list(find(paths, home))
    return [one for one in everything if isinstance(one, SourceFile)], [
        one for one in everything if isinstance(one, LoadProblem)
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "sub/c.html", "sub/deep/d.jsonl.gz", ".hidden.txt", "sub/~$c.docx", ".git/x.txt"):
        path = tmp_path / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    return tmp_path / "desk"


def test_a_folder_stands_for_its_readable_files_by_name(desk: Path) -> None:
    """Hidden files are passed over without a word."""
    files, problems = found([str(desk)], desk.parent)
    assert [file.origin for file in files] == [
        "desk/a.md",
        "desk/b.txt",
        "desk/sub/c.html",
        "desk/sub/deep/d.jsonl.gz",
    ]
    assert problems == []


def test_a_file_outside_of_home_is_called_by_its_whole_path(desk: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    files, _ = found([str(desk / "b.txt")], home)
    assert files[0].origin == (desk / "b.txt").resolve().as_posix()
    assert files[0].size == 4


def test_a_file_that_is_reached_twice_comes_once(desk: Path) -> None:
    files, problems = found([str(desk / "b.txt"), str(desk), str(desk / "*.txt"), str(desk)], desk)
    assert [file.origin for file in files] == ["b.txt", "a.md", "sub/c.html", "sub/deep/d.jsonl.gz"]
    assert problems == []


def test_a_glob_crosses_folders_with_two_stars(desk: Path) -> None:
    files, problems = found([str(desk / "**" / "*.html"), str(desk / "s*")], desk)
    assert [file.origin for file in files] == ["sub/c.html", "sub/deep/d.jsonl.gz"]
    assert problems == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("missing.txt", "is not there"),
        ("*.docx", "matches nothing that can be read"),
        ("sub/e.png", "is of a kind that is not read"),
        ("a\0b.txt", "is not a path"),
    ],
)
def test_what_cannot_be_used_is_one_line(desk: Path, monkeypatch: pytest.MonkeyPatch, typed: str, says: str) -> None:
    monkeypatch.chdir(desk)
    (desk / "sub" / "e.png").write_text("picture")
    files, problems = found([typed], desk)
    assert files == []
    assert says in problems[0].message
    assert problems[0].refused
    assert str(problems[0]).isprintable()


def test_an_empty_path_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _, problems = found(["", str(tmp_path / "empty")], tmp_path)
    assert [problem.message.split(":")[0] for problem in problems] == [
        "is not a path",
        "holds nothing that can be read",
    ]


def test_a_link_out_of_the_folder_is_not_followed(desk: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (desk / "leak.txt").symlink_to(secret)
    (desk / "leaks").symlink_to(tmp_path)
    (desk / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    files, problems = found([str(desk)], desk)
    assert "secret" not in " ".join(file.origin for file in files)
    assert sorted(Path(problem.name).name for problem in problems) == ["gone.txt", "leak.txt", "leaks"]


def test_a_link_that_is_named_directly_is_followed(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(desk / "b.txt")
    files, _ = found([str(tmp_path / "link.txt")], tmp_path)
    assert [file.origin for file in files] == ["desk/b.txt"]


def test_loops_of_links_end(desk: Path) -> None:
    (desk / "sub" / "up").symlink_to(desk)
    (desk / "self.txt").symlink_to(desk / "self.txt")
    files, problems = found([str(desk)], desk)
    assert len(files) == 4
    assert [Path(problem.name).name for problem in problems] == ["self.txt"]


def test_a_pipe_is_never_opened(desk: Path) -> None:
    os.mkfifo(desk / "pipe.txt")
    files, problems = found([str(desk), str(desk / "pipe.txt")], desk)
    assert len(files) == 4
    assert "not a regular file" in problems[0].message
    assert len(problems) == 2


def test_a_folder_called_like_a_file_is_a_folder(desk: Path) -> None:
    (desk / "odd.txt").mkdir()
    (desk / "odd.txt" / "inner.txt").write_text("text")
    files, problems = found([str(desk / "odd.txt")], desk)
    assert [file.origin for file in files] == ["odd.txt/inner.txt"]
    assert problems == []


def test_names_that_break_lines_or_encodings_are_shown_safely(tmp_path: Path) -> None:
    (tmp_path / "two\nlines\x1b[31m.txt").write_text("text")
    raw = os.fsencode(tmp_path) + b"/bytes\xff.txt"
    Path(os.fsdecode(raw)).write_text("text")
    files, _ = found([str(tmp_path)], tmp_path)
    assert [file.origin for file in files] == ["bytes\\xff.txt", "two\\x0alines\\x1b[31m.txt"]
    assert all(file.name.isprintable() for file in files)
    assert all(file.path.exists() for file in files)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_said(desk: Path) -> None:
    (desk / "sub").chmod(0)
    _, problems = found([str(desk)], desk)
    (desk / "sub").chmod(0o700)
    assert "permission" in problems[0].message


def test_files_of_other_kinds_are_named_and_counted(tmp_path: Path) -> None:
    """The first of them; hidden files and stores are not ours to read."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".hidden.xyz").write_text("x")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "library.sqlite").write_text("x")
    for number in range(23):
        (tmp_path / f"photo{number:02}.jpg").write_text("x")
    found = list(find([str(tmp_path), f"{tmp_path}/"], tmp_path))
    notes = [one for one in found if isinstance(one, LoadProblem)]
    assert len(found) - len(notes) == 1
    assert [note.refused for note in notes] == [False] * 21
    assert notes[0].name.endswith("photo00.jpg")
    assert "of a kind that is not read" in notes[0].message
    assert notes[-1].message.startswith("3 more files")
