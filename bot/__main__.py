"""``python -m bot`` and ``onrecord``: the command line, which Ctrl-C may interrupt while it still loads."""

import sys

from bot.exit_codes import ExitCode
from retrieval.linear_algebra import use_one_thread


def main() -> int:
    """Run the command line; return its exit code."""
    use_one_thread()
    try:
        from bot.terminal.cli import main as run  # noqa: PLC0415 (a tenth of a second)
    except KeyboardInterrupt:
        sys.stderr.write("onrecord: interrupted\n")
        return ExitCode.INTERRUPTED
    return run()


if __name__ == "__main__":
    sys.exit(main())
