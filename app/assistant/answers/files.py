"""Quotes the files of a conversation: the passage of a text file or a PDF that a message asks about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.assistant.answers.phrases import phrase
from app.language.catalogue import Language
from app.language.data import read_data
from app.language.text import truncate, without_asking
from app.language.words import normalised, words_of
from app.memory.search.snippets import INDEXED_CHARACTERS, snippet

PASSAGE_CHARACTERS = 300
MOST_WORDS = 40
QUOTED = 3
KANA_ONLY = re.compile(r"[ぁ-ゖゝ-ゟー]+")
COMMON = frozenset(read_data(__file__, "files.toml")["common"])


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of the conversation; `text` is None without any. `is_new`: of the message to answer."""

    name: str
    text: str | None
    is_new: bool


def quote_files(question: str, files: Sequence[KnownFile], language: Language) -> tuple[list[str], bool]:
    """Paragraphs about the files, and whether one of them quotes what was asked. Pure, for the process for long texts.

    Earlier files are quoted only where they share words with the question.
    """
    asked = _asked(question)
    weighed = [(each, _weights(asked, each.text)) for each in files if each.text]
    found = sorted((pair for pair in weighed if pair[1]), key=lambda pair: -sum(pair[1].values()))[:QUOTED]
    parts = [
        phrase(
            "file_passage",
            language,
            file=each.name,
            passage=snippet(each.text or "", by_word, length=PASSAGE_CHARACTERS),
        )
        for each, by_word in found
    ]
    for each in files:
        if each.is_new and each.text and each not in [file for file, _ in found]:
            beginning = truncate(" ".join(each.text[:2000].split()), PASSAGE_CHARACTERS)
            parts.append(phrase("file_beginning", language, file=each.name, passage=beginning))
    unseen = [each.name for each in files if each.is_new and each.text is None]
    if unseen:
        parts.append(phrase("file_unseen", language, files=", ".join(unseen)))
    return parts, bool(found)


def _asked(question: str) -> list[str]:
    """The words that the question is about, the longest first."""
    words = sorted(words_of(without_asking(question)) - COMMON, key=lambda word: -len(word))[:MOST_WORDS]
    return [word for word in words if not KANA_ONLY.fullmatch(word)]


def _weights(asked: Sequence[str], text: str) -> dict[str, float]:
    """The words of the question that are in the text; rare ones weigh more."""
    plain = normalised(text[:INDEXED_CHARACTERS])
    present = words_of(plain)
    return {word: len(word) / (1 + plain.count(word)) for word in asked if word in present}
