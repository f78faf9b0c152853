"""What the server says to a person is known to the web client in Japanese, sentence by sentence."""

import ast
import json
import re
from collections.abc import Iterable, Iterator

from app.memory.context.assembler import WHY
from app.models.classification import english, japanese, local
from app.models.failures import REASON_OF_STATUS
from tests.processes import ROOT

KNOWN = json.loads((ROOT / "web/src/lib/text/server.ja.json").read_text())
# The client has a sentence of its own for every other code.
EXPLAINED = {"BadUserInput", "Conflict", "AssistantError", "CannotHandle"}
FOR_THE_COMMAND_LINE = {"app/commands/accounts.py"}
RAISED = re.compile(r"raise_rule\('(?:intent_transition|specification_workflow|choice_decided)',\s*(?:format\()?"
                    r"'((?:[^']|'')+)'")  # fmt: skip


def template(node: ast.expr) -> str | None:
    """The sentence with {} for what is put in; None where it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def named(trees: Iterable[ast.Module]) -> dict[str, str]:
    """The sentences that modules give a name to, for others to raise."""
    given = [node for tree in trees for node in tree.body if isinstance(node, ast.Assign)]
    found = [(target.id, template(each.value)) for each in given for target in each.targets
             if isinstance(target, ast.Name)]  # fmt: skip
    return {name: sentence for name, sentence in found if sentence is not None}


def explained(tree: ast.Module, names: dict[str, str]) -> Iterator[str]:
    """What the failures that are raised in this module say."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXPLAINED and node.args:
            said = node.args[0]
            sentence = names.get(said.id) if isinstance(said, ast.Name) else template(said)
            if sentence is not None and sentence.strip("{}."):
                yield sentence


def test_every_failure_is_explained_in_japanese_too() -> None:
    paths = [path for room in ("app", "resolvers", "sql") for path in sorted((ROOT / room).rglob("*.py"))]
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}
    names = named(trees.values())
    said = {
        sentence: path
        for path, tree in trees.items()
        if path not in FOR_THE_COMMAND_LINE
        for sentence in explained(tree, names)
    }
    assert len(said) > 50
    assert {sentence: path for sentence, path in said.items() if sentence not in KNOWN} == {}


def test_every_rule_of_the_database_and_every_failure_of_the_provider_is_too() -> None:
    migrations = sorted((ROOT / "sql/migrations").glob("*.sql"))
    broken = [found for path in migrations for found in RAISED.findall(path.read_text())]
    said = [f"{sentence[0].upper()}{sentence[1:]}.".replace("%s", "{}") for sentence in broken]
    assert len(said) > 3
    assert [sentence for sentence in (*said, *REASON_OF_STATUS.values()) if sentence not in KNOWN] == []


def test_every_reason_of_a_classification_and_of_a_context_is_too() -> None:
    rules = (*english.RULES, *japanese.RULES, local.STATES_SOMETHING, local.ENDS_LIKE_QUESTION)
    said = (*(rule.reason for rule in rules), *WHY.values())
    assert [sentence for sentence in said if sentence not in KNOWN] == []
