"""The shapes of Anthropic's Messages API: messages, events and errors, as they go over the wire."""

import re
from typing import Any

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


def last_words(asked: dict[str, Any]) -> str:
    """The text that the request ends with."""
    content = asked["messages"][-1]["content"]
    return content if isinstance(content, str) else str(content[-1].get("text", ""))


def to_words(text: str) -> list[str]:
    """The words with the space behind them; together they are the text again."""
    return re.findall(r"\s*\S+\s*", text)


def message(asked: dict[str, Any], content: list[dict[str, Any]], stop_reason: str = "end_turn") -> dict[str, Any]:
    """A whole message; a token is four bytes of what was asked, or a block of what is answered."""
    return {
        "id": "msg_local",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": len(orjson.dumps(asked["messages"])) // 4,
            "output_tokens": len(content),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": len(orjson.dumps(asked.get("system", ""))) // 4,
        },
    }


def text_block(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def tool_block(name: str, given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_local", "name": name, "input": given}


def event(kind: str, body: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps({"type": kind, **body}))


def error(status: int, headers: dict[str, str] | None = None, said: str | None = None) -> Response:
    """An error as the API words it."""
    kind = ERROR_TYPES.get(status, "api_error")
    body = {"type": "error", "error": {"type": kind, "message": said or f"{kind} on purpose"}}
    return JSONResponse(body, status, headers)
