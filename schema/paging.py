"""The page information of connections."""

import strawberry


@strawberry.type(description="The position of a page in its list. Cursors stay valid while rows are added or deleted.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are more edges after `endCursor`.")
    has_previous_page: bool = strawberry.field(description="Whether there are more edges before `startCursor`.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge; null on an empty page.")
