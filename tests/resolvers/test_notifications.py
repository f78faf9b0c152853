"""Reading notifications and marking them read."""

from tests.resolvers.conftest import Api

MARK = "mutation($ids: [ID!]) { markNotificationsRead(ids: $ids) }"
LIST = "query($unread: Boolean) { notifications(unreadOnly: $unread) { unreadCount edges { node { id isRead } } } }"


async def notify(api: Api, user: str = "ann") -> str:
    return str(
        await api.database.pool.fetchval(
            "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ($1, 't', 'm', 'success') "
            "RETURNING id",
            user,
        )
    )


async def test_marking_some_read_counts_only_what_changed(api: Api) -> None:
    first, second = await notify(api), await notify(api)
    assert (await api.data(MARK, ids=[first]))["markNotificationsRead"] == 1
    assert (await api.data(MARK, ids=[first]))["markNotificationsRead"] == 0
    assert (await api.data(LIST, unread=True))["notifications"] == {
        "unreadCount": 1,
        "edges": [{"node": {"id": second, "isRead": False}}],
    }


async def test_null_marks_all_and_an_empty_list_none(api: Api) -> None:
    for _ in range(3):
        await notify(api)
    assert (await api.data(MARK, ids=[]))["markNotificationsRead"] == 0
    assert (await api.data(MARK))["markNotificationsRead"] == 3
    assert (await api.data("{ viewer { unreadNotificationCount } }"))["viewer"]["unreadNotificationCount"] == 0


async def test_another_users_notifications_stay_unread(api: Api) -> None:
    theirs = await notify(api, "bob")
    assert (await api.data(MARK, ids=[theirs]))["markNotificationsRead"] == 0
    assert (await api.data(MARK))["markNotificationsRead"] == 0
    assert (await api.data(LIST, "bob"))["notifications"]["unreadCount"] == 1
