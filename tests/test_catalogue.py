"""Every key that the code raises or stores has a sentence in both languages, with the parameters it is given."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.language.catalogue import PLACEHOLDER, catalogue, message_of, render
from sql.errors import Conflict, NotFound
from sql.sentences import nested, sentence
from tests.processes import ROOT

ENGLISH, JAPANESE = catalogue("en"), catalogue("ja")
KEY = re.compile(r"[a-z_]+(?:\.[a-z_]+)*$")
# Groups whose entries are looked up by the value of a parameter.
LOOKED_UP = ("field.", "status.", "purpose.", "record.", "tool.")
SENTENCE_CALLS = {"sentence", "Sentence", "stored_text"}
# Calls whose first argument is not the key.
POSITION_OF_KEY = {"HttpRefusal": 1}
# Not parameters of the sentence but of the failure itself.
OPTIONS = {"retryable", "retry_after"}


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


@dataclass
class Use:
    """A key in the code; `params` is None where they cannot be read."""

    key: str
    where: str
    params: set[str] | None = field(default=None)


def _trees() -> dict[str, ast.Module]:
    paths = [path for package in ("app", "resolvers", "sql") for path in sorted((ROOT / package).rglob("*.py"))]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


TREES = _trees()


def _errors() -> set[str]:
    """The names of ResonantError and all its subclasses."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"ResonantError"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


ERRORS = _errors()


def _default_keys() -> dict[str, str]:
    """The default key of each error class that declares one."""
    return {
        node.name: statement.value.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in ERRORS
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
        and ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target) == "key"
    }


DEFAULT_KEYS = _default_keys()


def _constants() -> dict[str, str]:
    """Module-level names of strings, such as NO_INTENT."""
    return {
        target.id: node.value.value
        for tree in TREES.values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


CONSTANTS = _constants()


def _keys_in(argument: ast.expr) -> list[str]:
    """The keys that the expression may be: a constant, a name of one, or a choice of them."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.Name) and argument.id in CONSTANTS:
        return [CONSTANTS[argument.id]]
    if isinstance(argument, ast.IfExp):
        return _keys_in(argument.body) + _keys_in(argument.orelse)
    return []


def _used_in(call: ast.Call, where: str) -> Iterator[Use]:
    name = call.func.id if isinstance(call.func, ast.Name) else None
    if name not in ERRORS | SENTENCE_CALLS:
        return
    position = POSITION_OF_KEY.get(name or "", 0)
    spread = any(keyword.arg is None for keyword in call.keywords)
    params = {keyword.arg for keyword in call.keywords if keyword.arg is not None} - OPTIONS
    keys = _keys_in(call.args[position]) if len(call.args) > position else [DEFAULT_KEYS.get(name or "", "")]
    for key in filter(None, keys):
        yield Use(key, f"{where}:{call.lineno}", None if spread or name == "Sentence" else params)


def _uses() -> list[Use]:
    return [
        use
        for where, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for use in _used_in(node, where)
    ]


USES = _uses()


def _mentioned() -> set[str]:
    """Every string in the code, the migrations and the schema that looks like a key of the catalogue."""
    strings = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    migrations = " ".join(path.read_text() for path in sorted((ROOT / "sql").rglob("*.sql")))
    return strings | set(re.findall(r"[a-z_]+\.[a-z_]+", migrations))


def test_both_languages_have_the_same_keys_with_the_same_placeholders() -> None:
    assert ENGLISH.keys() == JAPANESE.keys()
    differing = [key for key in ENGLISH if placeholders(ENGLISH[key]) != placeholders(JAPANESE[key])]
    assert differing == []


def test_keys_are_lower_case_and_dotted() -> None:
    assert [key for key in ENGLISH if not key.startswith("field.") and not KEY.match(key)] == []


def test_catalogues_are_sorted_so_that_changes_merge() -> None:
    for language in ("en", "ja"):
        keys = list(json.loads((ROOT / f"schema/messages.{language}.json").read_text()))
        assert keys == sorted(keys)


def test_every_key_that_is_raised_or_stored_has_a_sentence() -> None:
    assert len(USES) > 60
    assert [f"{use.where} {use.key}" for use in USES if use.key not in ENGLISH] == []


def test_every_sentence_gets_exactly_its_parameters() -> None:
    readable = [use for use in USES if use.params is not None and use.key in ENGLISH]
    wrong = [f"{use.where} {use.key}" for use in readable if use.params != placeholders(ENGLISH[use.key])]
    assert wrong == []


def _stored_texts() -> Iterator[tuple[str, str, str]]:
    """Calls that pass an English text with its key, such as `reason=..., reason_key=...`: the place, key and text."""
    for where, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                given = {each.arg: _keys_in(each.value) for each in node.keywords if each.arg is not None}
                for name, keys in given.items():
                    texts = given.get(name.removesuffix("_key"))
                    if name.endswith("_key") and keys and texts:
                        yield f"{where}:{node.lineno}", keys[0], texts[0]


def test_english_texts_that_are_stored_with_a_key_are_those_of_the_catalogue() -> None:
    stored = list(_stored_texts())
    assert len(stored) >= 4
    assert [(where, key) for where, key, text in stored if ENGLISH[key] != text] == []


def test_no_sentence_is_unused() -> None:
    mentioned = _mentioned()
    unused = [
        key
        for key in ENGLISH
        if key not in mentioned and not key.startswith(LOOKED_UP) and key.removesuffix(".title") not in mentioned
    ]
    assert unused == []


def test_a_sentence_is_rendered_in_both_languages() -> None:
    error = Conflict("intent.not_editable", status="FAILED")
    assert message_of(error).startswith("The intent is FAILED;")
    assert message_of(error, "ja").startswith("インテントは失敗のため")
    assert str(error) == "intent.not_editable status=FAILED"


def test_a_nested_sentence_is_rendered_first() -> None:
    failed = sentence("notification.failed", intent="設計", reason=nested(NotFound("intent.not_found")))
    assert message_of(failed) == "設計: There is no such intent."
    assert message_of(failed, "ja") == "設計：そのインテントはありません。"


def test_numbers_lists_and_field_names_are_written_for_a_reader() -> None:
    too_large = {"field": "content", "given": 2000, "maximum": 1000}
    assert render("input.too_large", too_large) == "`content` has 2,000 bytes; at most 1,000 are accepted."
    assert render("input.too_large", too_large, "ja") == "内容が長すぎます（2,000バイト）。1,000バイトまでです。"
    assert render("request.not_acceptable", {"types": ["a", "b"]}) == "Accept a, b."
    assert render("model.timeout", {"seconds": 2.5}) == "The model did not answer within 2.5 seconds; try again."


def test_an_unknown_key_or_parameter_stays_readable() -> None:
    assert render("no.such_key", {}) == "no.such_key"
    assert render("intent.ended", {}) == "The intent is {status}; it can no longer be cancelled."
