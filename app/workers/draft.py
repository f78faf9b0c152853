"""A reply while it is being written."""

import re
from dataclasses import dataclass, field
from time import perf_counter

from app.models.ports import Finished
from sql.rows import JsonObject

UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what neither JSON nor PostgreSQL can hold; as long as before, so that offsets stay right."""
    return UNSTORABLE.sub("\ufffd", text)


@dataclass(slots=True)
class Draft:
    """The reply so far. Times are those of `perf_counter`."""

    text: str = ""
    finished: Finished | None = None
    saved_at: float = 0.0
    began_at: float = field(default_factory=perf_counter)

    def metadata(self, assistant: str) -> JsonObject:
        """What is kept of how the reply was made."""
        made: JsonObject = {"assistant": assistant, "durationMs": round((perf_counter() - self.began_at) * 1000)}
        if self.finished is not None:
            made["model"] = self.finished.model
            made["stopReason"] = self.finished.stop_reason
            made["usage"] = dict(self.finished.usage)
        return made
