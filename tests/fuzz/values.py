"""Hostile values: each can be expressed in JSON or in GraphQL, and none is what a client means."""

from random import Random

UUID = "01890000-0000-7000-8000-000000000000"
# As JSON, so that values are possible that Python or a JSON library does not write.
JSON_VALUES = [
    "null", "true", "0", "-0", "1", "-1", "101", "1.5", "2147483647", "2147483648", "-2147483649",
    "9007199254740993", "18446744073709551616", "1e30", "-1e30", "1e300", "1e308", "1e-400", "1e400", "-1e999",
    "9" * 400, "1" * 5000, '""', '" "', '"x"', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"',
    '"C:\\\\u0000temp"', '"\\ufeff"', '"\\u202e\\u200b"', '"\\ufffe\\uffff"', '"\U0010ffff"', '"%s%n%00"',
    '"../../etc/passwd"', '"\'; DROP TABLE users; --"', '"{}"', '"[]"', '"1e400"', '"Infinity"', '"NaN"', '"nan"',
    f'"{UUID}"', f'"{{{UUID}}}"', f'"urn:uuid:{UUID}"', f'"{UUID.replace("-", "")}"', '"' + "x" * 300 + '"',
    '"' + "あ" * 70_000 + '"', '"' + "\\n" * 5000 + '"', '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-14:00"', '"0001-01-01"', '"9999-12-31T24:00:00Z"', '"2024-02-30T00:00:00Z"',
    '"2024-W01-1"', '"2024-001"', '"20240101T000000Z"', '"2024-01-01T00:00:00+99:99"',
    '"2024-01-01T00:00:00.123456789123456789Z"', '"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"',
    '"-0001-01-01T00:00:00Z"', '"2024-01-01T00:00:00+23:59"', '"2024-01-01T25:00:00Z"', '"2024-06-30T23:59:60Z"',
    "[]", "{}", "[null]", '[""]', "[1, 2]", '["x", null, 7]', '{"a": 1}', '{"": ""}', '{"\\u0000": 1}',
    '{"a": 1e400}', '{"usage": {"input_tokens": 1e300}, "durationMs": -1e300}', '{"timezone": "../../etc"}',
    '{"timezone": 7}', '{"timezone": "\\u0000"}', '{"timezone": {"a": []}}', '{"timezone": "Asia/Tokyo\\n"}',
    '{"timezone": ["UTC"]}', "[" * 100 + "]" * 100, "[" * 260 + "]" * 260, '{"a":' * 300 + "1" + "}" * 300,
    '{"a":' * 1000 + "1" + "}" * 1000, "[" * 1100 + "]" * 1100, "[" + ", ".join(["1"] * 3000) + "]",
    '["' + '", "'.join(["x"] * 300) + '"]', '{"' + '": 1, "'.join(f"k{n}" for n in range(3000)) + '": 1}', "NaN",
    "Infinity", "undefined", "'x'", "",
]  # fmt: skip
# The same in the document itself.
LITERALS = [
    "null", "true", "-0", "101", "2147483648", "-1.5e3", "1e30", "1e400", "-1e999", "9" * 999, "1" * 5000, "1-1-1",
    '""', '"\\u0000"', '"\\u{10ffff}"', '"\\u{d800}"', '"\\uD83D\\uDE00"', '"\\ud800"', '"""block \\""" text"""',
    '"x"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"2024-01-01T00:00:00+99:99"', f'"{UUID}"',
    "UNKNOWN", "[]", "{}", "[null]", "{a: 1}", '{a: "\\u0000"}', "{a: 1e400}", '{usage: {input_tokens: 1e300}}',
    "$missing", "{a: {a: {a: [[[[[[1]]]]]]}}}", "[" * 120 + "]" * 120, "[1, [2, [3]]]", "{timezone: 7}",
    "{a: NAME}", "{a: $missing}",
]  # fmt: skip


def mutated(random: Random, text: str) -> str:
    """The text with a few characters removed, repeated, exchanged or inserted."""
    characters = list(text)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(characters) + 1)
        match random.randrange(4):
            case 0:
                del characters[at : at + random.randint(1, 8)]
            case 1:
                characters[at:at] = characters[at : at + random.randint(1, 8)] * random.choice([1, 2, 50])
            case 2:
                characters[at:at] = random.choice(
                    ["{", "}", "[", "]", '"', "\\", "\0", "\ud800", "😀", "#", "\n", "1e999"]
                )
            case _:
                random.shuffle(characters[at : at + 5])
    return "".join(characters)
