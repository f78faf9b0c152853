"""The dialogues of the data files lead to the actions, the holds and the answers that they expect."""

from sql.pool import Database
from tests.dialogues.player import load_dialogues, open_stage, play

HANDED = ("handed.toml",)
LEAST_OF_HANDED = 33
LEAST_RIGHT = 0.98


async def test_dialogues_lead_to_what_they_expect(database: Database) -> None:
    stage, failed, said = open_stage(database), list[str](), 0
    for dialogue in load_dialogues():
        turns = await play(stage, dialogue)
        said += len(turns)
        failed += [
            f"{dialogue.kind}: {turn.said}: {turn.verdict.detail}"
            for turn in turns
            if turn.verdict is not None and turn.verdict.name != "right"
        ]
    assert len(failed) <= (1 - LEAST_RIGHT) * said, "\n".join(failed)


async def test_a_day_of_a_developer_is_understood(database: Database) -> None:
    (day,) = load_dialogues(HANDED)
    turns = await play(open_stage(database), day)
    failed = [f"{turn.said}: {turn.verdict.detail}" for turn in turns if turn.verdict and turn.verdict.name != "right"]
    assert len(turns) - len(failed) >= LEAST_OF_HANDED, "\n".join(failed)
