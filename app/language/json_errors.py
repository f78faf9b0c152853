"""Says in a sentence of the catalogue why a text is not accepted as JSON."""

import orjson

from sql.sentences import Params

# Parts of the decoder's messages, and the sentence for each; every other message means malformed JSON.
REASONS = (
    ("not valid UTF-8", "request.wrong_encoding"),
    ("surrogate", "request.unpaired_surrogate"),
    ("infinity", "request.number_too_large"),
    ("depth limit", "request.nested_too_deeply"),
)


def why_not_json(error: orjson.JSONDecodeError, part: str) -> tuple[str, Params]:
    """The key and the params of the sentence. `part` names the text, such as `The body`."""
    detail = str(error)
    key = next((key for words, key in REASONS if words in detail), "request.invalid_json")
    return key, {"part": part, "detail": detail}
