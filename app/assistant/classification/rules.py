"""The rules by which a sentence is read without a model: each is a pattern on word boundaries with its reason."""

import re
from dataclasses import dataclass
from typing import Literal

from app.assistant.ports import IntentKind

Verdict = IntentKind | Literal["none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule whose pattern is found decides. `timed` rules hold only when a time was said."""

    verdict: Verdict
    pattern: re.Pattern[str]
    reason: str
    confidence: float
    timed: bool = False


def _rule(verdict: Verdict, pattern: str, reason: str, confidence: float, *, timed: bool = False) -> Rule:
    return Rule(verdict, re.compile(pattern, re.IGNORECASE), reason, confidence, timed)


POLITE = r"(?:please |kindly |hey,? |ok,? |okay,? |so,? |and |then |now |also,? |next,? |first,? |finally,? )*"
REQUEST = (
    r"(?:can|could|would|will) (?:you|we|someone)(?: please| kindly)? |would you mind |"
    r"(?:i|we)(?:'d| would) (?:like|love) (?:you )?to |(?:i|we) (?:want|need) (?:you )?to |"
    r"(?:i|we|you) (?:have|must|should|need) to |(?:we|you) should |let'?s |make sure (?:to |that )?|todo:? |task:? |"
    r"don'?t forget to |remember to "
)
VERBS = (
    r"add|adjust|analy[sz]e|archive|arrange|assemble|automate|backup|benchmark|book|bump|build|buy|change|check|"
    r"clean|collect|compare|compile|complete|configure|convert|copy|create|cut|debug|define|delete|deploy|design|"
    r"develop|document|download|draft|email|estimate|evaluate|export|extract|fetch|figure out|file|fill|finali[sz]e|"
    r"find|finish|fix|format|gather|generate|get|go through|implement|import|improve|install|integrate|investigate|"
    r"list|look (?:into|up)|make|measure|merge|migrate|move|open|optimi[sz]e|order|organi[sz]e|outline|plan|port|"
    r"prepare|print|prioriti[sz]e|profile|prototype|publish|push|put|rebase|record|redesign|reduce|refactor|release|"
    r"remove|rename|reorgani[sz]e|replace|reply|report|research|resolve|restructure|review|revise|rewrite|scan|"
    r"schedule|send|set up|setup|simplify|sketch|sort|split|start|submit|suggest|summari[sz]e|sync|tidy|track|"
    r"translate|triage|try|tune|turn|update|upgrade|upload|validate|verify|wire|work on|wrap|write"
)
SPEC_EN = (
    r"(?:spec|specs|specification|specifications|requirements?(?: document)?|design doc(?:ument)?s?|rfc|adr|prd|"
    r"api contract)"
)
SPEC_VERBS = r"(?:write|draft|create|prepare|update|revise|extend|rewrite|amend|specify|author|produce|work out|make)"
SPEC_JA = r"(?:仕様書?|設計書|要件定義書?|要件(?:書)|要求仕様|RFC|スペック)"
ASKED_JA = (
    r"(?:て|で)(?:おいて)?(?:ください|下さい|くれ(?:る|ます|ません|ない)?(?:か|かな)?|ほしい|欲しい|もらえ\w*|頂け\w*|いただけ\w*|ね|よ)?"
    r"[。!！?？\s]*$"
)
QUESTION_WORDS = (
    r"what|what's|whats|why|how|how's|when|where|where's|who|who's|whose|which|is|are|am|was|were|do|does|did|has|"
    r"have|had|should|shall|may|might|isn't|aren't|doesn't|don't|didn't|won't|can't|any"
)

RULES: tuple[Rule, ...] = (
    _rule("none", r"^(?:おはよう|こんにち[はわ]|こんばん[はわ]|お疲れ|はじめまして|初めまして)[^、,。!！]*[、,。!！\s]*(?:(?:今日|本日|明日|今後|これから)(?:も|とも))?"
          r"(?:(?:どうぞ)?よろしく[^。!！]*)?[。!！\s]*$", "greets", 0.95),
    # Something to keep, or something to be told at a time: both may sound like a question or a task.
    _rule("question", r"^(?:do|did|can|don't) you (?:still )?remember\b", "asks whether something is remembered", 0.85),
    _rule("question", r"覚えて(?:い)?(?:る|ます)(?:か|\?|？|$)", "asks whether something is remembered", 0.85),
    _rule("reminder", r"\bremind me\b|\bset (?:a|an) (?:reminder|alarm)\b", "asks to be reminded", 0.95, timed=True),
    _rule("reminder", r"\b(?:wake|alert|notify|ping|nudge) me\b", "asks to be told at a time", 0.9, timed=True),
    _rule("reminder", r"\b(?:remember|don'?t forget|don'?t let me forget) to\b", "must not be forgotten at a time", 0.8,
          timed=True),
    _rule("reminder", r"リマインド|思い出させて|アラーム|通知して|声をかけて|声かけて|起こして",
          "asks to be reminded (リマインド、通知)", 0.95, timed=True),
    _rule("reminder", r"(?:時|分|半|後|日|朝|昼|夜|夕方|曜日?|週|月|末|頃|ごろ|\d)(?:前)?(?:に|になったら|ごろに?|頃に?)"
          r"[^。]*(?:教えて|知らせて|お知らせ|連絡して|伝えて)", "asks to be told at a time (〜に教えて)", 0.92, timed=True),
    _rule("task", r"\bremind me\b|リマインド|思い出させて", "asks to be reminded, but names no time", 0.6),
    _rule("remember", r"覚えて(?:おいて|おけ|といて|ください|下さい|て|ね|よ|$)|覚えといて|記憶して|記憶に(?:留|とど)め|忘れないで|"
          r"メモして|記録して(?:おいて|ください|$)|覚えておくこと", "asks to be remembered (覚えておいて)", 0.95),
    _rule("remember", rf"^{POLITE}(?:{REQUEST})?(?:remember|memori[sz]e|keep in mind|bear in mind|take note|note|make a note)"
          r"(?: down)?(?: that|:|,| this| my| our| the| i\b| we\b| of)", "asks to be remembered", 0.92),
    _rule("remember", r"\b(?:don'?t|never) forget (?:that|my|our|i|we|this)\b|\bfor future reference\b|\bfyi,? remember\b",
          "asks not to be forgotten", 0.88),
    # Work of a kind of its own.
    _rule("code_execution", r"\b(?:run|execute|rerun|re-run|launch)\b(?: \w+){0,4} (?:code|scripts?|tests?|test suite|"
          r"commands?|programs?|migrations?|snippets?|notebooks?|queries|query|linter|benchmarks?|pipeline|job)\b",
          "asks to run something", 0.85),
    _rule("code_execution", r"^(?:please )?(?:run|execute) (?:`|\./|npm |make |pytest|python|cargo |go |bash|sh |ruff|mypy|node )",
          "asks to run a command", 0.92),
    _rule("code_execution", r"(?:コード|スクリプト|テスト|コマンド|プログラム|マイグレーション|ベンチ(?:マーク)?|クエリ|ジョブ|pytest|npm|make)"
          r"[^。、]{0,12}(?:実行|走らせ|流し|動かし|回し)(?:し)?て?", "asks to run something (実行して)", 0.88),
    _rule("specification", rf"^{POLITE}(?:{REQUEST})?{SPEC_VERBS}\b[^.?!]*\b{SPEC_EN}\b", "asks for a specification", 0.9),
    _rule("specification", rf"{SPEC_JA}[^。]{{0,20}}(?:書|作|まとめ|起こ|更新|改訂|直|修正|作成|用意|準備|起草|整理|追記|ドラフト)",
          "asks for a specification (仕様書)", 0.9),
    # Requests in the shape of a question, and questions in the shape of a request.
    _rule("question", rf"^{POLITE}(?:{REQUEST})(?:explain|tell|clarify|describe|elaborate|say|remind me what|help me understand)\b",
          "asks to be told something", 0.85),
    _rule("question", rf"^{POLITE}(?:explain|tell (?:me|us)|clarify|describe|show me (?:how|what|why)|help me understand|"
          r"give me (?:your opinion|an example))\b", "asks to be told something", 0.85),
    _rule("task", rf"^{POLITE}(?:{REQUEST}){POLITE}(?:{VERBS})(?:ing)?\b", "asks for something to be done", 0.9),
    _rule("question", r"(?:教えて|説明して|解説して|聞かせて|違いは|とは[?？]?$)", "asks to be told something (教えて)", 0.85),
    _rule("question", rf"^(?:(?:and|so|but|well|ok|also),? )*(?:{QUESTION_WORDS})\b", "begins like a question", 0.85),
    _rule("task", ASKED_JA, "asks for something to be done (〜して、〜してください)", 0.85),
    _rule("task", r"(?:を|の)?(?:お願い|頼む|頼みます|よろしく)(?:し|いた|でき)?\w*[。!！\s]*$", "asks for something (お願い)", 0.82),
    _rule("task", r"(?:する|しておく|やる|作る|直す|書く|調べる|まとめる|対応する)(?:必要がある|べき|こと|ように|タスク)|"
          r"(?:し|やら|直さ|書か|調べ|まとめ|作ら)(?:なければ|ないと|なきゃ)|(?:たい|したいです|やりたい)[。!！\s]*$",
          "says that something has to be done", 0.75),
    _rule("question", r"[?？]\s*$|(?:です|ます|でしょう|だろう|ません|ました|でした)か[。\s]*$|(?:かな|かね|のか|っけ)[。\s]*$",
          "ends like a question", 0.85),
    _rule("question", r"(?:なぜ|何故|どうして|どうやって|どうすれば|どのように|どれ|どちら|いつ|どこ|誰が|何が|何を|いくつ)",
          "has a question word", 0.7),
    _rule("task", rf"^{POLITE}(?:{VERBS})\b (?!is\b|are\b|was\b|were\b|looks?\b|seems?\b|works?\b)\S", "begins with an imperative", 0.85),
    _rule("task", r"\b(?:needs? to be|must be|has to be|have to be|should be) \w+(?:ed|t|n)\b", "says that something has to be done",
          0.7),
)  # fmt: skip


def judge(sentence: str, *, timed: bool) -> Rule | None:
    """The rule that decides this sentence, or None when none applies: it states something, or greets."""
    return next((rule for rule in RULES if (timed or not rule.timed) and rule.pattern.search(sentence)), None)
