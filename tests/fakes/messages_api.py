"""A local HTTP server that speaks Anthropic's Messages API, faults included.

In a test: `async with messages_api() as api:` and point ANTHROPIC_BASE_URL at `api.url`.
As a process of its own: `python -m tests.fakes.messages_api --port 9001`.

Without a script it answers "You said: " and the user's last words, word by word. A request that asks for structured
output gets what the local rules make of the message. `api.script(...)` says what the next requests get instead.
"""

import argparse
import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.assistant.classification.local import LocalClassifier
from tests.serving import serve

Fault = Literal["none", "dropped", "malformed", "stalled", "no_stop", "error_event", "refusal"]
ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}


@dataclass(frozen=True, slots=True)
class Scripted:
    """What one request gets: an HTTP error, or these pieces and then the fault."""

    status: int = 200
    pieces: Sequence[str] | None = None
    fault: Fault = "none"
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    structured: Any = None


@dataclass
class MessagesApi:
    """The server's state: what was asked, what comes next, and how many streams the clients left early."""

    url: str = ""
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    streams_left: int = 0
    _next: deque[Scripted] = field(default_factory=deque)

    def script(self, *answers: Scripted) -> None:
        """Answer the next streamed requests like this."""
        self._next.extend(answers)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/messages", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        asked = orjson.loads(await request.body())
        self.requests.append({**asked, "headers": dict(request.headers)})
        # The SDK sends the key as a bearer token since its version 2; other clients send x-api-key.
        if not (request.headers.get("authorization") or request.headers.get("x-api-key")):
            return _error(401)
        if asked.get("output_config"):
            return JSONResponse(await self._structured(asked))
        scripted = self._next.popleft() if self._next else Scripted(delay=self.delay)
        if scripted.status != 200:
            return _error(scripted.status, scripted.headers)
        pieces = scripted.pieces if scripted.pieces is not None else _words(f"You said: {_last_words(asked)}")
        if not asked.get("stream"):
            return JSONResponse(_message(asked, "".join(pieces)))
        return StreamingResponse(self._stream(asked, pieces, scripted), media_type="text/event-stream")

    async def _structured(self, asked: dict[str, Any]) -> dict[str, Any]:
        text = _last_words(asked)
        now = datetime.fromisoformat(re.search(r"now (\S+)", text)[1])  # type: ignore[index]
        message = text.split("<message>\n", 1)[1].rsplit("\n</message>", 1)[0]
        reading = await LocalClassifier().read_message(message, (), now)
        intents = [
            {
                "description": intent.description,
                "type": intent.intent_type,
                "priority": intent.priority,
                "due_at": intent.due_at.isoformat() if intent.due_at else None,
                "confidence": 0.97,
                "reason": "The local Messages API decided by rules.",
            }
            for intent in reading.intents
        ]
        answer = {"intents": intents, "reason": "The local Messages API decided by rules."}
        return _message(asked, orjson.dumps(answer).decode())

    async def _stream(self, asked: dict[str, Any], pieces: Sequence[str], scripted: Scripted) -> AsyncIterator[bytes]:
        try:
            yield _event("message_start", {"message": _message(asked, "") | {"content": []}})
            yield _event("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}})
            yield _event("ping", {})
            for piece in pieces:
                if scripted.delay:
                    await asyncio.sleep(scripted.delay)
                yield _event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}})
            if scripted.fault == "dropped":
                raise ConnectionResetError("dropped on purpose")
            if scripted.fault == "malformed":
                yield b"event: content_block_delta\ndata: {not json\n\n"
            if scripted.fault == "stalled":
                await asyncio.sleep(3600)
            if scripted.fault == "error_event":
                yield _event("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})
            if scripted.fault == "no_stop":
                return
            stop_reason = "refusal" if scripted.fault == "refusal" else "end_turn"
            usage = {"output_tokens": max(len(pieces), 1)}
            yield _event("content_block_stop", {"index": 0})
            yield _event(
                "message_delta", {"delta": {"stop_reason": stop_reason, "stop_sequence": None}, "usage": usage}
            )
            yield _event("message_stop", {})
        except asyncio.CancelledError:
            self.streams_left += 1
            raise


def _last_words(asked: dict[str, Any]) -> str:
    content = asked["messages"][-1]["content"]
    return content if isinstance(content, str) else str(content[-1]["text"])


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _message(asked: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "id": "msg_local",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": len(orjson.dumps(asked["messages"])) // 4, "output_tokens": 1},
    }


def _event(kind: str, body: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (kind.encode(), orjson.dumps({"type": kind, **body}))


def _error(status: int, headers: dict[str, str] | None = None) -> Response:
    kind = ERROR_TYPES.get(status, "api_error")
    return JSONResponse({"type": "error", "error": {"type": kind, "message": f"{kind} on purpose"}}, status, headers)


@asynccontextmanager
async def messages_api() -> AsyncIterator[MessagesApi]:
    """The server on a free loopback port, in the event loop of the test."""
    api = MessagesApi()
    async with serve(api.app()) as api.url:
        yield api


def main() -> None:
    parser = argparse.ArgumentParser(description="A local server that speaks Anthropic's Messages API.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two pieces of an answer")
    arguments = parser.parse_args()
    uvicorn.run(MessagesApi(delay=arguments.delay).app(), port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
