"""Days of the calendar, counted from today. Every function raises ValueError when there is no such day."""

from calendar import monthrange
from datetime import date, timedelta

FRIDAY = 4  # "by next week" means before the weekend of that week
SATURDAY = 5
SUNDAY = 6


def weekday_of(today: date, weekday: int, weeks: int | None) -> date:
    """The weekday of the week `weeks` from this one; without `weeks` the next such day after today."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=weeks)


def of_month(today: date, day: int, months: int | None) -> date:
    """The day of the month `months` from this one; without `months` the next such day."""
    if months is not None:
        return add_months(today.replace(day=1), months).replace(day=day)
    for ahead in range(3):  # the 31st may be two months away
        try:
            found = of_month(today, day, ahead)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(f"no month has a day {day}")


def of_year(today: date, month: int, day: int, year: int | None) -> date:
    """The date; without a year the next one. 29 February without a year may be eight years away."""
    if year is not None:
        return date(year, month, day)
    for each in range(today.year, today.year + 9):
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(f"there is no day {month}-{day}")


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    after = day.year * 12 + day.month - 1 + months
    year, month = after // 12, after % 12 + 1
    if not 1 <= year <= 9999:
        raise ValueError("beyond the calendar")
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_end(today: date, months: int) -> date:
    """The last day of the month `months` from this one."""
    first = add_months(today.replace(day=1), months)
    return first.replace(day=monthrange(first.year, first.month)[1])


def month_of(today: date, months: int, end: bool) -> date:
    """The first day of the month `months` from this one, or its last day."""
    return month_end(today, months) if end else add_months(today.replace(day=1), months)


def named_month(today: date, month: int, year: int | None, end: bool) -> date:
    """The first or the last day of a named month; without a year the next one, or the rest of the present one."""
    year = year or today.year + (month < today.month)
    return date(year, month, monthrange(year, month)[1] if end or (year, month) == (today.year, today.month) else 1)


def week_of(today: date, weeks: int, end: bool) -> date:
    """The Monday of a week, or its Friday for its end; of this week its Friday, or Sunday when Friday is over."""
    if weeks == 0:
        return weekday_of(today, FRIDAY if today.weekday() <= FRIDAY else SUNDAY, 0)
    return weekday_of(today, FRIDAY if end else 0, weeks)


def weekend_of(today: date, weeks: int, end: bool) -> date:
    """The Saturday of a weekend; before the weekend for its end."""
    if weeks == 0 and today.weekday() >= SATURDAY:
        return weekday_of(today, SUNDAY, 0)
    return weekday_of(today, FRIDAY if end else SATURDAY, weeks)


def nth_weekday(first: date, weekday: int, nth: int) -> date:
    """The n-th such weekday of the month that begins with `first`; -1 is the last one."""
    if nth < 0:
        last = month_end(first, 0)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    found = first + timedelta(days=(weekday - first.weekday()) % 7, weeks=nth - 1)
    if found.month != first.month:
        raise ValueError(f"the month has no weekday number {nth}")
    return found
