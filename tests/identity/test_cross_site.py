"""A page of another origin in a real browser with a signed-in user can neither read nor change anything."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.asgi_server import serve
from tests.identity.conftest import PASSWORD, Backend
from tests.journeys.conftest import launched

pytestmark = pytest.mark.browser
MUTATION = 'mutation { createIntent(input: {description: "forged"}) { id } }'
ATTEMPTS = """async ([target, query]) => {
  const received = [];
  const note = (what) => (value) => received.push(`${what}: ${value}`);
  const body = JSON.stringify({ query });
  const kinds = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""];
  for (const mode of ["cors", "no-cors"])
    for (const kind of kinds)
      await fetch(`${target}/graphql`, {
        method: "POST", mode, credentials: "include", body,
        headers: kind && mode === "cors" ? { "content-type": kind } : {},
      }).then(async (answer) => answer.type !== "opaque" && note("read")(await answer.text()), () => {});
  await fetch(`${target}/graphql?query=${encodeURIComponent("{ viewer { id } }")}`, { credentials: "include" })
    .then(async (answer) => note("read")(await answer.text()), () => {});
  navigator.sendBeacon(`${target}/graphql`, new Blob([body], { type: "text/plain" }));
  for (const encoding of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
    const frame = document.createElement("iframe");
    frame.name = encoding;
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), {
      method: "POST", action: `${target}/graphql`, enctype: encoding, target: encoding,
    });
    const field = Object.assign(document.createElement("input"), { name: body.slice(0, -1) + ', "x": "', value: '"}' });
    form.append(field);
    document.body.append(form);
    form.submit();
  }
  const image = new Image();
  image.src = `${target}/graphql?query=${encodeURIComponent(query)}`;
  const page = document.createElement("iframe");
  page.src = `${target}/`;
  document.body.append(page);
  await new Promise((resolve) => {
    const socket = new WebSocket(`${target.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    socket.onopen = () => socket.send('{"type": "connection_init"}');
    socket.onmessage = (event) => note("socket")(event.data);
    socket.onclose = socket.onerror = resolve;
  });
  const source = new EventSource(
    `${target}/graphql?query=${encodeURIComponent("subscription { eventAppended { cursor } }")}`,
    { withCredentials: true },
  );
  source.onmessage = (event) => note("stream")(event.data);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  source.close();
  return received;
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest.fixture
async def other_origin() -> AsyncIterator[str]:
    """A page on another host than the backend: `localhost` instead of `127.0.0.1`."""

    async def page(request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>other origin</title><body></body>")

    async with serve(Starlette(routes=[Route("/", page)])) as address:
        yield address.replace("127.0.0.1", "localhost")


async def test_page_of_another_origin_can_neither_read_nor_change_anything(
    backend: Backend, other_origin: str, browser: Browser
) -> None:
    await backend.add_user("ann")
    context = await browser.new_context()
    own = await context.new_page()
    await own.goto(f"{backend.url}/sign-in")
    signed_in = await own.evaluate(
        """async ([name, password]) => {
          const query = "mutation($i: SignInInput!) { signIn(input: $i) { userId } }";
          const answer = await fetch("/graphql", {
            method: "POST", headers: { "content-type": "application/json" },
            body: JSON.stringify({ query, variables: { i: { name, password } } }),
          });
          return [(await answer.json()).data.signIn.userId, document.cookie];
        }""",
        ["ann", PASSWORD],
    )
    assert signed_in == ["ann", ""]  # scripts cannot read the cookie
    create = """(query) => fetch("/graphql", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query }),
    }).then((answer) => answer.json())"""
    assert (await own.evaluate(create, MUTATION))["data"]["createIntent"]["id"]
    await backend.execute("DELETE FROM intents")

    page = await context.new_page()
    await page.goto(other_origin)
    received = await page.evaluate(ATTEMPTS, [backend.url, MUTATION])
    assert received == []
    assert await backend.value("SELECT count(*) FROM intents") == 0
    names = [cookie["name"] for cookie in await context.cookies(backend.url)]
    assert names == ["resonant"]  # the session still exists; it was just not accepted
    await context.close()
