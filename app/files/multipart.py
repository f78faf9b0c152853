"""Reads the one file of a multipart/form-data body (RFC 7578) piece by piece, in bounded memory."""

import re
import unicodedata
from collections.abc import AsyncIterator
from urllib.parse import unquote

from sql.errors import BadUserInput

MAX_PARTS = 20
MAX_PART_HEAD = 8 * 1024
MAX_NAME = 200
CRLF = b"\r\n"
# A boundary has at most 70 characters (RFC 2046); the header of a browser has about 70 in all.
CONTENT_TYPE = re.compile(
    r"""multipart/form-data\s*;(?:[^"]*;)?\s*boundary=("?)([^"\s;,]{1,70})\1\s*(?:;|$)""", re.IGNORECASE
)
MAX_CONTENT_TYPE = 300
DISPOSITION = re.compile(r"^content-disposition:\s*form-data\s*;(.*)$", re.IGNORECASE | re.MULTILINE)
PARAMETER = re.compile(r"""\b(name|filename|filename\*)=(?:"((?:[^"\\]|\\.)*)"|([^";\s]+))""", re.IGNORECASE)
ESCAPED = re.compile(r'\\(["\\])')
QUOTED_BY_BROWSERS = {"%22": '"', "%0D": "", "%0A": ""}


def boundary_of(content_type: str) -> bytes:
    """The boundary that the header Content-Type names. Raises BadUserInput."""
    found = CONTENT_TYPE.match(content_type) if len(content_type) <= MAX_CONTENT_TYPE else None
    if found is None:
        raise BadUserInput("file.not_multipart")
    return found[2].encode("latin-1", "replace")


class FileReader:
    """The part `file` of a form: first its name, then its pieces, then the rest of the form. Raises BadUserInput."""

    def __init__(self, pieces: AsyncIterator[bytes], boundary: bytes) -> None:
        self._pieces = pieces
        self._delimiter = CRLF + b"--" + boundary
        self._buffer = bytearray(CRLF)  # the first delimiter has no line before it
        self._parts = 0

    async def open(self) -> str:
        """The name of the file; its content follows."""
        while (head := await self._next_part()) is not None:
            field, name = _names_of(head)
            if name is not None and field == "file":
                return clean_name(name)
        raise BadUserInput("file.missing")

    async def content(self) -> AsyncIterator[bytes]:
        """The pieces of the file."""
        while True:
            end = self._buffer.find(self._delimiter)
            last = end >= 0
            end = end if last else max(len(self._buffer) - len(self._delimiter) + 1, 0)
            if end:
                piece = bytes(self._buffer[:end])
                del self._buffer[:end]
                yield piece
            if last:
                return
            await self._read()

    async def close(self) -> None:
        """Read the rest of the form, which may have no other file."""
        while (head := await self._next_part()) is not None:
            if _names_of(head)[1] is not None:
                raise BadUserInput("file.one_per_request")

    async def _next_part(self) -> bytes | None:
        """The head of the next part; None after the last one."""
        async for _ in self.content():
            pass  # of a part that nothing needs
        await self._fill(len(self._delimiter) + 2)
        del self._buffer[: len(self._delimiter)]
        if self._buffer.startswith(b"--"):
            return None
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise BadUserInput("file.too_many_parts", maximum=MAX_PARTS)
        while (end := self._buffer.find(CRLF + CRLF)) < 0:
            if len(self._buffer) > MAX_PART_HEAD:
                break
            await self._read()
        if not 0 <= end <= MAX_PART_HEAD:
            raise BadUserInput("file.part_head_too_large", maximum=MAX_PART_HEAD)
        head = bytes(self._buffer[:end])
        del self._buffer[: end + len(CRLF + CRLF)]
        return head

    async def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            await self._read()

    async def _read(self) -> None:
        piece = await anext(self._pieces, None)
        if piece is None:
            raise BadUserInput("file.incomplete")
        self._buffer += piece


def _names_of(head: bytes) -> tuple[str | None, str | None]:
    """The name of the field and that of its file; None without one."""
    found = DISPOSITION.search(head.decode("utf-8", "replace").replace("\r", ""))
    if found is None:
        raise BadUserInput("file.malformed")
    given = {
        name.lower(): ESCAPED.sub(r"\1", quoted) if plain == "" else plain
        for name, quoted, plain in PARAMETER.findall(found[1])
    }
    extended = given.get("filename*", "").partition("''")
    if extended[1]:
        return given.get("name"), unquote(extended[2], errors="replace")
    name = given.get("filename")
    for quoted, character in QUOTED_BY_BROWSERS.items():
        name = None if name is None else name.replace(quoted, character)
    return given.get("name"), name


def clean_name(name: str) -> str:
    """The name without folders and without characters that are not shown; at most 200 characters."""
    last = re.split(r"[/\\]", name[-4 * MAX_NAME :])[-1]
    shown = (each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] != "C")
    cleaned = "".join(shown).strip()
    if len(cleaned) > MAX_NAME:
        stem, dot, extension = cleaned.rpartition(".")
        keep = f".{extension}" if dot and len(extension) <= 10 else ""
        cleaned = (stem if keep else cleaned)[: MAX_NAME - len(keep)] + keep
    return cleaned if cleaned.strip(".") else "file"
