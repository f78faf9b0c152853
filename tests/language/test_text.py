"""Text is cut to a length without splitting a visible character."""

import pytest

from app.language.text import one_line, split_sentences, truncate


def test_a_short_text_stays_as_it_is() -> None:
    assert truncate("abc", 3) == "abc"


def test_a_long_text_ends_with_an_ellipsis_within_the_length() -> None:
    assert truncate("abcdef", 4) == "abc…"
    assert truncate("ab cdef", 4) == "ab…"
    assert truncate("abcdef", 4, ellipsis="") == "abcd"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("abe\u0301f", "ab"),  # e and a combining accent
        ("ab👩\u200d💻cd", "ab"),
        ("ab👍\U0001f3fdcd", "ab"),
        ("ab🇯🇵cd", "ab"),
        ("abか\u3099cd", "ab"),
        ("abｶﾞcd", "ab"),
        ("ab❤\ufe0fcd", "ab"),
    ],
)
def test_what_is_seen_as_one_character_is_not_split(text: str, cut: str) -> None:
    assert truncate(text, 3, ellipsis="") == cut


def test_the_second_of_two_flags_is_not_split() -> None:
    assert truncate("🇯🇵🇫🇷🇩🇪", 3, ellipsis="") == "🇯🇵"


def test_of_very_many_flags_none_is_split() -> None:
    flags = "🇯🇵" * 50_000
    assert truncate(flags, 60_001, ellipsis="") == "🇯🇵" * 30_000


def test_marks_without_end_do_not_empty_the_text() -> None:
    assert len(truncate("a" + "\u0301" * 500, 100, ellipsis="")) == 100


def test_white_space_becomes_single_spaces_on_one_line() -> None:
    assert one_line(" a\n\tb   c ", 10) == "a b c"
    assert one_line("alpha\nbeta gamma", 11) == "alpha beta…"


def test_an_abbreviation_in_a_time_does_not_end_the_sentence() -> None:
    assert split_sentences("Remind me at 9 a.m. tomorrow to deploy. Done.") == [
        "Remind me at 9 a.m. tomorrow to deploy.",
        "Done.",
    ]
    assert split_sentences("Remind me on Jan. 15 to renew. Then rest.") == [
        "Remind me on Jan. 15 to renew.",
        "Then rest.",
    ]
    assert split_sentences("We ship in Jan. Then we rest.") == ["We ship in Jan.", "Then we rest."]
    assert split_sentences("Done at 5 p.m. Fix the login.") == ["Done at 5 p.m.", "Fix the login."]
