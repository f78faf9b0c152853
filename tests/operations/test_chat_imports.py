"""Import of the data exports of ChatGPT and Claude into the database."""

import copy
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.operations.progress import Silent
from app.operations.transfer.archive import open_export
from app.operations.transfer.export import write_export
from app.operations.transfer.importer import import_file
from app.operations.transfer.json_elements import Limits, elements
from app.operations.transfer.report import ImportReport
from sql.errors import BadUserInput
from sql.repositories.branches import insert_version, lock_branches, select_version
from sql.statements import Connection
from tests.operations.chat_exports import Json, archive, chatgpt, claude, follow, said, wrote


@pytest.fixture
async def ann(connection: Connection) -> Connection:
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    return connection


@pytest.fixture
def load(ann: Connection, tmp_path: Path) -> Callable[..., Any]:
    """Imports conversations, the bytes of a file, or a path, as Ann."""

    async def load(what: Any, *, max_bytes: int = 2**30) -> ImportReport:
        path = what if isinstance(what, Path) else tmp_path / "conversations.json"
        if not isinstance(what, Path):
            path.write_bytes(what if isinstance(what, bytes) else json.dumps(what).encode())
        return await import_file(ann, "ann", path, Silent(), max_bytes=max_bytes)

    return load


async def stored(connection: Connection, *, shown: bool = True) -> dict[str, list[str]]:
    """The texts of the messages that are shown, or of those that are not, by the title of their conversation."""
    rows = await connection.fetch(
        "SELECT c.title, array_agg(m.content ORDER BY m.id) FROM conversations AS c "
        "JOIN messages AS m ON m.conversation_id = c.id WHERE m.shown = $1 GROUP BY c.id, c.title ORDER BY c.title",
        shown,
    )
    return {row[0]: row[1] for row in rows}


async def versions(connection: Connection, user: str = "ann") -> list[tuple[Any, ...]]:
    """Each message with the text of its first version, that of its branch, and what is selected and shown."""
    rows = await connection.fetch(
        "SELECT m.content, first.content, branch.content, question.content, m.selected, m.shown FROM messages AS m "
        "LEFT JOIN messages AS first ON first.id = m.version_of LEFT JOIN messages AS branch ON branch.id = m.branch "
        "LEFT JOIN messages AS question ON question.id = m.reply_to WHERE m.user_id = $1 ORDER BY m.id",
        user,
    )
    return [tuple(row) for row in rows]


def keys(report: ImportReport) -> list[str]:
    return [each.key.removeprefix("import.") for each in report.sentences()]


async def test_conversation_is_stored_with_one_change_of_its_summary_work(
    ann: Connection, load: Callable[..., Any]
) -> None:
    """One change per message would make PostgreSQL read all earlier versions of the row each time."""
    async with ann.transaction():
        await load([claude("C", *(wrote(f"m{number}", "human", f"{number}") for number in range(50)))])
        changes = await ann.fetchval(
            "SELECT n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'summary_work'"
        )
    assert changes == 1
    assert await ann.fetchval("SELECT messages FROM summary_work") == 50


@pytest.mark.parametrize("parent", ["gone", "a"])
async def test_message_without_its_parent_follows_the_one_before_it(
    ann: Connection, load: Callable[..., Any], parent: str
) -> None:
    talk = chatgpt("T", said("q", "user", "Q"), said("a", "assistant", "A", at=1760000001.0))
    talk["mapping"]["q"]["children"] = []
    talk["mapping"]["a"]["parent"] = parent
    other = claude("C", wrote("q", "human", "Q", parent_message_uuid="00000000-0000-4000-8000-000000000000"),
                   wrote("a", "assistant", "A", parent_message_uuid=parent))  # fmt: skip
    report = await load([talk, other])
    assert report.left_out == []
    assert await stored(ann) == {"T": ["Q", "A"], "C": ["Q", "A"]}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (json.dumps([claude("C", wrote("q", "human", "Q"))]).encode("utf-16"), "import.other_encoding"),
        (json.dumps([claude("C", wrote("q", "human", "Q"))]).encode("utf-16-le"), "import.other_encoding"),
        (b'{"type": "user", "text": "a"}\n{"type": "assistant", "text": "b"}\n', "import.json_lines"),
    ],
)
async def test_error_names_what_the_file_is(load: Callable[..., Any], content: bytes, key: str) -> None:
    with pytest.raises(BadUserInput) as refused:
        await load(content)
    assert refused.value.params["reason"]["key"] == key


