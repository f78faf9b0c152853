"""Whether a request comes from a page of ours, as a browser itself says and no page can forge."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


def from_own_page(connection: HTTPConnection, origins: Collection[str]) -> bool:
    """A cookie alone proves nothing: the browser attaches it whoever had the request made.

    `origins` are those of other pages that are trusted. A request that says nothing of where it comes from is no
    browser's, and programs have tokens.
    """
    origin = connection.headers.get("origin")
    if origin is not None:
        return origin in origins or (_host_of(origin) or "nowhere") == connection.headers.get("host")
    return connection.scope["type"] == "http" and connection.headers.get("sec-fetch-site") == "same-origin"


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
