from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.text.lazy_pattern import LazyPattern, compile_patterns


def test_it_is_compiled_when_it_is_first_used() -> None:
    pattern = LazyPattern(r"(\d+)")
    assert "compiled" not in vars(pattern)
    assert pattern.search("a 12")
    assert "compiled" in vars(pattern)


def test_all_are_compiled_for_a_process_that_stays() -> None:
    pattern = LazyPattern(r"(\w+)")
    compile_patterns()
    assert "compiled" in vars(pattern)


@pytest.mark.parametrize("twice", [False, True])
def test_its_methods_do_what_those_of_a_compiled_pattern_do(*, twice: bool) -> None:
    text = "a1 B22\nb333"
    for flags in (0, re.IGNORECASE, re.IGNORECASE | re.MULTILINE):
        for expression in (r"^b(\d+)", r"[ab](\d)", r"(?i)a1 B22\sb333"):
            pattern, compiled = LazyPattern(expression, flags), re.compile(expression, flags)
            if twice:
                pattern.search("")
            assert spans([pattern.search(text, 1)]) == spans([compiled.search(text, 1)])
            assert spans([pattern.match(text, 3, 5)]) == spans([compiled.match(text, 3, 5)])
            assert spans([pattern.fullmatch(text)]) == spans([compiled.fullmatch(text)])
            assert spans([*pattern.finditer(text, 1, 9)]) == spans([*compiled.finditer(text, 1, 9)])
            assert pattern.findall(text, 1) == compiled.findall(text, 1)
            assert pattern.sub(r"-", text, count=1) == compiled.sub(r"-", text, count=1)
            assert pattern.subn(lambda found: found[0] * 2, text) == compiled.subn(lambda found: found[0] * 2, text)
            assert pattern.split(text, maxsplit=1) == compiled.split(text, maxsplit=1)
            assert (pattern.pattern, pattern.flags) == (compiled.pattern, compiled.flags)


@pytest.mark.parametrize("method", ["search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split"])
def test_each_method_compiles_it(method: str) -> None:
    pattern = LazyPattern("b")
    arguments = ("c", "abc") if method in {"sub", "subn"} else ("abc",)
    expected = getattr(re.compile("b"), method)(*arguments)
    found = getattr(pattern, method)(*arguments)
    assert type(found) is type(expected)
    assert "compiled" in vars(pattern)


def test_once_compiled_the_patterns_own_methods_are_called() -> None:
    """A hot loop pays nothing for the pattern's having been lazy."""
    pattern = LazyPattern("b")
    pattern.search("abc")
    assert pattern.search == pattern.compiled.search


def test_others_are_composed_from_it_before_it_is_compiled() -> None:
    part = LazyPattern(r"\d+")
    whole = LazyPattern(rf"{part.pattern}%")
    assert whole.fullmatch("12%")
    assert "compiled" not in vars(part)


def test_a_match_names_its_compiled_pattern() -> None:
    pattern = LazyPattern("b")
    found = pattern.search("abc")
    assert found is not None
    assert found.re is pattern.compiled


def test_threads_share_it() -> None:
    patterns = [LazyPattern(rf"(a|b){{1,{size}}}c\Z") for size in range(1, 50)]
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda pattern: bool(pattern.search("xabc")), patterns * 8)
        assert all(found)


def test_what_is_no_expression_is_an_error_at_its_first_use() -> None:
    with pytest.raises(re.error):
        LazyPattern("(").search("")


def spans(found: list[re.Match[str] | None]) -> list[tuple[int, int] | None]:
    return [each and each.span() for each in found]