def simple(title: str | None, key: str | None = None, **more: Any) -> Json:
    key = key or str(title)
    return chatgpt(title, said("a", "user", f"Q of {title}"), key=key, **more)


async def test_all_files_of_an_archive_are_imported_in_order(ann: Connection, load: Any, tmp_path: Path) -> None:
    files = {f"x/conversations-{number:03}.json": [simple(f"t{number}")] for number in (10, 2, 1)}
    path = archive(tmp_path / "e.zip", {
        **files, "y/conversations.json": [simple("second")], "__MACOSX/x/._conversations-001.json": b"\0",
        "conversations/one.json": simple("t1"), "design_chats/d.json": claude("design", wrote("m", "human", "Q")),
        "user.json": {}, "projects.json": [{"name": "p"}], "file-1.png": b"x",
    })  # fmt: skip
    report = await load(path)
    assert sorted(await stored(ann)) == ["design", "second", "t1", "t10", "t2"]
    [others] = [each for each in report.sentences() if each.key == "import.other_files"]
    assert others.params == {"count": 3, "names": "user.json, projects.json, file-1.png"}


async def test_unpacked_archive_is_imported_without_following_links(ann: Connection, load: Any, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "conversations.json").write_text(json.dumps([simple("inside")]))
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps([simple("outside")]))
    (folder / "conversations-001.json").symlink_to(outside)
    report = await load(folder)
    assert list(await stored(ann)) == ["inside"]
    assert "other_files" in keys(report)


@pytest.mark.parametrize("wrapped", [True, False])
async def test_every_bad_conversation_is_named_and_the_others_are_imported(
    ann: Connection, load: Any, wrapped: bool
) -> None:
    deep = "[" * 500 + "]" * 500
    parsed: tuple[Any, ...] = (
        3, None, "x", [], {}, {"title": "no form"}, simple("not a tree") | {"mapping": 3},
        claude("no list") | {"chat_messages": "x"}, chatgpt("no messages"),
    )  # fmt: skip
    bad = [json.dumps(each) for each in parsed]
    bad += [f'{{"title": "deep", "mapping": {deep}}}', '{"title": "broken", "mapping": {"a": tru}}', '{"title": "x" 1}']
    good = [json.dumps(simple(f"good {number}")) for number in range(len(bad) + 1)]
    entries = [part for pair in zip(good, [*bad, ""], strict=True) for part in pair if part]
    text = f"[{','.join(entries)}]"
    report = await load((f'\ufeff{{"conversations": {text}}}' if wrapped else f"\ufeff {text}\n").encode())
    assert len(await stored(ann)) == len(good) == report.added
    assert len(report.left_out) == len(bad)
    named = [each.params["name"] for each in report.left_out]
    assert named[5:] == ["no form", "not a tree", "no list", "no messages", "deep", "broken", "x"]
    assert named[0] == "#2"


async def test_text_that_cannot_be_stored_is_replaced(ann: Connection, load: Any) -> None:
    raw = json.dumps([simple("X"), chatgpt(None, said("a", "user", "\0NUL first"), key="n")])
    await load(raw.replace('"X"', '"half \\ud83d"').encode())
    await load(
        b'[{"uuid": "u", "name": "\xff\xfe", "chat_messages": [{"uuid": "m", "sender": "human", "text": "\xe3"}]}]'
    )
    assert list(await stored(ann)) == ["half \ufffd", "\ufffdNUL first", "\ufffd\ufffd"]


