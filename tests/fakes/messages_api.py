"""A local HTTP server with Anthropic's Messages API, including its faults.

In a test: `async with messages_api() as api:` and point ANTHROPIC_BASE_URL at `api.url`.
As a separate process: `python -m tests.fakes.messages_api --port 0`, which prints its address as its first line.

Without a script it answers "You said: " and the last text of the user, word by word. Requests of the memory extraction
find nothing and use no script. When tools are offered, it calls `create_intent` for the work that the local rules find
in the message, and answers after that. Requests for structured output, or with a forced tool, are answered by the local
rules.
`api.script(...)` sets the answers to the next plain requests, `api.script_structured(...)` to the next structured ones.
A message may contain its own script, also for a separate process: "[[status 529]]", "[[fault dropped]]",
"[[stop max_tokens]]", "[[delay 0.05]]", "[[words 200]]".
"""

import argparse
import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast, get_args

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.language.text import split_sentences
from app.memory.extraction.claude import CONDENSE, INSTRUCTIONS, SUMMARISE
from app.models.classification.local import LocalClassifier, read_sentence
from tests.asgi_server import serve
from tests.fakes.messages_wire import (
    asked,
    call_events,
    error,
    event,
    last_text,
    message,
    text_block,
    to_words,
    tool_block,
)

# `silent` sends no response; the others happen after the pieces.
Fault = Literal["none", "dropped", "malformed", "stalled", "pinging", "silent", "no_stop", "error_event"]
MARK = re.compile(r"\s*\[\[(status|fault|stop|delay|words) ([\w.]+)\]\]")
MAX_CALLS = 5
REASON = "The local Messages API decided by rules."


@dataclass(frozen=True, slots=True)
class Scripted:
    """The answer to one request: an error, a page, or pieces, `raw` bytes, calls of tools and the fault.

    A call is a name and its arguments, or their JSON as text, which may be malformed. The last piece
    waits for `last_after`. The stop reason "missing" is left out. It is for the request with the message,
    rather than for the one with the outputs of calls by rule, when it has calls or `continues`.
    """

    status: int = 200
    pieces: Sequence[str] | None = None
    fault: Fault = "none"
    delay: float = 0.0
    last_after: asyncio.Event | None = None
    headers: dict[str, str] = field(default_factory=dict)
    error_message: str | None = None
    page: str | None = None
    raw: bytes = b""
    stop_reason: str | None = None
    tool: tuple[str, Any] | None = None
    tools: Sequence[tuple[str, Any]] = ()
    structured: Any = None
    continues: bool = False

    @property
    def calls(self) -> list[tuple[str, Any]]:
        return [*([self.tool] if self.tool else []), *self.tools]

    def marked(self, text: str) -> "Scripted":
        """With the script that the message contains."""
        marks = dict(cast(list[tuple[str, str]], MARK.findall(text)))
        fault = marks.get("fault", self.fault)
        if fault not in get_args(Fault):
            return replace(self, status=400, error_message=f"no such fault: {fault}")
        return replace(
            self,
            status=int(marks.get("status", self.status)),
            fault=cast(Fault, fault),
            stop_reason=marks.get("stop", self.stop_reason),
            delay=float(marks.get("delay", self.delay)),
            pieces=["word "] * int(marks["words"]) if "words" in marks else self.pieces,
        )


