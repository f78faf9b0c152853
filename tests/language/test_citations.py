"""Citations are found and removed in text, and left alone in code, links and indexes."""

import pytest

from app.language.citations import CitationScanner, bracketed_numbers, citations_in, without_citations

GIVEN = frozenset({1, 2, 12})
# A text, what remains of it, and what it cites.
CASES = [
    ("On Friday [1]. Redis [9] is used [2].", "On Friday [1]. Redis is used [2].", [1, 2]),
    ("金曜日です[1]。Redisです[9]。", "金曜日です[1]。Redisです。", [1]),
    ("Both [2][9][1] and [12].", "Both [2][1] and [12].", [2, 1, 12]),
    ("**bold**[1] and `code`[2]", "**bold**[1] and `code`[2]", [1, 2]),
    ("a[1], f(x)[2], m[9][9], x_[1]", "a[1], f(x)[2], m[9][9], x_[1]", []),
    ("[9](https://example.com) ![9](a.png) [text][9]", "[9](https://example.com) ![9](a.png) [text][9]", []),
    ("note[^9] and [^1] and [0], [2024], [1, 9], [x]", "note[^9] and [^1] and [0], [2024], [1, 9], [x]", []),
    ("escaped \\[9] and \\[1]", "escaped \\[9] and \\[1]", []),
    ("`[9]` and ``a ` [9]`` then [1]", "`[9]` and ``a ` [9]`` then [1]", [1]),
    ("```python\nx = [9]\n\ny = [1]\n```\nsee [2]", "```python\nx = [9]\n\ny = [1]\n```\nsee [2]", [2]),
    ("~~~\n[9]\n```\n[9]\n~~~\n[1]", "~~~\n[9]\n```\n[9]\n~~~\n[1]", [1]),
    ("- item\n  ```\n  [9]\n  ```\n- [1]", "- item\n  ```\n  [9]\n  ```\n- [1]", [1]),
    ("text\n\n    [9]\n    [9]\n\nmore [1]", "text\n\n    [9]\n    [9]\n\nmore [1]", [1]),
    ("1. item\n\n    more [9] and [1]", "1. item\n\n    more and [1]", [1]),
    ("[1]: https://example.com\n\nsee [1]", "[1]: https://example.com\n\nsee [1]", []),
    ("As said [9]: no. As said [1]: yes.", "As said: no. As said [1]: yes.", [1]),
    ("金曜日です［１］。Redisです［９］。", "金曜日です[1]。Redisです。", [1]),
    ("Both [1, 2], ［2、１2］, values [3, 4] and [1,9].", "Both [1, 2], [2, 12], values [3, 4] and [1,9].", [1, 2, 12]),
    ("x = [9] and y=[1] and z is [1]", "x = [9] and y=[1] and z is [1]", [1]),
    ("https://e.com/[9]?a=[1] and https://e.comです[9]。", "https://e.com/[9]?a=[1] and https://e.comです。", []),
    ("[[9]](https://e.com) and [[9]]", "[[9]](https://e.com) and [[9]]", []),
    ("See [9] and [1].\n\n[9]: https://e.com/a", "See and [1].\n\n https://e.com/a", [1]),
    ("a \\` [9] \\` [1]", "a \\` \\` [1]", [1]),
    ("- an unclosed ` here\n- then [9] and [1]", "- an unclosed ` here\n- then and [1]", [1]),
    ("an unclosed ` and\n\n[9] [1]", "an unclosed ` and\n\n [1]", [1]),
]


def read(text: str, step: int) -> tuple[str, int]:
    scanner = CitationScanner(GIVEN.__contains__)
    pieces = [text[start : start + step] for start in range(0, len(text), step)]
    return "".join(map(scanner.add, pieces)) + scanner.rest(), scanner.removed


@pytest.mark.parametrize(("text", "remains", "cited"), CASES)
def test_only_citations_of_what_was_not_given_are_removed(text: str, remains: str, cited: list[int]) -> None:
    for step in (1, 2, 3, 7, len(text)):
        assert read(text, step)[0] == remains, step
    assert citations_in(remains, GIVEN) == cited


def test_a_number_in_two_pieces_is_held_back_until_it_is_complete() -> None:
    scanner = CitationScanner(GIVEN.__contains__)
    assert [scanner.add(piece) for piece in ("Friday [", "1", "2", "]", ".")] == ["Friday", "", "", "", " [12]."]
    assert [scanner.add(piece) for piece in (" Redis [9", "]", ", no")] == [" Redis", "", ", no"]
    assert (list(scanner.cited), scanner.removed) == ([12], 1)


@pytest.mark.parametrize(
    ("end", "cut", "rest"),
    [
        (" [1", True, " "),
        (" [1", False, " [1"),
        (" [", True, " ["),
        (" [1]", True, " [1]"),
        (" [9]", True, ""),
        (" ", True, " "),
    ],
)
def test_the_end_of_a_text_that_breaks_off_has_no_half_number(end: str, cut: bool, rest: str) -> None:
    scanner = CitationScanner(GIVEN.__contains__)
    assert scanner.add(f"Friday{end}") + scanner.rest(cut=cut) == f"Friday{rest}"


def test_code_before_a_continued_text_counts() -> None:
    scanner = CitationScanner(GIVEN.__contains__, before="```\nx = ")
    assert scanner.add("[9]\n```\nthen [9].") + scanner.rest() == "[9]\n```\nthen."


def test_citations_of_another_reply_are_removed_and_other_numbers_stay() -> None:
    text = "On Friday [1][3]. Error [404] at a[1]."
    assert without_citations(text, {1, 3}) == "On Friday. Error [404] at a[1]."
    assert without_citations("On Friday [1, 3]. Values [1, 4].", {1, 3}) == "On Friday. Values [1, 4]."


def test_all_numbers_between_brackets_are_found() -> None:
    assert bracketed_numbers("[1] a[2] [3, 4] ［５］ [0] [^6] [2024]") == {1, 2, 3, 4, 5}


def test_a_long_text_of_brackets_is_read_in_time_proportional_to_its_length() -> None:
    text = "[9] ` [" * 20_000 + " " * 100_000 + "[" * 100_000
    scanner = CitationScanner(GIVEN.__contains__)
    assert len("".join(scanner.add(text[at : at + 1000]) for at in range(0, len(text), 1000))) <= len(text)