@pytest.mark.parametrize("at", [None, "2025-10-09T08:53:20.123Z", "2025-10-09T08:53:20", 1e300, "x"])
async def test_a_time_in_any_form_or_none_is_imported_once(ann: Connection, load: Any, at: Any) -> None:
    raw = chatgpt(
        "t", said("a", "user", "Q", at=at), said("b", "assistant", "A", at=at), create_time=at, update_time=at
    )
    assert (await load([raw])).added == 2
    assert (await load([raw])).existing == 2
    years = await ann.fetchval("SELECT array_agg(DISTINCT extract(year FROM created_at)::int) FROM messages")
    assert min(years) >= 2025
    assert await stored(ann) == {"t": ["Q", "A"]}


def edited(raw: Json) -> Json:
    """The same conversation after its second question was edited and its title was changed."""
    changed = copy.deepcopy(raw) | {"title": "second title"}
    new = (said("c2", "user", "Q2 new", at=1760000010.0), said("d2", "assistant", "A2 new", at=1760000011.0))
    changed["current_node"] = follow(changed["mapping"], "b", *new)
    return changed


ORIGINAL = chatgpt(
    "first title",
    said("a", "user", "Q1"),
    said("b", "assistant", "A1", at=1760000001.0),
    said("c", "user", "Q2 old", at=1760000002.0),
    said("d", "assistant", "A2 old", at=1760000003.0),
)
OLD, NEW = ["Q2 old", "A2 old"], ["Q2 new", "A2 new"]


async def test_an_edited_conversation_gets_a_branch_and_shows_what_was_shown_there(ann: Connection, load: Any) -> None:
    await load([ORIGINAL])
    report = await load([edited(ORIGINAL)])
    assert await stored(ann) == {"second title": ["Q1", "A1", *NEW]}
    assert await stored(ann, shown=False) == {"second title": OLD}
    assert (report.added, "other_versions" in keys(report)) == (2, True)
    assert await versions(ann) == [
        ("Q1", None, None, None, True, True), ("A1", None, None, "Q1", True, True),
        ("Q2 old", "Q2 old", None, None, False, False), ("A2 old", None, "Q2 old", "Q2 old", True, False),
        ("Q2 new", "Q2 old", None, None, True, True), ("A2 new", None, "Q2 new", "Q2 new", True, True),
    ]  # fmt: skip
    searched = (
        "SELECT array_agg(m.content ORDER BY e.place) FROM messages AS m JOIN search_entries AS e ON subject_id = m.id"
    )
    assert await ann.fetchval(searched) == ["Q1", "A1", *NEW]
    assert (await load([edited(ORIGINAL)])).added == 0
    # The older version is shown again.
    report = await load([edited(ORIGINAL) | {"current_node": "d"}])
    assert await stored(ann) == {"second title": ["Q1", "A1", *OLD]}
    assert report.added == 0
    # A version that was chosen here stays while nothing changes there.
    async with ann.transaction():
        row = await ann.fetchval("SELECT id FROM messages WHERE content = 'Q2 new'")
        await select_version(ann, await lock_branches(ann, "ann", row))
    await load([edited(ORIGINAL) | {"current_node": "d"}])
    assert await stored(ann) == {"second title": ["Q1", "A1", *NEW]}


async def test_what_was_changed_here_stays(ann: Connection, load: Any) -> None:
    await load([ORIGINAL])
    await ann.execute("UPDATE conversations SET title = 'my title'")
    await ann.execute("UPDATE messages SET content = 'my text', updated_at = now() WHERE content = 'A1'")
    write = (
        "INSERT INTO messages (user_id, conversation_id, content, message_type, branch) "
        "SELECT 'ann', id, $1, 'user', last_branch(id) FROM conversations"
    )
    await ann.execute(write, "continued here")
    there = edited(ORIGINAL)
    await load([there])
    shown = ["Q1", "my text", *OLD, "continued here"]
    assert (await stored(ann), await stored(ann, shown=False)) == ({"my title": shown}, {"my title": NEW})
    # What was said there after the last message that both have is a version of what was said here.
    follow(there["mapping"], "d", said("e", "user", "Q3 there", at=1760000020.0))
    await load([there])
    await ann.execute(write, "and on")
    for _ in range(2):
        await load([there])
        assert await stored(ann) == {"my title": [*shown, "and on"]}
        assert sorted((await stored(ann, shown=False))["my title"]) == sorted([*NEW, "Q3 there"])
    mine = {each[0]: each[1:3] for each in await versions(ann)}
    assert mine["continued here"] == mine["Q3 there"] == ("continued here", "Q2 old")
    assert mine["and on"] == (None, "continued here")


