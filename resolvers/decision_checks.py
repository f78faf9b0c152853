"""Validation of the texts of decisions, for the API and the tools. All raise BadUserInput that names the field."""

from collections.abc import Mapping, Sequence
from typing import Any

from resolvers.checks import checked_line
from sql.errors import BadUserInput
from sql.repositories.decision_options import DecisionOption

MAX_TITLE = 200
MAX_TOPIC = 200
MAX_LABEL = 500
MAX_REJECTION_REASON = 2000
MAX_TEXT = 10_000
MAX_OPTIONS = 20


def checked_topic(topic: str) -> str:
    return checked_line(topic, "topic", MAX_TOPIC)


def optional_line(value: str | None, name: str, maximum: int = MAX_TEXT) -> str | None:
    """The text, or None when it is absent or blank."""
    return checked_line(value, name, maximum) if value and value.strip() else None


def checked_options(given: Sequence[Mapping[str, Any]] | None) -> list[DecisionOption]:
    """The options, each with `label` and perhaps `rejectionReason`."""
    options = given or []
    if len(options) > MAX_OPTIONS:
        raise BadUserInput("input.too_many", field="options", given=len(options), maximum=MAX_OPTIONS)
    return [
        DecisionOption(
            checked_line(each["label"], "options", MAX_LABEL),
            optional_line(each.get("rejectionReason"), "rejectionReason", MAX_REJECTION_REASON),
        )
        for each in options
    ]
