"""Sign-in with name and password: the session, its cookie, and how it ends."""

import asyncio
import json
from hashlib import sha256
from http.cookies import SimpleCookie

from argon2 import PasswordHasher

from tests.identity.conftest import PASSWORD, SIGN_IN, VIEWER, Backend, ask, code_of

SIGN_OUT = "mutation { signOut }"
CHANGE = (
    "mutation($current: String!, $new: String!) "
    "{ changePassword(input: {currentPassword: $current, newPassword: $new}) }"
)
OTHER_PASSWORD = "another phrase of some length"


async def test_sign_in_starts_a_session(backend: Backend) -> None:
    await backend.add_user("ann", "owner")
    browser = backend.browser()
    assert await code_of(browser, VIEWER) == "UNAUTHENTICATED"
    signed_in = (await ask(browser, SIGN_IN, name="Ann", password=PASSWORD))["data"]["signIn"]
    assert (signed_in["userId"], signed_in["role"]) == ("ann", "OWNER")
    assert (await ask(browser, VIEWER))["data"]["viewer"] == {"id": "ann", "role": "OWNER", "access": "SESSION"}


async def test_cookie_is_protected_from_scripts_and_other_sites(backend: Backend) -> None:
    await backend.add_user("ann")
    for origin, name, secure in ((backend.url, "resonant", ""), ("https://backend.example", "__Host-resonant", True)):
        browser = backend.browser(origin=origin, host=origin.split("//")[1])
        body = {"query": SIGN_IN, "variables": {"name": "ann", "password": PASSWORD}}
        response = await browser.post("/graphql", json=body)
        [cookie] = SimpleCookie(response.headers["set-cookie"]).values()
        assert cookie.key == name
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert cookie["secure"] == secure
        assert cookie["domain"] == ""
        assert response.headers["cache-control"] == "no-store"


