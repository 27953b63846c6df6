"""The wheel, built and tried: every data file is in it, and its command line works from any folder.

Run by ``make wheel``. The fresh environment sees the packages of the running one, so nothing is downloaded, but not
this repository: what is not in the wheel is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "evals", "prompts", "retrieval")
STORY = "The harbour at Port Said was leased in May.\n\nIt is not permitted to end before the summer, officials said.\n"


def build(folder: Path) -> Path:
    """Return the wheel, built in ``folder`` from a copy of the sources: no earlier build leaves files in it."""
    source = folder / "source"
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def missing(wheel: Path) -> list[str]:
    """Return the files of the packages that are not in the wheel, and what else is at its top."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    strangers = {name for name in names if name.partition("/")[0] not in PACKAGES and ".dist-info/" not in name}
    licences = [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
    return sorted((files - names) | strangers | (set() if licences else {"LICENSE"}))


def install(wheel: Path, folder: Path) -> Path:
    """Return the ``onrecord`` of a fresh environment that holds the wheel."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    packages = next((folder / "lib").glob("python*")) / "site-packages"
    shared = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "shared.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--quiet"),
            *("install", "--no-deps", "--no-index", "--ignore-installed", str(wheel)),
        ],
        check=True,
    )
    return folder / "bin" / "onrecord"


def ran(command: list[str], folder: Path) -> str:
    """Return what ``command`` prints in ``folder``; it gets no setting but its cache."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    done = subprocess.run(command, cwd=folder, env=keep, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Build the wheel, install it, and ask and check with it in an empty folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wheel = build(folder)
        if lacking := missing(wheel):
            raise SystemExit(f"{wheel.name} does not hold what it should: {', '.join(lacking)}")
        onrecord = str(install(wheel, folder / "fresh"))
        elsewhere = folder / "elsewhere"
        (elsewhere / "articles").mkdir(parents=True)
        (elsewhere / "articles" / "harbour.txt").write_text(STORY, encoding="utf-8")
        assert ran([onrecord, "--version"], elsewhere).startswith("onrecord ")
        ran([onrecord, "ingest", "--quiet", "articles"], elsewhere)
        answer = json.loads(ran([onrecord, "ask", "--json", "When was the harbour at Port Said leased?"], elsewhere))
        assert any("leased in May" in citation["quote"] for citation in answer["citations"]), answer
        quote = json.loads(ran([onrecord, "quote", "--json", "is not permitted to end before the summer"], elsewhere))
        assert quote["verdict"] == "verbatim", quote
        python = str(folder / "fresh" / "bin" / "python")
        prompts = "from bot.llm.prompts import FOLDER; print(*sorted(path.name for path in FOLDER.glob('*.md')))"
        assert ran([python, "-c", prompts], elsewhere).split() == ["answer.md", "rewrite.md", "verify.md"]
        ran([python, "-m", "evals", "--help"], elsewhere)
        where = ran([python, "-c", "import bot; print(bot.__file__)"], elsewhere)
        assert where.startswith(str(folder / "fresh")), where
        print(f"{wheel.name}: built, installed and tried")  # noqa: T201 (a command)


if __name__ == "__main__":
    main()
