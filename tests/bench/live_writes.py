"""Live updates: cost of recording events for writers

Eight connections insert notifications, one per transaction, into a durable database: with the trigger that writes the
event, without it, and with one `pg_notify` per row instead.
"""

import asyncio
from time import perf_counter

import asyncpg

from tests.bench.figures import Figure, p50
from tests.bench.live.stage import database

WRITERS, SECONDS, ROUNDS = 8, 2.0, 3
INSERT = (
    "INSERT INTO notifications (user_id, title, message, notification_type) "
    "VALUES ('owner', 'Done: write the design', 'It is written, and stands in the specification.', 'info')"
)
PLAIN = "ALTER TABLE notifications DISABLE TRIGGER record_created"
WITH_EVENTS = "ALTER TABLE notifications ENABLE TRIGGER record_created"
NOTIFY = """
CREATE FUNCTION notify_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('rows', NEW.id::text); RETURN NULL; END $$;
CREATE TRIGGER notify_row AFTER INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION notify_row();
ALTER TABLE notifications DISABLE TRIGGER notify_row
"""


async def measure() -> list[Figure]:
    async with database() as dsn:
        admin = await asyncpg.connect(dsn)
        await admin.execute(NOTIFY)
        await _inserts_per_second(dsn)
        plain, events, notified = [], [], []
        for _ in range(ROUNDS):  # in turn, so that other load on the machine affects all
            await admin.execute(PLAIN)
            plain.append(await _inserts_per_second(dsn))
            await admin.execute(WITH_EVENTS)
            events.append(await _inserts_per_second(dsn))
            await admin.execute(f"{PLAIN}; ALTER TABLE notifications ENABLE TRIGGER notify_row")
            notified.append(await _inserts_per_second(dsn))
            await admin.execute("ALTER TABLE notifications DISABLE TRIGGER notify_row")
        await admin.close()
    return [
        Figure("inserts with events, relative to none", p50(events) / p50(plain), "x", at_least=0.8,
               note=f"{p50(events):,.0f}/s to {p50(plain):,.0f}/s"),
        Figure("inserts with one pg_notify per row, relative to none", p50(notified) / p50(plain), "x",
               note=f"{p50(notified):,.0f}/s"),
    ]  # fmt: skip


async def _inserts_per_second(dsn: str) -> float:
    done, deadline = 0, perf_counter() + SECONDS

    async def writer() -> None:
        nonlocal done
        connection = await asyncpg.connect(dsn)
        while perf_counter() < deadline:
            await connection.execute(INSERT)
            done += 1
        await connection.close()

    began = perf_counter()
    await asyncio.gather(*(writer() for _ in range(WRITERS)))
    return done / (perf_counter() - began)
