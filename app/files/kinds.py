"""What a file is, by its content: an image, a PDF or text. The name and the client's claim have no meaning."""

import struct
from dataclasses import dataclass

from app.files.text import is_text

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""The images that browsers show safely and that models read."""
PDF = "application/pdf"
TEXT = "text/plain"
PDF_HEADER_WITHIN = 1024
# Larger images could take gigabytes in the browser that shows them. The server never decodes an image.
MAX_PIXELS = 100_000_000
JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True)
class Kind:
    """The media type of a file, and the width and the height of an image in pixels; 0 when they are not found."""

    media_type: str
    width: int = 0
    height: int = 0

    @property
    def is_too_large_to_show(self) -> bool:
        return self.width * self.height > MAX_PIXELS


def kind_of(start: bytes) -> Kind | None:
    """What a file with this beginning (the first 256 KiB) is; None for anything that cannot be attached."""
    if start.startswith(b"\x89PNG\r\n\x1a\n") and start[12:16] == b"IHDR":
        return Kind("image/png", *_unpack(">II", start, 16))
    if start.startswith(b"\xff\xd8\xff"):
        return Kind("image/jpeg", *_size_of_jpeg(start))
    if start.startswith((b"GIF87a", b"GIF89a")):
        return Kind("image/gif", *_unpack("<HH", start, 6))
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return Kind("image/webp", *_size_of_webp(start))
    if b"%PDF-" in start[:PDF_HEADER_WITHIN]:
        return Kind(PDF)
    return Kind(TEXT) if is_text(start) else None


def _unpack(form: str, data: bytes, at: int) -> tuple[int, int]:
    size = struct.calcsize(form)
    if len(data) < at + size:
        return 0, 0
    first, second = struct.unpack_from(form, data, at)
    return first, second


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    """From the header of the frame; segments before it, such as previews, are skipped."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in JPEG_FRAMES:
            height, width = _unpack(">HH", data, at + 5)
            return width, height
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _size_of_webp(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _unpack("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def count_pages(data: bytes) -> int:
    """The pages of a PDF that its plain objects name; 0 when they are compressed."""
    return sum(data.count(each) - data.count(each + b"s") for each in (b"/Type /Page", b"/Type/Page"))
