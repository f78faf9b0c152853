"""Uploads and downloads over HTTP, messages with files over GraphQL, and what is kept of them."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.files.retention import FileRetention
from tests.files.samples import JAPANESE, PDF, form, pdf, png
from tests.identity.conftest import Backend, ask, run_backend

SEND = """mutation($content: String!, $ids: [ID!]!) {
  sendMessage(input: {content: $content, attachmentIds: $ids}) {
    message { id content conversation { title } attachments { id name mediaType size sha256 url thumbnailUrl } }
    reply { id attachments { id } }
  }
}"""
MULTIPART = {"content-type": "multipart/form-data; boundary=b0undary"}


def object_store(bucket: str) -> dict[str, str]:
    """The settings that store files in this bucket."""
    return {"files_store": "s3", "backup_destination": f"s3://{bucket}/backups"}


in_both_stores = pytest.mark.parametrize("backend", ["database", "s3"], indirect=True)


@pytest.fixture
async def backend(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    in_bucket = getattr(request, "param", "database") == "s3"
    store = object_store(request.getfixturevalue("bucket")) if in_bucket else {}
    async with run_backend(database_url, files_max_bytes=2**20, files_max_bytes_per_user=3 * 2**20, **store) as running:
        for name, role in (("ann", "member"), ("bob", "member"), ("vic", "viewer")):
            await running.add_user(name, role)  # type: ignore[arg-type]
        yield running


async def upload(client: httpx.AsyncClient, content: bytes, name: str = "notes.txt") -> Any:
    response = await client.post("/files", content=form(content, name), headers=MULTIPART)
    assert response.status_code == 201, response.text
    return response.json()


def key_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["key"]


@in_both_stores
async def test_uploaded_file_belongs_to_its_user_and_is_sent_back_safely(backend: Backend) -> None:
    ann, bob = backend.program(await backend.token("ann")), backend.program(await backend.token("bob"))
    page = b"<script>alert(1)</script>" * 20_000
    files = {"メモ.html": (page, "text/plain"), "a.png": (png(), "image/png"), "b.pdf": (PDF, "application/pdf")}
    sent = [await upload(ann, content, name) for name, (content, _) in files.items()]
    assert [each["size"] for each in sent] == [len(content) for content, _ in files.values()]
    data = (await ask(ann, SEND, content="look", ids=[each["id"] for each in sent]))["data"]["sendMessage"]
    assert data["reply"]["attachments"] == []
    for shown, (name, (content, kind)) in zip(data["message"]["attachments"], files.items(), strict=True):
        assert (shown["name"], shown["mediaType"], shown["size"]) == (name, kind, len(content))
        assert shown["sha256"] == hashlib.sha256(content).hexdigest()
        assert shown["thumbnailUrl"] == (shown["url"] if kind == "image/png" else None)
        response = await ann.get(shown["url"])
        assert (response.status_code, response.content) == (200, content)
        headers = response.headers
        assert headers["content-type"].partition(";")[0] == kind
        assert headers["content-disposition"].startswith("inline" if kind == "image/png" else "attachment")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers.get_list("content-security-policy") == ["default-src 'none'; sandbox"]
        assert headers["cache-control"].startswith("private")
        again = await ann.get(shown["url"], headers={"if-none-match": headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert key_of(await bob.get(shown["url"])) == (404, "file.not_found")
        assert (await backend.program().get(shown["url"])).status_code == 401
        cross_site = {"sec-fetch-site": "cross-site"}
        assert key_of(await ann.get(shown["url"], headers=cross_site)) == (403, "request.cross_site")
    node = "query($id: ID!) { node(id: $id) { ... on Attachment { name } } }"
    assert (await ask(ann, node, id=sent[0]["id"]))["data"]["node"] == {"name": "メモ.html"}
    assert (await ask(bob, node, id=sent[0]["id"]))["data"] in (None, {"node": None})
    assert key_of(await ann.get("/files/not-an-id")) == (404, "file.not_found")
    assert (await ann.delete("/files/x")).status_code == 405


async def test_browser_uploads_with_its_session_and_other_sites_cannot(backend: Backend) -> None:
    browser = await backend.sign_in("ann")
    stored = await upload(browser, b"hello")
    assert (await browser.get(f"/files/{stored['id']}")).content == b"hello"
    foreign = await browser.post("/files", content=form(b"x"), headers={**MULTIPART, "origin": "https://evil.example"})
    assert foreign.status_code == 401
    viewer = backend.program(await backend.token("vic"))
    assert key_of(await viewer.post("/files", content=form(b"x"), headers=MULTIPART)) == (403, "forbidden.read_only")


async def test_what_cannot_be_attached_is_refused_with_the_reason(backend: Backend) -> None:
    ann = backend.program(await backend.token("ann"))

    async def refusal(content: bytes, **headers: str) -> tuple[int, str]:
        return key_of(await ann.post("/files", content=content, headers={**MULTIPART, **headers}))

    assert await refusal(form(b"")) == (400, "file.empty")
    assert await refusal(form(b"PK\x03\x04" + bytes(500_000), "a.zip")) == (400, "file.kind_unsupported")
    assert await refusal(form(png(60_000, 60_000), "bomb.png")) == (400, "file.image_too_large")
    assert await refusal(form(b"a" * (2**20 + 1))) == (413, "file.too_large")
    assert await refusal(form(b"a" * 2**21)) == (413, "file.too_large")
    assert await refusal(form(b"a"), **{"content-type": "application/json"}) == (400, "file.not_multipart")
    assert await refusal(form(b"abc" * 200_000)[:-20]) == (400, "file.incomplete")
    assert await backend.value("SELECT count(*) FROM attachments") == 0
    for _ in range(3):
        await upload(ann, b"a" * (2**20 - 1000))
    assert await refusal(form(b"a" * 100_000)) == (413, "file.quota")
    assert await backend.value("SELECT count(*) FROM attachments WHERE sha256 IS NULL") == 0


async def test_file_can_be_given_to_one_message_of_its_user_only(backend: Backend) -> None:
    ann, bob = backend.program(await backend.token("ann")), backend.program(await backend.token("bob"))
    first = (await upload(ann, b"one", "one.txt"))["id"]
    second = (await upload(ann, b"two", "two.txt"))["id"]

    async def refused(client: httpx.AsyncClient, *ids: str) -> str:
        errors: Any = (await ask(client, SEND, content="x", ids=ids))["errors"]
        key: str = errors[0]["extensions"]["key"]
        return key

    assert await refused(bob, first) == "file.not_attachable"
    assert await refused(ann, first, "0190aaaa-0000-7000-8000-000000000001") == "file.not_attachable"
    assert await refused(ann, "nonsense") == "file.not_found"
    assert await refused(ann, *(f"0190aaaa-0000-7000-8000-0000000000{n:02}" for n in range(11))) == "file.too_many"
    sent = (await ask(ann, SEND, content="  ", ids=[second, first]))["data"]["sendMessage"]["message"]
    assert (sent["content"], [each["id"] for each in sent["attachments"]]) == ("two.txt, one.txt", [second, first])
    assert await refused(ann, first) == "file.not_attachable"
    empty = await ask(ann, SEND, content=" ", ids=[])
    assert empty["errors"][0]["extensions"]["key"] == "input.empty"


async def test_text_of_a_file_is_found_as_a_hit_of_its_message(backend: Backend) -> None:
    ann = backend.program(await backend.token("ann"))
    stored = await upload(ann, JAPANESE.encode("cp932"), "議事録.txt")
    sent = (await ask(ann, SEND, content="please read", ids=[stored["id"]]))["data"]["sendMessage"]["message"]
    search = "query($q: String!) { search(query: $q) { snippet node { ... on Message { id } } } }"
    for words in ("締め切り", "議事録"):
        found = await ask(ann, search, q=words)
        [hit] = found["data"]["search"]
        assert hit["node"] == {"id": sent["id"]}
        assert words in hit["snippet"]


@in_both_stores
async def test_text_of_a_pdf_is_found_and_one_without_text_is_stored_as_well(backend: Backend) -> None:
    ann = backend.program(await backend.token("ann"))
    stored = [await upload(ann, pdf("会議室の予約は第三金曜", "budget 2027"), "a.pdf"), await upload(ann, PDF, "b.pdf")]
    sent = (await ask(ann, SEND, content="see", ids=[each["id"] for each in stored]))["data"]["sendMessage"]["message"]
    search = "query($q: String!) { search(query: $q) { snippet node { ... on Message { id } } } }"
    for words in ("第三金曜", "budget"):
        [hit] = (await ask(ann, search, q=words))["data"]["search"]
        assert (hit["node"], words in hit["snippet"]) == ({"id": sent["id"]}, True)
    texts = "SELECT string_agg(coalesce(text, '-'), '|' ORDER BY id) FROM attachments"
    assert await backend.value(texts) == "会議室の予約は第三金曜\n\nbudget 2027|-"


CONTENT = bytes(range(256)) * 3000
RANGES = [
    ("bytes=0-9", 206, (0, 10)),
    ("bytes=262140-262150", 206, (262_140, 262_151)),  # over the end of a stored piece
    ("bytes=600000-", 206, (600_000, 768_000)),
    ("Bytes = 767990-99999999", 206, (767_990, 768_000)),
    ("bytes=-5", 206, (767_995, 768_000)),
    ("bytes=-999999", 206, (0, 768_000)),
    ("bytes=768000-", 416, None),
    ("bytes=-0", 416, None),
    ("bytes=5-2", 200, None),
    ("bytes=0-1,4-5", 200, None),
    ("bytes=", 200, None),
    ("bytes=-", 200, None),
    ("lines=0-9", 200, None),
    ("bytes=" + "9" * 80 + "-", 200, None),
]


@in_both_stores
async def test_a_download_can_be_continued_at_any_byte(backend: Backend) -> None:
    ann = backend.program(await backend.token("ann"))
    content = png() + CONTENT[len(png()) :]
    url = f"/files/{(await upload(ann, content, 'a.png'))['id']}"
    whole = await ann.get(url)
    etag = whole.headers["etag"]
    assert (whole.content, whole.headers["accept-ranges"]) == (content, "bytes")
    for given, status, part in RANGES:
        response = await ann.get(url, headers={"range": given})
        assert response.status_code == status, given
        if status == 416:
            assert response.headers["content-range"] == f"bytes */{len(content)}"
        elif part is None:
            assert (response.content, "content-range" in response.headers) == (content, False), given
        else:
            assert response.content == content[slice(*part)], given
            assert response.headers["content-range"] == f"bytes {part[0]}-{part[1] - 1}/{len(content)}"
            assert int(response.headers["content-length"]) == part[1] - part[0]
    assert (await ann.get(url, headers={"range": "bytes=1-2", "if-range": etag})).status_code == 206
    for other in ('"other"', f"W/{etag}", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert (await ann.get(url, headers={"range": "bytes=1-2", "if-range": other})).content == content
    assert (await ann.get(url, headers={"range": "bytes=1-2", "if-none-match": etag})).status_code == 304
    head = await ann.head(url, headers={"range": "bytes=1-2"})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(content)))


@in_both_stores
async def test_unused_files_are_deleted_after_a_day_and_all_with_their_user(backend: Backend) -> None:
    ann = backend.program(await backend.token("ann"))
    unsent, sent = (await upload(ann, b"unsent"))["id"], (await upload(ann, b"sent"))["id"]
    message = (await ask(ann, SEND, content="x", ids=[sent]))["data"]["sendMessage"]["message"]["id"]
    retention = FileRetention(backend.services.database, backend.services.files)
    assert await retention.delete_unused() == 0
    age = "UPDATE attachments SET unused_since = unused_since - interval '25 h'"
    await backend.execute(age)
    assert await retention.delete_unused() == 1
    assert (await ann.get(f"/files/{unsent}")).status_code == 404
    assert (await ann.get(f"/files/{sent}")).content == b"sent"
    await ask(ann, "mutation($id: ID!) { deleteMessage(id: $id) }", id=message)
    await backend.execute(age)
    assert await retention.delete_unused() == 0  # it can be restored
    await ask(ann, "mutation($id: ID!) { restore(id: $id) { id } }", id=message)
    kept = await ask(ann, "query($id: ID!) { message(id: $id) { attachments { id } } }", id=message)
    assert kept["data"]["message"]["attachments"] == [{"id": sent}]
    await ask(ann, "mutation($id: ID!) { deleteMessage(id: $id) }", id=message)
    await backend.execute(age)
    await backend.execute("DELETE FROM trash")
    assert await retention.delete_unused() == 1
    assert (await ann.get(f"/files/{sent}")).status_code == 404
    await upload(ann, b"another")
    await backend.execute("DELETE FROM users WHERE id = 'ann'")
    assert await backend.value("SELECT count(*) FROM attachment_chunks") == 0
    stored = await backend.value("SELECT count(*) FROM object_deletions")
    assert stored == (3 if backend.services.files.location else 0)
    assert await retention.delete_objects() == stored
