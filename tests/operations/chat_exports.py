"""Builds conversations as the data exports of ChatGPT and Claude have them."""

import json
import zipfile
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def said(key: str, role: str, *parts: Any, at: Any = 1760000000.0, content: Json | None = None, **more: Any) -> Json:
    """A message of ChatGPT."""
    return {
        "id": key, "author": {"role": role, "name": None, "metadata": {}}, "create_time": at, "update_time": None,
        "content": content or {"content_type": "text", "parts": list(parts)}, "status": "finished_successfully",
        "end_turn": True, "weight": 1.0, "metadata": {}, "recipient": "all", "channel": None, **more,
    }  # fmt: skip


def follow(mapping: Json, parent: str, *messages: Json) -> str:
    """Add messages after a node; returns the id of the last one."""
    for message in messages:
        mapping[message["id"]] = {"id": message["id"], "parent": parent, "children": [], "message": message}
        mapping[parent]["children"].append(message["id"])
        parent = message["id"]
    return parent


def chatgpt(title: str | None, *messages: Json, key: str = "g", **more: Any) -> Json:
    mapping: Json = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
    last = follow(mapping, "root", *messages)
    return {"title": title, "create_time": 1760000000.0, "update_time": 1760000100.0, "mapping": mapping,
            "current_node": last, "conversation_id": key, "is_archived": False, **more}  # fmt: skip


def wrote(key: str, sender: str, text: str = "", *, content: list[Json] | None = None, **more: Any) -> Json:
    """A message of Claude."""
    blocks = content if content is not None else [{"type": "text", "text": text, "citations": []}] if text else []
    return {"uuid": key, "text": text, "content": blocks, "sender": sender, "created_at": "2026-05-01T10:00:00.123456Z",
            "updated_at": "2026-05-01T10:00:00.123456Z", "attachments": [], "files": [], **more}  # fmt: skip


def claude(name: str, *messages: Json, key: str = "c", **more: Any) -> Json:
    return {"uuid": key, "name": name, "summary": "", "created_at": "2026-05-01T10:00:00.123456Z",
            "updated_at": "2026-05-01T10:10:00.123456Z", "account": {"uuid": "a"}, "chat_messages": list(messages),
            **more}  # fmt: skip


def archive(path: Path, files: dict[str, Any]) -> Path:
    """A zip archive; a value that is not bytes is written as JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path
