"""The texts of messages of ChatGPT and Claude: what is shown, what is left out, and what is counted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.operations.transfer.chats.branches import messages_of, shown_in
from app.operations.transfer.chats.importer import parse_chat
from app.operations.transfer.chats.model import moment, pieces
from tests.operations.chat_exports import Json, chatgpt, claude, said, wrote

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def texts(raw: Json) -> list[list[str]]:
    """The texts that were shown, and all other texts."""
    chat = parse_chat(raw)
    messages = messages_of(chat, NOW)
    shown = shown_in(chat, messages)
    others = [each.text for each in messages if each not in shown]
    return [[each.text for each in shown], *([others] if others else [])]


def notes(raw: Json) -> dict[str, int]:
    return {key.removeprefix("import."): count for (key, _), count in parse_chat(raw).notes.items()}


def image(pointer: str = "sediment://file_1", **more: Any) -> Json:
    return {"content_type": "image_asset_pointer", "asset_pointer": pointer, "size_bytes": 1, "width": 1, **more}


CITED = {"content_references": [{
    "matched_text": "\ue200cite\ue202turn0search0\ue201", "type": "grouped_webpages",
    "items": [{"title": "A [b]", "url": "https://example.org/a"}, {"title": "x", "url": "javascript:alert(1)"}],
}]}  # fmt: skip
FILES = {"attachments": [{"id": "file_1", "name": "cat.png"}, {"id": "file_2", "name": "plan.pdf"}]}
CHATGPT: dict[str, tuple[Json, list[str], dict[str, int]]] = {
    "call of a tool": (said("a", "assistant", "{}", recipient="dalle.text2im"), [], {"tool_messages": 1}),
    "search": (said("a", "assistant", content={"content_type": "code", "text": "search()"}, recipient="web"), [],
               {"tool_messages": 1}),
    "result of a tool": (said("a", "tool", content={"content_type": "execution_output", "text": "1"}), [],
                         {"tool_messages": 1}),
    "error of a tool": (said("a", "tool", content={"content_type": "system_error", "text": "1"}), [],
                        {"tool_messages": 1}),
    "thoughts": (said("a", "assistant", content={"content_type": "thoughts", "thoughts": [{"content": "x"}]}), [],
                 {"thoughts": 1}),
    "recap": (said("a", "assistant", content={"content_type": "reasoning_recap", "content": "Thought for 5s"}), [],
              {"thoughts": 1}),
    "analysis channel": (said("a", "assistant", "hm", channel="analysis"), [], {"thoughts": 1}),
    "final channel": (said("a", "assistant", "yes", channel="final"), ["yes"], {}),
    "custom instructions": (said("a", "user", content={"content_type": "user_editable_context", "user_profile": "x"}),
                            [], {"instructions": 1}),
    "memory of the other program": (
        said("a", "assistant", content={"content_type": "model_editable_context", "model_set_context": "x"}),
        [], {"instructions": 1}),
    "image of a tool": (said("a", "tool", content={"content_type": "multimodal_text", "parts": [image()]}), [],
                        {"files": 1}),
    "system message": (said("a", "system", "be kind"), [], {"instructions": 1}),
    "empty system message": (said("a", "system", ""), [], {}),
    "hidden": (said("a", "user", "x", metadata={"is_visually_hidden_from_conversation": True}), [], {"hidden": 1}),
    "code as an answer": (said("a", "assistant", content={"content_type": "code", "language": "python", "text": "1"}),
                          ["```python\n1\n```"], {}),
    "image with a name": (said("a", "user", image(), "what is it?", content={
        "content_type": "multimodal_text", "parts": [image(), "what is it?"]}, metadata=FILES),
        ["[cat.png]\n\nwhat is it?\n\n[plan.pdf]"], {"files": 2}),
    "image without a name": (said("a", "user", content={"content_type": "multimodal_text", "parts": [image()]}),
                             ["[attachment]"], {"files": 1}),
    "speech": (said("a", "user", content={"content_type": "multimodal_text", "parts": [
        {"content_type": "audio_transcription", "text": "hello there", "direction": "in"},
        {"content_type": "real_time_user_audio_video_asset_pointer", "audio_asset_pointer": {}}]}),
        ["hello there"], {}),
    "citation with a source": (said("a", "assistant", "Yes \ue200cite\ue202turn0search0\ue201.", metadata=CITED),
                               ["Yes ([A  b](<https://example.org/a>))."], {}),
    "citation without a source": (said("a", "assistant", "Yes \ue200cite\ue202turn0search0\ue202turn1view2\ue201."),
                                  ["Yes."], {}),
    "citation that is cut off": (said("a", "assistant", "Yes \ue200cite\ue202turn0search0"), ["Yes"], {}),
    "named entity": (said("a", "assistant", 'In \ue200entity\ue202["city","Kyoto","Japan"]\ue201.'), ["In Kyoto."], {}),
    "named link": (said("a", "assistant", "See \ue200url\ue202EU page\ue202turn0search0\ue201."), ["See EU page."], {}),
    "writing block": (said("a", "assistant", "\ue203# T\ue204\n\nx\ue206"), ["# T\n\nx"], {}),
    "old citation": (said("a", "assistant", "Yes【12†L3-L9】, yes【4:0†source】."), ["Yes, yes."], {}),
    "brackets of a person": (said("a", "user", "【a†b】 \ue200"), ["【a†b】 \ue200"], {}),
    "quotation": (said("a", "user", content={"content_type": "tether_quote", "title": "T", "text": "a\nb"}),
                  ["T\n\n> a\n> b"], {}),
    "canvas": (said("a", "assistant", '{"name":"Plan","type":"document","content":"# Steps"}',
                    recipient="canmore.create_textdoc"), ["**Plan**\n\n# Steps"], {}),
    "canvas with code": (said("a", "assistant", '{"name":"f","type":"code/python","content":"x = 1"}',
                              recipient="canmore.create_textdoc"), ["**f**\n\n```python\nx = 1\n```"], {}),
    "unknown kind with a text": (said("a", "assistant", content={"content_type": "new_2027", "text": "kept"}),
                                 ["kept"], {}),
    "unknown kind": (said("a", "assistant", content={"content_type": "new_2027", "blob": 1}), [],
                     {"unknown_parts": 1}),
    "null part": (said("a", "assistant", None, "x"), ["x"], {"unreadable": 1}),
    "no author": (said("a", "user", "x", author=None), [], {"unreadable": 1}),
    "author as text": (said("a", "user", "x", author="user"), ["x"], {}),
    "no content": (said("a", "user", content={"parts": None}), [], {}),
    "content of another type": ({**said("a", "user"), "content": ["x"]}, [], {"unreadable": 1}),
    "metadata of another type": (said("a", "user", "x", metadata=[], recipient=None), ["x"], {}),
    "unpaired surrogate": (said("a", "user", "x"), ["x"], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CHATGPT)
def test_message_of_chatgpt_is_shown_as_it_was_there(case: str) -> None:
    message, shown, counted = CHATGPT[case]
    raw = chatgpt("t", said("q", "user", "Q"), message, said("z", "assistant", "Z", at=1760000009.0))
    assert texts(raw) == [["Q", *shown, "Z"]]
    assert notes(raw) == counted


def artifact(command: str = "create", **more: Any) -> Json:
    return {"type": "tool_use", "name": "artifacts", "input": {"command": command, "id": "doc", **more}}


UNSUPPORTED = "```\nThis block is not supported on your current device yet.\n```"
PASTED = {"file_name": "", "file_type": "txt", "extracted_content": "a long question"}
NOTES = {"file_name": "notes.txt", "file_type": "txt", "extracted_content": "the notes"}
CLAUDE: dict[str, tuple[Json, list[str], dict[str, int]]] = {
    "pasted text": (wrote("a", "human", "see", attachments=[PASTED]), ["see\n\na long question"], {}),
    "pasted text alone": (wrote("a", "human", attachments=[PASTED]), ["a long question"], {}),
    "file with its text": (wrote("a", "human", "see", attachments=[NOTES], files=[{"file_name": "notes.txt"}]),
                           ["see\n\n[notes.txt]\n\nthe notes"], {}),
    "two pasted texts": (wrote("a", "human", attachments=[PASTED, PASTED | {"extracted_content": "another"}]),
                         ["a long question\n\nanother"], {}),
    "file": (wrote("a", "human", "see", files=[{"file_name": "a.png", "file_uuid": "u"}],
                   files_v2=[{"file_name": "a.png", "file_uuid": "u"}]), ["see\n\n[a.png]"], {"files": 1}),
    "thinking": (wrote("a", "assistant", content=[{"type": "thinking", "thinking": "hm"},
                                                  {"type": "text", "text": "yes"}]), ["yes"], {"thoughts": 1}),
    "call of a tool": (wrote("a", "assistant", UNSUPPORTED, content=[
        {"type": "tool_use", "name": "web_search", "input": {"query": "x"}},
        {"type": "tool_result", "name": "web_search", "content": []}]), [], {"tool_messages": 2}),
    "artifact": (wrote("a", "assistant", content=[
        {"type": "text", "text": "Here:"}, artifact(type="text/markdown", title="Plan", content="# Steps"),
        {"type": "text", "text": "Done."}]), ["Here:\n\n**Plan**\n\n# Steps\n\nDone."], {}),
    "artifact with code": (wrote("a", "assistant", content=[
        artifact(type="application/vnd.ant.code", language="python", title="f", content="x = 1")]),
        ["**f**\n\n```python\nx = 1\n```"], {}),
    "artifact that was rewritten": (wrote("a", "assistant", content=[
        artifact("rewrite", type="text/html", title="Page", content="<p>")]), ["**Page**\n\n```html\n<p>\n```"], {}),
    "artifact with a fence": (wrote("a", "assistant", content=[
        artifact(type="application/vnd.ant.code", title="f", content="```\nx\n```")]),
        ["**f**\n\n````code\n```\nx\n```\n````"], {}),
    "file that was created": (wrote("a", "assistant", content=[
        {"type": "tool_use", "name": "create_file", "input": {"path": "/mnt/a/b.md", "file_text": "# T"}}]),
        ["**b.md**\n\n# T"], {}),
    "artifact as a tag": (wrote("a", "assistant", 'A <antThinking>hm</antThinking><antArtifact identifier="i" '
        'type="application/vnd.ant.code" language="js" title="F > G">x()</antArtifact> B'),
        ["A \n\n**F > G**\n\n```js\nx()\n```\n\n B"], {}),
    "artifact as a tag that is cut off": (wrote("a", "assistant", '<antArtifact identifier="i">x'),
                                          ["**i**\n\n```\nx\n```"], {}),
    "placeholder": (wrote("a", "assistant", f"A\n\n{UNSUPPORTED}\n\nB", content=[]), ["A\n\nB"], {}),
    "old message": (wrote("a", "assistant", "yes", content=[]), ["yes"], {}),
    "voice": (wrote("a", "human", content=[{"type": "voice_note", "title": "T", "text": "said"}]), ["T\n\nsaid"], {}),
    "budget": (wrote("a", "assistant", content=[{"type": "token_budget"}, {"type": "text", "text": "x"}]), ["x"], {}),
    "unknown kind": (wrote("a", "assistant", content=[{"type": "new_2027", "blob": 1}]), [], {"unknown_parts": 1}),
    "null block": (wrote("a", "assistant", content=[None]), [], {"unreadable": 1}),  # type: ignore[list-item]
    "unknown sender": (wrote("a", "robot", "x"), [], {"unreadable": 1}),
    "no attachments": (wrote("a", "human", "x", attachments=None, files=None), ["x"], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CLAUDE)
def test_message_of_claude_is_shown_as_it_was_there(case: str) -> None:
    message, shown, counted = CLAUDE[case]
    raw = claude("t", wrote("q", "human", "Q"), message, wrote("z", "assistant", "Z"))
    assert texts(raw) == [["Q", *shown, "Z"]]
    assert notes(raw) == counted


def test_design_chat_of_claude_is_read() -> None:
    raw = {"uuid": "d", "title": "Design", "project": {"uuid": "p"}, "messages": [
        {"role": "user", "content": {"content": "Q", "attachments": []}},
        {"role": "assistant", "content": {"content": "A", "contentBlocks": [
            {"type": "thinking", "text": "hm"}, {"type": "text", "text": "A"},
            {"type": "tool_call", "toolCall": {"name": "x"}}]}},
        {"role": "user", "content": "Q2"},
    ]}  # fmt: skip
    assert texts(raw) == [["Q", "A", "Q2"]]
    assert notes(raw) == {"thoughts": 1, "tool_messages": 1}


def branched(parent: bool = True) -> Json:
    links = ["00000000-0000-4000-8000-000000000000", "q", "a", "q2", "a", "q3", "q3"]
    messages = [wrote("q", "human", "Q"), wrote("a", "assistant", "A"), wrote("q2", "human", "Q2"),
                wrote("a2", "assistant", "A2"), wrote("q3", "human", "Q3"), wrote("a3", "assistant", "A3"),
                wrote("a4", "assistant", "A4")]  # fmt: skip
    for number, (message, above) in enumerate(zip(messages, links, strict=True)):
        message["created_at"] = f"2026-05-01T10:00:{number:02}Z"
        if parent:
            message["parent_message_uuid"] = above
    return claude("t", *messages)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, [["Q", "A", "Q3", "A4"], ["Q2", "A2", "A3"]]),
        ("gone", [["Q", "A", "Q3", "A4"], ["Q2", "A2", "A3"]]),
        ("a2", [["Q", "A", "Q2", "A2"], ["Q3", "A3", "A4"]]),
        ("q2", [["Q", "A", "Q2", "A2"], ["Q3", "A3", "A4"]]),
    ],
)
def test_the_version_that_was_current_is_shown(current: str | None, expected: list[list[str]]) -> None:
    assert texts(branched() | {"current_leaf_message_uuid": current}) == expected


def test_messages_without_parents_are_one_line() -> None:
    assert texts(branched(parent=False)) == [["Q", "A", "Q2", "A2", "Q3", "A3", "A4"]]


@pytest.mark.parametrize("current", ["gone", "", None, 3, "root", "b"])
def test_missing_current_node_is_the_newest_leaf(current: Any) -> None:
    raw = chatgpt("t", said("a", "user", "Q"), said("b", "assistant", "A", at=1760000001.0))
    assert texts(raw | {"current_node": current}) == [["Q", "A"]]


def test_parent_that_is_missing_or_named_by_its_children_only() -> None:
    raw = chatgpt("t", said("a", "user", "Q"), said("b", "assistant", "A", at=1760000001.0))
    del raw["mapping"]["b"]["parent"]
    assert texts(raw) == [["Q", "A"]]
    raw["mapping"]["a"]["parent"] = "gone"
    assert texts(raw) == [["Q", "A"]]
    raw["mapping"]["a"]["parent"] = "b"
    raw["mapping"]["x"] = None
    assert sorted(text for line in texts(raw) for text in line) == ["A", "Q"], "a cycle ends"


def test_time_of_a_child_is_later_than_that_of_its_parent() -> None:
    raw = chatgpt("t", said("a", "user", "Q", at=1760000009.0), said("b", "assistant", "A", at=None),
                  said("c", "user", "Q2", at=1760000001.0))  # fmt: skip
    times = [message.at for message in messages_of(parse_chat(raw), NOW)]
    assert times == sorted(set(times))
    assert times[0] == datetime.fromtimestamp(1760000009, UTC)


WITHOUT_TIME: tuple[Any, ...] = (
    None, 0, -1, True, "", "soon", "nan", "inf", float("inf"), 1e300, [], {}, 10**400, "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1760000000.5, datetime.fromtimestamp(1760000000.5, UTC)),
        (1760000000500, datetime.fromtimestamp(1760000000.5, UTC)),
        ("1760000000.5", datetime.fromtimestamp(1760000000.5, UTC)),
        ("2025-10-09T08:53:20Z", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        ("2025-10-09T08:53:20", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        ("2025-10-09T17:53:20+09:00", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)),
        *((value, None) for value in WITHOUT_TIME),
    ],
)  # fmt: skip
def test_time_is_read_in_every_form(value: Any, expected: datetime | None) -> None:
    assert moment(value) == expected


def test_long_text_becomes_several_messages_in_order() -> None:
    text = "line\n" * 100_000
    raw = claude("t", wrote("q", "human", text), wrote("a", "assistant", "A"))
    [[*parts, answer]] = texts(raw)
    assert "".join(pieces(text)) == text
    assert len(parts) == 2
    assert answer == "A"
