"""Reads values and dates that were decided: "the timeout is 30 minutes", 「締め切りは3月末です」."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from app.assistant.rules.objects import clean
from app.assistant.rules.patterns import NO_OPTION, STATES, date_name, named_patterns, parameter, patterns, reversal
from app.assistant.rules.sentence import zone_name
from app.language.technologies import mentions_of
from app.language.text import is_japanese
from app.language.times.reading import Time, read_time

PRONOUNS = frozenset({"it", "that", "this", "それ", "これ"})
NO_TOPIC = frozenset(
    {"私", "僕", "俺", "今回", "当面", "お昼", "昼", "ランチ", "昼ご飯", "夕飯", "晩ご飯", "飲み会", "lunch", "dinner"}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A decision as it was said. `certain`: it was plainly stated. `reversal`: it was said to reverse an earlier one.

    `request`: it asks to change a value, which is a decision only when that value was decided before.
    """

    kind: str
    title: str
    topic: str | None = None
    chosen: str | None = None
    rejected: tuple[str, ...] = ()
    value: str | None = None
    why: str | None = None
    certain: bool = True
    reversal: bool = False
    request: bool = False


WORK = re.compile(r"(?:て|で)(?:ください|下さい|ほしい|おいて|もらえ|いただ|くれ)|(?:て|お願いします)$")
OLD_DATE = re.compile(
    r"[^、,はを]{1,12}?(?:じゃなくて?|ではなくて?|でなくて?)[、,]?| (?:instead of|rather than|not) .{1,20}$",
    re.IGNORECASE,
)


# No single day.
INEXACT = re.compile(
    r"\bweekend\b|週末|\b(?:early|mid|late|beginning|middle|end) (?:of )?(?:next|this|in)\b|上旬|中旬|下旬|前半|後半",
    re.IGNORECASE,
)
# What happens once: its hour is no rule.
APPOINTMENT = re.compile(
    r"(?:打ち?合わ?せ|会議|ミーティング|面談|面接|アポ|約束|電話|歯医者|病院|飲み会|送別会|歓迎会)(?:の時間|の開始)?$"
)
# Names of patterns: those whose topic must be the name of a value, and those whose verb names it.
NAMED_ONLY = frozenset({"is", "agreed_on", "value_for"})
UNSAID = frozenset({"keep_request"})  # a request, which decides a value only perhaps
IMPLIED = {"expires": "lifetime", "keep_for": "retention", "keep_request": "retention"}
MEASURES = {
    "length": re.compile(r"\d ?(?:char|digit|文字|桁)", re.IGNORECASE),
    "size": re.compile(r"\d ?(?:[kmgt]i?b\b|byte|バイト)", re.IGNORECASE),
}
MEASURES_JA = {"length": "長さ", "size": "サイズ"}
RELEASED = re.compile(
    r"(?:(?:we|i|the team|the (?:app|site|service|product|game|shop))(?:'ll| will| are going to|'re going to| are| plan to| want to|'re)? )(?P<verb>release|releasing|launch|launching|ship|shipping|"
    r"publish|publishing|open|opening|start|starting|deliver|delivering|announce|announcing|demo|go live(?: with)?)(?: (?P<what>[^,.]{2,50}?))?"
    r" (?P<when>(?:on|by|in|at|next|this|from) .{2,30})",
    re.IGNORECASE,
)
RELEASED_JA = re.compile(
    r"(?P<what>[^。、は]{2,40}?)(?:は|を)[、,]?(?P<when>[^。、はを]{2,20}?)(?:に|から|で)(?P<verb>公開|リリース|発売|開始|出荷|配信|納品|提出|ローンチ|オープン|発表|始め)"
    r"(?:し|する|となり|となる|に(?:なり|決まり|し))?(?:ます|ました|です|こと(?:に|で)(?:しました|します|なりました|決まりました|決めました|決定しました))?"
)
RELEASE_NAMES = {
    "releas": "release date", "launch": "launch date", "ship": "release date", "publish": "release date",
    "open": "opening date", "start": "start date", "deliver": "delivery date", "announc": "announcement date",
    "demo": "demo date", "go live": "launch date", "公開": "公開日", "リリース": "リリース日", "発売": "発売日", "開始": "開始日",
    "出荷": "出荷日", "配信": "配信日", "納品": "納品日", "提出": "提出日", "ローンチ": "公開日", "オープン": "開店日", "発表": "発表日", "始め": "開始日",
}  # fmt: skip
SWAPPED = re.compile(
    r"(?P<when>(?:[a-z]+ )?\d[\w /-]{0,20}?|[a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}) (?:is|will be) (?:the|our) (?P<topic>[\w' /-]{2,40})$",
    re.IGNORECASE,
)
BOUND = re.compile(r"(?:maximum|minimum|total|limit|max|min|cap)", re.IGNORECASE)
LENGTH = re.compile(r"[0-9０-９一二三四五六七八九十百]+日間?(?:に(?:して|変更して|変えて)?)?(?:ください)?")
LEAD = re.compile(r"(?P<when>[^、。は]{2,14})、(?=[^、。]{1,30}[はが])")
MOVED_LEAD = re.compile(r"^([^、。は]{2,14})、([^、。]{1,30}?[はが])")


