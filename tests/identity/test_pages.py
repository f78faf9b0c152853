"""Pages in AUTH_MODE=token: for those who have signed in; code and styles, which hold no data, for anyone."""

from urllib.parse import quote

from tests.identity.conftest import House


async def test_a_page_sends_whoever_is_not_signed_in_to_where_they_can(house: House) -> None:
    for path in ("/", "/graphiql", "/c/some-conversation", "/c/x?y=1", "/anything/else"):
        for client in (house.program(), house.program(cookie="resonant=res_forged")):
            response = await client.get(path)
            assert response.status_code == 303
            assert response.headers["location"] == f"/sign-in?next={quote(path, safe='')}"
            assert response.headers["cache-control"] == "no-store"


async def test_a_page_is_shown_to_those_who_have_signed_in_wherever_the_link_was(house: House) -> None:
    await house.person("ann", "viewer")
    browser = await house.signed_in("ann")
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}):
        response = await browser.get("/", headers=headers)
        assert response.status_code in (200, 503)  # 503 while the web client is not built
        assert "location" not in response.headers


async def test_what_holds_no_data_is_open(house: House) -> None:
    for path in ("/health", "/ready", "/sign-in"):
        assert (await house.program().get(path)).status_code in (200, 503)
    assert (await house.program().get("/assets/none.js")).status_code == 404


async def test_the_security_headers_are_on_every_answer(house: House) -> None:
    for path in ("/", "/sign-in", "/graphql", "/none.js"):
        response = await house.program().get(path)
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"], path
