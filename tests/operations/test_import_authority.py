"""An imported file gives no authority, and its rows refer to rows of the importing user only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.operations.progress import Silent
from app.operations.transfer.importer import import_file
from app.operations.transfer.report import ImportReport
from app.operations.transfer.tables import TABLES
from app.operations.transfer.tolerant_json import loads
from sql.statements import Connection

NOW = "2026-01-01T00:00:00Z"
DECIDED = {"title": "q", "kind": "choice", "topic": "q", "topic_key": "q", "status": "superseded"}
Lines = list[dict[str, Any]]
PEOPLE = "INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'member'), ('eve', 'Eve', 'member')"
# What Ann has. Eve's files refer to it.
HERS = """
INSERT INTO conversations (id, user_id, title) VALUES ('01900000-0000-7000-8000-000000000001', 'ann', 'hers');
INSERT INTO messages (id, user_id, conversation_id, content, message_type) VALUES
    ('01900000-0000-7000-8000-000000000002', 'ann', '01900000-0000-7000-8000-000000000001', 'her message', 'user');
INSERT INTO intents (id, user_id, description, actor, status) VALUES
    ('01900000-0000-7000-8000-000000000003', 'ann', 'hers', 'ann', 'completed');
INSERT INTO specifications (id, user_id, title, content, author) VALUES
    ('01900000-0000-7000-8000-000000000004', 'ann', 'hers', 'text', 'ann');
INSERT INTO memories (id, user_id, content, kind) VALUES
    ('01900000-0000-7000-8000-000000000005', 'ann', 'hers', 'longterm');
INSERT INTO decisions (id, user_id, title, kind, topic, topic_key, status, author) VALUES
    ('01900000-0000-7000-8000-000000000006', 'ann', 'hers', 'choice', 'hers', 'hers', 'accepted', 'ann');
INSERT INTO decision_options (id, decision_id, user_id, place, label) VALUES
    ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000006', 'ann', 1, 'a'),
    ('01900000-0000-7000-8000-000000000008', '01900000-0000-7000-8000-000000000006', 'ann', 2, 'b');
