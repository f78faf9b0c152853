"""What a wish is about and which way it goes: its terms, what it does, and whether it says yes or no."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# What is done, by words that mean the same work.
ACTIONS = {
    "make": r"write|add|create|build|implement|draft|make|produce|prepare|compose|develop|set up|introduce|document|"
            r"作成|作っ|作る|書い|書く|実装|追加|まとめ|用意|構築|文書化|起草|整備",
    "change": r"upgrade|update|change|modify|bump|revise|更新|変更|アップデート|上げ|改訂",
    "fix": r"fix|repair|correct|resolve|solve|mend|修正|直し|直す|解決|対応",
    "remove": r"remove|delete|drop|get rid of|clean up|削除|消し|消す|取り除|廃止|撤去",
    "find out": r"investigate|find out|look into|analy[sz]e|research|check why|調査|調べ|分析|究明|突き止め",
    "explain": r"explain|describe|compare|what is|what are|tell me|教え|説明|比較|違い",
    "sum up": r"summari[sz]e|write a summary|sum up|要約",
    "translate": r"translate|翻訳|英訳|和訳",
    "remember": r"remember|note that|keep in mind|覚え|メモ",
    "review": r"review|レビュー",
    "test": r"test|テスト(?=し)",
    "run": r"run|execute|実行|走らせ",
    "refactor": r"refactor|restructure|リファクタ",
    "move": r"migrate|port|移行",
}  # fmt: skip
# Two ways of one axis exclude each other.
AXES = {
    "being": (
        r"enabl\w+|turn(?:ed)? on|switch(?:ed)? on|activat\w+|allow\w*|permit\w*|start\w*|add|introduce|support\w*|bring back|restore|keep|"
        r"\bon\b(?=[.!]?$)|有効|許可|開始|追加|オンに|オン$|残す|残さ|残し|復活|再開|起動|導入",
        r"disabl\w+|turn(?:ed)? off|switch(?:ed)? off|deactivat\w+|forbid\w*|ban|prohibit\w*|disallow\w*|stop\w*|remov\w+|delet\w+|drop\w*|"
        r"abolish|\boff\b(?=[.!]?$)|無効|禁止|停止|削除|オフに|オフ$|やめ|廃止|撤去|中止",
    ),
    "size": (r"increas\w+|rais\w+|extend\w*|lengthen|増や|上げ|延ば|長く", r"decreas\w+|reduc\w+|lower\w*|shorten\w*|減ら|下げ|縮め|短く"),
    "automation": (r"automatic(?:ally)?|automated|自動", r"manual(?:ly)?|by hand|手動|手作業"),
    "openness": (r"public(?:ly)?|公開", r"private(?:ly)?|非公開|限定公開"),
    "need": (r"requir\w+|mandatory|must|必須|必要", r"without|optional|任意|なしで|不要|無しで"),
}  # fmt: skip
NEGATION = re.compile(
    r"\b(?:do not|don't|never|not|no longer|must not|mustn't|cannot|can't|should not|shouldn't|avoid|no)\b|"
    r"(?:し|れ|ら|わ|か|さ|せ|え|め|け|げ|べ)?ない(?:こと|ように|で|。|$|と)|ません|禁止",
    re.IGNORECASE,
)
SAYS_NO = re.compile(r"^\s*(?:no\b|never\b|いいえ|しない|なし|不要)", re.IGNORECASE)
STOP = frozenset(
    re.findall(
        r"\S+",
        """a an the of for to in into on at by with and or our your my its it this that these those we i you please be is
    are was were so all every each some any new from as than then them me us do does did not no never now also just can
    could should would will shall may might must instead rather work works make made get have has had their there
    between about via take takes so much using use used project current way thing things one up out back how why what which when where
    who whether don t s""",
    )
)
GENERIC_JAPANESE = frozenset(
    re.findall(
        r"\S+",
        """機能 方法 手順書 内容 件 事 物 為 時 様 用 今回 全体 方針 処理 関連 部分 場合 変更 対応 追加""",
    )
)
SYNONYMS = {
    "doc": "document", "documentation": "document", "spec": "specification", "auth": "authentication",
    "repo": "repository", "db": "database", "config": "configuration", "bug": "defect", "defect": "defect",
    "sent": "send", "kept": "keep", "built": "build", "wrote": "write", "written": "write", "ran": "run",
    "long": "slow",
    "不具合": "バグ", "欠陥": "バグ", "理由": "原因", "文書": "ドキュメント", "書類": "ドキュメント", "資料": "ドキュメント",
    "週次": "毎週", "月次": "毎月", "英訳": "英語", "設計書": "設計",
}  # fmt: skip
# What comes out of the work: the tests of a thing are not the thing.
ARTEFACTS = frozenset(
    re.findall(
        r"\S+",
        """test specification document design plan review summary report note list table diagram image テスト 仕様 仕様書 設計 ドキュメント 計画
    レビュー 要約 報告 レポート 手順 図 一覧""",
    )
)
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_+#-]*|\d+(?:\.\d+)*")
JAPANESE_RUN = re.compile(r"[ァ-ヶー]{2,}|[一-龯々]{2,}|[一-龯](?=[のをにがはで])")
ACTION_PATTERNS = {
    name: re.compile("|".join(rf"\b(?:{p})(?:s|es|d|ed|ing)?\b" if p[0].isascii() else p for p in pattern.split("|")), re.I)
    for name, pattern in ACTIONS.items()
}  # fmt: skip
AXIS_PATTERNS = {
    name: tuple(
        re.compile("|".join(rf"\b(?:{p})\b" if p[0].isascii() and p[0] != "\\" else p for p in way.split("|")), re.I)
        for way in ways
    )
    for name, ways in AXES.items()
}
NO_TOPIC = (*ACTION_PATTERNS.values(), *(way for ways in AXIS_PATTERNS.values() for way in ways))


@dataclass(frozen=True, slots=True)
class Wording:
    """`ways` says for each axis which end of it the text wants: 0 or 1, turned round by a negation."""

    terms: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    actions: frozenset[str]
    ways: dict[str, int]
    negated: bool

    @property
    def artefacts(self) -> frozenset[str]:
        return self.terms & ARTEFACTS


@lru_cache(maxsize=4096)  # what stands is compared with each new wish
def read_wording(text: str) -> Wording:
    """The wording of one sentence or wish; of a long text the first 600 characters."""
    plain = unicodedata.normalize("NFKC", text)[:600]
    negated = NEGATION.search(plain) is not None
    actions = frozenset(name for name, pattern in ACTION_PATTERNS.items() if pattern.search(plain))
    ways = {}
    for axis, (one, other) in AXIS_PATTERNS.items():
        this, that = one.search(plain), other.search(plain)
        if (this is None) != (that is None):
            # A ban is a negation by itself; "do not disable" is one of a ban.
            turned = negated and not (axis == "being" and "禁止" in plain) and axis != "need"
            ways[axis] = int(this is None) ^ int(turned)
    return Wording(_terms(plain), *_particulars(plain), actions, ways, negated)


def _terms(plain: str) -> frozenset[str]:
    words = {word.lower() for word in WORD.findall(plain) if not word[0].isdigit()}
    stems = {_stem(word) for word in words if _is_topic(word)}
    terms = {SYNONYMS.get(stem, stem) for stem in stems}
    for run in JAPANESE_RUN.findall(plain):
        parts = [run] if len(run) <= 2 or "ァ" <= run[0] <= "ー" else [run[i : i + 2] for i in range(len(run) - 1)]
        terms |= {SYNONYMS.get(part, part) for part in parts if part not in GENERIC_JAPANESE and _is_topic(part)}
    return frozenset(terms)


def _is_topic(word: str) -> bool:
    """Whether the word says what it is about; what is done, and which way, is compared by its meaning."""
    if word in STOP or len(word) == 1:
        return False
    if _stem(word) in ARTEFACTS:
        return True
    return not any(pattern.fullmatch(word) for pattern in NO_TOPIC)


def _particulars(plain: str) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers, and the names: what makes two wishes of the same words different ones."""
    numbers = frozenset(word for word in WORD.findall(plain) if word[0].isdigit()) | frozenset(
        re.findall(r"\d+(?:\.\d+)*", plain)
    )
    capitalised = re.findall(r"(?<=[a-z,;:] )[A-Z][\w.]+", plain)
    people = re.findall(r"[一-龯]{1,4}(?=さん|様|氏|社)", plain)
    return numbers, frozenset(word.lower() for word in capitalised) | frozenset(people)


def _stem(word: str) -> str:
    """The word without its English ending; crude, and the same for both sides."""
    if word.endswith("'s"):
        word = word[:-2]
    for ending, instead in (
        ("ications", "ication"),
        ("ies", "y"),
        ("ing", ""),
        ("sses", "ss"),
        ("ed", ""),
        ("es", "e"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word
