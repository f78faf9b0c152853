"""Contradictions of a sentence with a decided value: another amount for the same topic, in any unit."""

import re

from app.gate.calendar_days import days_of, times_of
from app.gate.choices import find_other_member
from app.gate.decisions import DecisionReading
from app.gate.likeness import content_of, shares_no_thing
from app.gate.rates import counted_amounts, rate_of
from app.gate.reading import COUNTED, Sentence
from app.gate.statements import Finding
from app.gate.subjects import is_offset, speaks_of
from app.gate.words import NEUTRAL, NOTIFIES, NOTIFIES_IF, TIMES, WEAK
from app.language.lexicon import Word
from app.language.quantities import Quantity
from app.language.topics import TOPIC_OF_PURPOSE
from app.language.words import stem

# A part of the topic that the sentence is limited to: "for administrators", 管理者向け.
NARROWER = re.compile(
    r"(?<![a-z])(?:for|only for|of) (?:the |our |my )?(?P<english>[a-z-]+(?: [a-z-]+)?)"
    r"(?![a-z-])(?! (?:above|over|below|under|more|worth))"
    r"|(?P<japanese>[ァ-ヶー一-龯々a-z]{1,12})(?:向け|用に|用の|だけ|のみ|の場合|に限)"
)
EVERYONE = frozenset(
    stem(each)
    for each in [
        "all",
        "every",
        "each",
        "any",
        "everyone",
        "everybody",
        "users",
        "user",
        "app",
        "application",
        "system",
        "product",
        "project",
        "service",
        "security",
        "safety",
        "convenience",
        "simplicity",
        "performance",
        "now",
        "production",
        "release",
        "mvp",
        "v1",
        "testing",
        "better",
        "more",
        "higher",
    ]
)
REJECTS = re.compile(
    r"(?<![a-z])(?:reject|refus|den(?:y|ies)|block|disallow)\w*|拒否|弾|受け付けない|エラーに|エラーを"
)
# Around an amount that says when a rule holds.
CONDITION_BEFORE = re.compile(r"(?:above|over|more than|exceeding|below|under|less than|larger than|longer than) $")
REQUIRES = re.compile(r"(?<![a-z])(?:must|needs?|requires?|shall|should|has|have)(?![a-z])")
CONDITION_AFTER = re.compile(r"(?:以上|以下|超|未満|を超え|を上回)[^、。]{0,16}?(?:は(?!い)|には|場合|とき|時|なら)")
DAY = 86_400
AT_LEAST = re.compile(r"at least|minimum|no less than|or more|or longer|以上|最低|下限")
AT_MOST = re.compile(
    r"at most|maximum|max |no more than|no longer than|up to|within|or less|under|以下|以内|最大|上限|まで"
)


# The number of a thing, which is no amount: "pull request 88".
NUMBER_OF = re.compile(
    r"(?:#|(?<![a-z])(?:pull requests?|prs?|issues?|tickets?|bugs?|tasks?|orders?|invoices?|rooms?|chapters?"
    r"|milestones?|nos?\.?)"
    r"|プルリクエスト|イシュー|チケット|課題|注文番号|請求書番号|第) ?#?$"
)
# A new bound, not an amount that keeps the old one.
SETS_BOUND = re.compile(
    r"(?<![a-z])(?:limit|cap|minimum|min|maximum|max|threshold|floor|ceiling|at least|at most|up to"
    r"|no more than|no less than"
    r"|requir\w*|must|allow\w*|accept\w*|let|permit\w*|goal|target|set|settings?)(?![a-z])"
    r"|上限|下限|基準|目標|最低|最大|最小|最長|最短|合格|要件|必須|制限|以上|以下|以内|許可|許容|認め|設定|受け付け|でき|にして|に変"
)


# "Coverage is at 60 percent today", 「今のところ60%です」.
REPORTS = re.compile(
    r"(?<![a-z])(?:is|are|was|were) (?:(?:only|still|about) )?at "
    r".*(?:today|at the moment|right now|so far|yesterday|this week)"
    r"|(?<![a-z])(?:is|are|was|were) (?:currently|already)(?![a-z])"
    r"|^(?!please)(?:the |our )?[a-z ]{3,40} (?:has |have )?"
    r"(?:dropped|fell|fallen|rose|risen|climbed|went (?:up|down)|gone (?:up|down)) (?:to|from)(?![a-z])"
    r"|(?:今のところ|現在(?:は)?|今日は|今週は)[^。]{1,20}(?:です|でした|だ|になっています|まで(?:下が|上が)(?:りました|った))$"
)


