"""No list costs a statement a row."""

from tests.resolvers.conftest import Api

DEEP = """
query Deep($conversations: Int) {
  conversations(first: $conversations) { edges { node {
    title
    messages(last: 4) { edges { node {
      content
      replyTo { id conversation { title } }
      intents { description history { toStatus } sourceMessage { id } conversation { id } }
    } } }
    intents(first: 3) { totalCount edges { node { id sourceMessage { content } } } }
  } } }
  notifications(first: 100) { unreadCount edges { node { intent { id } sourceMessage { id } } } }
}
"""


async def fill(api: Api, conversations: int) -> None:
    for number in range(conversations):
        await api.database.pool.execute(
            """
            WITH c AS (INSERT INTO conversations (user_id, title) VALUES ('ann', $1) RETURNING id),
                 m AS (INSERT INTO messages (user_id, conversation_id, content, message_type)
                       SELECT 'ann', id, 'hello', 'user' FROM c RETURNING id, conversation_id),
                 r AS (INSERT INTO messages (user_id, conversation_id, content, message_type, reply_to)
                       SELECT 'ann', conversation_id, 'yes', 'kana', id FROM m RETURNING id),
                 i AS (INSERT INTO intents (user_id, conversation_id, source_message_id, description, actor)
                       SELECT 'ann', conversation_id, id, 'do it', 'test' FROM m RETURNING id, source_message_id)
            INSERT INTO notifications (user_id, title, message, notification_type, intent_id, source_message_id)
            SELECT 'ann', 't', 'm', 'info', id, source_message_id FROM i
            """,
            f"number {number}",
        )


async def test_statements_do_not_grow_with_the_rows(api: Api) -> None:
    await fill(api, 2)
    await api.data(DEEP, conversations=2)
    few = len(api.database.statements)
    await fill(api, 22)
    data = await api.data(DEEP, conversations=24)
    assert len(data["conversations"]["edges"]) == 24
    assert all(len(edge["node"]["messages"]["edges"]) == 2 for edge in data["conversations"]["edges"])
    assert all(edge["node"]["intents"]["totalCount"] == 1 for edge in data["conversations"]["edges"])
    assert len(api.database.statements) == few <= 12, api.database.statements


async def test_what_a_query_does_not_ask_for_is_not_read(api: Api) -> None:
    await fill(api, 3)
    await api.data("{ intents { edges { node { id } } } }")
    assert len(api.database.statements) == 1
