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


def pdf(*pages: str, compressed: bool = True) -> bytes:
    """A PDF whose pages have these texts, in Japanese too; the fonts are not embedded."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
    codes = {character: place for place, character in enumerate(sorted({*"".join(pages)}), 1)}
    lines = [f"<{code:04x}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    mapping = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    head = "begincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
    shown = [
        f"BT /F 12 Tf 50 700 Td <{''.join(f'{codes[each]:04x}' for each in text)}> Tj ET".encode() for text in pages
    ]
    kids = " ".join(f"{6 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        font,
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        stream(f"{head}{mapping}\nendcmap".encode(), compressed=compressed),
    ]
    for place, content in enumerate(shown):
        page = f"<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents {7 + 2 * place} 0 R>>"
        objects += [page.encode(), stream(content, compressed=compressed)]
    return assembled(objects)


def stream(content: bytes, *, compressed: bool = True, filters: str = "/FlateDecode") -> bytes:
    """A stream object of a PDF."""
    data = zlib.compress(content, 9) if compressed else content
    used = f"/Filter {filters}" if compressed else ""
    return f"<</Length {len(data)}{used}>>stream\n".encode() + data + b"\nendstream"


def assembled(objects: list[bytes]) -> bytes:
    """A PDF of these objects, which are numbered from 1; the first is the catalog."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj".encode() + content + b"endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>"
    return bytes(body) + f"{end}\nstartxref\n{len(body)}\n%%EOF\n".encode()
