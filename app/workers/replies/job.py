"""A claimed reply while it is written, and the port of its writers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from app.language.citations import CitationScanner
from app.models.ports import AssistantError, Finished
from app.workers.replies.sources import Sources
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import JsonObject, MessageRow


@dataclass(slots=True)
class Draft:
    """The reply so far, with the token counts of its earlier parts. Times are those of `perf_counter`, in seconds.

    `resumable`: rounds of it are stored, so another attempt continues after them. `model`: the one that was asked.
    `sources` are the records that the model can cite; `scanner` checks what it cites, None without a model.
    """

    text: str = ""
    spent: Mapping[str, int] = field(default_factory=dict)
    resumable: bool = False
    model: str | None = None
    sources: Sources = field(default_factory=Sources)
    scanner: CitationScanner | None = None
    finished: Finished | None = None
    saved_at: float = 0.0
    began_at: float = field(default_factory=perf_counter)

    def unchecked(self, *, cut: bool) -> str:
        """The end of the text that waits for the next piece; `cut` when there is none."""
        return "" if self.scanner is None else self.scanner.rest(cut=cut)

    def metadata(self, assistant: str) -> JsonObject:
        """The reply's metadata: assistant, duration, the model that wrote text, and its usage when it finished."""
        metadata: JsonObject = {"assistant": assistant, "durationMs": round((perf_counter() - self.began_at) * 1000)}
        if self.text and self.model is not None:
            metadata["model"] = self.model
        if self.scanner is not None and self.scanner.removed:
            metadata["citationsRemoved"] = self.scanner.removed
        if self.finished is not None:
            metadata["model"] = self.finished.model
            metadata["stopReason"] = self.finished.stop_reason
            usage = self.finished.usage
            names = dict.fromkeys([*self.spent, *usage])
            metadata["usage"] = {name: self.spent.get(name, 0) + usage.get(name, 0) for name in names}
        return metadata


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """One attempt at a reply. `turns` is the conversation, oldest first; it ends with the message that is answered.

    `stop` is set when the user stops the reply. `timezone`: the IANA name that the user has set.
    """

    claim: ReplyClaim
    turns: list[MessageRow]
    stop: asyncio.Event
    draft: Draft = field(default_factory=Draft)
    timezone: str | None = None

    @property
    def message(self) -> MessageRow:
        """The message that is answered."""
        return self.turns[-1]

    @property
    def has_new_text(self) -> bool:
        """Whether this attempt has written text after the text that a continued reply keeps."""
        return self.draft.text != self.claim.kept

    def is_complete_after(self, failure: AssistantError) -> bool:
        """Whether a continued reply was complete before: the connection may break after its last word."""
        return self.claim.kept != "" and not self.has_new_text and failure.key == "model.empty_answer"


class ReplyWriter(Protocol):
    """Does what the message asks for and writes the reply into the draft of the job."""

    async def write(self, job: ReplyJob) -> None:
        """Return when the reply is complete. Raises AssistantError, ClaimLost. Cancelled when the user stops it."""
