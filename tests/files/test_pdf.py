"""The text of PDF files, and hostile ones, which are read in a process with limits."""

import os
import zlib
from io import BytesIO

import pytest
from pypdf import PdfWriter

from app.files.pdf import MAX_PAGES, MEMORY_BYTES, read_pdf
from app.services import pdf_process
from app.text_process import TextProcessError
from tests.files.samples import PDF, assembled, pdf, stream

MEBIBYTE = 2**20
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
FONTS = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"


def page(content: bytes, more: bytes = b"") -> bytes:
    own = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R" + FONTS + b">>"
    return assembled([CATALOG, ONE_PAGE, own, content, *([more] if more else [])])


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf("secret plans")))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def deep(opening: bytes, closing: bytes, count: int = 100_000) -> bytes:
    return page(stream(opening * count + b" " + closing * count, compressed=False))


def test_the_text_of_every_page_is_read_in_any_script() -> None:
    found = read_pdf(pdf("データベースはPostgreSQLにします", "Deadline: March 31", "Ünïcödé"))
    assert found.text == "データベースはPostgreSQLにします\n\nDeadline: March 31\n\nÜnïcödé"
    assert (found.cut, found.problem) == (False, None)
    assert read_pdf(pdf("plain", compressed=False)).text == "plain"
    assert read_pdf(encrypted("")).text == "secret plans"  # opens without asking


def test_a_long_pdf_is_read_to_the_limit() -> None:
    found = read_pdf(pdf(*["page"] * (MAX_PAGES + 1)))
    assert (found.text.count("page"), found.cut) == (MAX_PAGES, True)
    long = read_pdf(pdf(*["x" * 50_000] * 6))
    assert (len(long.text), long.cut) == (200_000, True)


HOSTILE = {
    "no objects": PDF,
    "no content": b"%PDF-1.7",
    "encrypted": encrypted("unknown"),
    "cut off": pdf("x")[:-300],
    "bomb": page(stream(b"0 " * (40 * MEBIBYTE))),  # 80 MB of 80 KB
    "bomb in a bomb": page(stream(zlib.compress(b"0 " * (40 * MEBIBYTE), 9), filters="[/FlateDecode/FlateDecode]")),
    "wrong length": page(b"<</Length 99999999999>>stream\nx\nendstream"),
    "tree in a loop": assembled([CATALOG, b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"]),
    "catalog as tree": assembled([b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>"]),
    "many references": assembled(
        [CATALOG, b"<</Type/Pages/Count 99999999/Kids[" + b"3 0 R " * 300_000 + b"]>>", b"<</Type/Page>>"]
    ),
    "nested arrays": deep(b"[", b"]"),
    "nested dictionaries": deep(b"<<", b">>"),
    "nested texts": deep(b"(", b")"),
    "nested states": deep(b"q ", b"Q "),
    "many forms": page(stream(b"/X Do " * 50_000), stream(b"/X Do")),
    "no references": b"%PDF-1.7\n" + b"1 0 obj" * 100_000,
    "unclosed text": b"%PDF-1.7\n" + b"(" * MEBIBYTE,
    "long table": b"%PDF-1.7\n" + b"xref\n0 99999999\n" + b"0000000000 65535 f \n" * 50_000,
    "table in a loop": b"%PDF-1.7\nstartxref\n9\n%%EOF\ntrailer<</Prev 9/Root 1 0 R>>",
}


async def test_hostile_files_end_within_the_limits_and_harm_nothing() -> None:
    reader = pdf_process()
    assert await reader.run(1000, os.getpid) != os.getpid()
    for name, data in HOSTILE.items():
        try:
            found = await reader.run(len(data) + 1000, read_pdf, data)
        except TextProcessError:
            continue  # it was ended; the next call starts another one
        assert found.problem is None or len(found.problem) <= 200, name
        assert "secret" not in found.text, name
    with pytest.raises((RuntimeError, TextProcessError)):
        await reader.run(1000, bytes, 2 * MEMORY_BYTES)
    assert (await reader.run(1000, read_pdf, pdf("next"))).text == "next"
    await reader.close()