async def test_a_message_that_was_edited_here_keeps_its_versions(ann: Connection, load: Any) -> None:
    await load([ORIGINAL])
    async with ann.transaction():
        row = await ann.fetchval("SELECT id FROM messages WHERE content = 'Q2 old'")
        await insert_version(ann, await lock_branches(ann, "ann", row), "Q2 mine")
    await load([edited(ORIGINAL)])
    assert await stored(ann) == {"second title": ["Q1", "A1", "Q2 mine"]}
    places = {each[0]: each[1:3] for each in await versions(ann)}
    assert {places[each] for each in ("Q2 old", "Q2 new", "Q2 mine")} == {("Q2 old", None)}
    assert (places["A2 old"], places["A2 new"]) == ((None, "Q2 old"), (None, "Q2 new"))


trees = st.lists(st.tuples(st.integers(0, 11), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees, current=st.integers(0, 12), first=st.integers(1, 12))
async def test_any_tree_is_imported_once_and_an_export_keeps_its_branches_and_files(
    ann: Connection, load: Any, tmp_path: Path, tree: list[tuple[int, bool]], current: int, first: int
) -> None:
    await ann.execute("DELETE FROM users")
    await ann.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'A', 'owner'), ('ben', 'B', 'member')")
    raw = chatgpt("t", said("m0", "user", "m0"))
    nodes = [
        said(f"m{n}", "user" if by else "assistant", f"m{n}", at=1760000000.0 + n) for n, (_, by) in enumerate(tree, 1)
    ]
    for number, (node, (parent, _)) in enumerate(zip(nodes, tree, strict=True), 1):
        if number == first:
            await load([raw])  # the rest is added later
        follow(raw["mapping"], f"m{parent % number}", node)
    raw["current_node"] = f"m{current % (len(tree) + 1)}"
    await load([raw])
    made = await versions(ann)
    assert sorted(each[0] for each in made) == sorted(f"m{number}" for number in range(len(tree) + 1))
    path, name = [], raw["current_node"]
    while name != "root":
        path.append(name)
        name = raw["mapping"][name]["parent"]
    shown = [each[0] for each in made if each[5]]
    assert shown[: len(path)] == path[::-1]
    parents = [raw["mapping"][each]["parent"] for each in shown]
    assert parents == ["root", *shown[:-1]]
    assert (await load([raw])).added == 0
    assert await versions(ann) == made

    await ann.execute(
        "WITH a AS (INSERT INTO attachments (user_id, name, media_type, size, sha256) "
        "VALUES ('ann', 'n.txt', 'text/plain', 3, encode(sha256('abc'), 'hex')) RETURNING id), "
        "c AS (INSERT INTO attachment_chunks SELECT id, 'ann', 0, 'abc' FROM a) "
        "INSERT INTO message_attachments SELECT m.id, a.id, 'ann', 0 FROM messages AS m, a WHERE m.content = 'm0'"
    )
    await write_export(ann, "ann", tmp_path / "out.jsonl", Silent())
    await import_file(ann, "ben", tmp_path / "out.jsonl", Silent(), max_bytes=2**30)
    assert await versions(ann, "ben") == made
    files = (
        "SELECT m.content || c.content::text FROM messages AS m JOIN message_attachments AS l ON l.message_id = m.id "
        "JOIN attachment_chunks AS c USING (attachment_id) WHERE m.user_id = 'ben'"
    )
    assert await ann.fetchval(files) == "m0\\x616263"


async def test_text_that_was_completed_there_is_updated(ann: Connection, load: Any) -> None:
    await load([chatgpt("t", said("a", "user", "Q"), said("b", "assistant", "half"))])
    report = await load([chatgpt("t", said("a", "user", "Q"), said("b", "assistant", "half and whole"))])
    assert (report.added, report.updated) == (0, 1)
    assert await stored(ann) == {"t": ["Q", "half and whole"]}


