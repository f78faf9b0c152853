"""Without a model, a question about a file is answered with its passage."""

import pytest

from app.assistant.answers.files import KnownFile, quote_files
from app.language.catalogue import Language

NOTES = (
    "Weekly notes.\n" + "Nothing happened here. " * 60 + "The deadline of the audit is 3 March.\n" + "More text. " * 60
)
JAPANESE = "議事録\n" + "特記事項なし。" * 60 + "監査の締め切りは3月3日です。" + "以上。" * 60


@pytest.mark.parametrize(
    ("question", "text", "passage", "language"),
    [
        ("When is the audit deadline?", NOTES, "The deadline of the audit is 3 March.", "en"),
        ("監査の締め切りはいつですか？", JAPANESE, "監査の締め切りは3月3日です", "ja"),
    ],
)
def test_passage_that_is_asked_about_is_quoted(question: str, text: str, passage: str, language: Language) -> None:
    [part], quotes = quote_files(question, [KnownFile("notes.txt", text, True)], language)
    assert (passage in part, "notes.txt" in part, quotes) == (True, True, True)
    assert quote_files(question, [KnownFile("old.txt", "Something else", False)], language) == ([], False)


def test_what_cannot_be_read_is_said() -> None:
    files = [KnownFile("a.png", None, True), KnownFile("b.pdf", None, True), KnownFile("c.txt", "Hello there", True)]
    parts, quotes = quote_files("What colour is the car?", files, "en")
    assert not quotes
    assert "begins: “Hello there”" in parts[0]
    assert "a.png, b.pdf" in parts[1]
