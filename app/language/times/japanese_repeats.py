"""Japanese rules for repetitions: 毎週月曜, 隔週金曜, 毎月末, 毎朝, 平日."""

import re
from collections.abc import Callable

from app.language.numerals import KANJI_DIGITS, japanese_number
from app.language.times.parts import WORDS, Part, PartOfDay, Repeat, Unread, weekdays_from

DAYS = "".join(WORDS["japanese"]["weekdays"])
DIGITS = KANJI_DIGITS
N = rf"([0-9]{{1,4}}|[{DIGITS}十百千]{{1,7}})"
# 「月・水・金」「月曜と木曜」「火曜日、金曜日」
LIST = rf"((?:[{DAYS}](?:曜日?)?(?:[・、,とや/&])?){{1,7}})(?<![とや・、,])"
FREQUENCIES = {"分": "MINUTELY", "時間": "HOURLY", "日": "DAILY", "週": "WEEKLY", "週間": "WEEKLY", "か月": "MONTHLY",
               "ヶ月": "MONTHLY", "カ月": "MONTHLY", "年": "YEARLY"}  # fmt: skip


def _listed(said: str) -> tuple[int, ...]:
    return tuple(sorted({DAYS.index(each) for each in re.sub("曜日?", "", said) if each in DAYS}))


def _weekly(interval: int) -> Callable[[re.Match[str]], Part]:
    return lambda m: Repeat("WEEKLY", interval, _listed(m[1]))


def _range(m: re.Match[str]) -> Part:
    return Repeat("WEEKLY", weekdays=weekdays_from(DAYS.index(m[1]), DAYS.index(m[2])))


def _month_days(said: str) -> tuple[int, ...]:
    days = tuple(sorted({japanese_number(day) for day in re.findall(rf"[0-9]+|[{DIGITS}十]+", said)}))
    if not days or not all(1 <= day <= 31 for day in days):
        raise ValueError("no month has that day")
    return days


def _every(m: re.Match[str]) -> Part:
    if (interval := japanese_number(m[1])) < 1:
        raise ValueError("an interval of nothing")
    return Repeat(FREQUENCIES[m[2]], interval)


def _nth(m: re.Match[str]) -> Part:
    nth = -1 if m[1] == "最終" else japanese_number(m[1][1:])
    if nth == 0 or nth > 5:
        raise ValueError("no month has that weekday")
    return Repeat("MONTHLY", weekdays=(DAYS.index(m[2]),), nth=nth)


def _yearly(m: re.Match[str]) -> Part:
    month, day = japanese_number(m[1]), japanese_number(m[2])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("no such day")
    return Repeat("YEARLY", month=month, month_days=(day,))


JAPANESE_REPEATS: tuple[tuple[str, Callable[[re.Match[str]], Part | tuple[Part, ...]]], ...] = (
    (rf"(?:毎月の?|月例で?)(第{N[1:-1]}|最終)の?([{DAYS}])曜日?", lambda m: _nth(m)),
    (r"毎月の?(?:末日?|月末|最終日)", lambda m: Repeat("MONTHLY", month_days=(-1,))),
    (rf"毎月の?((?:[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})日(?:[と、,・](?:[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})日){{0,4}})", lambda m: Repeat("MONTHLY", month_days=_month_days(m[1]))),
    (rf"毎年の?{N}月{N}日", _yearly),
    (rf"(?<!週)(?<!週の)(?:毎週の?)?([{DAYS}])(?:曜日?)?(?:から|[~〜–-])([{DAYS}])(?:曜日?)?(?:まで)?の?(?=毎|朝|昼|夕|夜|午|正午|[0-9一-十]{{1,3}}[時:])", _range),
    (rf"毎週の?([{DAYS}])(?:曜日?)?(?:から|[~〜–-])([{DAYS}])(?:曜日?)?(?:まで)?", _range),
    (rf"(?:毎週|毎)の?(?!日)(?!月の|月末|月[0-9]|年|時)((?:[{DAYS}]曜日?(?:[・、,とや/&])?){{1,7}})(?<![とや・、,])", _weekly(1)),
    (rf"毎週の?{LIST}(?=に|の|[0-9]|午|朝|昼|夕|夜|、|$)", _weekly(1)),
    (r"(?:毎週の?)?(?:土日|週末)(?:は|の|に)?(?=毎|朝|昼|夕|夜|午|正午|[0-9一-十]{1,3}[時:])", lambda m: Repeat("WEEKLY", weekdays=(5, 6))),
    (r"毎週末", lambda m: Repeat("WEEKLY", weekdays=(5, 6))),
    (rf"隔週の?{LIST}", _weekly(2)),
    (rf"2週間?(?:に(?:1|一)[回度]|ごと|毎)の?{LIST}曜?", _weekly(2)),
    (r"(?:毎週|毎月|毎年|隔週|隔月)", lambda m: Unread()),
    (r"(?:毎日の?)?平日(?:は|の)?毎日|毎平日|平日の?毎(朝|晩|夕|日)|平日(?:は|の|に)?(?=毎|朝|昼|夕|夜|午|正午|[0-9一-十]{1,3}[時:])", lambda m: _workdays(m)),
    (r"(?:毎日|まいにち)の?(?=朝|夜|晩|夕|昼)|毎日", lambda m: Repeat("DAILY")),
    (r"毎(朝|晩|夕|夜)方?", lambda m: (Repeat("DAILY"), PartOfDay({"朝": "morning", "夕": "dusk"}.get(m[1], "night")))),
    (r"毎時", lambda m: Repeat("HOURLY")),
    (rf"(?<![0-9{DIGITS}十]){N}(分|時間)(?:おき|ごと|毎)", _every),
    (rf"(?<![0-9{DIGITS}十]){N}(日|週間?|[かヶカ]月|年)(?:ごと|毎)", _every),
    (r"(?:1|一)日おき|隔日", lambda m: Repeat("DAILY", 2)),
)  # fmt: skip


def _workdays(m: re.Match[str]) -> Part | tuple[Part, ...]:
    repeat = Repeat("WEEKLY", weekdays=(0, 1, 2, 3, 4))
    part = {"朝": "morning", "夕": "dusk", "晩": "night"}.get(m[1] or "")
    return (repeat, PartOfDay(part)) if part else repeat
