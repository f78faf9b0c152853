"""Files of messages."""

import strawberry

from schema.node import Node


@strawberry.type(
    description="A file of a message. `POST /files` (multipart/form-data, field `file`, same authentication) stores "
    'one and answers `{"id", "name", "size"}`; `SendMessageInput.attachmentIds` gives it to a message.'
)
class Attachment(Node):
    id: strawberry.ID = strawberry.field(description="The id of the file.")
    name: str = strawberry.field(description="The name of the file, without folders.")
    media_type: str = strawberry.field(
        description="The type of its content: an image (PNG, JPEG, GIF or WebP), `application/pdf` or `text/plain`."
    )
    size: int = strawberry.field(description="The size in bytes.")
    sha256: str = strawberry.field(description="The SHA-256 of the content in hexadecimal digits.")
    url: str = strawberry.field(
        description="The path of the content on this server, with the same authentication. Images are shown in a page; "
        "everything else is a download."
    )
    thumbnail_url: str | None = strawberry.field(
        description="The path of an image to show small: the image itself, for the client to scale; null for other "
        "files and for images above 4 MiB."
    )
