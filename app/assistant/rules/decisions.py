"""Turns stated decisions into calls of record_decision: with their topic, rejected options and what they supersede."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.assistant.record import KnownDecision
from app.assistant.rules.objects import is_noun_phrase
from app.assistant.rules.patterns import patterns
from app.assistant.rules.questions_before import AskedBefore, questions_before
from app.assistant.rules.reconsidered import RECONSIDERED, RECONSIDERED_JA
from app.assistant.rules.replaced import latest_value, probable_choices, probably_replaced, standing_for
from app.assistant.rules.sentence import Sentence
from app.assistant.rules.situation import Situation, call
from app.assistant.rules.statements import is_time, read_statement
from app.assistant.rules.terms import terms_of
from app.assistant.rules.value_pairs import is_bare, split_values
from app.assistant.rules.values import APPOINTMENT, PRONOUNS, Statement
from app.language.catalogue import render, stored_text
from app.language.quantities import same_quantity
from app.language.text import is_japanese, one_line
from app.language.topics import TOPIC_OF_PURPOSE, topic_key, topic_of
from app.tools.calls import ToolCall

REJECTS = re.compile(
    r"^(?:(?:we|i)(?:'ll| will| are|'re| do|'ve| have|'m| am)?\s*(?:won't|not|don't|rejected|ruled out|dropped|never|had enough of|fed up with|done with|tired of|over|through with)(?: be| going to)? ?(?:use|using|go with|going with|need|want|like|trust|pick|take|touch|touching)? ?"
    r"(?P<en>[\w .+#/-]{2,40}?)|(?P<en2>[\w .+#/-]{2,40}?) (?:didn't make (?:the cut|it)|did not make (?:the cut|it)|lost|loses|was close|came second|is not for us|isn't for us).{0,30}|(?P<en4>[\w .+#/-]{2,40}?) (?:is|was|would be|felt|looked|seemed|turned out) (?:out|rejected|ruled out|dropped|not an option|off the table|(?:just |way |simply )?(?:too |overkill|a no-go|not (?:worth|enough|an)|no longer)).{0,40}|(?:no|not|sorry,?|bye,?|goodbye,?) (?P<en3>[\w .+#/-]{2,30})|"
    r"(?:we|i)(?:'ve| have)? (?:also )?(?:looked at|had a look at|took a look at|thought about|considered|tried|evaluated|tested|compared it with) (?P<en5>[\w .+#/-]{2,40}?)(?: as well| too)?,? but .{4,80}|"
    r"(?P<ja>[^、。]{1,40}?)(?:(?:は|を|に|も|だと|では|とか)(?:[^。]{0,20}?[、,])?|の(?:方|ほう|案)は)(?:[^。、]{0,14}?)(?:使(?:い|わ|用し)|採用し|利用し|選(?:び|ば)|見送|却下|不採用|なし|ナシ|ボツ|やめ|止め|除外|候補から外|外し|懲り|こりごり|もういい|無理|合わな|合いませ|断念|諦め|あきらめ|卒業|オーバースペック|過剰|重すぎ|高すぎ|いらな|要らな|不要|却下|解約|廃止|撤去|退役|打ち切).{0,14})$",
    re.IGNORECASE,
)  # fmt: skip
REASON = re.compile(
    r"^(?:because|since|the reason(?: is)?|reason:|it's because|that's because|理由は|なぜなら|というのも)[\s:、,]*(?P<en>.+)|^(?P<ja>.+?)(?:ので|から(?:です|ね|な)?|ため(?:です)?|んで|(?<=[いるただす])し(?:ね|な)?|んだよね|(?:の|が)理由(?:です)?)$",
    re.IGNORECASE,
)
EXCEPTION_AFTER = re.compile(
    r"(?:ただし|但し)[、,]?.{2,80}|(?:except|unless|apart from|with the exception of|but not|but only)\b.{2,120}",
    re.IGNORECASE,
)
ONLY = re.compile(r"のみ|だけ|限定|\bonly\b|\bexclusively\b", re.IGNORECASE)
NOT_THAT = re.compile(
    r"not (?:in|for|part of|before) |(?:点数|それ以外|他|ほか)は[^。]{1,20}(?:ません|ない)$", re.IGNORECASE
)
UNTIL_THEN = re.compile(r"^(?:それ|そこ)までに|^by then\b|^until then\b", re.IGNORECASE)
TITLE_CHARACTERS = 200
PURPOSE_OF_TOPIC = {topic: purpose for purpose, topic in TOPIC_OF_PURPOSE.items()}


def read_decision(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """The call for a stated decision; an empty list when nothing new was decided; None when none was stated."""
    if _continues(sentence, situation):
        return []
    clauses = [] if sentence.question or sentence.supposed else split_values(sentence)
    several = [_read_one(each, situation) for each in clauses]
    if several and all(_is_value(each) for each in several):
        found = [each for calls in several for each in calls or []]
        return [_unsure(each) for each in found] if is_bare(sentence) else found
    calls = _read_one(sentence, situation)
    if clauses and calls and not calls[0].propose and calls[0].arguments["kind"] == "VALUE":
        # A value that may be of two things is no sure one.
        return [_unsure(calls[0])]
    return calls


def _unsure(call: ToolCall) -> ToolCall:
    return replace(call, propose=True, confidence=0.5, reason=stored_text("assistant.said_unsurely"))


def _is_value(calls: list[ToolCall] | None) -> bool:
    return calls is not None and all(each.arguments["kind"] == "VALUE" for each in calls)


def _read_one(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    statement = read_statement(sentence, situation.now)
    if statement is None:
        return _bare_answer(sentence, situation)
    if statement.kind == "choice":
        completed = _complete_choice(statement, situation, sentence)
        if completed is None:
            return None
        statement = completed
    if statement.kind == "value" and not sentence.firm and APPOINTMENT.search(statement.topic or ""):
        return None
    if statement.kind == "value" and (statement.topic or "").lower() in PRONOUNS:
        latest = latest_value(situation)
        if latest is None:
            return None
        mark = "は" if is_japanese(latest.topic) else ": "
        title = f"{latest.topic}{mark}{statement.value}"
        statement = replace(statement, topic=latest.topic, title=title, reversal=True, certain=True)
    standing = standing_for(statement, situation.record.accepted)
    if statement.request and standing is None:
        return None
    if standing is not None and _same(statement, standing):
        return []
    if standing is None:
        return [_new_or_probable(statement, sentence, situation)]
    return [_to_call(statement, standing, situation)]


def _new_or_probable(statement: Statement, sentence: Sentence, situation: Situation) -> ToolCall:
    """The call when no decision is surely replaced; one is perhaps, and then it is only proposed."""
    if (probable := probably_replaced(statement, situation)) is not None:
        replaced = _to_call(statement, probable, situation)
        return replace(replaced, propose=True, confidence=0.6, reason=stored_text("assistant.probably_this"))
    new = _to_call(statement, None, situation)
    if statement.kind == "choice" and _replaces_unknown(statement, sentence, situation):
        return replace(new, propose=True, confidence=0.5, reason=stored_text("assistant.earlier_unknown"))
    return new


def _replaces_unknown(statement: Statement, sentence: Sentence, situation: Situation) -> bool:
    """Whether it changes an earlier choice of the record, of which several may be meant, or none is found."""
    if not statement.reversal:
        return False
    if probable_choices(statement, situation.record.accepted):
        return True
    japanese = is_japanese(sentence.core)
    others = (
        each for each in situation.record.accepted if each.kind == "choice" and is_japanese(each.title) != japanese
    )
    said = RECONSIDERED.match(sentence.core) or RECONSIDERED_JA.match(sentence.core)
    return said is not None and any(others)


def _continues(sentence: Sentence, situation: Situation) -> bool:
    """Adds a rejected option, a reason or a consequence to the decision of the sentence before."""
    if not situation.calls or situation.calls[-1].tool != "record_decision" or sentence.question:
        return False
    last = situation.calls[-1]
    arguments = dict(last.arguments)
    recorded = next(
        (match for each in patterns("recorded", "patterns") if (match := each.fullmatch(sentence.core))), None
    )
    core = recorded["rest"] if recorded else sentence.core
    if arguments.get("chosen") and (match := REJECTS.match(core)):
        rejected = next(group for group in match.groups() if group)
        same = (None, topic_of(arguments["chosen"]), topic_key(arguments.get("topic") or ""))
        if topic_of(rejected) not in same and topic_of(arguments["chosen"]) is not None:
            return False
        labels = _distinct([*(each["label"] for each in arguments["options"]), rejected.strip()])
        arguments["options"] = [{"label": each} for each in labels]
    elif (
        ONLY.search(str(arguments["title"])) and REJECTS.match(sentence.core) and not _is_scope(sentence, situation)
    ) or (arguments["kind"] in ("SCOPE", "VALUE") and NOT_THAT.match(sentence.core)):
        separator = "。" if sentence.japanese else ". "
        arguments["title"] = f"{arguments['title']}{separator}{sentence.core}"
    elif match := EXCEPTION_AFTER.match(sentence.core):
        # 「ただし印刷物は黒」: the option or the value has not the whole decision, so it is only proposed.
        separator = "。" if sentence.japanese else ". "
        arguments["title"] = f"{arguments['title']}{separator}{sentence.core}"
        if arguments["kind"] in ("CHOICE", "VALUE"):
            doubt = stored_text("assistant.part_unread", words=match[0].strip(" 、,"))
            last = replace(last, propose=True, confidence=0.5, reason=doubt)
    elif match := REASON.match(sentence.core):
        arguments["rationale"] = (match["en"] or match["ja"]).strip()
    elif arguments["kind"] == "VALUE" and UNTIL_THEN.search(sentence.core):
        arguments["title"] = (
            f"{arguments['title']}。{sentence.core}" if sentence.japanese else f"{arguments['title']}. {sentence.core}"
        )
    else:
        return False
    situation.calls[-1] = replace(last, arguments=arguments)
    return True


def _is_scope(sentence: Sentence, situation: Situation) -> bool:
    """Whether it is a decision of its own: 「Teams連携は今回は見送ります」."""
    statement = read_statement(sentence, situation.now)
    return statement is not None and statement.kind == "scope"


def _complete_choice(statement: Statement, situation: Situation, sentence: Sentence) -> Statement | None:
    """The choice with the topic and the other options of the question that it answers."""
    chosen = statement.chosen or ""
    if is_time(chosen, situation.now) and topic_of(chosen) is None:
        return (
            replace(statement, kind="value", value=chosen, chosen=None)
            if statement.topic and statement.certain
            else None
        )
    asked = _answered(chosen, questions_before(situation.record.turns, situation.earlier))
    if asked is not None:
        option = asked.option(chosen) or chosen
        others = tuple(each for each in asked.options if each.casefold() != option.casefold())
        topic = statement.topic or asked.topic or topic_of(option)
        title = statement.title if statement.topic or not topic else _title(topic, option, japanese=sentence.japanese)
        return replace(
            statement, chosen=option, topic=topic, rejected=statement.rejected or others, title=title, certain=True
        )
    if statement.topic is None and topic_of(chosen) is None and not statement.certain and not statement.reversal:
        return statement if statement.rejected else None
    return statement


def _title(topic: str, option: str, *, japanese: bool) -> str:
    purpose = PURPOSE_OF_TOPIC.get(topic)
    if japanese:
        return f"{render(f'purpose.{purpose}', {}, 'ja') if purpose else topic}は{option}にする"
    return f"Use {option} for {topic}"


def _answered(chosen: str, questions: Iterable[AskedBefore]) -> AskedBefore | None:
    for asked in questions:
        if asked.option(chosen) is not None:
            return asked
        if not asked.options and asked.topic and topic_of(chosen) in (None, topic_key(asked.topic)):
            return asked
        return None  # only the latest question is answered
    return None


def _bare_answer(sentence: Sentence, situation: Situation) -> list[ToolCall] | None:
    """ "Argon2id." after a question with options is probably the decision."""
    if sentence.question or sentence.supposed or len(sentence.core) > 40:
        return None
    plain = re.sub(
        r"^(?:じゃあ?|では|それなら|なら)[、,]?|(?:で|で(?:お願い(?:します)?)?|がいい(?:です)?|の(?:方|ほう)(?:で|がいい(?:です)?)?|です)$",
        "",
        sentence.core,
    )
    for asked in questions_before(situation.record.turns[-2:], situation.earlier)[:1]:
        option = asked.named(plain) or (asked.in_words(plain) if sentence.firm else None)
        if option is None:
            continue
        topic, others = asked.topic or topic_of(option), tuple(each for each in asked.options if each != option)
        if topic is None or topic.casefold() == option.casefold():
            topic = " / ".join(asked.options)
        title = _title(topic, option, japanese=sentence.japanese)
        statement = Statement("choice", title, topic, option, others, certain=sentence.firm)
        return [_to_call(statement, standing_for(statement, situation.record.accepted), situation)]
    return None


def _same(statement: Statement, standing: KnownDecision) -> bool:
    if statement.kind == "choice":
        return (standing.chosen or "").casefold() == (statement.chosen or "").casefold()
    if statement.kind != "value":
        return statement.title == standing.title
    mine, theirs = statement.value or "", standing.value or ""
    return mine.casefold() == theirs.casefold() or same_quantity(mine, theirs)


def _sentence(statement: Statement, topic: str | None) -> str:
    """The decision in one sentence that is understood without the conversation."""
    japanese = is_japanese(statement.title)
    if statement.request and statement.topic and statement.value:
        return f"{statement.topic}は{statement.value}" if japanese else f"{statement.topic}: {statement.value}"
    if statement.kind == "choice" and statement.topic is None and topic and statement.chosen:
        return _title(topic, statement.chosen, japanese=japanese)
    return statement.title


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels without those that differ only in letter case."""
    return list({label.casefold(): label for label in reversed(labels)}.values())[::-1]


