"""The patterns of decisions, compiled from decisions.toml when they are first used."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from app.language.data import any_of, read_data

DATA = read_data(__file__, "decisions.toml")
ENGLISH_QUANTITY = DATA["quantity"]["english_quantity"]
JAPANESE_QUANTITY = DATA["quantity"]["japanese_quantity"]


def _compile(pattern: str, quantity: str = ENGLISH_QUANTITY) -> re.Pattern[str]:
    for name, words in (("QTY", quantity), ("PARAM", _parameters()), ("VERB", any_of(DATA["policy_verbs"]))):
        pattern = re.sub(rf"\b{name}\b", lambda _, words=words: words, pattern)  # type: ignore[misc]
    return re.compile(pattern, re.IGNORECASE)


@cache
def _parameters() -> str:
    return any_of([*DATA["parameters"], *DATA["dates"]])


@cache
def patterns(section: str, name: str) -> Sequence[re.Pattern[str]]:
    """The patterns of a list, or of one text, in the order of the file."""
    found: Any = DATA[section][name]
    quantity = JAPANESE_QUANTITY if name.startswith("japanese") else ENGLISH_QUANTITY
    return [_compile(each, quantity) for each in ([found] if isinstance(found, str) else found)]


@cache
def named_patterns(section: str, name: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a table by their names, in the order of the file."""
    return {key: _compile(each) for key, each in DATA[section][name].items()}


@cache
def reversal() -> re.Pattern[str]:
    return re.compile(any_of(DATA["reversal"]), re.IGNORECASE)


@cache
def revision() -> re.Pattern[str]:
    """Asks to withdraw or to revise a decision that is named."""
    return re.compile(any_of(DATA["revision"]), re.IGNORECASE)


@cache
def strong() -> re.Pattern[str]:
    return re.compile(DATA["choice"]["strong"], re.IGNORECASE)


@cache
def parameter() -> re.Pattern[str]:
    """The name of something that has a value."""
    latin = [each for each in DATA["parameters"] if each[0].isascii()]
    other = [each for each in DATA["parameters"] if not each[0].isascii()]
    return re.compile(rf"\b{any_of(latin)}s?\b|{any_of(other)}", re.IGNORECASE)


@cache
def date_name() -> re.Pattern[str]:
    """The name of a date that a project is planned around."""
    return re.compile(any_of(DATA["dates"]), re.IGNORECASE)


@cache
def japanese_choice(*, proposed: bool) -> re.Pattern[str]:
    """Topic, rejected option and choice of a Japanese sentence."""
    ends = any_of(DATA["choice"]["japanese_proposed" if proposed else "japanese"])
    topic = r"(?:(?P<topic>[^、。]{1,40}?)(?:については|に関しては|の件、|の件ですが|としては|には|の件は|の方は|(?<!で)は|として|では(?!なく)|を)[、,]?(?!(?:もう)?(?:やめ|止め|使わず)))?"
    rejected = rf"(?:(?P<rejected>[^、。]{{1,40}}?){DATA['choice']['japanese_not']})?"
    purpose = r"(?:(?P<purpose>[^、。を]{1,30}?)(?:用に|として|用として)(?:は)?[、,]?)?"
    return re.compile(rf"{topic}{rejected}{purpose}(?P<chosen>[^、。]{{1,40}}?)(?P<end>{ends})", re.IGNORECASE)


@cache
def japanese_purpose() -> re.Pattern[str]:
    """「Redisをセッションキャッシュに使います」."""
    return re.compile(
        r"(?P<chosen>[^、。を]{1,40}?)を(?P<topic>[^、。を]{1,30}?)(?:として|用に|に|で)"
        r"(?:採用し|使い|使用し|利用し)(?:ます|ました)|"
        r"(?P<topic2>[^、。を]{1,30}?)(?:として|用に|に|で)は?、?(?P<chosen2>[^、。を]{1,40}?)を"
        r"(?:採用し|使い|使用し|利用し)(?:ます|ました)",
        re.IGNORECASE,
    )


NO_OPTION = frozenset(DATA["no_option"])
STATES: dict[str, str] = DATA["value"]["states"]
PLACED: dict[str, str] = DATA["choice"]["placed"]