async def test_ids_of_any_length_are_imported_once(ann: Connection, load: Any) -> None:
    """PostgreSQL cannot index a text of several kilobytes, and a conversation without an id is known by its title."""
    longest = "x" * 20_000
    unnamed = chatgpt("Long", said(longest, "user", "Q"), said(f"{longest}y", "assistant", "A"), key="")
    del unnamed["conversation_id"]
    unnamed["title"] = {str(number): number for number in range(3000)}
    regenerated = said(f"{longest}z", "assistant", "B")
    follow(unnamed["mapping"], longest, regenerated)
    unnamed_claude = claude("t" * 20_000, wrote("", "human", "R"), key="")
    await load([unnamed, unnamed_claude])
    await load([unnamed, unnamed_claude])
    contents = [row[0] for row in await ann.fetch("SELECT content FROM messages")]
    assert len(contents) == len(set(contents))
    assert {"Q", "R"} <= set(contents)


@pytest.mark.parametrize(
    "content",
    ["Q", {"content_type": "text", "parts": "Q"}, {"content_type": "text", "parts": [], "text": "Q"},
     {"content_type": "text", "parts": [{"text": {"value": "Q"}}]}],
)  # fmt: skip
async def test_text_in_another_form_is_imported(ann: Connection, load: Any, content: Any) -> None:
    await load([chatgpt("T", said("a", "user") | {"content": content})])
    assert (await stored(ann))["T"] == ["Q"]


async def test_text_in_an_unknown_form_is_reported(ann: Connection, load: Any) -> None:
    report = await load([chatgpt("T", said("a", "user", "Q"), said("b", "assistant") | {"content": 5})])
    assert "unreadable" in keys(report)


async def test_messages_with_the_same_id_are_all_imported(ann: Connection, load: Any) -> None:
    await load([claude("T", wrote("a", "human", "Q"), wrote("a", "assistant", "A"))])
    assert (await stored(ann))["T"] == ["Q", "A"]


async def test_conversations_without_id_title_and_time_stay_apart(ann: Connection, load: Any) -> None:
    chats = [chatgpt(None, said(f"{text}-id", "user", text), key="") for text in ("Q", "R")]
    for chat in chats:
        del chat["conversation_id"], chat["create_time"]
    await load(chats)
    assert await ann.fetchval("SELECT count(*) FROM conversations") == 2


async def test_import_belongs_to_one_user_only(ann: Connection, load: Any, tmp_path: Path) -> None:
    await ann.execute("INSERT INTO users (id, display_name, role) VALUES ('ben', 'Ben', 'member')")
    await load([ORIGINAL])
    report = await import_file(ann, "ben", tmp_path / "conversations.json", Silent(), max_bytes=2**30)
    assert report.added == 4
    assert await ann.fetchval("SELECT count(*) FROM messages WHERE user_id = 'ann'") == 4
    owners = (
        "SELECT count(*) FROM messages AS m JOIN conversations AS c ON c.id = m.conversation_id "
        "WHERE c.user_id <> m.user_id"
    )
    assert await ann.fetchval(owners) == 0


async def test_damaged_file_is_reported_and_the_others_are_imported(ann: Connection, load: Any, tmp_path: Path) -> None:
    whole = json.dumps([simple("one"), simple("two")]).encode()
    third = [simple("three")]
    files = {"conversations-0.json": whole[:-50], "conversations-1.json": b"not json", "conversations-2.json": third}
    path = archive(tmp_path / "e.zip", files)
    report = await load(path)
    assert sorted(await stored(ann)) == ["one", "three"]
    assert [(each.params["name"], each.params["reason"]["key"]) for each in report.left_out] == [
        ("two", "import.cut_off"), ("#1", "import.not_json"),
    ]  # fmt: skip


