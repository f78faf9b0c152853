"""How urgent a wish is, from its words."""

import re

NO_HURRY = 0
IMPORTANT = 5
URGENT = 9

RELAXED_WORDS = re.compile(
    r"\b(?:no (?:rush|hurry)|not (?:that |so |very )?urgent|isn't urgent|low priority|whenever|"
    r"when you have (?:some )?time|someday|eventually|take your time)\b|"
    r"いつでも|急が(?!し)|急ぎ(?:では|じゃ|ませ)|ゆっくり|時間[がの]ある|暇な(?:とき|時)|至急(?:では|じゃ)",
    re.IGNORECASE,
)
URGENT_WORDS = re.compile(
    r"\b(?:urgent(?:ly)?|asap|immediately|right (?:away|now)|top priority|highest priority|at once|emergency)\b|"
    r"\bcritical(?=:| (?:bug|issue|outage|incident|fix))|"
    r"至急|緊急(?!度)|急ぎ|急いで|最優先|今すぐ|すぐに|直ちに|ただちに",
    re.IGNORECASE,
)
IMPORTANT_WORDS = re.compile(
    r"\b(?:important(?!ly)|high priority|as soon as (?:you can|possible)|soon)\b|"
    r"重要(?:です|だ|な(?:タスク|件))|優先(?:し|で|的に)|早めに|なるはや|できるだけ早く|早急",
    re.IGNORECASE,
)


def find_priority(text: str) -> int | None:
    """9 for urgent, 5 for important, 0 for no hurry, None when nothing was said of it."""
    if RELAXED_WORDS.search(text):
        return NO_HURRY
    if URGENT_WORDS.search(text):
        return URGENT
    return IMPORTANT if IMPORTANT_WORDS.search(text) else None
