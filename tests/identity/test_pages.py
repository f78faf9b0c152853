"""Pages with AUTH_MODE=token need a session; scripts and styles, which hold no data, are public."""

from urllib.parse import quote

from tests.identity.conftest import Backend


async def test_page_redirects_to_sign_in_without_a_session(backend: Backend) -> None:
    for path in ("/", "/graphiql", "/c/some-conversation", "/c/x?y=1", "/anything/else"):
        for client in (backend.program(), backend.program(cookie="resonant=res_forged")):
            response = await client.get(path)
            assert response.status_code == 303
            assert response.headers["location"] == f"/sign-in?next={quote(path, safe='')}"
            assert response.headers["cache-control"] == "no-store"


async def test_page_is_shown_with_a_session_also_from_a_link_on_another_site(backend: Backend) -> None:
    await backend.add_user("ann", "viewer")
    browser = await backend.sign_in("ann")
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}):
        response = await browser.get("/", headers=headers)
        assert response.status_code in (200, 503)  # 503 while the web client is not built
        assert "location" not in response.headers


async def test_paths_without_data_are_public(backend: Backend) -> None:
    for path in ("/health", "/ready", "/sign-in"):
        assert (await backend.program().get(path)).status_code in (200, 503)
    assert (await backend.program().get("/assets/none.js")).status_code == 404


async def test_every_response_has_security_headers(backend: Backend) -> None:
    for path in ("/", "/sign-in", "/graphql", "/none.js"):
        response = await backend.program().get(path)
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"], path
