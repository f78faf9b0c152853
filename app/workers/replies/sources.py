"""The numbers under which a reply's model is given records, so that it can cite them."""

from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.language.citations import LARGEST_NUMBER, citations_in, without_citations
from sql.repositories.contexts import CitationRow, list_cited
from sql.rows import JsonObject
from sql.statements import Connection

# The tools whose outputs are records; the model cites a record with the value of `cite`.
CITABLE_TOOLS = frozenset(
    {"search", "get_record", "list_decisions", "list_intents", "list_specifications", "read_specification"}
)
KINDS = frozenset({"message", "intent", "specification", "decision", "memory"})
CITE = "cite"


class Sources:
    """The records by number, from 1 in the order in which they were given. A record keeps its number."""

    def __init__(self, stored: Sequence[JsonObject] = (), taken: Container[int] = ()) -> None:
        """`stored` are those of an earlier attempt at the same reply; `taken` are numbers that mean something else."""
        self._taken = taken
        self._numbers: dict[tuple[str, str], int] = {(each["kind"], each["id"]): each["number"] for each in stored}

    def __contains__(self, number: object) -> bool:
        return number in self._numbers.values()

    def number_of(self, kind: str | None, record_id: object) -> int | None:
        """The number of the record, a new one for a new record; None for what cannot be cited."""
        if kind not in KINDS or record_id is None:
            return None
        key = (kind, str(record_id))
        if key not in self._numbers:
            following = range(max(self._numbers.values(), default=0) + 1, LARGEST_NUMBER + 1)
            number = next((each for each in following if each not in self._taken), None)
            if number is None:
                return None
            self._numbers[key] = number
        return self._numbers[key]

    def numbered(self, output: Any) -> Any:
        """The output of a tool with the number of each record first, where it survives a cut at the end."""
        if isinstance(output, list):
            return [self.numbered(each) for each in output]
        if not isinstance(output, Mapping) or not _is_id(output.get("id")):
            return output
        number = self.number_of(output.get("kind"), output["id"])
        return output if number is None else {CITE: f"[{number}]", **output}

    def keep_shown(self, shown: str, earlier: Sequence[JsonObject]) -> None:
        """Forget the records that are neither in the `shown` output, which may be cut, nor among the earlier ones."""
        known = {each["number"] for each in earlier}
        self._numbers = {
            key: number for key, number in self._numbers.items() if number in known or f'"{CITE}":"[{number}]"' in shown
        }

    def citations_in(self, text: str, message_id: UUID) -> list[CitationRow]:
        """What a complete text cites, in its order."""
        records = {number: (kind, UUID(each)) for (kind, each), number in self._numbers.items()}
        return [CitationRow(message_id, number, *records[number]) for number in citations_in(text, records)]

    def to_json(self) -> list[JsonObject]:
        return [{"number": number, "kind": kind, "id": each} for (kind, each), number in self._numbers.items()]


async def without_own_citations(connection: Connection, user_id: str, output: Any) -> Any:
    """The records of an output; replies among them without their citations, whose numbers mean other records here."""
    records = output if isinstance(output, list) else [output]
    replies = [UUID(each["id"]) for each in records if isinstance(each, Mapping) and each.get("kind") == "message"]
    cited = await list_cited(connection, user_id, replies) if replies else {}
    if not cited:
        return output
    read = [_without(each, cited.get(UUID(each["id"]), frozenset())) for each in records]
    return read if isinstance(output, list) else read[0]


def _without(record: Mapping[str, Any], numbers: frozenset[int]) -> Mapping[str, Any]:
    texts = {name: without_citations(record[name], numbers) for name in ("text", "content") if name in record}
    return {**record, **texts}


def _is_id(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False
