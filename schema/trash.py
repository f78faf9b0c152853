"""The trash: deleted records that can be restored."""

from datetime import datetime

import strawberry

from schema.node import Node
from schema.paging import PageInfo


@strawberry.type(description="A deleted record in the trash.")
class TrashEdge:
    cursor: str = strawberry.field(
        description="The position of this edge; send it as `after` to get the edges after it."
    )
    node: Node = strawberry.field(
        description="The record as it was when it was deleted: a conversation, message, intent, specification, "
        "decision or memory. Only this field shows it; everything else acts as if it did not exist."
    )
    deleted_at: datetime = strawberry.field(description="When it was deleted.")
    deleted_by: str = strawberry.field(description="The id of the user who deleted it.")


@strawberry.type(description="A page of the trash.")
class TrashConnection:
    edges: list[TrashEdge] = strawberry.field(description="The deleted records of this page.")
    page_info: PageInfo = strawberry.field(description="The position of this page in the list.")
