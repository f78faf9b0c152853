"""The form in which a repository is stored and compared: `github.com/acme/shop`, or the path of its directory."""

import posixpath
import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from sql.errors import BadUserInput

MAX_REPOSITORIES = 50
MAX_CHARACTERS = 500
DEFAULT_PORTS = {"ssh": 22, "https": 443, "http": 80, "git": 9418}
SCHEME = re.compile(r"(?:git\+)?(ssh|https|http|git|file)://", re.IGNORECASE)
WITHOUT_SCHEME = re.compile(
    r"(?:[^@/\s]+@)?((?:[\w.-]+\.[\w-]+|localhost)(?::\d+(?=/))?)[:/](?!/)(\S.*)"
)  # or host:path
DRIVE = re.compile(r"([A-Za-z]):[\\/]")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def canonical_repository(value: str) -> str | None:
    """The stored form of a remote URL or an absolute path; None when it is neither. A stored form is its own.

    Host and path of a URL are lower-case, and have no credentials, default port, `.git` or slash at the end.
    """
    text = value.strip()
    if not text or len(text) > MAX_CHARACTERS or CONTROL.search(text):
        return None
    if text.startswith("/") or DRIVE.match(text):
        return _path(text)
    if SCHEME.match(text):
        return _of_url(text)
    found = WITHOUT_SCHEME.fullmatch(text)
    return None if found is None else _remote(found[1], found[2])


def checked_repositories(values: Sequence[str]) -> list[str]:
    """Each once. Raises BadUserInput."""
    if len(values) > MAX_REPOSITORIES:
        raise BadUserInput("input.too_many", field="repositories", given=len(values), maximum=MAX_REPOSITORIES)
    found: dict[str, None] = {}
    for value in values:
        repository = canonical_repository(value)
        if repository is None:
            raise BadUserInput("project.repository_invalid", value=value[:100])
        found[repository] = None
    return list(found)


def _of_url(text: str) -> str | None:
    try:
        parts = urlsplit(re.sub(r"^git\+", "", text, flags=re.IGNORECASE))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme == "file":
        path = unquote(parts.path)
        return _path(path[1:] if DRIVE.match(path[1:]) else path)
    if not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return _remote(host + ("" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}"), parts.path)


def _remote(host: str, path: str) -> str | None:
    name = unquote(path).strip("/").removesuffix(".git").strip("/").lower()
    if not name or CONTROL.search(name):
        return None
    found = f"{host.lower()}/{name}"
    return found if WITHOUT_SCHEME.fullmatch(found) else f"https://{found}"  # a host without a dot needs the scheme


def _path(text: str) -> str | None:
    """The directory; the root is none."""
    drive = DRIVE.match(text)
    path = text.replace("\\", "/") if drive else text
    normal = posixpath.normpath(path).replace("//", "/")
    if drive:
        normal = drive[1].upper() + normal[1:]
    return normal if normal.strip("/:")[1 if drive else 0 :] else None