def read_date(text: str, now: datetime, *, japanese: bool, firm: bool = False) -> Statement | None:
    """「締め切りは3月末です」, "The deadline is March 31"."""
    lead = LEAD.match(text) if japanese else None
    if lead is not None and isinstance(read_time(lead["when"], now, zone_name(now)), Time):
        text = MOVED_LEAD.sub(lambda said: f"{said[2]}{said[1]}", text)  # 「来週の月曜、デモは10時に」
    if swapped := SWAPPED.match(text):  # "June 3 is the launch date"
        text = f"{swapped['topic']} is {swapped['when']}"
    name = date_name().search(text)
    split = re.match(
        r"^(?P<topic>[^。、]{1,40}?)(?:は|が|を)[、,]?(?P<when>.{1,30}?)(?:開始|スタート|から)?"
        r"(?:です|だ|(?:に|へ|まで)?(?:なりました|(?:決まり|決め|し|決定し|変更し|変更になり|延期し|延期になり|前倒しし|ずらし|ずれ|延び|延ばし|なり|設定し)(?:ました|ます|ましょう)|決定(?:です)?|延期(?:です)?)"
        r"|で(?:確定|決まり|決定|合意|固まり)(?:です|しました|ました|だ)?|とします|(?:を|に)?目指(?:します|しています|す)|(?:を|が)?目標(?:です|(?:と|に)します)?|(?:の)?予定(?:です|にします)?|(?:を)?(?:目処|目途)(?:です|とします|に(?:します)?)?)?$"
        if japanese
        else r"^(?:the |our )?(?P<topic>[\w' /-]{2,50}?) (?:is|will be|has been set|is set|moved|has moved|was moved|is now|got moved|(?:(?:got|gets?|was|is|has been|is being|had to be) )?(?:pushed|postponed|delayed|rescheduled|moved|brought forward|slipped|set|scheduled)(?: back| out| forward)?|has slipped|slips|starts?|begins?|opens?|launches|ships|goes live|(?:must|has to|needs to|should|will|shall) (?:go out|ship|be (?:released|done|ready|out|live|finished)|launch|go live))(?: (?:on|for|to|at|by|now))*(?P<when> .{2,40})$",
        text, re.IGNORECASE,
    )  # fmt: skip
    if name is None or split is None or date_name().search(split["topic"]) is None:
        return _released(text, now, japanese=japanese) if firm else None
    if LENGTH.fullmatch(split["when"].strip()) and parameter().search(split["topic"]):
        return None  # 「保存期間は10日」 is no day of the month
    when = read_time(OLD_DATE.sub("", split["when"]), now, zone_name(now), deadline=True)
    if not isinstance(when, Time) or when.past:
        return None
    said = OLD_DATE.sub("", split["when"]).strip()
    if WORK.search(said):
        return None  # 「リリースノートの下書きを木曜日までに作成してください」 asks for work
    if INEXACT.search(said):
        return Statement("value", text, topic=split["topic"].strip(), value=said, certain=False)
    value = f"{when.at:%Y-%m-%d}" + (f" {when.at:%H:%M}" if when.clock else "") + f" ({said})"
    return Statement("value", text, topic=split["topic"].strip(), value=value)


