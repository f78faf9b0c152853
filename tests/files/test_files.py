"""What a file is, the text in it, and hostile forms. No server."""

import asyncio
import struct
from collections.abc import AsyncIterator
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.kinds import count_pages, kind_of
from app.files.multipart import FileReader, boundary_of, clean_name
from app.files.text import read_text
from sql.errors import BadUserInput
from tests.files.samples import JAPANESE, PDF, form, png

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + b"\xff\xc0\x00\x11\x08\x00\x07\x00\x09\x03" + bytes(20)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x02\x00\x00" + bytes(9)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (png(3, 4), ("image/png", 3, 4)),
        (JPEG, ("image/jpeg", 9, 7)),
        (b"GIF89a" + struct.pack("<HH", 5, 6) + bytes(20), ("image/gif", 5, 6)),
        (WEBP, ("image/webp", 5, 3)),
        (PDF, ("application/pdf", 0, 0)),
        (b"<svg onload='alert(1)'/>", ("text/plain", 0, 0)),
        (b"<!doctype html><script>alert(1)</script>", ("text/plain", 0, 0)),
        (b"PK\x03\x04" + bytes(200), None),
        (b"\x7fELF\x02\x01\x01" + bytes(200), None),
        (bytes(range(256)) * 4, None),
        (b"\x89PNG but not one, \x01\x02\x03\x04\x05\x06", None),
    ],
)
def test_kind_of_a_file_is_that_of_its_content(content: bytes, expected: tuple[str, int, int] | None) -> None:
    kind = kind_of(content)
    assert (None if kind is None else (kind.media_type, kind.width, kind.height)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp"])
def test_japanese_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert read_text(JAPANESE.encode(encoding), cut=False) == (JAPANESE, False)


def test_other_texts_are_read_and_long_ones_are_cut() -> None:
    assert read_text("Café déjà vu".encode("cp1252"), cut=False) == ("Café déjà vu", False)
    assert read_text(b"a\r\nb\rc", cut=False) == ("a\nb\nc", False)
    text, cut = read_text(("é" * 300_000).encode()[:-1], cut=True)
    assert (len(text), cut) == (200_000, True)
    assert count_pages(PDF) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\fakepath\\notes.txt", "notes.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00.txt", "ab.txt"),
        ("exe.\u202etxt.js", "exe.txt.js"),
        ("メモ.txt", "メモ.txt"),
        ("..", "file"),
        ("x" * 300 + ".md", "x" * 197 + ".md"),
    ],
)
def test_name_of_a_file_has_no_folders_and_no_hidden_characters(given: str, kept: str) -> None:
    assert clean_name(given) == kept


async def read(body: bytes, content_type: str = "multipart/form-data; boundary=b0undary", size: int = 1000) -> object:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    reader = FileReader(pieces(), boundary_of(content_type))
    name = await reader.open()
    content = b"".join([piece async for piece in reader.content()])
    await reader.close()
    return name, content


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_content_is_read_back_however_it_is_cut(content: bytes, size: int) -> None:
    near = b"\r\n--b0undar-" + content
    assert asyncio.run(read(form(content), size=size)) == ("notes.txt", content)
    assert asyncio.run(read(form(near), size=size)) == ("notes.txt", near)


PART = b'--b0undary\r\nContent-Disposition: form-data; name="x"\r\n\r\nvalue\r\n'


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (PART * 10_000 + form(b"late"), "file.too_many_parts"),
        (b"--b0undary\r\n" + b"a" * 1_000_000, "file.part_head_too_large"),
        (
            b'--b0undary\r\nContent-Disposition: form-data; name="' + b"a" * 9000 + b'"\r\n\r\n',
            "file.part_head_too_large",
        ),
        (form(b"one")[:-14] + b"\r\n" + form(b"two"), "file.one_per_request"),
        (form(b"hello", field="other"), "file.missing"),
        (PART + b"--b0undary--\r\n", "file.missing"),
        (form(b"hello")[:-20], "file.incomplete"),
        (b"--b0undary\r\n\r\n\r\nhello", "file.malformed"),
        (b"", "file.incomplete"),
        (b"\r\n-" * 1_000_000, "file.incomplete"),
    ],
)
async def test_hostile_form_gets_a_clear_error_at_once(body: bytes, key: str) -> None:
    began = process_time()
    with pytest.raises(BadUserInput) as refused:
        await read(body, size=64 * 1024)
    assert (refused.value.key, process_time() - began < 2) == (key, True)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=" + "b" * 71,
        "multipart/form-data;" * 9999,
    ],
)
async def test_request_without_a_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(BadUserInput) as refused:
        await read(form(b"hello"), content_type)
    assert refused.value.key == "file.not_multipart"
    assert boundary_of('multipart/form-data; charset=utf-8; boundary="abc"') == b"abc"


async def test_names_in_all_notations_are_read() -> None:
    names = "name=file; filename=\"x\"; filename*=UTF-8''%E3%83%A1%E3%83%A2.md"
    head = f"--b0undary\r\nContent-Disposition: form-data; {names}\r\n\r\n"
    assert await read(head.encode() + b"hi\r\n--b0undary--") == ("メモ.md", b"hi")
    assert await read(form(b"", "say %22hi%22.txt")) == ('say "hi".txt', b"")
