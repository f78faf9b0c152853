"""A client that reads one reply to the end and reconnects after every failure."""

import asyncio
import json
import random
from contextlib import suppress
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

STREAMED = """
subscription($id: ID!, $from: Int!) { replyStreamed(messageId: $id, fromOffset: $from) { offset text status } }
"""
FINAL = ("COMPLETE", "STOPPED", "FAILED")
BROKEN = (OSError, WebSocketException, httpx.HTTPError, TimeoutError, EOFError)


class ReplyListener:
    """`text` is assembled from the offsets of the pieces; `gaps` lists pieces that left a gap."""

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.text = ""
        self.status = ""
        self.gaps: list[str] = []

    def apply(self, piece: dict[str, Any]) -> None:
        if piece["offset"] > len(self.text):
            self.gaps.append(f"a piece at {piece['offset']} after {len(self.text)} characters")
        self.text = self.text[: piece["offset"]] + piece["text"]
        self.status = piece["status"]

    async def read(self, address: str) -> None:
        """Continue after `text` until the connection breaks or the reply ends."""
        url = address.replace("http", "ws", 1) + "/graphql"
        async with connect(url, subprotocols=["graphql-transport-ws"], open_timeout=3, close_timeout=1) as opened:  # type: ignore[list-item]
            await opened.send('{"type":"connection_init"}')
            payload = {"query": STREAMED, "variables": {"id": self.message_id, "from": len(self.text)}}
            await opened.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            async for text in opened:
                message = json.loads(text)
                if message["type"] == "ping":
                    await opened.send('{"type":"pong"}')
                elif message["type"] == "next" and message["payload"].get("data"):
                    self.apply(message["payload"]["data"]["replyStreamed"])
                elif message["type"] in ("next", "error", "complete"):
                    return

    async def listen(self, addresses: list[str], chance: random.Random) -> None:
        """Reconnect to a random server until the reply has ended; sometimes disconnect without a failure."""
        while self.status not in FINAL:
            with suppress(*BROKEN):
                async with asyncio.timeout(chance.choice([0.2, 0.7, 30])):
                    await self.read(chance.choice(addresses))
            await asyncio.sleep(chance.choice([0, 0.05]))
