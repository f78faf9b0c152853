"""How far somebody has read in the record of events."""

from uuid import UUID

from sql.event_position import Position


class ReadPosition:
    """Everything up to `place` has been seen, and of what stands behind it `beyond`."""

    __slots__ = ("beyond", "place", "stream")

    def __init__(self, stream: UUID, place: Position, beyond: frozenset[Position] = frozenset()) -> None:
        self.stream = stream
        self.place = place
        self.beyond = beyond

    def pass_over(self, position: Position) -> bool:
        """Move on to the position; False when it was seen before."""
        if position <= self.place:
            return False
        self.place = position
        return position not in self.beyond
