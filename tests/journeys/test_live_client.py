"""The real graphql-ws client from npm against the whole system."""

import json

import pytest

from tests.journeys.conftest import System
from tests.node_scripts import run_node


@pytest.mark.node
@pytest.mark.asyncio(loop_scope="session")
async def test_message_is_followed_by_reply_chunks_intents_and_a_notification(system: System) -> None:
    url = system.url.replace("http://", "ws://") + "/graphql"
    printed = await run_node("live_journey.mjs", url, "来週までに認証機能の設計をまとめてください 😀 and more")
    heard = [json.loads(line) for line in printed.splitlines()]
    by_kind = {
        kind: [each["value"] for each in heard if each["what"] == kind] for kind in ("piece", "intent", "message")
    }

    text = ""
    for piece in by_kind["piece"]:
        assert piece["offset"] == len(text)
        text += piece["text"]
    assert text == "You said: 来週までに認証機能の設計をまとめてください 😀 and more"
    assert len(by_kind["piece"]) > 3
    assert by_kind["piece"][-1]["status"] == "COMPLETE"

    statuses = [event["intent"]["status"] for event in by_kind["intent"]]
    assert statuses[-1] == "COMPLETED"
    assert by_kind["intent"][0]["kind"] == "INTENT_CREATED"
    assert by_kind["intent"][0]["previousStatus"] is None
    assert {"previousStatus": "PROCESSING"}.items() <= by_kind["intent"][-1].items()
    [notification] = [each["value"] for each in heard if each["what"] == "notification"]
    assert notification["unreadCount"] == 1
    assert notification["notification"]["title"] == "完了しました"
    assert [event["kind"] for event in by_kind["message"]][:2] == ["MESSAGE_CREATED", "MESSAGE_CREATED"]
