"""Explains a contradiction in a sentence."""

from collections.abc import Sequence

from app.workers.intents.contradictions.ports import PriorRecord
from app.workers.intents.contradictions.technologies import label_of
from app.workers.text import shortened

KINDS = {
    "intent": ("the earlier intent", "以前の意図"),
    "choice_point": ("the decision", "決定"),
    "specification": ("the approved specification", "承認済みの仕様"),
}


def name_of(record: PriorRecord, *, japanese: bool) -> str:
    """The kind of the record and its quoted text."""
    text = shortened(record.text)
    if record.kind == "choice_point":
        text = shortened(f"{record.text} → {record.decided}")
    kind = KINDS[record.kind][japanese]
    return f"{kind}「{text}」" if japanese else f"{kind} “{text}”"


def explain(kind: str, words: Sequence[str], record: PriorRecord | None, *, japanese: bool) -> str:
    """`words`: for tech_stack the new technology, the decided one and the purpose; else the words that were found."""
    if record is None:
        return _absolute_claim(words[0], japanese=japanese)
    against = name_of(record, japanese=japanese)
    if kind == "tech_stack":
        new, old, purpose = words[0], words[1], label_of(words[2], japanese=japanese)
        if japanese:
            return f"{new}を求めていますが、{purpose}には{old}を使うことになっています（{against}）。"
        return f"It asks for {new}, but the {purpose} is {old} ({against})."
    if kind == "duplicate":
        return f"{against}と同じことを求めています。" if japanese else f"It asks for the same as {against}."
    detail = f": {shortened(words[0])}" if words and record.kind == "specification" else ""
    return f"{against}を覆します{detail}。" if japanese else f"It reverses {against}{detail}."


def _absolute_claim(words: str, *, japanese: bool) -> str:
    if japanese:
        return f"「{words}」と例外のない主張をしています。例外が本当にないか確認してください。"
    return f"It claims something absolutely (“{words}”); make sure that there really is no exception."
