"""Japanese rules: each pattern with the part of a time that it means. Earlier rules win at the same place.

Japanese has no spaces, so words have conditions for the characters around them: 日本日刊 contains 本日.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from app.language.numerals import japanese_number
from app.language.times import calendar
from app.language.times.japanese_repeats import DAYS, DIGITS, JAPANESE_REPEATS, N
from app.language.times.numbers import day_of_year
from app.language.times.parts import WORDS, Clock, Day, Half, Join, Nothing, Part, PartOfDay, Shift, Unread

DATA = WORDS["japanese"]
PARTS: dict[str, str] = WORDS["parts_ja"]
Builder = Callable[[re.Match[str]], Part | tuple[Part, ...]]


def _any(words: dict[str, int] | dict[str, str]) -> str:
    return f"({'|'.join(sorted(words, key=len, reverse=True))})"


ERAS, DAY_WORDS, WEEKS = _any(DATA["eras"]), _any(DATA["days"]), _any(DATA["weeks"])
MONTHS, YEARS, UNITS = _any(DATA["months"]), _any(DATA["years"]), _any(DATA["units"])
YOUBI = rf"([{DAYS}])曜日?"
# A weekday in one character, where no other word can be: 来週月まで, 来週の金に.
SHORT_YOUBI = rf"([{DAYS}])(?:曜日?|(?=まで|に(?![あ-んァ-ヶ一-龯])|の?(?:[0-9]{{1,2}}[時:]|午前|午後|朝|昼|夜|夕)))"
HALVES: dict[str, Half] = {"午前": "am", "早朝": "am", "未明": "am", "朝": "am", "am": "am", "午後": "pm", "昼": "pm",
                           "お昼": "pm", "夕方": "pm", "夜": "pm", "晩": "pm", "pm": "pm"}  # fmt: skip
NO_HOUR = r"(?!間|代|点|期|的|停止|保存|中断|ファイル|テーブル|対応|しのぎ|計|刻|給|系列|差)"
PARTICLE = r"(?=に|まで|の|から|は|、|,|。|で|も|が|を|中|以|締|いっぱい|[0-9]|\s|$|[一-龯ァ-ヶ])"


def number(text: str) -> int:
    """The number that N matched."""
    return japanese_number(text)


def to_hour(half: str | None, hour: int, minute: int, second: int = 0) -> tuple[Part, ...] | Part:
    """A clock time with its half of the day. Raises ValueError when no clock shows it."""
    if hour > 29 or minute > 59 or second > 59:
        raise ValueError("no such hour")
    if half == "深夜":
        # 「明日の深夜1時」 may be in the night before or after tomorrow.
        return (PartOfDay("night" if 12 <= hour < 24 else "small hours"), Clock(hour, minute, second))
    said = HALVES.get(half or "")
    if said is None:
        return Clock(hour, minute, second, open=1 <= hour <= 12)
    if hour > 12:
        return Clock(hour, minute, second, said)
    if half == "昼" and 7 <= hour < 11:
        raise ValueError("no hour of noon")
    if half in ("夜", "晩") and (hour == 12 or hour < 5):
        return Clock(24 + hour % 12, minute, second, said)
    if half == "昼" and hour == 11:
        return Clock(11, minute, second, "am")
    return Clock(hour % 12 + 12 if said == "pm" else hour % 12, minute, second, said)


def _hour(m: re.Match[str]) -> Part | tuple[Part, ...]:
    minute = 30 if m[4] else number(m[3]) if m[3] else 0
    # 01時 is one at night, as on a digital clock.
    half = m[1] or ("am" if m[2].startswith("0") else None)
    return to_hour(half, number(m[2]), minute, number(m[5]) if m[5] else 0)


def _era(m: re.Match[str]) -> Part:
    year = DATA["eras"][m[1]] + (1 if m[2] == "元" else number(m[2]))
    return _named(year, number(m[3]), m[4], m[5])


def _named(year: int | None, month: int, day: str | None, end: str | None) -> Part:
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    if day:
        return day_of_year(month, number(day), year)
    if end:
        return Day(lambda today, _: _end_of(today, month, year))
    return Day(lambda today, deadline: calendar.named_month(today, month, year, deadline))


def _end_of(today: date, month: int, year: int | None) -> date:
    return calendar.named_month(today, month, year, True)


def _relative_year(m: re.Match[str]) -> Part:
    ahead, month = DATA["years"][m[1]], number(m[2])
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    if m[3]:
        day = number(m[3])
        return Day(lambda today, _: date(today.year + ahead, month, day))
    end = bool(m[4])
    return Day(lambda today, deadline: calendar.named_month(today, month, today.year + ahead, end or deadline))


def _week_day(m: re.Match[str]) -> Part:
    weeks, weekday = DATA["weeks"][m[1]], DAYS.index(m[2])
    return Day(lambda today, _: calendar.weekday_of(today, weekday, weeks))


def _month_day(m: re.Match[str]) -> Part:
    months, day = DATA["months"][m[1]], number(m[2])
    return Day(lambda today, _: calendar.of_month(today, day, months))


def _nth(m: re.Match[str]) -> Part:
    months, nth, weekday = DATA["months"][m[1]], number(m[2]), DAYS.index(m[3])
    return Day(
        lambda today, _: calendar.nth_weekday(calendar.add_months(today.replace(day=1), months), weekday, nth),
    )


def _last_of_month(m: re.Match[str]) -> Part:
    months, weekday = DATA["months"][m[1]], DAYS.index(m[2])
    return Day(lambda today, _: calendar.nth_weekday(calendar.add_months(today.replace(day=1), months), weekday, -1))


def _nth_of_named(month: int, nth: int, weekday: str) -> Part:
    if not 1 <= month <= 12 or nth == 0 or nth > 5:
        raise ValueError("no such day")
    return Day(
        lambda today, _: calendar.nth_weekday(
            calendar.named_month(today, month, None, False).replace(day=1), DAYS.index(weekday), nth
        ),
    )


def _shift(m: re.Match[str]) -> Part:
    amount = float(m[1]) if "." in m[1] else number(m[1])
    unit = DATA["units"][m[2]]
    if m[3]:
        amount += 0.5
    return Shift(
        amount,
        unit,
        1,
        anchored=m[4].startswith("後"),
        deadline=m[4] == "以内",
        relative=_after_noun(m) and m[4].startswith("後"),
    )


def _ago(m: re.Match[str]) -> Part:
    amount = float(m[1]) if "." in m[1] else number(m[1])
    return Shift(amount + (0.5 if m[3] else 0), DATA["units"][m[2]], -1, anchored=True, relative=_after_noun(m))


def _hours_and_minutes(m: re.Match[str]) -> Part:
    return Shift(
        number(m[1]) * 60 + number(m[2]), "minute", -1 if m[3] == "前" else 1, anchored=True, relative=_after_noun(m)
    )


def _timer(m: re.Match[str]) -> Part:
    amount, unit = m[1] or m[3] or m[5], m[2] or m[4] or m[6]
    return Shift(number(amount), DATA["units"][unit], 1)


def _after_noun(m: re.Match[str]) -> bool:
    """Whether it counts from something: 会議の10分前, デプロイ30分後."""
    before = m.string[: m.start()][-1:]
    return before == "の" or (re.fullmatch(r"[ァ-ヶー一-龯]", before) is not None and before != "約")


def _days(count: int) -> Day:
    return Day(lambda today, _: today + timedelta(days=count))


def _next_day(m: re.Match[str]) -> Part:
    day = number(m[1])
    if not 1 <= day <= 31:
        raise ValueError("no month has that day")
    return Day(lambda today, _: calendar.of_month(today, day, None))


def _day_of_later_month(m: re.Match[str]) -> Part:
    months, day = number(m[1]), number(m[2])
    return Day(lambda today, _: calendar.of_month(today, day, months))


def _holiday(m: re.Match[str]) -> Part:
    month, day = (int(part) for part in DATA["holidays"][m[1]].split("-"))
    return day_of_year(month, day, None)


DECIMAL = rf"(?<![0-9.,第数何{DIGITS}十百千])([0-9]{{1,9}}(?:\.[0-9])?|[{DIGITS}十百千]{{1,7}})"
AGO = r"(?![後半夜例提倒方期線面向払売掛借代任者])"
LATER = r"(後(?![半続方任ろ々援の]|者)|後(?=の)|経ったら|たったら|したら|以内)"
MONTH_JA = rf"(?<![0-9年{DIGITS}十])([0-9]{{1,2}}|[{DIGITS}十]{{1,3}})月"

RULES: tuple[tuple[str, Builder], ...] = (
    ("|".join(DATA["not_times"]), lambda m: Nothing()),
    ("|".join(DATA["vague"]), lambda m: Unread()),
    *JAPANESE_REPEATS,
    (rf"(?<![0-9])([0-9]{{4}}|[{DIGITS}]{{4}})年の?([0-9]{{1,2}}|[{DIGITS}十]{{1,3}})月(?:の?{N}日|(末)日?)?", lambda m: _named(number(m[1]), number(m[2]), m[3], m[4])),
    (rf"{ERAS}(元|{N[1:-1]})年の?{N}月(?:の?{N}日|(末)日?)?", _era),
    (rf"{YEARS}の?{N}月(?:の?{N}日|(末)日?)?", _relative_year),
    (rf"{MONTH_JA}の?{N}日(?!間|前|後|以内|目)", lambda m: _named(None, number(m[1]), m[2], None)),
    (rf"{MONTH_JA}の?(末)日?", lambda m: _named(None, number(m[1]), None, m[2])),
    (rf"{MONTH_JA}(?=まで|に(?![0-9])|中|いっぱい)", lambda m: _named(None, number(m[1]), None, None)),
    (rf"{MONTHS}の?第{N}{YOUBI}", _nth),
    (rf"{MONTHS}の?(?:最終|最後の){YOUBI}", _last_of_month),
    (rf"{MONTH_JA}の?第{N}{YOUBI}", lambda m: _nth_of_named(number(m[1]), number(m[2]), m[3])),
    (rf"{MONTH_JA}の?(?:最終|最後の){YOUBI}", lambda m: _nth_of_named(number(m[1]), -1, m[2])),
    (rf"{MONTHS}の?{N}日(?!間|前|後|以内)", _month_day),
    (rf"{MONTHS}の?(?:頭|あたま|初め|はじめ)", lambda m: Day(lambda today, _: calendar.month_of(today, DATA["months"][m[1]], False))),
    (r"月初め?", lambda m: Day(lambda today, _: calendar.of_month(today, 1, None))),
    (rf"{MONTH_JA}の?(?:頭|あたま|初め|はじめ)", lambda m: Day(lambda today, _: calendar.named_month(today, number(m[1]), None, False).replace(day=1))),
    (rf"{MONTHS}の?末日?", lambda m: Day(lambda today, _: calendar.month_end(today, DATA["months"][m[1]]))),
    (rf"{MONTHS}(?=中|いっぱい)", lambda m: Day(lambda today, _: calendar.month_end(today, DATA["months"][m[1]]))),
    (rf"{MONTHS}(?![号度分額])", lambda m: Day(lambda today, end: calendar.month_of(today, DATA["months"][m[1]], end or m[1] == "今月"))),
    (r"月末(?:日)?", lambda m: Day(lambda today, _: calendar.month_end(today, 0))),
    (r"(今年度末|年度末)", lambda m: Day(lambda today, _: calendar.of_year(today, 3, 31, None))),
    (r"(来年|今年)の?(?:年末|末|中(?=に|で|、|$))|年末", lambda m: Day(lambda today, _: date(today.year + (m[1] == "来年"), 12, 31))),
    (r"年内", lambda m: (Day(lambda today, _: date(today.year, 12, 31)), Join("deadline"))),
    (rf"{WEEKS}の?{SHORT_YOUBI}", _week_day),
    (rf"(?:次|今度|こんど|つぎ)の{YOUBI}", lambda m: Day(lambda today, _: calendar.weekday_of(today, DAYS.index(m[1]), None))),
    (r"(先週末|今週末|来週末|再来週末|週末)", lambda m: Day(lambda today, end: calendar.weekend_of(today, {"先週末": -1, "来週末": 1, "再来週末": 2}.get(m[1], 0), end))),
    (r"週明け", lambda m: Day(lambda today, _: calendar.weekday_of(today, 0, 1))),
    (rf"{WEEKS}(?=中|いっぱい)", lambda m: Day(lambda today, _: calendar.week_of(today, DATA["weeks"][m[1]], True), week=DATA["weeks"][m[1]])),
    (rf"{WEEKS}(?![号刊])", lambda m: Day(lambda today, end: calendar.week_of(today, DATA["weeks"][m[1]], end or m[1] == "今週"), week=DATA["weeks"][m[1]])),
    (rf"\(([{DAYS}])(?:曜日?)?\)", lambda m: Day(lambda today, _: calendar.weekday_of(today, DAYS.index(m[1]), None), weekday=DAYS.index(m[1]))),
    (rf"(?<![毎一-龯])?{YOUBI}", lambda m: Day(lambda today, _: calendar.weekday_of(today, DAYS.index(m[1]), None), weekday=DAYS.index(m[1]))),
    (r"(明朝|翌朝)", lambda m: (_days(1), PartOfDay("morning"))),
    (r"明晩", lambda m: (_days(1), PartOfDay("night"))),
    (r"今朝", lambda m: (_days(0), PartOfDay("morning"))),
    (r"今(?:夜|晩)", lambda m: (_days(0), PartOfDay("night"))),
    (r"今夕", lambda m: (_days(0), PartOfDay("dusk"))),
    (r"昨(?:夜|晩)", lambda m: (_days(-1), PartOfDay("night"))),
    (r"先日|昨年|去年|一昨年|おととし", lambda m: _days(-1)),
    (rf"(?<![日昨毎])(?!(?<=の)翌日){DAY_WORDS}(?![刊誌])", lambda m: _days(DATA["days"][m[1]])),
    (rf"(?<![ァ-ヶー])({'|'.join(sorted(DATA['holidays'], key=len, reverse=True))})(?![ァ-ヶー会])", _holiday),
    (r"半時間(後|前)", lambda m: Shift(30, "minute", -1 if m[1] == "前" else 1, anchored=True)),
    (r"半年後", lambda m: Shift(6, "month", 1)),
    (r"前の?日(?![本経程曜])", lambda m: Shift(1, "day", -1, anchored=True, relative=True)),
    (r"(?<=の)(?:翌日|次の日)", lambda m: Shift(1, "day", 1, anchored=True, relative=True)),
    (rf"あと{N}(秒|分|時間|日)(?:で|後|したら)", lambda m: Shift(number(m[1]), DATA["units"][m[2]], 1)),
    (rf"{N}(秒|分|時間)の?(?=タイマー)|(?<=タイマーを){N}(秒|分|時間)|(?<=タイマー){N}(秒|分|時間)", _timer),
    (rf"{DECIMAL}{UNITS}と{N}(?:時間|分|日|週間|[かヶカケヵ箇]月)(?:後|前)", lambda m: Unread()),
    (rf"{DECIMAL}時間{N}分(後|前)", _hours_and_minutes),
    (rf"{N}[かヶカケヵ箇]月後の{N}日(?!間|前|後|以内)", _day_of_later_month),
    (rf"{DECIMAL}{UNITS}(半)?{LATER}", _shift),
    (rf"{DECIMAL}{UNITS}(半)?前{AGO}", _ago),
    (rf"(午前|午後|早朝|未明|朝|お昼|昼|夜|晩|夕方|深夜|am|pm)?の?\s?(?<![0-9{DIGITS}十.:])([0-9]{{1,2}}|[{DIGITS}十]{{1,3}})時{NO_HOUR}(?:{N}分(?!前|後|間|析|割)|(半))?(?:{N}秒)?", _hour),
    (r"(午前|午後|朝|夜|夕方|昼|深夜)の?\s?(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])()()", _hour),
    (r"正午", lambda m: Clock(12, half="pm")),
    (r"(午前中|朝イチ|朝いち|朝一番?|お?昼過ぎ|夕方|午後|午前)(?!の[部会]|休)", lambda m: PartOfDay(PARTS[m[1]])),
    (r"(?<=[日曜)後週毎]の)(朝|お?昼|晩|夜|夕)(?![会礼食])|(?<=[日曜)])(朝|昼|晩|夜|夕)(?![会礼食])", lambda m: PartOfDay(PARTS[m[1] or m[2]])),
    (r"(?<![毎今昨明翌一-龯])(早朝|朝|お?昼|夜|晩)(?=に(?!な)|まで|、|,|から|ごろ|頃|\s|$)", lambda m: PartOfDay(PARTS[m[1]])),
    (rf"(?<![0-9月第{DIGITS}十])([0-9]{{1,2}}|[{DIGITS}十]{{1,3}})日(?=まで|に(?![0-9一-十]|は[0-9])|の(?:朝|昼|夜|夕|午|[0-9]|正午)|\(|、|締|[0-9]{{1,2}}(?:時|:))", _next_day),
    ("|".join(DATA["soft"]), lambda m: Unread(soft=True)),
    (r"までに?|締め?切り?(?:日)?(?:は|が|を|:)?|期限(?:は|が|を|:)?|デッドライン(?:は|:)?|納期(?:は|:)?|以内|いっぱい|中(?=に|で|、|。|$)", lambda m: Join("deadline")),
    (r"から(?=毎|隔|始|ス|平)|以降(?:毎)?|より(?=毎)", lambda m: Join("start")),
    (r"から|以降", lambda m: Join("start")),
    (r"頃|ごろ|くらい|ちょうど|きっかり", lambda m: Join()),
    (r"[かと](?=[0-9明今来再毎月火水木金土日朝昼夜夕午正深])", lambda m: Join("or" if m[0] == "か" else "and")),
    (r"(?:(?<=おきに)|(?<=ごとに)|(?<=毎に))[0-9一二三四五六七八九十]{1,3}回", lambda m: Join("limit")),
    (r"の", lambda m: Join("of")),
    (r"[にでは@,、]", lambda m: Join()),
)  # fmt: skip
