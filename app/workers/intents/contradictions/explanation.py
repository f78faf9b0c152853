"""What clashes with what, in a sentence for a person."""

from collections.abc import Sequence

from app.workers.intents.contradictions.ports import PriorRecord
from app.workers.intents.contradictions.technologies import purpose_in
from app.workers.notifier import shortened

KINDS = {
    "intent": ("the earlier intent", "以前の意図"),
    "choice_point": ("the decision", "決定"),
    "specification": ("the approved specification", "承認済みの仕様"),
}


def name_of(standing: PriorRecord, *, japanese: bool) -> str:
    """The standing as a person would call it, quoted."""
    said = shortened(standing.text)
    if standing.kind == "choice_point":
        said = shortened(f"{standing.text} → {standing.decided}")
    kind = KINDS[standing.kind][japanese]
    return f"{kind}「{said}」" if japanese else f"{kind} “{said}”"


def explain(kind: str, words: Sequence[str], standing: PriorRecord | None, *, japanese: bool) -> str:
    """`words`: for tech_stack the new one, the one that stands and the purpose; else what was found, if anything."""
    if standing is None:
        return _of_dogma(words[0], japanese=japanese)
    against = name_of(standing, japanese=japanese)
    if kind == "tech_stack":
        new, old, purpose = words[0], words[1], purpose_in(words[2], japanese=japanese)
        if japanese:
            return f"{new}を求めていますが、{purpose}には{old}を使うことになっています（{against}）。"
        return f"It asks for {new}, but {old} stands for the {purpose} ({against})."
    if kind == "duplicate":
        return f"{against}と同じことを求めています。" if japanese else f"It asks for the same as {against}."
    detail = f": {shortened(words[0])}" if words and standing.kind == "specification" else ""
    return f"{against}を覆します{detail}。" if japanese else f"It reverses {against}{detail}."


def _of_dogma(words: str, *, japanese: bool) -> str:
    if japanese:
        return f"「{words}」と例外のない主張をしています。例外が本当にないか確認してください。"
    return f"It claims something absolutely (“{words}”); make sure that there really is no exception."
