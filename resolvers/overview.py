"""The overview: figures per day in the viewer's time zone."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import strawberry

from resolvers.checks import checked_zone
from resolvers.context import Info
from resolvers.projects import visible_project
from schema.intents import IntentStatus
from schema.overview import DayFigures, StatusCount
from sql.errors import BadUserInput
from sql.repositories import overview as repository
from sql.repositories.accounts import find_timezone
from sql.repositories.overview import IntentDay, MessageDay

USUAL_DAYS = 7
MAX_DAYS = 100
MAX_INT = 2**31 - 1  # of GraphQL


async def list_days(
    info: Info,
    days: int | None = USUAL_DAYS,
    timezone: str | None = "UTC",
    project_id: strawberry.ID | None = None,
) -> list[DayFigures]:
    """The zone of the account counts; without one, the argument."""
    count, given = _checked_days(days), checked_zone(timezone or "UTC")
    async with info.context.database.connection() as connection:
        user_id = info.context.viewer.id
        project = await visible_project(connection, user_id, project_id)
        account = await find_timezone(connection, user_id)
        bounds = last_days(count, given if account is None else checked_zone(account), datetime.now(UTC))
        messages = await repository.list_message_days(connection, user_id, bounds, project)
        intents = await repository.list_intent_days(connection, user_id, bounds, project)
        status_counts = await repository.list_status_counts(connection, user_id, bounds[1:], project)
    counts = defaultdict[int, list[StatusCount]](list)
    for index, status, count in status_counts:
        counts[index].append(StatusCount(status=IntentStatus(status), count=count))
    return [
        _to_figures(start, end, message_day, intent_day, counts[index])
        for index, (start, end, message_day, intent_day) in enumerate(
            zip(bounds, bounds[1:], messages, intents, strict=False)
        )
    ]


def last_days(count: int, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """The start of each of the last `count` days, today last, and the end of today."""
    today = now.astimezone(zone).date()
    dates = (today - timedelta(days=back) for back in range(count - 1, -2, -1))
    return [datetime.combine(each, time.min, tzinfo=zone).astimezone(UTC) for each in dates]


def _to_figures(
    start: datetime, end: datetime, messages: MessageDay, intents: IntentDay, statuses: list[StatusCount]
) -> DayFigures:
    return DayFigures(
        start=start,
        end=end,
        messages=messages.messages,
        answers=messages.answers,
        completed_intents=intents.completed,
        failed_intents=intents.failed,
        answer_seconds=messages.median_seconds,
        intent_seconds=intents.median_seconds,
        input_tokens=min(messages.input_tokens + intents.input_tokens, MAX_INT),
        cached_tokens=min(messages.cached_tokens + intents.cached_tokens, MAX_INT),
        output_tokens=min(messages.output_tokens + intents.output_tokens, MAX_INT),
        statuses=statuses,
    )


def _checked_days(days: int | None) -> int:
    count = USUAL_DAYS if days is None else days
    if not 1 <= count <= MAX_DAYS:
        raise BadUserInput("input.out_of_range", field="days", given=count, minimum=1, maximum=MAX_DAYS)
    return count
