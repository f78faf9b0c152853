"""Files of messages."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from resolvers.checks import checked_id
from resolvers.views import Computed, IdColumn, view
from schema.attachments import Attachment
from sql.errors import BadUserInput
from sql.repositories.attachments import NO_FILE

MAX_THUMBNAIL_BYTES = 4 * 1024 * 1024

to_attachment = view(
    Attachment,
    id=IdColumn("id"),
    url=Computed(lambda row: f"/files/{row.id}"),
    thumbnail_url=Computed(lambda row: f"/files/{row.id}" if _is_small_image(row.media_type, row.size) else None),
)


def _is_small_image(media_type: str, size: int) -> bool:
    return media_type.startswith("image/") and size <= MAX_THUMBNAIL_BYTES


def checked_attachments(ids: Sequence[strawberry.ID] | None, maximum: int) -> list[UUID]:
    """The distinct ids in their order. Raises BadUserInput when there are too many."""
    given = list(dict.fromkeys(checked_id(each, NO_FILE) for each in ids or ()))
    if len(given) > maximum:
        raise BadUserInput("file.too_many", given=len(given), maximum=maximum)
    return given