async def test_only_hashes_are_stored(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    [secret] = browser.cookies.values()
    token = await backend.token("ann")
    rows = await backend.services.database.pool.fetch("SELECT * FROM credentials ORDER BY id")
    assert [row["secret_hash"] for row in rows] == [sha256(each.encode()).digest() for each in (secret, token)]
    shown = max(len(row["hint"] or "") for row in rows)
    assert shown < 10
    assert not any(each[shown:] in str([*row.values()]) for row in rows for each in (secret, token))
    assert PASSWORD not in await backend.value("SELECT string_agg(u::text, ' ') FROM users AS u")


WRONG = [
    ("ann", "wrong password here"),
    ("ann", ""),
    ("nobody", PASSWORD),
    ("", ""),
    ("a" * 10_000, PASSWORD),
    ("ann\x00", PASSWORD),
    ("ann", "x" * 100_000),
    ("off", PASSWORD),
    ("no-password", PASSWORD),
]


async def test_all_wrong_credentials_get_the_same_answer(backend: Backend) -> None:
    for name in ("ann", "off", "no-password"):
        await backend.add_user(name)
    await backend.execute("UPDATE users SET disabled_at = now() WHERE id = 'off'")
    await backend.execute("UPDATE users SET password_hash = NULL WHERE id = 'no-password'")
    answers = set()
    for name, password in WRONG:
        body = {"query": SIGN_IN, "variables": {"name": name, "password": password}}
        response = await backend.browser().post("/graphql", json=body)
        answers.add(response.text)
        assert "set-cookie" not in response.headers
    [answer] = answers
    [error] = json.loads(answer)["errors"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED", "key": "sign_in.failed", "params": {}}


async def test_name_is_normalized(backend: Backend) -> None:
    await backend.add_user("ｂｏｂ".lower())
    await backend.execute("UPDATE users SET name = 'bob山' WHERE id = 'ｂｏｂ'")
    for typed in ("bob山", " BOB山 ", "ｂｏｂ山"):
        assert "data" in await ask(backend.browser(), SIGN_IN, name=typed, password=PASSWORD)


async def test_signing_out_ends_a_copied_session(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    copied = dict(browser.cookies)
    assert (await ask(browser, SIGN_OUT))["data"]["signOut"] is True
    assert not browser.cookies
    thief = backend.browser()
    thief.cookies.update(copied)
    assert await code_of(thief, VIEWER) == "UNAUTHENTICATED"


async def test_changing_the_password_ends_the_other_sessions_only(backend: Backend) -> None:
    await backend.add_user("ann")
    this, other = await backend.sign_in("ann"), await backend.sign_in("ann")
    assert (await ask(this, CHANGE, current=PASSWORD, new=OTHER_PASSWORD))["data"]["changePassword"] is True
    assert (await ask(this, VIEWER))["data"]["viewer"]["id"] == "ann"
    assert await code_of(other, VIEWER) == "UNAUTHENTICATED"
    assert await code_of(backend.browser(), SIGN_IN, name="ann", password=PASSWORD) == "UNAUTHENTICATED"
    assert "data" in await ask(backend.browser(), SIGN_IN, name="ann", password=OTHER_PASSWORD)


KEEP = CHANGE.replace("newPassword: $new}", "newPassword: $new, keepTokens: true}")


async def test_changing_the_password_revokes_tokens_unless_they_are_kept(backend: Backend) -> None:
    for name, change, kept in (("ann", CHANGE, False), ("bob", KEEP, True)):
        await backend.add_user(name)
        browser, program = await backend.sign_in(name), backend.program(await backend.token(name, "ci"))
        assert (await ask(browser, change, current=PASSWORD, new=OTHER_PASSWORD))["data"]["changePassword"] is True
        assert ("data" in await ask(program, VIEWER)) is kept
    rows = await backend.services.database.pool.fetch(
        "SELECT user_id, detail->>'token' FROM security_events WHERE kind = 'token_revoked'"
    )
    assert [tuple(row) for row in rows] == [("ann", "ci")]


REFUSED_CHANGES = [
    ("not the current one", OTHER_PASSWORD),
    (PASSWORD, "short"),
    (PASSWORD, "a" * 20),
    (PASSWORD, "x" * 300),
    (PASSWORD, "long-name-of-ann"),
]


async def test_refused_password_changes_nothing(backend: Backend) -> None:
    await backend.add_user("ann")
    await backend.execute("UPDATE users SET name = 'long-name-of-ann' WHERE id = 'ann'")
    browser = await backend.sign_in("long-name-of-ann")
    for current, new in REFUSED_CHANGES:
        assert await code_of(browser, CHANGE, current=current, new=new) == "BAD_USER_INPUT"
    assert "data" in await ask(backend.browser(), SIGN_IN, name="long-name-of-ann", password=PASSWORD)


async def test_session_ends_when_idle_and_at_its_maximum_age(backend: Backend) -> None:
    await backend.add_user("ann")
    for column in ("expires_at", "ends_at"):
        browser = await backend.sign_in("ann")
        await backend.execute(f"UPDATE credentials SET last_used_at = NULL, {column} = now() + interval '1 s'")  # noqa: S608
        assert (await ask(browser, VIEWER))["data"]["viewer"]["id"] == "ann"  # use extends the first, up to the second
        await asyncio.sleep(1.1)
        response = await ask(browser, VIEWER)
        assert ("data" in response) is (column == "expires_at"), response


async def test_outdated_hash_is_replaced_at_sign_in(backend: Backend) -> None:
    await backend.add_user("ann")
    await backend.execute("UPDATE users SET password_hash = $1", PasswordHasher(1, 8, 1).hash(PASSWORD))
    await backend.sign_in("ann")
    assert "m=65536,t=3,p=4" in await backend.value("SELECT password_hash FROM users WHERE id = 'ann'")
    await backend.sign_in("ann")


NOT_ALLOWED = [
    "{ __typename }",
    "{ __schema { types { name } } }",
    "{ viewer { id } }",
    "mutation { signOut }",
    'mutation { signIn(input: {name: "a", password: "b"}) { userId } createIntent(input: {description: "x"}) { id } }',
    'mutation { createIntent(input: {description: "x"}) { id } signIn(input: {name: "a", password: "b"}) { userId } }',
    'mutation { ...F } fragment F on Mutation { signIn(input: {name: "a", password: "b"}) { userId } }',
    'mutation { ... { createIntent(input: {description: "x"}) { id } } }',
    'mutation { signIn: createIntent(input: {description: "x"}) { id } }',
    "query signIn { viewer { id } }",
    'mutation A { signIn(input: {name: "a", password: "b"}) { userId } } mutation B { signOut }',
    "subscription { eventAppended { cursor } }",
    "not graphql",
    "{" * 5000,
    "mutation { signIn }" + " signIn" * 200,
]


async def test_anonymous_request_may_only_sign_in(backend: Backend) -> None:
    refusal = {
        "errors": [
            {
                "message": "Sign in first.",
                "extensions": {"code": "UNAUTHENTICATED", "key": "unauthenticated", "params": {}},
            }
        ]
    }
    for client in (backend.browser(), backend.program(), backend.browser(cookie="resonant=res_made-up")):
        for query in NOT_ALLOWED:
            response = await client.post("/graphql", json={"query": query})
            assert (response.status_code, response.json()) == (401, refusal), query


async def test_cookie_is_ignored_in_requests_of_other_pages(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    cookies = dict(browser.cookies)
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://[", None):
        client = backend.program(**({} if origin is None else {"origin": origin}))
        client.cookies.update(cookies)
        assert await code_of(client, VIEWER) == "UNAUTHENTICATED"
    for site, known in (("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False)):
        client = backend.program(**{"sec-fetch-site": site})
        client.cookies.update(cookies)
        response = await client.get("/graphql", params={"query": VIEWER})
        assert (response.status_code == 200) is known


async def test_page_of_another_site_cannot_sign_in(backend: Backend) -> None:
    await backend.add_user("mallory")
    evil = backend.program(origin="https://evil.example")
    assert await code_of(evil, SIGN_IN, name="mallory", password=PASSWORD) == "UNAUTHENTICATED"
    assert not evil.cookies