def _released(text: str, now: datetime, *, japanese: bool) -> Statement | None:
    """ "We'll release the demo on November 20", said to be decided."""
    match = (RELEASED_JA if japanese else RELEASED).fullmatch(text)
    when = read_time(match["when"], now, zone_name(now), deadline=True) if match else None
    if match is None or not isinstance(when, Time) or when.past:
        return None
    what = topic_in(match["what"]) or match["what"] or ""
    said = next(name for start, name in RELEASE_NAMES.items() if match["verb"].lower().startswith(start))
    topic = f"{what}の{said}" if japanese else f"{what} {said}".strip()
    value = f"{when.at:%Y-%m-%d}" + (f" {when.at:%H:%M}" if when.clock else "") + f" ({match['when'].strip()})"
    return Statement("value", text, topic=topic, value=value)


def japanese_value(text: str, *, firm: bool = False) -> Statement | None:
    """A value and what it is of; with `firm` anything may have one, otherwise only what is known to have values."""
    if found := _japanese_hour(text) or _limit(text, "japanese_limit"):
        return found
    (said,) = patterns("value", "japanese")
    (asked,) = patterns("value", "japanese_request")
    (duration,) = patterns("value", "japanese_duration")
    if match := duration.fullmatch(text):
        ends = re.search(r"失効|切れ|タイムアウト|有効|消え", match["verb"]) is not None
        every = (
            re.search(
                r"行い|送り|届け|測り|撮り|報告|測定|計測|記録|撮影|実行|動か|走ら|更新|同期|取得|ポーリング|送信|チェック|確認",
                match["verb"],
            )
            is not None
        )
        name = (
            "の有効期限"
            if ends
            else "の間隔"
            if every
            else "の数"
            if re.search(r"表示|返却|生成|処理", match["verb"])
            else "の保存期間"
        )
        topic = topic_in(match["topic"])
        return Statement(
            "value", text, topic if topic and parameter().search(topic) else f"{topic}{name}", value=match["value"]
        )
    if (match := said.fullmatch(text)) and "、" in match["topic"] and "は" in match["topic"]:
        # 「料金は前日までは無料、当日は50%とします」: the value is all of it.
        topic, _, rest = text.partition("は")
        value = rest.removesuffix(match["verb"] or "")
        return Statement("value", text, topic=topic_in(topic), value=value) if match["verb"] else None
    if match := said.fullmatch(text):
        plain = match["verb"] in (None, "です", "だ", "である", "になりました")
        if plain and not firm and parameter().search(match["topic"]) is None:
            return None
        return Statement("value", text, topic=topic_in(match["topic"]), value=match["value"])
    if match := asked.fullmatch(text):
        return Statement("value", text, topic=topic_in(match["topic"]), value=match["value"], request=True)
    (kept,) = patterns("value", "japanese_keep")
    if match := kept.fullmatch(text):
        topic = topic_in(match["topic"])
        named = topic if topic and parameter().search(topic) else f"{topic}の保存期間"
        return Statement("value", text, topic=named, value=match["value"], certain=False)
    head, comma, _ = text.rpartition("、")
    found = japanese_value(head, firm=firm) if comma and "は" in head else None  # 「保存期間は7年、法令どおり」
    return found and replace(found, title=text)


def english_value(text: str, *, firm: bool = False) -> Statement | None:
    """A value and what it is of; with `firm` anything may have one, otherwise only what is known to have values."""
    for name, pattern in named_patterns("value", "english").items():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        said, unsure = match.groupdict(), False
        if said.get("state"):
            topic = f"{said['topic'].strip()} {STATES.get(said['state'].lower(), STATES['other'])}"
        elif said.get("param"):
            topic = _with_parameter(text[: match.start("value")], said["param"])
        else:
            topic = said["topic"].strip()
            named = parameter().search(topic) is not None
            unsure = not named and not firm and name in NAMED_ONLY and topic.lower() not in PRONOUNS
            if unsure and not reversal().search(text):
                continue
            topic = topic if named or name not in IMPLIED else f"{topic} {IMPLIED[name]}"
        certain = not unsure and re.search(r"\bshould\b", text) is None
        if name == "have_every":
            topic = f"{topic} interval"
        topic = "it" if name == "is_better" else measured(clean(topic), said["value"])
        certain = certain and name not in UNSAID
        return Statement("value", text, topic=topic, value=_plural(said["value"].strip()), certain=certain)
    if found := _limit(text, "english_limit") or _english_rate(text) or _english_count(text):
        return found
    (often,) = patterns("value", "english_often")
    if firm and (match := often.fullmatch(text)):
        return Statement("value", text, topic=f"{clean(match['topic'])} interval", value=match["value"])
    (asked,) = patterns("value", "english_request")
    if match := asked.fullmatch(text):
        return Statement("value", text, topic=clean(match["topic"]), value=match["value"].strip(), request=True)
    return None


