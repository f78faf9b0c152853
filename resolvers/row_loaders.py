"""Loaders of rows by their ids or by the ids of their parents, for the relations of one viewer."""

# Otherwise the annotations of nested functions are evaluated again for each operation and event.
from __future__ import annotations

from asyncio import Future
from collections.abc import Awaitable, Callable, Hashable, Sequence
from operator import attrgetter
from typing import Any, TypeVar, cast
from uuid import UUID

from resolvers.loading import Key, Loader, Value
from resolvers.views import views
from schema.relations import Keys
from sql.pool import Database
from sql.statements import Connection

Row = TypeVar("Row")
Shown = TypeVar("Shown")
Made = TypeVar("Made")
Listing = Callable[[Connection, str, Sequence[Any]], Awaitable[list[Row]]]


class RowLoaders:
    """Each loader is created when it is first used. Its key is the function that it reads with."""

    def __init__(self, database: Database, viewer_id: str) -> None:
        self._database = database
        self._viewer_id = viewer_id
        self._loaders: dict[Hashable, Loader[Any, Any]] = {}

    def _loader(self, read: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> Loader[Key, Value]:
        """The loader that reads with this function."""
        loader = self._loaders.get(read)
        if loader is None:
            loader = self._loaders[read] = Loader(read)
        return loader

    def _load_one(self, key: UUID, find: Listing[Any], to_object: Callable[[Any], Shown]) -> Future[Shown | None]:
        """The object whose id is the key."""
        loader = self._loaders.get(find)
        if loader is None:
            database, viewer_id = self._database, self._viewer_id

            async def read(ids: list[UUID]) -> list[Shown | None]:
                async with database.connection() as connection:
                    found = {row.id: row for row in await find(connection, viewer_id, ids)}
                return [to_object(found[each]) if each in found else None for each in ids]

            loader = self._loaders[find] = Loader(read)
        return loader.load(key)

    def _load_list(
        self, parent: str | Keys, listing: Listing[Any], parent_of: str, to_object: Callable[[Any], Shown]
    ) -> Future[list[Shown]]:
        """The objects of the rows of the parent; see `_load_many`."""
        lazy = hasattr(to_object, "reads")  # made by `view`

        def make(_: str, rows: list[Any]) -> list[Shown]:
            return views(to_object, rows) if lazy else list(map(to_object, rows))

        return self._load_many(listing, parent, listing, parent_of, make)

    def _load_many(
        self,
        name: Hashable,
        parent: str | Keys,
        listing: Listing[Any],
        parent_of: str,
        make: Callable[[str, list[Any]], Made],
    ) -> Future[Made]:
        """The result of `make` for the id of the parent and its rows, which have the id in their column `parent_of`.

        With `Keys` the results for all parents at once.
        """
        loader = self._loaders.get(name)
        if loader is None:
            database, viewer_id = self._database, self._viewer_id

            async def read(parents: list[str]) -> list[Made]:
                async with database.connection() as connection:
                    rows = await listing(connection, viewer_id, parents)
                children: dict[str, list[Any]] = {each: [] for each in parents}
                for parent, row in zip(map(attrgetter(parent_of), rows), rows, strict=True):
                    children[str(parent)].append(row)
                return list(map(make, parents, children.values()))

            loader = self._loaders[name] = Loader(read)
        return cast(Future[Made], loader.load_all(parent)) if isinstance(parent, Keys) else loader.load(parent)
