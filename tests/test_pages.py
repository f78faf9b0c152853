"""The files of the web client: compression, validation and caching."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app.web.application import page_routes

SCRIPT = b"export const answer = 42;\n" * 100


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "offline.js").write_text("self")
    (tmp_path / "assets/a-1.js").write_bytes(SCRIPT)
    (tmp_path / "assets/a-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets/a-1.js.br").write_bytes(b"not brotli, but recognised")
    (tmp_path / "assets/small-1.js").write_text("1")
    app = Starlette(routes=page_routes(tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as opened:
        yield opened


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
        ("*;q=0", None),
        ("br ; q=0.000, gzip ; q=0", None),
    ],
)
async def test_asset_is_sent_in_the_smallest_accepted_encoding(
    client: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    async with client.stream("GET", "/assets/a-1.js", headers={"accept-encoding": accepted}) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.status_code == 200
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert int(response.headers["content-length"]) == len(body)
    assert body == {"br": b"not brotli, but recognised", None: SCRIPT}.get(encoding, body)
    if encoding == "gzip":
        assert gzip.decompress(body) == SCRIPT


async def test_each_encoding_of_an_asset_has_its_own_etag(client: httpx.AsyncClient) -> None:
    plain = await client.get("/assets/a-1.js", headers={"accept-encoding": "identity"})
    packed = await client.get("/assets/a-1.js", headers={"accept-encoding": "gzip"})
    assert plain.headers["etag"] != packed.headers["etag"]
    again = await client.get(
        "/assets/a-1.js", headers={"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
    )
    assert (again.status_code, again.headers["vary"]) == (304, "Accept-Encoding")
    assert "content-encoding" not in again.headers


async def test_asset_without_compressed_variants_is_sent_uncompressed(client: httpx.AsyncClient) -> None:
    response = await client.get("/assets/small-1.js", headers={"accept-encoding": "br, gzip"})
    assert (response.text, response.headers["vary"]) == ("1", "Accept-Encoding")
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("path", ["/", "/c/some", "/offline.js"])
async def test_files_with_stable_names_are_revalidated(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    ["a" * 300, "a" * 5000, "%E8%AA%9E" * 100, "%00", "a%00b", "%ff", "%ED%A0%80", "%2e%2e%2f" * 100, "a/" * 2000],
)
@pytest.mark.parametrize(("folder", "page"), [("/", 200), ("/assets/", 404)])
async def test_path_that_no_file_can_have_is_a_page_or_not_found(
    client: httpx.AsyncClient, folder: str, page: int, name: str
) -> None:
    assert (await client.get(folder + name)).status_code in (page, 404)
    assert (await client.get(f"{folder}{name}.js")).status_code == 404
