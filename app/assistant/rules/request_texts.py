"""The text of a request: what is to be done, without "remind me" and without a time that was understood."""

import re
from functools import lru_cache

from app.assistant.rules.request_times import AHEAD, REMINDING
from app.assistant.rules.sentence import Sentence, moment, without, zone_name
from app.assistant.rules.situation import Situation
from app.assistant.rules.terms import terms_of
from app.language.data import read_data
from app.language.times.reading import Reading, Time, read_time

DATA = read_data(__file__, "requests.toml")
CONTENT = {
    name: [re.compile(each, re.IGNORECASE) for each in DATA[name]]
    for name in DATA
    if name.startswith(("task_", "reminder_", "work_"))
}
# "Write a spec for the frost alarm", 「灌水機能の仕様書を書いてください」: the document is what is to be done.
SPECIFICATION_ASKED = {
    True: re.compile(
        r"(?P<what>[^。]{2,80}?(?:仕様書?|設計書|要件定義書?|要件書|ドキュメント|計画書))(?:を|の(?:作成|用意|下書き)を?)[、,]?(?:書い|書き起こし|作成し|作っ|まとめ|用意し|準備し|起こし|お願い)"
        r"(?:て|し)?(?:おい|もらえ|もらい|いただけ|いただき|くれ|ほしい|欲しい|ください|下さい|ます|ません|たい|です|か|て|る|と|助かり|でしょう|ね|よ)*"
    ),
    False: re.compile(
        r"(?:please )?(?:(?:can|could|would|will) you )?(?:please )?(?:write|draft|prepare|create|put together|produce|make|compose)(?: up)?(?: me)? (?:an?|the|some|our) (?P<what>.{0,60}?\b(?:specs?|specification|design doc(?:ument)?|requirements(?: spec| document| doc)?|rfc|prd)\b.*)",
        re.IGNORECASE | re.DOTALL,
    ),
}
DANGLING = re.compile(
    r"^[\s、,にはのでへ:：]+|(?<=[一-龯ァ-ヶーぁ-ん])[はをが]$|[\s、,:：]+$|(?:\s+(?:at|on|by|in|before|until|for|from|this|next))+$|"
    r"(?:[\s,;(–—-]+(?:and |which |that |it )?(?:is |to be |must be |should be )(?:due|finished|done|ready|delivered|completed)"
    r"|[,;(–—-]+\s*(?:the )?deadline(?: is)?|\s+with (?:a|the) deadline(?: of)?|(?<! is)(?<! are)(?<! be)[\s,;(–—-]+due|[,;]\s*(?:no|not) later than)$",
    re.IGNORECASE,
)
# What an event is without its predicate: "the audit is", 「打ち合わせです」.
PREDICATE = re.compile(
    r" (?:is|are|will be|starts?|begins?|takes place|happens)$|(?:です|だ|があります|がある|が入っています|の予定です)$",
    re.IGNORECASE,
)
# What is left after the thing, and the predicate of an event: 「面接が入っている」.
END_JA = {
    False: r"(?<=[一-龯ァ-ヶーるす])(?:も|の|やつ)$",
    True: r"(?<=[一-龯ァ-ヶーるす])(?:も|の|やつ)$|が(?:入ってい(?:る|ます)|あります)$",
}
DUE_CLAUSE = re.compile(
    r"[、,](?:[^、,]{0,16}?(?:まで|が|は|の))?(?:締め?切り?|期限|〆切)(?:な(?:の|ん)?|です|だ|の)?(?:ので|で|から)?$|"
    r"\s?[(（](?:期限[:：]?)?[^()（）]{1,14}(?:まで(?:に)?|締切|中)[)）]?$"
)


@lru_cache(maxsize=64)
def adds_task(sentence: Sentence) -> bool:
    """Whether a task is asked for by its name: "add a task to ...", "TODO: ..."."""
    language = "japanese" if sentence.japanese else "english"
    return any(pattern.fullmatch(sentence.core) for pattern in CONTENT[f"task_{language}"])


def description_of(sentence: Sentence, kind: str, reading: Reading | None, situation: Situation) -> str:
    """What is to be done, without "remind me" and without a time that was understood."""
    text = sentence.core
    if kind == "reminder" and isinstance(reading, Time) and not reading.spans and situation.earlier:
        text = AHEAD.sub("", text)
        text = without(text, read_time(text, situation.now, zone_name(situation.now)))
        if not terms_of(REMINDING.sub("", text)):
            before = situation.earlier[-1]
            what = trim(without(before.core, read_time(before.core, situation.now, zone_name(situation.now))))
            return PREDICATE.sub("", what) or before.core
    if moment(reading) is not None and reading is not None:
        shorter = trim(without(text, reading))
        # "Deploy on Friday": the day of the work is a part of it; "deploy by Friday": a deadline is not.
        plain = read_time(sentence.core, situation.now, zone_name(situation.now))
        ends = not isinstance(plain, Time) or plain.deadline
        hour = isinstance(plain, Time) and plain.clock
        if kind == "reminder" or ((ends or hour) and _at_edge(reading, text)):
            text = shorter if terms_of(shorter) else text
    if kind == "specification" and (named := SPECIFICATION_ASKED[sentence.japanese].fullmatch(text)):
        return str(named["what"])
    language = "japanese" if sentence.japanese else "english"
    names = ("reminder",) if kind == "reminder" else ("task", "work")
    for pattern in (each for name in names for each in CONTENT[f"{name}_{language}"]):
        if (match := pattern.fullmatch(text)) and _says(content := trim(match["what"]).strip("\"「」'")):
            return re.sub(END_JA[kind == "reminder"], "", content) if sentence.japanese else content
    return text


def _says(content: str) -> bool:
    """One kanji is a word."""
    return len(content) > 1 or "一" <= content <= "龯"


def _at_edge(reading: Reading, text: str) -> bool:
    """Whether the time is said before or after everything else, so that the rest is a sentence without it."""
    spans = sorted(reading.spans)
    return len(spans) == 1 and (spans[0][0] == 0 or spans[0][1] == len(text))


def trim(text: str) -> str:
    text = DUE_CLAUSE.sub("", text)
    plain = re.sub(
        r"^(?:(?:が)?(?:締め?切り?|期限|〆切|納期)(?:で|の|なので)[、,]?|に?なったら[、,]?|まで|頃|ごろ|から|中|いっぱい)?(?:に|には|は|の)?[、,\s]*|(?<=[一-龯ァ-ヶー])です$",
        "",
        re.sub(r"\s{2,}", " ", text).strip(),
    )
    while (shorter := DANGLING.sub("", plain)) != plain:
        plain = shorter
    return plain
