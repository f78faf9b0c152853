"""Sentences that begin with a word for a record: "Decision: ...", 「タスク：…」, 「【リマインド】…」."""

import re

# What follows is recorded, although the word alone asks for a list.
MARK = re.compile(
    r"[\[【(]?(?:(?:new|final|team|set a|add a) )?"
    r"(?:decision|decided|rule|policy|adr|task|to-?do|to do|action item|reminder|"
    r"決定(?:事項)?|結論|決まり|ルール|方針|タスク|やること|課題|宿題|リマインド|リマインダー)(?:を|の|に)?(?:追加|登録|作成|設定)?"
    r"\s*[:：\])】]\s*(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
# "Decision: pending", 「タスク：なし」.
EMPTY = re.compile(
    r"(?:none|nothing|n/?a|tbd|tba|pending|open|undecided|unclear|done|finished|completed?|"
    r"not (?:yet|decided)(?: yet| decided)?|(?:postponed|deferred|on hold)\b.{0,30}|"
    r"(?:特に)?(?:なし|無し|ナシ)|(?:まだ|特に)?(?:ありません|ない)|まだ|完了|済み?|"
    r".{0,12}(?:未定|未決|検討中|要検討|保留|持ち越し))(?:です|だ|になりました|となりました|とします)?",
    re.IGNORECASE,
)


def is_marked(text: str) -> bool:
    return MARK.match(text) is not None


def says_nothing(text: str) -> bool:
    """Whether a mark is followed by words that there is nothing to record."""
    match = MARK.match(text)
    return match is not None and EMPTY.fullmatch(match["what"].strip(" 。.!！")) is not None