async def test_broken_checksum_is_reported(ann: Connection, load: Any, tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("conversations-0.json", json.dumps([simple("one")]))
        packed.writestr("conversations-1.json", json.dumps([simple("two")]))
    path.write_bytes(path.read_bytes().replace(b"Q of one", b"Q of 0ne", 1))
    report = await load(path)
    assert [each.params["reason"]["key"] for each in report.left_out] == ["import.damaged"]
    assert list(await stored(ann)) == ["two"]


LIMITS: dict[str, tuple[dict[str, Any], str]] = {
    "no conversations": ({"user.json": {}}, "import.no_conversations"),
    "too large": ({"conversations.json": [simple("x" * 2**21)]}, "import.too_large_unpacked"),
    "too many files": ({f"f{number}": b"" for number in range(60)}, "import.too_many_files"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_archive_above_a_limit_is_refused_before_it_is_read(tmp_path: Path, case: str) -> None:
    files, key = LIMITS[case]
    path = archive(tmp_path / "e.zip", files)
    with pytest.raises(BadUserInput) as refusal, open_export(path, max_bytes=2**20, max_entries=50):
        pass
    assert refusal.value.key == key


async def test_encrypted_archive_and_links_in_an_archive_are_refused(
    ann: Connection, load: Any, tmp_path: Path
) -> None:
    path = archive(tmp_path / "e.zip", {"conversations.json": [simple("x")]})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(BadUserInput) as refusal:
        await load(path)
    assert refusal.value.key == "import.encrypted"
    link = zipfile.ZipInfo("conversations.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(link, "/etc/passwd")
    with pytest.raises(BadUserInput) as refusal:
        await load(path)
    assert refusal.value.key == "import.no_conversations"


class CountingFile(io.BytesIO):
    """Counts how much was read."""

    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self.read_bytes += len(part)
        return part


def test_entries_are_split_at_every_position_of_the_chunks() -> None:
    nested: dict[str, Any] = {"x": [{"y": [["\\" * number, "[" * number, {}, number]]} for number in range(20)]}
    values: list[Any] = [nested, {"a": 'x"\\', "b": ["[{,", {"c": "\\\\"}]}, {"名": "前😀\n"}, {}, "te,xt", 3]
    for content in (
        json.dumps(values),
        json.dumps(values, ensure_ascii=False, indent=1),
        f'{{"conversations":{json.dumps(values)}}}',
    ):
        raw = content.encode()
        for size in (len('{"conversations":['), 19, 23, 64, 2**18):
            found = elements(io.BytesIO(raw), Limits(chunk=size))
            assert [json.loads(each.content) for each in found] == values


@pytest.mark.parametrize(
    "entry", [b'{"title": "big", "x": "%s"}' % (b"x" * 5000), b'{"title": "many", "x": [%s1]}' % (b"1," * 3000)]
)
def test_large_entry_is_not_kept_in_memory(entry: bytes) -> None:
    file = CountingFile(b"[" + entry + b', {"title": "next"}]')
    found = elements(file, Limits(entry_bytes=4000, values=1000, chunk=512, head=100))
    large = next(found)
    assert large.refused is not None
    assert len(large.content) <= 100
    assert file.read_bytes < len(entry) + 1024, "one entry at a time"
    assert [each.content for each in found] == [b'{"title": "next"}']


async def test_conversation_with_too_many_messages_is_named(ann: Connection, load: Any) -> None:
    mapping: Json = {str(number): {"parent": None, "message": None} for number in range(20_001)}
    report = await load([simple("good"), simple("huge") | {"mapping": mapping}])
    assert [(each.params["name"], each.params["reason"]["key"]) for each in report.left_out] == [
        ("huge", "import.too_many_messages"),
    ]  # fmt: skip


async def test_report_names_the_first_fifty_and_counts_the_others(ann: Connection, load: Any) -> None:
    report = await load([simple("good"), *({"title": f"bad {number}"} for number in range(60))])
    assert len(report.left_out) == 50
    assert list(report.sentences())[-1].params == {"count": 10}


def test_id_of_an_import_is_stable() -> None:
    from app.operations.transfer.chats.model import short_id

    assert short_id("x" * 5000) == short_id("x" * 5000) != short_id("y" * 5000)
    assert len(short_id("x" * 5000)) == 64
    assert short_id(None) == short_id(True) == ""
    assert short_id(str(UUID(int=7))) == str(UUID(int=7))