@dataclass
class MessagesApi:
    """State of the server: received requests, scripted answers, and the number of requests that clients cancelled."""

    url: str = ""
    delay: float = 0.0
    requests: list[dict[str, Any]] = field(default_factory=list)
    streams_left: int = 0
    tokenizer: Callable[[str], int] | None = None  # without it there is no counting of tokens
    counting_status: int = 200
    counting_body: bytes | None = None
    counting_headers: dict[str, str] = field(default_factory=dict)
    counted: list[dict[str, Any]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)  # fields that this server does not know
    _next: deque[Scripted] = field(default_factory=deque)
    _next_structured: deque[Scripted] = field(default_factory=deque)

    def script(self, *answers: Scripted) -> None:
        """Set the answers to the next requests for text."""
        self._next.extend(answers)

    def script_structured(self, *answers: Scripted) -> None:
        """Set the answers to the next requests for structured output or with a forced tool."""
        self._next_structured.extend(answers)

    @property
    def left(self) -> int:
        """The number of answers that were not asked for."""
        return len(self._next)

    def reset(self) -> None:
        """Forget the answers that were not asked for."""
        self._next.clear()

    def app(self) -> Starlette:
        counting = Route("/v1/messages/count_tokens", self._count, methods=["POST"])
        return Starlette(routes=[counting, Route("/v1/messages", self._answer, methods=["POST"])])

    async def _count(self, request: Request) -> Response:
        body = orjson.loads(await request.body())
        self.counted.append(body)
        if self.tokenizer is None:
            return error(404)
        if self.counting_status == 0:
            await self._wait_until_disconnected(request)
        if self.counting_status != 200:
            return error(self.counting_status, self.counting_headers)
        if self.counting_body is not None:
            return Response(self.counting_body, media_type="application/json")
        return JSONResponse({"input_tokens": self.tokenizer(orjson.dumps(body["messages"]).decode())})

    async def _answer(self, request: Request) -> Response:
        body = orjson.loads(await request.body())
        self.requests.append({**body, "headers": dict(request.headers)})
        # The SDK sends the key as a bearer token since its version 2; other clients send x-api-key.
        if not (request.headers.get("authorization") or request.headers.get("x-api-key")):
            return error(401)
        for unknown in self.refuses:
            if f'"{unknown}"'.encode() in orjson.dumps(body):
                return error(400, text=f"{unknown}: Extra inputs are not permitted")
        scripted = await self._scripted(body)
        if scripted.fault == "silent":
            await self._wait_until_disconnected(request)
        if scripted.status != 200:
            return error(scripted.status, scripted.headers, scripted.error_message)
        if scripted.page is not None:
            return Response(scripted.page, media_type="text/html")
        if body.get("stream"):
            return StreamingResponse(self._stream(body, scripted), media_type="text/event-stream")
        return await self._whole(body, scripted)

    async def _scripted(self, body: dict[str, Any]) -> Scripted:
        if _is_structured(body):
            return self._next_structured.popleft() if self._next_structured else Scripted()
        if found := _answer_to_memory(body):
            return found
        if calls := self._calls_by_rules(body):
            return Scripted(pieces=(), tools=calls)
        scripted = self._next.popleft() if self._next else Scripted(delay=self.delay)
        return scripted.marked(asked(body))

    def _calls_by_rules(self, body: dict[str, Any]) -> list[tuple[str, Any]]:
        """Calls for the work items that the local rules find in the message, unless calls are scripted."""
        offered = [tool["name"] for tool in body.get("tools", ())]
        scripted = bool(self._next) and (self._next[0].continues or bool(self._next[0].calls))
        if "create_intent" not in offered or _follows_calls(body) or scripted:
            return []
        return _to_calls(last_text(body))

    async def _wait_until_disconnected(self, request: Request) -> None:
        while not await request.is_disconnected():  # noqa: ASYNC110 - Starlette has no event for it
            await asyncio.sleep(0.02)
        self.streams_left += 1

    async def _whole(self, body: dict[str, Any], scripted: Scripted) -> Response:
        if not _is_structured(body):
            return JSONResponse(message(body, [text_block("".join(_pieces(body, scripted)))]))
        answer = scripted.structured if scripted.structured is not None else await _read_by_rules(body)
        if tool := (body.get("tool_choice") or {}).get("name"):
            return JSONResponse(message(body, [tool_block(tool, answer)], "tool_use"))
        text = answer if isinstance(answer, str) else orjson.dumps(answer).decode()
        return JSONResponse(message(body, [text_block(text)], scripted.stop_reason or "end_turn"))

    async def _stream(self, body: dict[str, Any], scripted: Scripted) -> AsyncIterator[bytes]:
        try:
            yield event("message_start", {"message": message(body, []) | {"stop_reason": None}})
            yield event("content_block_start", {"index": 0, "content_block": text_block("")})
            yield event("ping", {})
            pieces = _pieces(body, scripted)
            for place, piece in enumerate(pieces, start=1):
                if scripted.delay:
                    await asyncio.sleep(scripted.delay)
                if scripted.last_after and place == len(pieces):
                    await scripted.last_after.wait()
                yield event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}})
            yield scripted.raw
            async for last in _end(scripted, max(len(pieces), 1)):
                yield last
        except asyncio.CancelledError:
            self.streams_left += 1
            raise


