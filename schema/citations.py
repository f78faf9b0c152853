"""Citations: the records that a reply names by number."""

from datetime import datetime
from uuid import UUID

import strawberry

from schema.relations import Info, awaited
from schema.search import Searchable, SearchKind


@strawberry.type(description="What a record is called, and the beginning of its text.")
class CitedText:
    title: str = strawberry.field(description="The title, of a decision with its number, or the first line.")
    excerpt: str = strawberry.field(description="The beginning of the text as it is now, 300 characters at most.")
    recorded_at: datetime = strawberry.field(description="When the record was created or decided.")


@strawberry.type(description="A record that a reply cites: `[2]` in its text is the citation with the number 2.")
class Citation:
    number: int = strawberry.field(description="The number in the text of the reply.")
    kind: SearchKind = strawberry.field(description="The kind of the record.")
    record_id: strawberry.Private[UUID]

    @strawberry.field(description="The record; null when it was deleted, or when you may not see it.")
    async def record(self, info: Info) -> Searchable | None:
        return await info.context.relations.searchable(self.kind.value, self.record_id)

    @strawberry.field(description="How to show the record in a line or a card; null when `record` is null.")
    def text(self, info: Info) -> CitedText | None:
        return awaited(info.context.relations.cited_text(self.kind.value, self.record_id))
