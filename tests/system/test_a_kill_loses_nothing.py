"""kill -9 at random moments under load: what was acknowledged is there once, and so is its proof."""

from pathlib import Path

from tests.system import crash
from tests.system.stage import needs_postgres

ROUNDS = 3  # many more: python -m tests.system.crash --rounds 50


async def test_every_acknowledged_command_is_there_exactly_once_after_each_restart(tmp_path: Path) -> None:
    outcome = await crash.run(tmp_path / "store", ROUNDS)
    assert outcome.wrong == []
    assert outcome.kills == ROUNDS
    assert outcome.acknowledged > 50


@needs_postgres
async def test_killing_one_of_two_processes_loses_nothing_at_either(tmp_path: Path) -> None:
    outcome = await crash.run(tmp_path / "store", ROUNDS, processes=2)
    assert outcome.wrong == []
    assert outcome.acknowledged > 50
