"""What the tools of decisions share."""

from app.tools.tool import Arguments
from resolvers.checks import checked_line

MAX_TITLE = 200
MAX_TOPIC = 200
MAX_LABEL = 500
MAX_TEXT = 10_000


def checked_topic(topic: str) -> str:
    return checked_line(topic, "topic", MAX_TOPIC)


def optional_line(arguments: Arguments, name: str, maximum: int = MAX_TEXT) -> str | None:
    """The text, or None when it is absent or blank."""
    value = arguments.get(name)
    return checked_line(value, name, maximum) if value and value.strip() else None
