"""Performs the calls of tools in a reply, each once and under the fence of its claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from app.language.catalogue import StoredText, message_of, stored_text
from app.language.text import truncate
from app.live.bus.bus import Bus
from app.models.ports import ToolOutput
from app.retry import retry_while_unavailable
from app.tools.calls import Caller, ToolCall
from app.tools.runner import result_of
from app.tools.tool import Tool
from app.workers.failures import ClaimLost
from app.workers.replies.declarations import Wanted, to_wanted
from app.workers.replies.job import ReplyJob
from app.workers.replies.permissions import Permissions
from app.workers.replies.rounds import PlannedCall, StoredRound, from_json, kept_rounds
from app.workers.replies.sources import CITABLE_TOOLS, without_own_citations
from sql.errors import ResonantError, TimedOut, Unavailable
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.actions import list_actions_of_messages
from sql.repositories.contexts import save_sources
from sql.rows import ActionRow
from sql.statements import Connection

MAX_OUTPUT_CHARACTERS = 40_000
SAID_TURNS = 4
MALFORMED = "The arguments are not a JSON object. Nothing was done; call the tool again with valid JSON."


class StoppedByUser(Exception):
    """The user has stopped the reply; the transaction of the call is rolled back."""


class Runner(Protocol):
    """What a reply needs of app.tools.runner.ToolRunner."""

    async def perform(self, connection: Connection, caller: Caller, call: ToolCall) -> ActionRow: ...

    async def read(self, connection: Connection | None, caller: Caller, call: ToolCall) -> Any: ...


@dataclass(slots=True)
class Acting:
    """The rounds of one reply and all actions because of its message.

    `kept` is the text that a continued reply keeps. `repeated` are the tools of actions that no round of this reply
    made: those of an earlier version of it.
    """

    caller: Caller
    permissions: Permissions
    rounds: list[StoredRound] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    repeated: frozenset[str] = frozenset()
    kept: str = ""

    @property
    def includes_kept(self) -> bool:
        """Whether the kept text is that of rounds."""
        return any(each.end <= len(self.kept) for each in self.rounds)

    @property
    def spent(self) -> list[Mapping[str, int]]:
        """The token counts of the rounds since the reply was continued, if it was."""
        return [each.usage for each in self.rounds if each.end > len(self.kept) or not self.kept]

    @property
    def has_read(self) -> bool:
        """Whether the model has read outputs of tools."""
        return any(each.outputs for each in self.rounds[:-1])


def shown(output: Any) -> str:
    """The output as bounded JSON for a model."""
    return truncate(orjson.dumps(output, default=str).decode(), MAX_OUTPUT_CHARACTERS)


class Actor:
    """Stores rounds and performs their calls."""

    def __init__(self, database: Database, bus: Bus, runner: Runner, tools: Mapping[str, Tool]) -> None:
        self._database = database
        self._bus = bus
        self._runner = runner
        self._tools = tools

    async def load(self, job: ReplyJob, caller: Caller) -> Acting:
        """What earlier attempts at the reply did. Raises ClaimLost."""
        rounds, actions = await retry_while_unavailable(self._database.connection, lambda c: self._load(c, job))
        own = {call.call_id for each in rounds for call in each.calls}
        said = [turn.content for turn in job.turns if turn.message_type == "user"][-SAID_TURNS:]
        answers = [turn.content for turn in job.turns if turn.message_type != "user"]
        repeated = frozenset(action.tool for action in actions if action.call_id not in own)
        if kept := job.claim.kept:
            rounds = kept_rounds(rounds, kept) + [each for each in rounds if each.end > len(kept)]
        return Acting(caller, Permissions(said, answers[-1] if answers else ""), rounds, actions, repeated, kept)

    async def _load(self, connection: Connection, job: ReplyJob) -> tuple[list[StoredRound], list[ActionRow]]:
        stored = await claims.find_reply_rounds(connection, job.claim)
        if stored is None:
            raise ClaimLost
        actions = await list_actions_of_messages(connection, job.claim.user_id, [job.claim.reply_to])
        return [from_json(each) for each in stored], actions

    async def store(self, job: ReplyJob, acting: Acting, new: StoredRound) -> None:
        """Store a further round before its calls are performed. Raises ClaimLost, StoppedByUser."""
        await self._save(job, [*acting.rounds, new])
        acting.rounds.append(new)

    async def perform(self, job: ReplyJob, acting: Acting) -> None:
        """Perform the calls of the last round that have no output, in their order. Raises ClaimLost, StoppedByUser."""
        last = acting.rounds[-1]
        for call in last.open_calls:
            read = await self._read(job, acting, call)
            if read is None:
                last.outputs.append(await self._written(job, acting, call))
            else:
                await self._save(job, _with_output(acting.rounds, read))
                last.outputs.append(read)

    async def _save(self, job: ReplyJob, rounds: Sequence[StoredRound]) -> None:
        await retry_while_unavailable(self._database.connection, lambda c: _save(c, job, rounds))

    async def _read(self, job: ReplyJob, acting: Acting, call: PlannedCall) -> ToolOutput | None:
        """The output of a call that changes nothing; None for a call that has to be performed."""
        tool, use = self._tools.get(call.use.name), call.use
        if tool is None:
            return ToolOutput(use.id, f"There is no tool {use.name}. Tools: {', '.join(sorted(self._tools))}.", True)
        if use.arguments is None:
            return ToolOutput(use.id, MALFORMED, True)
        if tool.writes:
            return None
        try:
            result = await self._runner.read(None, acting.caller, ToolCall(use.name, use.arguments))
        except (Unavailable, TimedOut):
            raise
        except ResonantError as failure:
            return ToolOutput(use.id, message_of(failure), True)
        if use.name not in CITABLE_TOOLS:
            return ToolOutput(use.id, shown(result.output))
        return ToolOutput(use.id, await self._numbered(job, result.output))

    async def _numbered(self, job: ReplyJob, output: Any) -> str:
        """The output as JSON whose records have numbers, which are stored before the model reads them."""
        sources, claim = job.draft.sources, job.claim
        earlier = sources.to_json()
        output = await retry_while_unavailable(
            self._database.connection, lambda c: without_own_citations(c, claim.user_id, output)
        )
        text = shown(sources.numbered(output))
        sources.keep_shown(text, earlier)
        await retry_while_unavailable(
            self._database.connection, lambda c: save_sources(c, claim.id, claim.fence, sources.to_json())
        )
        return text

    async def _written(self, job: ReplyJob, acting: Acting, call: PlannedCall) -> ToolOutput:
        """Perform a call in a transaction of its own. Raises ClaimLost, StoppedByUser."""
        action, output = await retry_while_unavailable(
            self._database.transaction, lambda c: self._write(c, job, acting, call)
        )
        acting.actions.append(action)
        self._bus.announce(job.claim.user_id)
        return output

    async def _write(
        self, connection: Connection, job: ReplyJob, acting: Acting, call: PlannedCall
    ) -> tuple[ActionRow, ToolOutput]:
        """Perform the call and store its output in the same transaction. Raises ClaimLost, StoppedByUser."""
        # Locks the message before its reply, in the same order as an edit does. The mark says that the message has been
        # acted on, for a reply that is written again without a model.
        await claims.mark_intents_extracted(connection, job.claim.reply_to)
        if not await claims.lock_reply(connection, job.claim):
            raise ClaimLost
        wanted = to_wanted(call.use.arguments or {})
        action = _same(acting.actions, call, wanted) or await self._perform(connection, acting, call, wanted)
        output = ToolOutput(call.use.id, shown(result_of(action)), action.status == "failed")
        await _save(connection, job, _with_output(acting.rounds, output))
        return action, output

    async def _perform(self, connection: Connection, acting: Acting, call: PlannedCall, wanted: Wanted) -> ActionRow:
        reason = await self._refusal(connection, acting, call.use.name, wanted)
        return await self._runner.perform(
            connection,
            acting.caller,
            ToolCall(
                call.use.name,
                wanted.arguments,
                call_id=call.call_id,
                propose=wanted.propose or reason is not None,
                reason=reason or (stored_text("action.inferred") if wanted.propose else None),
                candidates=wanted.candidates,
            ),
        )

    async def _refusal(self, connection: Connection, acting: Acting, tool: str, wanted: Wanted) -> StoredText | None:
        """Why the call is only proposed; None when it may be done."""
        if tool in acting.repeated:
            return stored_text("action.done_before")
        records = [await self._record(connection, acting, each) for each in _named(wanted.arguments)]
        known = [each for each in records if each is not None]
        if records and not known:
            return None  # the tool itself says that there is no such record
        return acting.permissions.refusal(tool, wanted.arguments, records=known, read=acting.has_read)

    async def _record(self, connection: Connection, acting: Acting, named: str) -> Mapping[str, Any] | None:
        """The record with this id, as `get_record` outputs it."""
        try:
            result = await self._runner.read(connection, acting.caller, ToolCall("get_record", {"id": named}))
        except (Unavailable, TimedOut):
            raise
        except ResonantError:
            return None
        output: Mapping[str, Any] = result.output
        return output


def _named(arguments: Mapping[str, Any]) -> list[str]:
    """The ids of the existing records that a call changes."""
    superseded = arguments.get("supersedes")
    given = [arguments.get("id"), *(superseded if isinstance(superseded, list) else [])]
    return [each for each in given if isinstance(each, str)]


def _same(actions: Sequence[ActionRow], call: PlannedCall, wanted: Wanted) -> ActionRow | None:
    """An action because of the same message that did the same, also one that the user has undone since."""
    for action in actions:
        if action.tool == call.use.name and action.arguments == wanted.arguments and action.status != "failed":
            return action
    return None


def _with_output(rounds: Sequence[StoredRound], output: ToolOutput) -> list[StoredRound]:
    """The rounds with a further output in the last one."""
    last = rounds[-1]
    return [*rounds[:-1], replace(last, outputs=[*last.outputs, output])]


async def _save(connection: Connection, job: ReplyJob, rounds: Sequence[StoredRound]) -> None:
    status = await claims.save_reply_rounds(connection, job.claim, [each.to_json() for each in rounds])
    if status is None:
        raise ClaimLost
    if status == "stopped":
        raise StoppedByUser
