"""The draft of a specification that is made without a model: the request and the related records."""

import re
from collections.abc import Sequence
from datetime import datetime

from app.language.text import is_japanese, one_line

MAX_TITLE = 200
READ_CHARACTERS = 2000  # of a request; a person may write 256 KB
CITED_CHARACTERS = 200
REQUEST = re.compile(
    r"^(?:please )?(?:write|draft|create|prepare|make)\s+(?:(?:an?|the)\s+)?(?:specification|spec)"
    r"\s+(?:of|for|on)\s+(?:the )?|"
    r"の?(?:仕様書?|要件定義書?|設計書)(?:の(?:草案|ドラフト))?を?(?:書いて|作って|作成して|まとめて|起草して)(?:ください|下さい)?[。.!！]*$",
    re.IGNORECASE,
)
SKELETON = (
    "# {title}\n\n> Drafted without a language model: it contains the request and related records only.\n\n"
    "## Purpose\n\n{request}\n\n## Related records\n\n{records}\n\n## Requirements\n\n## Interfaces\n\n"
    "## Open questions\n",
    "# {title}\n\n> 言語モデルなしで作成した草案です。求められていることと関連する記録だけを載せています。\n\n"
    "## 目的\n\n{request}\n\n## 関連する記録\n\n{records}\n\n## 要件\n\n## インターフェース\n\n## 未解決の点\n",
)
NO_RECORDS = ("Nothing yet.", "まだありません。")


def draft_title(request: str) -> str:
    """The request without its request phrase, on one line of at most 200 characters."""
    asked = request.strip()[:READ_CHARACTERS]
    return one_line(REQUEST.sub("", asked).strip() or asked, MAX_TITLE)


def draft_of(request: str, records: Sequence[tuple[datetime, str]]) -> str:
    """The Markdown text, in the language of the request; each record with the time when it was recorded."""
    japanese = is_japanese(request)
    cited = "\n".join(f"- {at:%Y-%m-%d}: {one_line(text, CITED_CHARACTERS)}" for at, text in records)
    return SKELETON[japanese].format(title=draft_title(request), request=request, records=cited or NO_RECORDS[japanese])
