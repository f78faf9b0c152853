"""One time of a repeating item is left out, and the item goes on afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sql.repositories.intents import find_intents
from sql.repositories.person_intents import insert_next_occurrence
from sql.skipped_days import days_of
from tests.tools.conftest import NOW, TOKYO, Toolbox

DAILY = {
    "description": "check the backups",
    "intentType": "REMINDER",
    "dueAt": "2026-12-02T09:00:00+09:00",
    "recurrence": "FREQ=DAILY",
}


async def due_of(toolbox: Toolbox, subject: Any) -> datetime:
    due: datetime = await toolbox.value("SELECT due_at FROM intents WHERE id = $1", subject)
    return due.astimezone(TOKYO)


async def test_the_pending_time_moves_to_the_next_one_that_is_kept(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", **DAILY)
    later = await toolbox.perform("update_intent", id=str(made.subject_id), skip=["2026-12-03"])
    assert later.summary == "2026-12-03の分を飛ばす：check the backups"
    assert (await due_of(toolbox, made.subject_id)).day == 2
    now = await toolbox.perform("update_intent", id=str(made.subject_id), skip=["2026-12-02"])
    assert await due_of(toolbox, made.subject_id) == datetime(2026, 12, 4, 9, 0, tzinfo=TOKYO)
    await toolbox.undo(now)
    assert (await due_of(toolbox, made.subject_id)).day == 2
    await toolbox.undo(later)
    assert await toolbox.value("SELECT metadata->'skips' FROM intents") is None


async def test_the_next_occurrence_leaves_the_day_out(toolbox: Toolbox) -> None:
    made = await toolbox.perform("create_intent", **DAILY)
    await toolbox.perform("update_intent", id=str(made.subject_id), skip=["2026-12-03", "2026-12-04"])
    async with toolbox.database.transaction() as connection:
        [intent] = await find_intents(connection, "ann", [made.subject_id])  # type: ignore[list-item]
        following = await insert_next_occurrence(
            connection, intent, actor="ann", zone=TOKYO, now=NOW + timedelta(days=1, hours=1)
        )
    assert following is not None
    assert following.due_at is not None
    assert following.due_at.astimezone(TOKYO) == datetime(2026, 12, 5, 9, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("created", "skip", "key"),
    [
        (DAILY, ["tomorrow"], "intent.skip_is_no_day"),
        (DAILY, ["2026-12-03"] * 61, "input.too_many"),
        ({**DAILY, "recurrence": None}, ["2026-12-02"], "intent.skip_needs_recurrence"),
        ({**DAILY, "recurrence": "FREQ=DAILY;COUNT=1"}, ["2026-12-02"], "intent.skip_leaves_none"),
    ],
)
async def test_a_day_that_cannot_be_left_out_is_refused(
    toolbox: Toolbox, created: dict[str, Any], skip: list[str], key: str
) -> None:
    made = await toolbox.perform("create_intent", **created)
    refused = await toolbox.perform("update_intent", id=str(made.subject_id), skip=skip)
    assert (refused.status, refused.reason_key) == ("failed", key)
    assert (await due_of(toolbox, made.subject_id)).day == 2


def test_days_that_a_client_wrote_wrongly_are_ignored() -> None:
    assert days_of({"skips": ["2026-12-03", "soon", 4]}) == {datetime(2026, 12, 3, tzinfo=UTC).date()}
    assert days_of({"skips": "2026-12-03"}) == set()
