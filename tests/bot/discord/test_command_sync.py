"""Commands are registered with Discord when they have changed."""

from __future__ import annotations

from pathlib import Path

from tests.bot.discord.fakes_discord import make_bot, scene, simulated


@simulated
async def test_the_second_start_of_the_same_program_registers_nothing(tmp_path: Path) -> None:
    """Registering is rate-limited."""
    async with scene(make_bot(tmp_path)) as here:

        def registrations() -> int:
            return sum(one.method == "PUT" and one.path.endswith("/commands") for one in here.env.http_requests)

        assert registrations() == 1
        await here.env.restart_bot(make_bot(tmp_path, articles=()))
        assert registrations() == 1
        await here.env.bot.close()
