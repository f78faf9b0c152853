"""Small files of each kind, and forms with files."""

import struct
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type /Page>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JAPANESE = "会議のメモ\n締め切りは3月末です。データベースはPostgreSQLにします。\n"


def png(width: int = 2, height: int = 2) -> bytes:
    """A black PNG; only its header says so when it is large."""

    def block(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\x00" + b"\x00" * 3 * width) * height) if width * height < 10_000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + block(b"IDAT", rows) + block(b"IEND", b"")


def form(content: bytes, name: str = "notes.txt", *, field: str = "file", boundary: str = "b0undary") -> bytes:
    """A form with one file."""
    head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: text/html\r\n'
    return f"--{boundary}\r\n{head}\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
