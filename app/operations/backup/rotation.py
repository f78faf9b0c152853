"""Which backups are kept: of each of the last days, weeks and months the newest one."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12


def _newest_of_each(moments: list[datetime], period: Callable[[datetime], Hashable], count: int) -> set[datetime]:
    newest: dict[Hashable, datetime] = {}
    for moment in moments:  # newest first
        if len(newest) == count and period(moment) not in newest:
            break
        newest.setdefault(period(moment), moment)
    return set(newest.values())


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Those of 7 days, 4 ISO weeks and 12 months that have a backup, so that a pause in backing up deletes nothing."""
    ordered = sorted(moments, reverse=True)
    return (
        _newest_of_each(ordered, lambda moment: moment.date(), DAYS)
        | _newest_of_each(ordered, lambda moment: moment.isocalendar()[:2], WEEKS)
        | _newest_of_each(ordered, lambda moment: (moment.year, moment.month), MONTHS)
    )
