"""Decides which backups are kept: the newest one of each of the last 7 days, 4 weeks and 12 months."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12


def _newest_of_each(times: list[datetime], period: Callable[[datetime], Hashable], count: int) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for time in times:  # newest first
        if len(newest) == count and period(time) not in newest:
            break
        newest.setdefault(period(time), time)
    return set(newest.values())


def backups_to_keep(times: Iterable[datetime]) -> set[datetime]:
    """The times of the backups to keep.

    Only days, ISO weeks and months that have a backup count, so a break in the schedule deletes nothing.
    """
    ordered = sorted(times, reverse=True)
    return (
        _newest_of_each(ordered, lambda time: time.date(), DAYS)
        | _newest_of_each(ordered, lambda time: time.isocalendar()[:2], WEEKS)
        | _newest_of_each(ordered, lambda time: (time.year, time.month), MONTHS)
    )
