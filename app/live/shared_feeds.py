"""The two halves of a subscription that is shared: what one client has missed, and what all get from then on."""

from collections.abc import AsyncIterator
from uuid import UUID

from app.live.hub import EventHub
from app.live.position import ReadPosition
from resolvers.ports import Occurrence


class _Half:
    """Implements resolvers.ports.EventFeed; the bookmark says where to begin, whatever cursor the client named."""

    def __init__(self, hub: EventHub, bookmark: ReadPosition) -> None:
        self._hub = hub
        self._bookmark = bookmark

    async def latest(self, viewer_id: str) -> str:
        return await self._hub.latest(viewer_id)

    async def trace(self, viewer_id: str, subject_id: UUID) -> list[Occurrence]:
        return await self._hub.trace(viewer_id, subject_id)


class MissedEvents(_Half):
    """What has settled behind the bookmark, which moves along; then it ends."""

    def follow(
        self, viewer_id: str, *, kinds: frozenset[str] | None = None, after: str | None = None
    ) -> AsyncIterator[Occurrence]:
        return self._hub.replay(self._bookmark, viewer_id, kinds)


class EventsFromNowOn(_Half):
    """What is behind the bookmark, without an end."""

    def follow(
        self, viewer_id: str, *, kinds: frozenset[str] | None = None, after: str | None = None
    ) -> AsyncIterator[Occurrence]:
        return self._hub.follow_from(self._bookmark, viewer_id, kinds)
