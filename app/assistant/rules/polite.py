"""Polite questions for remembering, as plain requests: 「覚えておいていただけますか」, "could you keep in mind ..."."""

import re

THANKS = r"[、,]?(?:大変|とても|すごく)?(?:助か|嬉し|うれし|有り?難|ありがた|幸い)[^。]{0,8}"
JAPANESE = re.compile(
    r"(?:そのように|その旨|そう)?(?:(?:記憶|メモ)し|覚え|心に留め|頭に入れ|頭に置い)て(?:おいて|いて|、)?"
    r"(?:(?:くださ|下さ)い(?:ますか|ませんか|ますでしょうか|ね)?"
    r"|(?:いただけ|頂け|もらえ|貰え|くれ)(?:ますか|ませんか|ますでしょうか|ないでしょうか|ないですか|ないか|ない|る|るかな)"
    rf"|(?:いただけ|頂け|もらえ|貰え|くれ)(?:たら|ると|れば|ますと)(?:{THANKS})?"
    r"|(?:いただき|頂き|もらい|貰い)たい(?:です|のですが|んですが|と思います)?)[。.!！?？\s]*$"
)
PLEASE = re.compile(r"(?:,? (?:please|pls|thanks|thank you))?[?？.!\s]*$", re.IGNORECASE)
BASE = {
    "remembering": "remember", "remembered": "remember", "keeping": "keep", "kept": "keep", "bearing": "bear",
    "bore": "bear", "noting": "note", "noted": "note",
}  # fmt: skip
ENGLISH = re.compile(
    r"(?P<asks>(?:(?:could|can|would|will) you (?:please |kindly |also )?(?:mind )?"
    r"|(?:i|we)(?:'d| would) (?:really )?(?:appreciate it|be (?:grateful|glad|happy)) if you (?:could |would |can )?))"
    r"(?P<verb>remember(?:ing|ed)?|noting|noted|(?:note|write|jot)(?= (?:down )?that\b| down\b|:)"
    r"|(?:keep(?:ing)?|kept|bear(?:ing)?|bore)(?= in mind\b| (?:this|that|it) in mind\b))"
    r"\b(?! to\b)",
    re.IGNORECASE,
)


def plainly(text: str) -> str:
    """The sentence with a plain request instead of a polite question; other sentences as they are."""
    if match := JAPANESE.search(text):
        return f"{text[: match.start()]}覚えておいてください。"
    match = ENGLISH.search(text)
    if match is None or text[: match.start()].strip(" ,").lower() not in ("", "hey", "hi", "also", "and", "so", "ok"):
        return text
    verb = match["verb"].lower()
    return f"Please {BASE.get(verb, verb)}{PLEASE.sub('', text[match.end() :])}"
