"""What the program loads, and where Discord ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bot.fakes_bot import clean_environment

RUN = """
import sys
from pathlib import Path
from bot.cli import main
from tests.bot.fakes_bot import make_parts
folder = Path(sys.argv[1])
code = main(["--store", str(folder), *sys.argv[2:]], parts=make_parts(folder))
loaded = sorted({"discord", "aiohttp", "bot.discord"} & {*sys.modules})
print(code, loaded, file=sys.stderr)
"""


def test_only_the_command_that_runs_the_bot_loads_discord(tmp_path: Path) -> None:
    """Neither help nor an answer costs a Discord client."""
    for arguments in (["--help"], ["ask", "Which strike ended on Tuesday?"]):
        ran = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path), *arguments],
            capture_output=True,
            check=False,
            timeout=120,
            cwd=tmp_path,
            env=clean_environment(),
        )
        assert ran.stderr.decode().splitlines()[-1] == "0 []"
