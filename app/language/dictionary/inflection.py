"""The forms of a word that a dictionary may have: 食べ comes from 食べる, "queries" from "query"."""

import re
from collections.abc import Iterator
from functools import cache

from app.language.data import read_data

HIRAGANA = re.compile("[ぁ-ゖ]")
SUFFIXES = ("ed", "ing")
SHORTEST_STEM = 3


@cache
def _japanese() -> dict[str, str]:
    endings: dict[str, str] = read_data(__file__, "inflection.toml")["japanese"]
    return endings


@cache
def _english() -> dict[str, str]:
    words: dict[str, list[str]] = read_data(__file__, "inflection.toml")["english"]
    return {form: word for word, forms in words.items() for form in forms}


def japanese_forms(text: str) -> Iterator[str]:
    """The text itself, and the words that it may be a form of."""
    yield text
    if len(text) < 2 or HIRAGANA.match(text[-1]) is None:
        return
    for ending in _japanese().get(text[-1], ""):
        yield text[:-1] + ending
    yield text + "る"


def english_forms(word: str) -> list[str]:
    """The lower-case word itself, and the words that it may be a form of."""
    return list(dict.fromkeys([word, *_regular(word), *filter(None, [_english().get(word)])]))


def _regular(word: str) -> Iterator[str]:
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    for suffix in SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest != word and len(rest) >= SHORTEST_STEM:
            yield rest
            yield rest + "e"
            if rest[-1] == rest[-2]:
                yield rest[:-1]