def _limit(text: str, name: str) -> Statement | None:
    """ "Uploads must not be larger than 8 MB": the size of uploads is 8 MB."""
    (limit,) = patterns("value", name)
    match = limit.fullmatch(text)
    topic = match and measured(topic_in(match["topic"]) or "", match["value"])
    return Statement("value", text, topic=topic, value=_plural(match["value"])) if match and topic else None


def measured(topic: str, value: str) -> str:
    """The topic with what the unit measures, unless it names that: "password" and "10 characters" is its length."""
    if not topic or parameter().search(topic):
        return topic
    said = next((name for name, units in MEASURES.items() if units.search(value)), None)
    if said is None:
        return topic
    return f"{topic}の{MEASURES_JA[said]}" if is_japanese(topic) else f"{topic} {said}"


def _english_rate(text: str) -> Statement | None:
    """ "max 12 stops per route", "orders close at 5pm the day before"."""
    for pattern in patterns("value", "english_rate"):
        if match := pattern.fullmatch(text):
            return Statement("value", text, topic=f"{match['unit']} per {clean(match['of'])}", value=match["value"])
    (hour,) = patterns("value", "english_hour")
    if match := hour.fullmatch(text):
        return Statement("value", text, topic=f"{clean(match['topic'])} cutoff", value=match["value"].strip())
    return None


def _english_count(text: str) -> Statement | None:
    """ "We've agreed on 32 participants": the number of participants is 32."""
    for pattern in patterns("value", "english_count"):
        match = pattern.fullmatch(text)
        if match is not None and not mentions_of(match["topic"]):
            return Statement("value", text, topic=f"number of {clean(match['topic'])}", value=match["value"])
    return None


def _japanese_hour(text: str) -> Statement | None:
    (hour,) = patterns("value", "japanese_hour")
    match = hour.fullmatch(text)
    if match is None or (
        match["verb"] in ("です", "と", "とし", "まで", "までと") and parameter().search(match["topic"]) is None
    ):
        return None
    ends = re.match(r"締め?切|閉|打ち切|終了", match["verb"]) is not None
    topic = topic_in(match["topic"])
    return (
        Statement("value", text, topic=f"{topic}の締め切り" if ends and topic else topic, value=match["value"])
        if topic
        else None
    )


def _plural(value: str) -> str:
    """ "a 15-minute lifetime" is one of 15 minutes."""
    value = re.sub(r"^an? (?:whole|full|single) ", "1 ", value, flags=re.IGNORECASE)
    return re.sub(r"^(?!1\b)(\d[\d.,]*)[- ](second|minute|hour|day|week|month|year)$", r"\1 \2s", value)


def _with_parameter(before: str, param: str) -> str:
    """ "We decided to use JWT access tokens with a" and "lifetime": "JWT access tokens lifetime"."""
    inner = re.sub(r" with an? $", "", before)
    inner = re.sub(r"^.*?\b(?:use|using|with|on|have|get|be|issue|need)\b ", "", inner, count=1, flags=re.IGNORECASE)
    return f"{re.sub(r'^(?:the|our|a|an) ', '', inner)} {param}"


def topic_in(text: str | None) -> str | None:
    """A topic without articles, pronouns and times."""
    plain = clean(
        re.sub(
            r"^(?:例の|あの|その|この|今回|当面|今後|うち|弊社|私たち|我々|このプロジェクト)(?:の|は|では)?[、,]?",
            "",
            text or "",
        )
    )
    return plain if plain and plain.lower() not in NO_OPTION and plain not in NO_TOPIC else None


def value_of(chosen: str) -> Statement | None:
    """ "We've settled on a measurement interval of 10 minutes": what was chosen is a value."""
    (of,) = patterns("value", "english_of")
    match = of.fullmatch(chosen)
    if match is None:
        return None
    topic, value = clean(match["topic"]), match["value"].strip()
    if BOUND.fullmatch(topic):  # "a maximum of 3 retries": the number of retries
        return Statement("value", chosen, f"{topic} {re.sub(r'[0-9.,]+ ?', '', value)}", value=value)
    return Statement("value", chosen, topic, value=value)
