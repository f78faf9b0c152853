"""Wire format of Anthropic's Messages API: messages, events and errors."""

import re
from typing import Any
from uuid import uuid4

import orjson
from starlette.responses import JSONResponse, Response

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def last_text(body: dict[str, Any]) -> str:
    """The text of the last message of the request."""
    content = body["messages"][-1]["content"]
    return content if isinstance(content, str) else str(content[-1].get("text", ""))


def asked(body: dict[str, Any]) -> str:
    """The text of the last message that is no output of a call."""
    for each in reversed(body["messages"]):
        content = each["content"]
        if each["role"] == "user" and (isinstance(content, str) or content[-1].get("type") == "text"):
            return content if isinstance(content, str) else str(content[-1].get("text", ""))
    return ""


def to_words(text: str) -> list[str]:
    """The words with their following space; joined they are the text again."""
    return re.findall(r"\s*\S+\s*", text)


def message(body: dict[str, Any], content: list[dict[str, Any]], stop_reason: str = "end_turn") -> dict[str, Any]:
    """A complete message. Input tokens are counted as four bytes each, output tokens as content blocks."""
    return {
        "id": "msg_local",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": len(orjson.dumps(body["messages"])) // 4,
            "output_tokens": len(content),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": len(orjson.dumps(body.get("system", ""))) // 4,
        },
    }


def text_block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def tool_block(name: str, given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_local", "name": name, "input": given}


def call_events(index: int, name: str, given: Any) -> list[bytes]:
    """The events of a call of a tool; `given` as text is sent as it is, in two parts."""
    text = given if isinstance(given, str) else orjson.dumps(given).decode()
    block = {**tool_block(name, {}), "id": f"toolu_{uuid4().hex}"}
    begun = event("content_block_start", {"index": index, "content_block": block})
    half = len(text) // 2
    deltas = [
        event("content_block_delta", {"index": index, "delta": {"type": "input_json_delta", "partial_json": part}})
        for part in (text[:half], text[half:])
    ]
    return [begun, *deltas, event("content_block_stop", {"index": index})]


def event(kind: str, body: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps({"type": kind, **body}))


def error(status: int, headers: dict[str, str] | None = None, text: str | None = None) -> Response:
    """An error in the format of the API."""
    kind = ERROR_TYPES.get(status, "api_error")
    content = {"type": "error", "error": {"type": kind, "message": text or f"{kind} on purpose"}}
    return JSONResponse(content, status, headers)