"""
OWNED = (
    *(table.name for table in TABLES),
    "decision_options",
    "decision_changes",
    "decision_sources",
    "specification_revisions",
)


def hers(number: int) -> str:
    return str(UUID(int=UUID("01900000-0000-7000-8000-000000000000").int + number))


def own(number: int) -> str:
    return hers(0x1000 + number)


def line(table: str, **row: Any) -> dict[str, Any]:
    return {"table": table, "row": {"created_at": NOW, "updated_at": NOW, **row}}


@pytest.fixture
async def shared(connection: Connection) -> Connection:
    await connection.execute(PEOPLE)
    await connection.execute(HERS)
    return connection


@pytest.fixture
def load(shared: Connection, tmp_path: Path) -> Callable[..., Any]:
    """Imports lines as Eve."""

    async def load(lines: Lines, *, by: str = "eve") -> ImportReport:
        header = {"format": "resonant-export", "version": 1, "user": by, "at": NOW, "schema": 1}
        path = tmp_path / "export.jsonl"
        path.write_bytes(b"\n".join(map(orjson.dumps, [header, *lines])))
        return await import_file(shared, "eve", path, Silent(), max_bytes=2**30)

    return load


async def snapshot(connection: Connection, user: str) -> dict[str, list[str]]:
    return {
        table: [
            row[0]
            for row in await connection.fetch(
                f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE user_id = $1 ORDER BY 1",  # noqa: S608
                user,
            )
        ]
        for table in OWNED
    }


@pytest.mark.parametrize("status", ["pending", "processing", "awaiting_confirmation", None])
@pytest.mark.parametrize("intent_type", ["code_execution", "task", None])
async def test_open_intent_arrives_awaiting_confirmation_and_unchecked(
    shared: Connection, load: Callable[..., Any], status: str | None, intent_type: str | None
) -> None:
    claims = {
        "confirmed_at": NOW, "checked_at": NOW, "claimed_by": "me", "lease_until": NOW, "fence": 7, "attempts": 3,
        "max_attempts": 9, "next_attempt_at": NOW, "trace_parent": "x", "idempotency_key": "k", "actor": "ann",
        "user_id": "ann", "version": 4,
    }  # fmt: skip
    report = await load([
        line("intents", id=own(1), description="run it", intent_type=intent_type, status=status, **claims)
    ])  # fmt: skip
    row = await shared.fetchrow("SELECT * FROM intents WHERE user_id = 'eve'")
    assert row is not None
    assert (row["status"], row["reason_key"], row["actor"]) == ("awaiting_confirmation", "import.confirm", "eve")
    unset = ("confirmed_at", "checked_at", "claimed_by", "lease_until", "next_attempt_at", "trace_parent")
    assert [row[name] for name in unset] == [None] * len(unset)
    assert (row["fence"], row["attempts"], row["max_attempts"], row["version"]) == (0, 0, 5, 1)
    assert ("import.intents_wait", 1) in [(each.key, each.params.get("count")) for each in report.sentences()]


async def test_approval_and_authorship_are_not_imported(shared: Connection, load: Callable[..., Any]) -> None:
    revision = {"version": 1, "title": "t", "content": "c", "status": "approved", "author": "ann", "created_at": NOW}
    specification = line(
        "specifications", id=own(1), title="t", content="c", status="approved", author="ann", version=2
    )
    await load([specification | {"belonging": {"specification_revisions": [revision]}}])
    assert await shared.fetchval("SELECT status FROM specifications WHERE user_id = 'eve'") == "review"
    authors = await shared.fetch(
        "SELECT DISTINCT author FROM specification_revisions WHERE user_id = 'eve' "
        "UNION SELECT author FROM specifications WHERE user_id = 'eve'"
    )
    assert [row[0] for row in authors] == ["eve"]
    assert await shared.fetchval("SELECT status FROM specification_revisions WHERE user_id = 'eve'") == "review"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (line("conversations", id=own(1), title="t" * 201), "input.too_long"),
        (line("intents", id=own(1), description="語" * 90_000), "input.too_large"),
        (line("specifications", id=own(1), title="t", content="x" * 300_000), "input.too_large"),
        (line("memories", id=own(1), content="x", tags=["t" * 51]), "input.too_long"),
        (line("memories", id=own(1), content="x", tags=[str(number) for number in range(11)]), "input.too_many"),
    ],
)
async def test_text_beyond_the_limits_of_the_api_is_left_out_with_the_reason(
    load: Callable[..., Any], given: dict[str, Any], key: str
) -> None:
    report = await load([given])
    assert report.added == 0
    assert [each.params["reason"]["key"] for each in report.left_out] == [key]


async def test_imported_message_never_becomes_work(shared: Connection, load: Callable[..., Any]) -> None:
    await load([
        line("conversations", id=own(1), title="t"),
        line("messages", id=own(2), conversation_id=own(1), content="run it", message_type="user", created_at=None),
        line("messages", id=own(3), conversation_id=own(1), content="", message_type="kana", status="pending",
             reply_to=own(2), intents_extracted_at=None),
    ])  # fmt: skip
    rows = await shared.fetch("SELECT status, intents_extracted_at FROM messages WHERE user_id = 'eve' ORDER BY id")
    assert [(row["status"], row["intents_extracted_at"] is not None) for row in rows] == [
        ("complete", True), ("stopped", True),
    ]  # fmt: skip


FOREIGN_REFERENCES: dict[str, Lines] = {
    "message in her conversation": [
        line("messages", id=own(1), conversation_id=hers(1), content="INJECTED", message_type="kana")
    ],
    "reply to her message": [
        line("conversations", id=own(1), title="t"),
        line("messages", id=own(2), conversation_id=own(1), content="x", message_type="kana", reply_to=hers(2)),
    ],
    "intent from her message in her conversation": [
        line("intents", id=own(1), description="x", conversation_id=hers(1), source_message_id=hers(2),
             superseded_by=hers(3)),
    ],
    "specification of her intent": [
        line("specifications", id=own(1), title="t", content="c", intent_id=hers(3), superseded_by=hers(3))
        | {"belonging": {"specification_revisions": [
            {"specification_id": hers(4), "version": 9, "title": "INJECTED", "content": "x", "status": "draft",
             "intent_id": hers(3)}]}},
    ],
    "option of her decision": [
        line("decisions", id=own(1), **DECIDED, conversation_id=hers(1), intent_id=hers(3), superseded_by=hers(6))
        | {"belonging": {
            "decision_options": [
                {"id": own(2), "decision_id": own(1), "place": 1, "label": "a"},
                {"id": own(3), "decision_id": hers(6), "place": 9, "label": "INJECTED"}],
            "decision_changes": [{"decision_id": hers(6), "to_status": "superseded", "actor": "ann", "at": NOW}],
            "decision_sources": [{"decision_id": hers(6), "source_kind": "message", "source_id": hers(2), "place": 1}],
        }},
    ],
    "her option as the choice": [
        line("decisions", id=own(1), **DECIDED, chosen_option_id=hers(7), rationale="r", decided_at=NOW)
        | {"belonging": {"decision_options": [
            {"id": own(2), "place": 1, "label": "a"}, {"id": own(3), "place": 2, "label": "b"}]}},
    ],
    "memory of her message": [
        line("memories", id=own(1), content="x", kind="longterm", source_kind="message", source_id=hers(2)),
        line("memories", id=own(2), content="y", kind="longterm", archived=True, superseded_by=hers(5)),
    ],
    "her records as what a reply cites, and citations of her reply": [
        line("conversations", id=own(1), title="t"),
        line("messages", id=own(2), conversation_id=own(1), content="[1][2]", message_type="kana",
             reply_to=hers(2)),
        *(line("message_citations", message_id=own(2), number=place, place=place, record_kind=kind, record_id=hers(of))
          for place, (kind, of) in enumerate([("memory", 5), ("message", 2), ("decision", 6)], start=1)),
        line("message_citations", message_id=hers(2), number=1, place=1, record_kind="message", record_id=own(2)),
    ],
    "effects of her decision, and her intent as an effect": [
        line("intents", id=own(1), description="x"),
        line("record_causes", cause_kind="decision", cause_id=hers(6), effect_kind="intent", effect_id=own(1),
             reason="given"),
        line("record_causes", cause_kind="intent", cause_id=own(1), effect_kind="intent", effect_id=hers(3),
             reason="given"),
    ],
    "her ids": [
        line("conversations", id=hers(1), title="mine"),
        line("messages", id=hers(2), conversation_id=hers(1), content="mine", message_type="user"),
        line("intents", id=hers(3), description="mine"),
        line("specifications", id=hers(4), title="mine", content="c"),
        line("memories", id=hers(5), content="mine", kind="longterm", source_kind="message", source_id=hers(2)),
        line("decisions", id=hers(6), **DECIDED, chosen_option_id=hers(7), rationale="r", decided_at=NOW)
        | {"belonging": {"decision_options": [
            {"id": hers(7), "place": 1, "label": "a"}, {"id": hers(8), "place": 2, "label": "b"}]}},
    ],
}  # fmt: skip
REFERENCES = """
SELECT DISTINCT owner.user_id FROM (
    SELECT conversation_id AS id FROM messages WHERE user_id = 'eve'
    UNION ALL SELECT reply_to FROM messages WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[conversation_id, source_message_id, superseded_by]) FROM intents WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[intent_id, superseded_by]) FROM specifications WHERE user_id = 'eve'
    UNION ALL SELECT intent_id FROM specification_revisions WHERE user_id = 'eve'
    UNION ALL SELECT specification_id FROM specification_revisions WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[conversation_id, intent_id, superseded_by, chosen_option_id])
              FROM decisions WHERE user_id = 'eve'
    UNION ALL SELECT decision_id FROM decision_options WHERE user_id = 'eve'
    UNION ALL SELECT decision_id FROM decision_changes WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[decision_id, source_id]) FROM decision_sources WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[source_id, superseded_by]) FROM memories WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[message_id, record_id]) FROM message_citations WHERE user_id = 'eve'
    UNION ALL SELECT unnest(ARRAY[cause_id, effect_id]) FROM record_causes WHERE user_id = 'eve'
) AS used JOIN (
    SELECT id, user_id FROM conversations UNION ALL SELECT id, user_id FROM messages
    UNION ALL SELECT id, user_id FROM intents UNION ALL SELECT id, user_id FROM specifications
    UNION ALL SELECT id, user_id FROM decisions UNION ALL SELECT id, user_id FROM decision_options
    UNION ALL SELECT id, user_id FROM memories
) AS owner ON owner.id = used.id WHERE owner.user_id <> 'eve'
"""


@pytest.mark.parametrize("case", FOREIGN_REFERENCES)
async def test_rows_of_other_users_are_neither_changed_nor_referred_to(
    shared: Connection, load: Callable[..., Any], case: str
) -> None:
    before = await snapshot(shared, "ann")
    report = await load(FOREIGN_REFERENCES[case])
    assert await snapshot(shared, "ann") == before
    assert await shared.fetch(REFERENCES) == []
    if case == "her ids":
        # Nothing is lost: the rows get ids of their own, and a repeated import finds them.
        assert (report.added, report.left_out) == (6, [])
        assert (await load(FOREIGN_REFERENCES[case])).existing == 6
        memory = "SELECT m.user_id FROM memories AS e JOIN messages AS m ON m.id = e.source_id WHERE e.user_id = 'eve'"
        assert await shared.fetchval(memory) == "eve"
    else:
        assert any(each.key.startswith("import.") for each in list(report.sentences())[1:]), "it is reported"


async def test_reference_to_a_later_row_is_imported(shared: Connection, load: Callable[..., Any]) -> None:
    report = await load([
        line("intents", id=own(1), description="old", status="cancelled", superseded_by=own(2)),
        line("intents", id=own(2), description="new", status="completed"),
        line("memories", id=own(3), content="old", kind="longterm", archived=True, superseded_by=own(4)),
        line("memories", id=own(4), content="new", kind="longterm"),
    ])  # fmt: skip
    assert (report.added, report.left_out, report.notes) == (4, [], {})
    assert await shared.fetchval("SELECT superseded_by FROM intents WHERE id = $1::text::uuid", own(1)) == UUID(own(2))
    assert await shared.fetchval("SELECT superseded_by FROM memories WHERE id = $1::text::uuid", own(3)) == UUID(own(4))


async def test_a_bad_line_is_named_and_the_others_are_imported(shared: Connection, load: Callable[..., Any]) -> None:
    good = [line("conversations", id=own(number), title=f"c{number}") for number in range(3)]
    bad: list[Any] = [
        {"table": "users", "row": {"id": "eve2"}}, {"table": "conversations"}, [], "x", None,
        line("conversations", title="without id"), line("conversations", id="1", title="no uuid"),
        line("conversations", id=own(9), title="t", created_at="yesterday-ish"), line("conversations", id=own(10)),
        line("intents", id=own(11), description="x", metadata=[1], status="completed"),
    ]  # fmt: skip
    report = await load([good[0], *bad, *good[1:]])
    assert report.added == 3
    assert [each.params["line"] for each in report.left_out] == list(range(3, 3 + len(bad)))


async def test_text_that_cannot_be_stored_is_replaced(shared: Connection, load: Callable[..., Any]) -> None:
    lines = [line("conversations", id=own(1), title="a\0b"),
             line("messages", id=own(2), conversation_id=own(1), content="\0", message_type="user",
                  metadata={"a\0": ["\0"]})]  # fmt: skip
    assert (await load(lines)).added == 2
    assert await shared.fetchval("SELECT title FROM conversations WHERE user_id = 'eve'") == "a\ufffdb"


@pytest.mark.parametrize(
    "time",
    ["10000-01-01", "294276-01-01", "4000-01-01 BC", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
     "0001-01-01", "9999-12-31", "infinity", "-infinity", "now", 5, [1]],
)  # fmt: skip
async def test_time_that_no_page_can_show_is_named(shared: Connection, load: Callable[..., Any], time: Any) -> None:
    bad = line("conversations", id=own(1), title="bad", created_at=time)
    report = await load([bad, line("conversations", id=own(2), title="good")])
    assert (report.added, [each.params["line"] for each in report.left_out]) == (1, [2])
    assert report.left_out[0].params["reason"]["key"] == "import.not_a_time"


@pytest.mark.parametrize("given", [[1], "x", 5, {"confidence": "x"}, {"intentType": "?", "confidence": 1}])
async def test_classification_that_no_page_can_show_is_left_out(
    shared: Connection, load: Callable[..., Any], given: Any
) -> None:
    intent = line("intents", id=own(1), description="x", intent_type="task", status="completed", classification=given)
    intent["row"]["result"] = [1]
    report = await load([intent])
    assert report.added == 1
    assert report.notes[("import.unreadable", ())] == 2
    stored = await shared.fetchrow("SELECT classification, result FROM intents WHERE id = $1::text::uuid", own(1))
    assert tuple(stored or ()) == (None, None)


def test_integers_beyond_64_bits_become_floats_in_every_reader() -> None:
    number = 123456789012345678901234567890
    assert loads(b'{"n": %d, "s": "\\ud83d"}' % number) == {"n": float(number), "s": "\ufffd"}
    assert loads(b'{"n": 1%b, "s": "\\ud83d"}' % (b"0" * 400)) == {"n": None, "s": "\ufffd"}
