"""Japanese words for spans in the past: 先週の火曜日, 3月に, 十一年前, 昨年度.

Japanese has no spaces, so each word has conditions for the characters around it: 日本日刊新聞 contains 本日, and
今日子 is a name.
"""

import re
from datetime import date

from app.language import spans
from app.language.data import any_of, read_data
from app.language.numerals import JAPANESE, KANJI_DIGITS, japanese_number
from app.language.spans import Reading, Span

TIMES = read_data(__file__, "times.toml")
DAYS = "".join(TIMES["calendar"]["weekdays_ja"])
UNITS: dict[str, str] = TIMES["units_ja"]
WORDS: dict[str, tuple[str, int]] = {word: (span["unit"], span["before"]) for word, span in TIMES["past_ja"].items()}
WEEKS: dict[str | None, int | None] = {**TIMES["past_weeks_ja"], None: None}
_AFTER = TIMES["after_ja"]
KANJI = "一-龯々〆"
KANA = "ぁ-んァ-ヶー"
PARTICLE_AHEAD = r"(?=[のにはもがをとで、。,.!?\s]|から|まで|より|頃|ごろ|$)"
# 本日休業 and 今日子 are words of their own; 今日話した is a time before a verb.
BY_WORD = {
    "今日": f"(?!この[頃ご])(?![{KANJI}](?<![{_AFTER['today']}]))",
    "本日": f"(?![{KANJI}](?<![{_AFTER['honjitsu']}]))",
    "半年前": f"(?![{_AFTER['before']}])",
}
IN_KANA = rf"(?:{PARTICLE_AHEAD}|(?=[{KANJI}]))"  # きのう is also the beginning of きのうテスト (機能テスト)
YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
KANJI_YEAR = rf"(?<![{KANJI}〇])(?P<year>[一二][〇九][{KANJI_DIGITS}]{{2}})"
YEAR_ENDS = r"年(?!代|間|版|前|後|号|以|産|式|1?\d月)"
MONTH = r"(?P<month>1[0-2]|[1-9])月"
PART = f"(?={any_of(sorted(TIMES['parts']['ja'], key=len, reverse=True))})"
MONTH_ENDS = rf"(?:(?=[にのはもが、,\s]|頃|ごろ|中|$)|{PART})"
YEAR_WORDS = {word: count for word, (unit, count) in WORDS.items() if unit == "year"}
# 4月1日以降 and 4月〜6月 mean more than the day or month.
OPEN = r"(?!日?(?:以降|以前|以後|から|まで|より|[〜~-]))"
OF_OTHER_YEAR = "(?<![0-9.年〜~-])(?<!年の)"  # neither 来年3月 nor 来年の3月
NOT_FROM_EVENT = f"(?:(?<![の{KANJI}、〜~・])|(?<=約)|(?<=[今丁]))"  # 締め切りの3日前 and 発売3日前 are not 3 days ago
NOT_TO_DO = r"(?!まで|に(?:は|も)?(?:通知|予約|知らせ|連絡|リマインド|設定|教え))"
BEFORE = f"前(?![{_AFTER['before']}])"  # neither 3日前後 nor 一年前半
WHOLE = f"(?:(?![{_AFTER['word']}])|{PART})"  # neither 昨年比 nor 今月号


def _ago(match: re.Match[str], today: date) -> Span:
    return spans.unit_before(UNITS[match["unit"]], today, japanese_number(match["count"]))


def _calendar(match: re.Match[str], today: date) -> Span:
    parts = match.groupdict()
    year, day = (japanese_number(parts[part]) if parts.get(part) else None for part in ("year", "day"))
    if "word" in parts:
        year = today.year - YEAR_WORDS[parts["word"]]
    return spans.calendar(today, year, japanese_number(parts["month"]), day)


def _year(match: re.Match[str], today: date) -> Span:
    return spans.year_of(japanese_number(match["year"]))


def _fiscal_year(match: re.Match[str], today: date) -> Span:
    return spans.fiscal_year_of(japanese_number(match["year"]))


def _word(match: re.Match[str], today: date) -> Span:
    unit, count = WORDS[match["word"]]
    return spans.unit_before(unit, today, count)


def _weekday(match: re.Match[str], today: date) -> Span:
    return spans.weekday_before(DAYS.index(match["weekday"]), today, WEEKS[match["week"]])


def _bounded(word: str) -> str:
    """The word where it is one: neither inside another word nor as the beginning of another one."""
    if re.match(f"[{KANA}]", word):
        return f"(?<![{KANJI}{KANA}]){word}{IN_KANA}"
    return f"(?<![{KANJI}]){word}{WHOLE}{BY_WORD.get(word, '')}"


# The most specific first: 「先週の火曜日」 before 「先週」.
READINGS: tuple[tuple[str, Reading], ...] = (
    (rf"{YEAR}年の?{MONTH}(?:(?P<day>[1-3]?\d)日)?{OPEN}", _calendar),
    (rf"(?<![{KANJI}])(?P<word>{any_of(sorted(YEAR_WORDS, key=len, reverse=True))})の?{MONTH}(?:(?P<day>[1-3]?\d)日)?{OPEN}", _calendar),
    (rf"{OF_OTHER_YEAR}{MONTH}(?P<day>[1-3]?\d)日(?!間|目){OPEN}", _calendar),
    (rf"(?<![{KANJI}0-9])(?P<month>十?[一二三四五六七八九]|十)月(?P<day>[一二三四五六七八九十]{{1,3}})日{PARTICLE_AHEAD}", _calendar),
    (rf"{OF_OTHER_YEAR}{MONTH}{MONTH_ENDS}{OPEN}", _calendar),
    (rf"{YEAR}年度", _fiscal_year),
    (rf"{KANJI_YEAR}年度", _fiscal_year),
    (rf"{YEAR}{YEAR_ENDS}", _year),
    (rf"{KANJI_YEAR}{YEAR_ENDS}", _year),
    (rf"(?:(?<![{KANJI}])(?P<week>先々週|先先週|先週|今週)の?|この前の|(?<![{KANJI}0-9])前の)(?P<weekday>[{DAYS}])曜日?", _weekday),
    (rf"{NOT_FROM_EVENT}{JAPANESE}(?P<unit>{any_of(sorted(UNITS, key=len, reverse=True))}){BEFORE}{NOT_TO_DO}", _ago),
    (rf"(?P<word>{any_of(_bounded(word) for word in sorted(WORDS, key=len, reverse=True))})", _word),
)  # fmt: skip
