"""The indexer's work: entries without a vector, and term changes that the statistics do not include yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.service_rows import SearchEntryRow
from sql.statements import Connection, statements

ROWS_AT_ONCE = 100  # encoding the numbers of more vectors would hold the event loop


@dataclass(frozen=True, slots=True)
class EmbeddedEntry:
    """An entry with one vector per chunk."""

    entry: SearchEntryRow
    vectors: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class IndexWork:
    """How many entries there are, how many wait for their first vector, and how many have none of this model."""

    entries: int
    waiting: int
    left_over: int


async def claim_entries(connection: Connection, *, count: int, size: int, lease_seconds: float) -> list[SearchEntryRow]:
    """Entries without a vector: at most `count`, and no more after `size` bytes of text."""
    records = statements.claim_entries_to_embed(connection, count=count, size=size, lease_seconds=lease_seconds)
    return [SearchEntryRow(**record) async for record in records]


async def claim_entries_of_other_models(
    connection: Connection, model_id: int, *, after: UUID, count: int, size: int, lease_seconds: float
) -> list[SearchEntryRow]:
    """Entries embedded with another model but not with this one, in the order of ids after `after`."""
    records = statements.claim_entries_of_other_models(
        connection, model_id=model_id, after=after, count=count, size=size, lease_seconds=lease_seconds
    )
    return sorted([SearchEntryRow(**record) async for record in records], key=lambda entry: entry.subject_id)


async def release_entries(connection: Connection, entries: Sequence[SearchEntryRow], wait_seconds: float) -> None:
    ids = [entry.subject_id for entry in entries]
    await statements.release_entries(connection, subject_ids=ids, wait_seconds=wait_seconds)


async def store_embeddings(
    connection: Connection, model_id: int, embedded: Sequence[EmbeddedEntry], *, index_above: int
) -> None:
    """Replace this model's vectors of the entries that have not changed meanwhile. Call in a transaction."""
    records = statements.mark_entries_embedded(
        connection,
        model_id=model_id,
        subject_ids=[each.entry.subject_id for each in embedded],
        revisions=[each.entry.revision for each in embedded],
    )
    unchanged = {record["subject_id"] async for record in records}
    rows = list(_rows([each for each in embedded if each.entry.subject_id in unchanged]))
    await statements.delete_embeddings(connection, model_id=model_id, subject_ids=list(unchanged))
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        await statements.insert_embeddings(
            connection,
            model_id=model_id,
            subject_ids=[row[0] for row in some],
            chunks=[row[1] for row in some],
            numbers=[number for row in some for number in row[2]],
            dimension=len(some[0][2]),
            index_above=index_above,
        )


def _rows(embedded: Sequence[EmbeddedEntry]) -> Iterator[tuple[UUID, int, Sequence[float]]]:
    for each in embedded:
        for chunk, vector in enumerate(each.vectors):
            if any(vector):  # the cosine similarity of a zero vector is not defined
                yield each.entry.subject_id, chunk, vector


def vector_literal(vector: Sequence[float]) -> str:
    """The vector as a literal with the precision of a halfvec."""
    return f"[{','.join([f'{number:.4g}' for number in vector])}]"


async def move_to_index(connection: Connection, model_id: int, *, index_above: int, count: int) -> int:
    """Move rows of users with more than `index_above` entries into the model's index; returns how many."""
    moved: int = await statements.move_to_index(connection, model_id=model_id, index_above=index_above, count=count)
    return moved


async def fold_term_changes(connection: Connection, count: int) -> int:
    """Add the changes to the term statistics; returns how many."""
    folded: int = await statements.fold_term_changes(connection, count=count)
    return folded


async def count_index_work(connection: Connection, model_id: int | None) -> IndexWork:
    return IndexWork(**await statements.count_index_work(connection, model_id=model_id))
