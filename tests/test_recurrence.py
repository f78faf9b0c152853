"""Recurrence rules: what is accepted, and the next occurrence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from sql.errors import BadUserInput
from sql.recurrence import WEEKDAYS, checked_recurrence, count_missed, is_recurrence, next_occurrence

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")


def at(text: str, zone: ZoneInfo = TOKYO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("rule", "due", "following"),
    [
        ("FREQ=DAILY", "2026-11-30T09:00", "2026-12-01T09:00"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-30T09:00", "2026-12-03T09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-30T09:00", "2026-12-02T09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-12-04T09:00", "2026-12-07T09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", "2026-11-30T09:00", "2026-12-06T09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", "2026-12-06T09:00", "2026-12-14T09:00"),
        ("FREQ=WEEKLY", "2026-11-30T09:00", "2026-12-07T09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31T09:00", "2027-01-31T09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31T09:00", "2027-03-31T09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31T09:00", "2027-02-28T09:00"),
        ("FREQ=MONTHLY;BYDAY=2TU", "2026-12-08T09:00", "2027-01-12T09:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-12-25T09:00", "2027-01-29T09:00"),
        ("FREQ=MONTHLY", "2026-11-30T09:00", "2026-12-30T09:00"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2028-02-29T09:00", "2032-02-29T09:00"),
        ("FREQ=YEARLY", "2026-11-30T09:00", "2027-11-30T09:00"),
        ("FREQ=HOURLY;INTERVAL=2", "2026-11-30T23:30", "2026-12-01T01:30"),
        ("FREQ=DAILY;UNTIL=20261202T235959Z", "2026-12-02T09:00", None),
        ("FREQ=DAILY;COUNT=1", "2026-12-01T09:00", None),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", "2026-12-01T09:00", None),
    ],
)
def test_the_next_occurrence_is_the_first_after_the_last_one(rule: str, due: str, following: str | None) -> None:
    found = next_occurrence(rule, at(due), TOKYO, at("2026-11-01T00:00"))
    assert (None if found is None else found[0]) == (None if following is None else at(following))


def test_missed_occurrences_are_left_out_and_a_counted_rule_counts_down() -> None:
    now = at("2027-06-15T12:00")
    assert next_occurrence("FREQ=DAILY;COUNT=5", at("2026-11-30T09:00"), TOKYO, now) == (
        at("2027-06-16T09:00"), "FREQ=DAILY;COUNT=4",
    )  # fmt: skip
    found = next_occurrence("FREQ=MINUTELY;INTERVAL=7", at("2006-11-30T09:00"), TOKYO, now)
    assert found is not None
    assert 0 < (found[0] - now).total_seconds() <= 7 * 60


def test_the_time_of_day_stays_when_the_clocks_change() -> None:
    found = next_occurrence("FREQ=DAILY", at("2027-03-27T09:00", BERLIN), BERLIN, at("2027-03-27T09:00", BERLIN))
    assert found is not None
    assert found[0].astimezone(UTC) == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_only_rules_that_are_supported_are_accepted() -> None:
    assert checked_recurrence(" rrule:freq=weekly;byday=mo;wkst=mo ") == "FREQ=WEEKLY;BYDAY=MO;WKST=MO"
    for rule in (
        "", "daily", "FREQ=SECONDLY", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=1e3",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=HOURLY;BYDAY=MO",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=YEARLY;BYDAY=MO", "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;UNTIL=20270231", "FREQ=DAILY;INTERVAL=１", "FREQ=DAILY\nFREQ=DAILY", "FREQ=DAILY;" * 99,
    ):  # fmt: skip
        with pytest.raises(BadUserInput):
            checked_recurrence(rule)
        assert not is_recurrence(rule)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule that is supported."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    days = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))
    if frequency in ("DAILY", "WEEKLY") and days:
        parts.append("BYDAY=" + ",".join(days))
    elif frequency == "MONTHLY" and days:
        parts.append(f"BYDAY={draw(st.sampled_from([1, 2, 3, 4, -1]))}{days[0]}")
    elif frequency == "MONTHLY":
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 28, 31, -1, -3]))}")
    elif frequency == "YEARLY":
        parts.append(f"BYMONTH={draw(st.integers(1, 12))};BYMONTHDAY={draw(st.integers(1, 28))}")
    return ";".join(parts)


@settings(max_examples=80, deadline=None)
@given(rules(), st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31)), st.integers(0, 400))  # noqa: DTZ001
def test_dateutil_reads_the_same_times_from_a_rule(rule: str, due: datetime, days: int) -> None:
    due = due.replace(minute=0, second=0, microsecond=0)
    # A zone without daylight saving, because dateutil does not know the changes of the clock.
    first, now = due.replace(tzinfo=TOKYO), (due + timedelta(days=days)).replace(tzinfo=TOKYO)
    expected = rrulestr(rule, dtstart=due).after(due + timedelta(days=days))
    if expected - due < timedelta(days=366 * 8):
        found = next_occurrence(rule, first, TOKYO, now)
        assert found is not None
        assert found[0].astimezone(TOKYO).replace(tzinfo=None) == expected
    between = rrulestr(rule, dtstart=due).between(due, due + timedelta(days=days), inc=True)
    assert count_missed(rule, first, TOKYO, now) == min(len([each for each in between if each > due]), 999)
