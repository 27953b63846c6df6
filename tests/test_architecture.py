"""The shape of the source tree: one name for one thing, modules named by nouns, few layers."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "evals", "retrieval")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

ALLOWED = frozenset({"derived", "embedding", "fitting", "folding", "leading", "reporting"})
"""Words that end like a participle: what the field calls the thing, or an adjective of the glossary."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import between our modules, those for type checking included."""
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=False)


def test_no_two_classes_share_a_name() -> None:
    places = defaultdict[str, list[str]](list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_modules_are_named_by_nouns() -> None:
    """No gerund and no participle: `parse`, not `parsing`; `snapshots`, not `published`."""
    words = {(path.name, word) for path in FILES for word in path.stem.split("_") if word.endswith(("ing", "ed"))}
    assert sorted(name for name, word in words if word not in ALLOWED) == []


@pytest.mark.parametrize(("package", "most"), [("bot", 11), ("retrieval", 6), ("retrieval.quotes", 8)])
def test_a_package_has_few_layers(graph: grimp.ImportGraph, package: str, most: int) -> None:
    """Layers are the longest chain of imports between the modules and packages directly in it."""
    children = graph.find_children(package)
    imports: dict[str, set[str]] = {child: set() for child in children}
    for child in children:
        for module in {child} | graph.find_descendants(child):
            for imported in graph.find_modules_directly_imported_by(module):
                owner = next((each for each in children if f"{imported}.".startswith(f"{each}.")), child)
                imports[child] |= {owner} - {child}
    depth: dict[str, int] = {}
    for child in TopologicalSorter(imports).static_order():
        depth[child] = 1 + max((depth[imported] for imported in imports[child]), default=0)
    assert max(depth.values()) <= most
