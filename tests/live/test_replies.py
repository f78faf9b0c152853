"""Reply subscriptions deliver the exact text, also to late subscribers and with lost pieces."""

import asyncio
import random
from contextlib import aclosing
from uuid import UUID

import pytest

from resolvers.ports import ReplyPiece
from sql.errors import NotFound
from tests.live.conftest import Live, open_live
from tests.timeouts import TIMEOUT

TEXT = "設計は👩‍👩‍👧‍👦 three parts: a\u0301 store, 検索, and 🏳️‍🌈 flags. " * 40


async def begin_reply(live: Live, *, fence: int = 1) -> UUID:
    """A reply that a bridge has claimed."""
    reply: UUID = await live.database.pool.fetchval(
        """
        WITH c AS (INSERT INTO conversations (user_id, title) VALUES ('ann', 't') RETURNING id),
             m AS (INSERT INTO messages (user_id, conversation_id, content, message_type)
                   SELECT 'ann', id, 'q', 'user' FROM c RETURNING id, conversation_id)
        INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, fence, claimed_by,
                              lease_until)
        SELECT 'ann', conversation_id, '', 'kana', 'streaming', id, $1, 'bridge', now() + interval '1 minute' FROM m
        RETURNING id
        """,
        fence,
    )
    return reply


async def save(live: Live, reply: UUID, text: str, status: str = "streaming", fence: int = 1) -> None:
    await live.database.pool.execute(
        "UPDATE messages SET content = $2, status = $3, fence = $4, "
        "claimed_by = CASE WHEN $3 = 'streaming' THEN claimed_by END, "
        "lease_until = CASE WHEN $3 = 'streaming' THEN lease_until END WHERE id = $1",
        reply,
        text,
        status,
        fence,
    )


def assembled(pieces: list[ReplyPiece], held: str = "") -> str:
    """The text of a client after these pieces."""
    for piece in pieces:
        assert piece.offset <= len(held), "a gap"
        held = held[: piece.offset] + piece.text
    return held


async def follow(
    live: Live, reply: UUID, from_offset: int = 0, *, into: list[ReplyPiece] | None = None
) -> list[ReplyPiece]:
    """All pieces until the end; `into` gets them as they arrive."""
    found = [] if into is None else into
    async with asyncio.timeout(TIMEOUT), aclosing(live.replies.follow("ann", reply, from_offset)) as pieces:
        async for piece in pieces:
            found.append(piece)
    return found


async def until_received(pieces: list[ReplyPiece], count: int) -> None:
    async with asyncio.timeout(TIMEOUT):
        while len(pieces) < count:  # noqa: ASYNC110 - the subscriber runs in its own task
            await asyncio.sleep(0.005)


async def stream_text(live: Live, reply: UUID, *, lose: float = 0.0, fence: int = 1) -> None:
    """Stream TEXT as a bridge does: pieces, occasional saves, the end. `lose` is the share of lost pieces."""
    chance, written = random.Random(7), 0
    while written < len(TEXT):
        size = chance.randint(1, 90)
        if chance.random() >= lose:
            live.publisher.publish(reply, fence, written, TEXT[written : written + size], "streaming")
        written = min(written + size, len(TEXT))
        if chance.random() < 0.2:
            await save(live, reply, TEXT[:written], fence=fence)
        await asyncio.sleep(0.002)
    await save(live, reply, TEXT, "complete", fence)
    live.publisher.publish(reply, fence, len(TEXT), "", "complete")


async def test_subscribers_that_join_at_any_time_get_the_stored_text(live: Live) -> None:
    reply = await begin_reply(live)
    following = [asyncio.create_task(follow(live, reply))]
    await asyncio.sleep(0.05)
    writing = asyncio.create_task(stream_text(live, reply))
    for _ in range(5):
        await asyncio.sleep(0.03)
        following.append(asyncio.create_task(follow(live, reply)))
    await writing
    following.append(asyncio.create_task(follow(live, reply)))
    for pieces in await asyncio.gather(*following):
        assert assembled(pieces) == TEXT
        assert pieces[-1].status == "complete"


async def test_pieces_do_not_overlap(live: Live) -> None:
    reply = await begin_reply(live)
    following = asyncio.create_task(follow(live, reply))
    await asyncio.sleep(0.05)
    await stream_text(live, reply)
    held = 0
    for piece in await following:
        assert piece.offset == held
        held += len(piece.text)


async def test_lost_pieces_are_read_from_the_table(live: Live) -> None:
    reply = await begin_reply(live)
    following = asyncio.create_task(follow(live, reply))
    await asyncio.sleep(0.05)
    await stream_text(live, reply, lose=0.5)
    assert assembled(await following) == TEXT


async def test_subscriber_in_another_process_gets_the_same_text(live: Live) -> None:
    async with open_live(live.url) as other:
        await asyncio.sleep(0.3)
        reply = await begin_reply(live)
        following = asyncio.create_task(follow(other, reply))
        await asyncio.sleep(0.1)
        await stream_text(live, reply)
        assert assembled(await following) == TEXT


async def test_resuming_subscriber_gets_only_the_rest(live: Live) -> None:
    reply = await begin_reply(live)
    await save(live, reply, TEXT, "complete")
    [piece] = await follow(live, reply, from_offset=100)
    assert piece.offset == 100
    assert TEXT[:100] + piece.text == TEXT


async def test_new_attempt_of_another_bridge_replaces_the_text(live: Live) -> None:
    reply = await begin_reply(live)
    pieces: list[ReplyPiece] = []
    following = asyncio.create_task(follow(live, reply, into=pieces))
    await until_received(pieces, 1)
    live.publisher.publish(reply, 1, 0, "text of a killed bridge", "streaming")
    await until_received(pieces, 2)
    await save(live, reply, "", fence=2)
    await stream_text(live, reply, fence=2)
    await following
    assert pieces[1].text == "text of a killed bridge"
    assert assembled(pieces) == TEXT


async def test_end_without_a_message_is_found_by_polling(live: Live) -> None:
    reply = await begin_reply(live)
    following = asyncio.create_task(follow(live, reply))
    await asyncio.sleep(0.05)
    await save(live, reply, "partial text", "stopped")
    pieces = await following
    assert assembled(pieces) == "partial text"
    assert pieces[-1].status == "stopped"


async def test_reply_of_another_user_is_not_found(live: Live) -> None:
    reply = await begin_reply(live)
    with pytest.raises(NotFound):
        await anext(live.replies.follow("bob", reply, 0))
    with pytest.raises(NotFound):
        await anext(live.replies.follow("ann", UUID(int=7), 0))


async def test_unsubscribing_frees_everything(live: Live) -> None:
    reply = await begin_reply(live)
    for _ in range(50):
        pieces = live.replies.follow("ann", reply, 0)
        await anext(pieces)
        await pieces.aclose()
    assert not live.replies._queues
