"""Reads the choice that a Japanese sentence states: 「地図はMapboxにします」, 「録画にはOBSを使います」."""

import re
from dataclasses import replace

from app.assistant.rules.objects import clean
from app.assistant.rules.patterns import JAPANESE_QUANTITY, NO_OPTION, japanese_choice, japanese_purpose, strong
from app.assistant.rules.values import Statement, japanese_value, topic_in
from app.language.topics import topic_of

# 「月額1,200円」, 「1人あたり3件まで」.
AMOUNT_JA = re.compile(
    rf"(?:月額|年額|日額|税込み?|税別|税抜き?|一律|合計|およそ|約|(?:お?一人|1人|1台|1件|1回|1枚)(?:あたり|につき)?)*"
    rf"{JAPANESE_QUANTITY}(?:以内|以下|以上|未満|まで|ずつ|程度)?",
    re.IGNORECASE,
)
MADE_WITH = re.compile(r"で(?:書|作|開発|実装|構築|運用|お願い|いい|OK|$)")


# 「日本語と英語の2つに決定です」: the options are named, and counted.
COUNTED = re.compile(
    r"(?:の(?:ほう|方|案|やつ))$|のまま$|(?:の)?(?:[2-9２-９二三四五六両](?:つ|種類|言語|本立て|方(?!針|法|式|向)|社|択|案)|両方)(?:だけ|のみ)?$"
)


def read_japanese_choice(text: str) -> Statement | None:
    """The option that is chosen, and for what; a value when an amount is chosen."""
    if match := japanese_purpose().fullmatch(text):
        topic, chosen = match["topic"] or match["topic2"], match["chosen"] or match["chosen2"]
        return Statement("choice", text, topic_in(topic), clean(chosen))
    for certain in (True, False):
        match = japanese_choice(proposed=not certain).fullmatch(text)
        if match is None:
            continue
        if text.endswith("まで"):
            continue  # 「金曜まで」 is a time
        chosen, topic = clean(COUNTED.sub("", match["chosen"])), topic_in(match["topic"] or match["purpose"])
        if (
            not chosen
            or chosen.lower() in NO_OPTION
            or re.search(
                r"[をてで]$|こと$|ように?$|[るうくすつぬむぶぐ]$|(?:ルール|方針|決まり|規約|[るうくすつぬむぶぐ](?:仕様|運用|仕組み))$",
                chosen,
            )
            or "を" in chosen
        ):
            continue
        if topic and (value := japanese_value(f"{topic}は{chosen}とします")):
            return replace(value, title=text, certain=certain)
        if topic and AMOUNT_JA.fullmatch(chosen):
            return Statement("value", text, topic, value=chosen, certain=certain)
        if MADE_WITH.match(match["end"]) and not chosen[0].isascii() and topic_of(chosen) is None:
            continue  # 「後のフェーズで作ります」
        rejected = tuple(filter(None, [clean(match["rejected"] or "")]))
        known = topic or topic_of(chosen) or strong().search(match["end"]) or rejected
        return Statement("choice", text, topic, chosen, rejected, certain=certain and bool(known))
    return None