async def _end(scripted: Scripted, output_tokens: int) -> AsyncIterator[bytes]:
    """The scripted fault, or the events that end a message."""
    match scripted.fault:
        case "dropped":
            raise ConnectionResetError("dropped on purpose")
        case "malformed":
            yield b"event: content_block_delta\ndata: {not json\n\n"
        case "stalled":
            await asyncio.sleep(3600)
        case "pinging":
            while True:
                await asyncio.sleep(0.02)
                yield event("ping", {})
        case "error_event":
            yield event("error", {"error": {"type": "overloaded_error", "message": "Overloaded"}})
        case "no_stop":
            return
    yield event("content_block_stop", {"index": 0})
    for index, (name, given) in enumerate(scripted.calls, start=1):
        for each in call_events(index, name, given):
            yield each
    stop_reason = scripted.stop_reason or ("tool_use" if scripted.calls else "end_turn")
    delta = {} if scripted.stop_reason == "missing" else {"stop_reason": stop_reason, "stop_sequence": None}
    ending = {"delta": delta, "usage": {"output_tokens": output_tokens}}
    yield event("message_delta", ending)
    yield event("message_stop", {})


def _follows_calls(body: dict[str, Any]) -> bool:
    """Whether the request carries the outputs of calls."""
    content = body["messages"][-1]["content"]
    return isinstance(content, list) and content[-1].get("type") == "tool_result"


def _to_calls(text: str) -> list[tuple[str, Any]]:
    """Calls for the work that the local rules find in the sentences of the text."""
    now = datetime.now().astimezone()
    found = (read_sentence(sentence, now) for sentence in split_sentences(text))
    return [
        (
            "create_intent",
            {
                "description": each.text,
                "intentType": each.verdict.upper(),
                **({"dueAt": each.time.at.isoformat()} if each.time and each.time.at else {}),
            },
        )
        for each in found
        if each.verdict not in ("none", "question")
    ][:MAX_CALLS]


def _is_structured(body: dict[str, Any]) -> bool:
    return "format" in (body.get("output_config") or {}) or (body.get("tool_choice") or {}).get("type") == "tool"


def _answer_to_memory(body: dict[str, Any]) -> Scripted | None:
    """The answer to a background request of the memory extraction: no memories. It uses no script."""
    system = body.get("system") or ""
    text = system if isinstance(system, str) else system[0]["text"]
    if text.startswith(INSTRUCTIONS):
        return Scripted(pieces=["[]"])
    return Scripted() if text.startswith((SUMMARISE, CONDENSE)) else None


def _pieces(body: dict[str, Any], scripted: Scripted) -> Sequence[str]:
    return scripted.pieces if scripted.pieces is not None else to_words("You said: " + MARK.sub("", asked(body)))


async def _read_by_rules(body: dict[str, Any]) -> dict[str, Any]:
    """The classification of the intent by the local rules; no contradictions."""
    text = last_text(body)
    if "<intent>" in text:
        return {"contradictions": []}
    stated = re.search(r"now (\S+)", text)
    now = datetime.fromisoformat(stated[1]) if stated else datetime.now().astimezone()
    found = re.search(r"<item>\n(.*)\n</item>", text, re.DOTALL)
    kind = await LocalClassifier().classify_intent(found[1] if found else text, (), now)
    return {
        "type": kind.intent_type,
        "due_at": kind.due_at.isoformat() if kind.due_at else None,
        "confidence": 0.97,
        "reason": REASON,
    }


@asynccontextmanager
async def messages_api(*, port: int = 0, delay: float = 0.0) -> AsyncIterator[MessagesApi]:
    """Run the server on a loopback port (a free one unless given), in the running event loop."""
    api = MessagesApi(delay=delay)
    async with serve(api.app(), port) as api.url:
        yield api


async def _run(port: int, delay: float) -> None:
    async with messages_api(port=port, delay=delay) as api:
        print(api.url, flush=True)  # noqa: T201 - read by the parent process
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A local server that speaks Anthropic's Messages API.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two pieces of an answer")
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(arguments.port, arguments.delay))


if __name__ == "__main__":
    main()