def find_other_value(statement: Sentence, decision: DecisionReading) -> Finding | None:
    """Why the sentence contradicts the decided value; None when it states the same, or is about a part of the topic."""
    if statement.examines(decision.concepts) or not _has_topic(statement, decision) or refuses(statement, decision):
        return None
    if decision.kind != "rule" and is_narrower(statement, decision):
        return None
    decided = [each for each in amounts_of(decision) if decision.kind != "rule" or not is_condition(*each)]
    stated = stated_amounts(statement, decision)
    if any(_is_same(statement.plain, one, *other) for one in stated for other in decided):
        return None
    is_bare = any(not each.unit for _, each in decided)
    for wanted in (each for each in stated if each.unit or is_bare or _counts_topic(statement, each, decision)):
        comparable = [each for _, each in decided if is_comparable(wanted, each)]
        if comparable and not is_within(statement, wanted, comparable[0], decision):
            return Finding("contradiction.gate_value", 0.9, (("wanted", wanted.text),))
    if decision.kind != "value":
        return None
    if (other := find_other_member(statement, decision)) is not None:
        return other
    if not names_other_time(statement, decision):
        return None
    return Finding("contradiction.gate_value", 0.85, (("wanted", statement.plain),))


def refuses(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether it asks to reject what the value does not allow: "reject passwords with eleven characters"."""
    return REJECTS.search(statement.plain) is not None and not REJECTS.search(decision.text.plain)


def stated_amounts(statement: Sentence, decision: DecisionReading) -> list[Quantity]:
    """The amounts that the sentence asks for; none when it reports what is measured."""
    if REPORTS.search(statement.plain) and not SETS_BOUND.search(statement.plain):
        return []
    return [
        each
        for each in counted_amounts(statement.plain, statement.amounts)
        if not _is_left(statement, each)
        and not is_offset(statement, each)
        and not _only_notifies(statement, each, decision)
        and not (not each.unit and NUMBER_OF.search(statement.plain[: each.start]))
    ]


def names_other_time(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether it names only other days of the year, or times of day, than the decided ones."""
    answer = decision.value.plain if decision.value else decision.text.plain
    pairs = ((read(answer), read(statement.plain)) for read in (days_of, times_of))
    return any(decided and wanted and not decided & wanted for decided, wanted in pairs)


def is_same_amount(one: Quantity, other: Quantity) -> bool:
    """Whether both are the same amount; a month has 28 to 31 days, and a bare number takes the other's unit."""
    if {one.unit, other.unit} == {"month", "second"}:
        months, seconds = (one, other) if one.unit == "month" else (other, one)
        return months.value * 28 * DAY <= seconds.value <= months.value * 31 * DAY
    if one.unit == other.unit == "byte":  # 4 GB are 4096 MB to some, and 4000 MB to others
        small, large = sorted((one.value, other.value))
        return large * 10 <= small * 11
    return one.value == other.value and is_comparable(one, other)


def _counts_topic(statement: Sentence, number: Quantity, decision: DecisionReading) -> bool:
    """Whether a bare number is directly before a word of the topic: "ten login attempts"."""
    return any(
        number.end <= each.start <= number.end + 2 and each.name in decision.concepts for each in statement.terms
    )


def is_comparable(wanted: Quantity, decided: Quantity) -> bool:
    if wanted.unit in COUNTED and decided.unit in COUNTED and shares_no_thing(*map(_counted, (wanted, decided))):
        return False  # 400 lines and one approval
    if not wanted.unit or not decided.unit:
        return {wanted.unit, decided.unit} <= COUNTED | {""}  # "ten login attempts" has no unit next to its number
    if {wanted.unit, decided.unit} == {"time", "item"}:
        return True  # 100回 and 100 requests
    return wanted.unit == decided.unit or {wanted.unit, decided.unit} == {"month", "second"}


def _counted(amount: Quantity) -> tuple[Word, ...]:
    """The English name of what an amount counts; 回 and 件 count all things."""
    return content_of(amount.text) if amount.text.isascii() else ()


def amounts_of(decision: DecisionReading) -> list[tuple[str, Quantity]]:
    """The decided amounts with the texts that state them; a bare number where the value is nothing else."""
    for text in (decision.value, decision.text):
        if text is None:
            continue
        amounts = counted_amounts(text.plain, text.amounts)
        found = [each for each in amounts if each.unit] or (amounts if text is decision.value else [])
        if found:
            return [(text.plain, each) for each in found]
    return []


def _is_same(plain: str, one: Quantity, decided: str, other: Quantity) -> bool:
    rates = rate_of(plain, one), rate_of(decided, other)
    if rates[0] is not None and rates[1] is not None and one.unit not in TIMES and is_comparable(one, other):
        return rates[0] == rates[1]
    return is_same_amount(one, other)


def _has_topic(statement: Sentence, decision: DecisionReading) -> bool:
    if decision.kind == "rule":
        needed = decision.text.known
        return decision.is_topic_of(statement) or (bool(needed) and needed <= statement.closure)
    named = {TOPIC_OF_PURPOSE[each.purpose] for each in decision.text.technologies}
    return (not named & set(decision.topic) and decision.is_topic_of(statement)) or speaks_of(statement, decision)


def is_narrower(statement: Sentence, decision: DecisionReading) -> bool:
    """Whether the sentence is limited to a part that the decision does not name."""
    known = decision.concepts | decision.text.names | frozenset(decision.topic)
    for match in NARROWER.finditer(statement.plain):
        words = (match["english"] or match["japanese"]).split(" ")
        if stem(words[0]) in EVERYONE or any(stem(each) in EVERYONE for each in words):
            continue
        start, end = match.span("english" if match["english"] else "japanese")
        inside = {each.name for each in statement.terms if each.start < end and each.end > start}
        if inside and not inside <= known:
            return True
    return is_qualified(statement, decision, known)


def is_qualified(statement: Sentence, decision: DecisionReading, known: frozenset[str]) -> bool:
    """Whether another noun is directly before the topic: 管理者のセッション, admin sessions."""
    topic = [each for each in statement.terms if each.name in known]
    for term in topic[:1]:
        before = next((each for each in reversed(statement.terms) if each.end <= term.start), None)
        if before is None or before.name in known | NEUTRAL | WEAK or stem(before.name) in EVERYONE:
            continue
        if before.start == 0 and not statement.japanese:
            continue  # a verb: "keep prices"
        between = statement.plain[before.end : term.start]
        if before.known and between in (" ", "の", ""):
            return True
    return False


def _only_notifies(statement: Sentence, amount: Quantity, decision: DecisionReading) -> bool:
    """Whether the amount only says when people are told something: "remind us when nobody has answered for a day"."""
    if NOTIFIES.search(decision.text.plain) or NOTIFIES_IF.search(decision.text.plain):
        return False
    condition = NOTIFIES_IF.search(statement.plain)
    return (condition is not None and amount.start >= condition.start("condition")) or (
        NOTIFIES.search(statement.plain) is not None
    )


def _is_left(statement: Sentence, amount: Quantity) -> bool:
    """Whether the amount is the old one: "from 15 to 60 minutes", 15分から60分に."""
    before, after = statement.plain[: amount.start], statement.plain[amount.end :]
    if re.match(r" ?から", after) and len(statement.amounts) > 1:
        return True  # 8文字から登録できる sets a bound
    return (
        re.search(r"(?:from|instead of|rather than|not) $", before) is not None
        or re.match(r" ?(?:ではなく|でなく|じゃなく)", after) is not None
    )


def is_condition(rule: str, amount: Quantity) -> bool:
    """Whether the amount only says when the rule holds: "refunds above 10,000 yen must be approved"."""
    before, after = rule[: amount.start], rule[amount.end :]
    if CONDITION_BEFORE.search(before):
        return REQUIRES.search(after) is not None
    return CONDITION_AFTER.match(after) is not None


def is_within(statement: Sentence, wanted: Quantity, decided: Quantity, decision: DecisionReading) -> bool:
    """Whether the amount is allowed by a rule, or reached by work, where a value is only a bound."""
    rule = decision.text.plain
    if decision.kind == "rule":
        return keeps_bound(wanted, decided, rule)
    reaches = bool(wanted.unit) and AT_LEAST.search(rule) is not None and not SETS_BOUND.search(statement.plain)
    return reaches and wanted.value >= decided.value


def keeps_bound(wanted: Quantity, decided: Quantity, rule: str) -> bool:
    if AT_LEAST.search(rule):
        return wanted.value >= decided.value
    if AT_MOST.search(rule):
        return wanted.value <= decided.value
    return False