def _topic_of_options(statement: Statement) -> str | None:
    """The topic of the chosen technology, unless a rejected one is of another topic: LINE and e-mail."""
    topic = topic_of(statement.chosen or "")
    others = {topic_of(each) for each in statement.rejected} - {None}
    named_itself = topic is not None and terms_of(topic) == terms_of(statement.chosen or "")
    return None if others - {topic} or (statement.rejected and named_itself) else topic


def _rejects(statement: Statement, standing: KnownDecision) -> bool:
    """Whether the option that applied so far is rejected in so many words."""
    return (standing.chosen or "").casefold() in map(str.casefold, statement.rejected)


def _to_call(statement: Statement, standing: KnownDecision | None, situation: Situation) -> ToolCall:
    reverses = standing is not None and (statement.reversal or statement.request or _rejects(statement, standing))
    topic = statement.topic or (_topic_of_options(statement) if statement.kind == "choice" else None)
    rejected = [each for each in statement.rejected if is_noun_phrase(each)]
    labels = _distinct([statement.chosen, *rejected]) if statement.chosen else []
    if reverses and standing is not None:
        topic = standing.topic
        labels = _distinct([*labels, standing.chosen]) if labels and standing.chosen else labels
    certain = (statement.certain or reverses) and (statement.chosen is None or is_noun_phrase(statement.chosen))
    return call(
        "record_decision",
        {
            "title": one_line(_sentence(statement, topic), TITLE_CHARACTERS),
            "kind": statement.kind.upper(),
            "topic": topic and one_line(topic, TITLE_CHARACTERS),
            "options": [{"label": label} for label in labels] or None,
            "chosen": statement.chosen,
            "value": statement.value,
            "rationale": statement.why,
            "supersedes": [str(standing.id)] if reverses and standing is not None else None,
        },
        propose=None if certain else stored_text("assistant.sounds_like_suggestion"),
    )
