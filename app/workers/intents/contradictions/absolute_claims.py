"""Absolute claims: rules laid down with "always", "never", 必ず, 絶対. What merely happens always is none."""

import re

from app.language.detection import is_japanese

ENGLISH = (
    # An imperative, or what somebody must or will always or never do.
    re.compile(r"^(?:please )?(?:always|never)\s+(?!mind\b|been\b|again\b)[a-z]+", re.IGNORECASE),
    re.compile(
        r"\b(?:must|should|shall|have to|has to|need to|needs to|will|may|can|we|you|everyone|everybody|nobody|i)\s+"
        r"(?:always|never)\b|\b(?:always|never)\s+(?:must|should|shall)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\bwithout exceptions?\b|\bno exceptions\b|\bunder no circumstances\b|\bat all costs\b", re.IGNORECASE),
)
NO_CLAIM = re.compile(
    r"\bas always\b|\b(?:almost|nearly|not) always\b|\bnever mind\b|\bif (?:we|you|i) (?:always|never)\b", re.I
)
ABSOLUTE = r"(?:必ず(?!しも)|絶対(?!値|パス|座標|参照|位置|的|温度|評価|湿度|時間|量|アドレス|指定|URL)に?|例外なく|例外は(?:一切)?(?:認め|許さ)|決して|いかなる場合も|常に)"
# What stands behind it in the same clause: a rule, or how something happens.
LAID_DOWN = re.compile(
    rf"{ABSOLUTE}[^。]*?(?:(?:する|行う|書く|使う|使わない|しない|とる|取る|始める|確認する|守る|[るうくすつぬむぶぐ]|ない)"
    rf"(?:こと|もの|方針|ルール|ように|ことに(?:する|して))|(?:して|行って|書いて|使って|守って|[いっん][てで])(?:ください|下さい|ほしい|くれ|ね)?[。!！]*$|"
    rf"べき|なければ|ねば|(?:[るうくすつむぶぐ]|ない|ません|ます)[。!！]*$|認めない|許さない|禁止)"
)
HAPPENS = re.compile(
    rf"{ABSOLUTE}[^。、]*?(?:ので|から(?!.*こと)|ため、|原因|理由|場合|とき|時に|という|らしい|ようです|ました|てしま|落ち|失敗|エラー)"
)
URGENT = re.compile(r"(?:必ず|絶対に?)[^。]{0,12}(?:まで|中)に|(?:まで|中)に[^。]{0,8}(?:必ず|絶対に?)")


def find_dogma(text: str) -> str | None:
    """The words that claim something absolutely; None when nothing does."""
    for sentence in re.split(r"(?<=[.!?。！？\n])\s*", text[:2000]):
        if sentence.rstrip().endswith(("?", "？")):
            continue
        found = _in_japanese(sentence) if is_japanese(sentence) else _in_english(sentence)
        if found:
            return found
    return None


def _in_english(sentence: str) -> str | None:
    if NO_CLAIM.search(sentence):
        return None
    return next((match[0] for pattern in ENGLISH if (match := pattern.search(sentence.strip()))), None)


def _in_japanese(sentence: str) -> str | None:
    if HAPPENS.search(sentence) or URGENT.search(sentence) or not LAID_DOWN.search(sentence):
        return None
    found = re.search(ABSOLUTE, sentence)
    return found[0] if found else None
