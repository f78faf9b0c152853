"""Names with a number, as those of versions and models: "iOS 16 and later", "ROS 2", Python 3.11."""

import re
from collections.abc import Iterator

from app.gate.words import UNNUMBERED

NAMED = re.compile(
    r"(?<![a-z0-9])(?P<name>[a-z][a-z.+#]*|[ァ-ヶー]{2,}) ?(?P<number>\d+(?:\.\d+){0,2})(?![\d:%])"
    r"(?P<later>\+| ?(?:and|or) (?:later|newer|above|up|higher)|以降|以上)?"
)
Number = tuple[int, ...]


def numbered_in(plain: str) -> Iterator[tuple[str, Number, bool, int, int]]:
    """Name, number, whether later ones are meant too, start and end, of a normalised text."""
    for match in NAMED.finditer(plain):
        if match["name"] not in UNNUMBERED:
            number = tuple(map(int, match["number"].split(".")))
            yield match["name"], number, match["later"] is not None, *match.span()


def fits(wanted: Number, decided: Number, *, later: bool) -> bool:
    """Whether 17 is "16 and later", and 3.11.2 is 3.11."""
    length = min(len(wanted), len(decided))
    return wanted[:length] >= decided[:length] if later else wanted[:length] == decided[:length]
