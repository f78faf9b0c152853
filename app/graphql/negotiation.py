"""Which media type a response has: `Accept` as RFC 9110 reads it, for the two of GraphQL over HTTP, and for streams."""

from functools import lru_cache

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
OFFERED = (JSON, GRAPHQL_RESPONSE)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _specificity(media_range: str, offered: str) -> int:
    """How exactly the range names the type: 2 by name, 1 by `application/*`, 0 by `*/*`, -1 not at all."""
    if media_range == offered:
        return 2
    return {"application/*": 1, "*/*": 0}.get(media_range, -1)


@lru_cache(maxsize=64)
def choose_media_type(accept: str | None) -> str | None:
    """The better liked of both types; JSON when the client has no preference; None when it takes neither."""
    if not accept or not accept.strip():
        return JSON
    ranges = [part.strip().split(";") for part in accept.split(",")]

    def liking(offered: str) -> float:
        matches = [(_specificity(name.strip().lower(), offered), _quality(rest)) for name, *rest in ranges]
        best = max(matches)
        return best[1] if best[0] >= 0 else 0.0

    best = max(OFFERED, key=liking)
    return best if liking(best) > 0 else None


@lru_cache(maxsize=64)
def accepts_event_stream(accept: str | None) -> bool:
    """Whether the client names the media type; `*/*` does not ask for a stream."""
    ranges = [part.strip().split(";") for part in (accept or "").split(",")]
    return any(name.strip().lower() == EVENT_STREAM and _quality(rest) > 0 for name, *rest in ranges)
