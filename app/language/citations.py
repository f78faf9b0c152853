"""Citations in Markdown: `[3]` after a statement cites the record that the model was given under this number."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass

from app.language.markdown_code import CodeTracker

LARGEST_NUMBER = 999
OPEN, CLOSE = "[\\[\uff3b]", "[\\]\uff3d]"
NUMBER = "[1-9\uff11-\uff19][0-9\uff10-\uff19]{0,2}"
BETWEEN = "[,;\u3001\uff0c][ \u3000]?"
NUMBERS = f"{NUMBER}(?:{BETWEEN}{NUMBER}){{0,7}}"
SPACE = "[ \t\u3000]{0,8}"
CITATION = re.compile(f"(?P<space>{SPACE})(?P<bracket>{OPEN}(?P<numbers>{NUMBERS}){CLOSE})")
# What may become a citation with the next piece; the character after a bracket decides whether it is a link.
UNFINISHED = re.compile(f"{SPACE}(?:{OPEN}(?:{NUMBERS}(?:{BETWEEN}|{CLOSE})?)?)?\\Z")
HALF = re.compile(f"{OPEN}{NUMBERS}(?:{BETWEEN})?\\Z")
BRACKETED = re.compile(f"{OPEN}({NUMBERS}){CLOSE}")
DEFINITION = re.compile(f"^ {{0,3}}\\[({NUMBER})\\]:[ \t]*\\S", re.MULTILINE)
DIGITS = re.compile(NUMBER)
# After these a bracket is an index or a value, as in a[1], f(x)[1] and y = [1], part of another one, or escaped.
NO_CITATION_AFTER = re.compile(r"[A-Za-z0-9_)\[\]\\$]\Z|=[ \t]*\Z")
NOT_IN_ADDRESS = re.compile(r"[^!-~]")
TAIL_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Bracket:
    """One or more numbers between brackets, and the character after them."""

    text: str
    numbers: list[int]
    following: str

    @property
    def normal(self) -> str:
        """The text with the usual brackets and digits."""
        return self.text if self.text.isascii() else f"[{', '.join(map(str, self.numbers))}]"


class CitationScanner:
    """Reads a text piece by piece and removes the citations that `keeps` does not accept.

    Left as they are: code, links, footnotes, definitions of links, indexes, and lists such as [1, 2], which may be
    values. `cited` has the accepted numbers in the order of the text; those of a list only when all of them are
    accepted. `removed` counts the others.
    """

    def __init__(self, keeps: Callable[[int], bool], before: str = "", *, removes_lists: bool = False) -> None:
        """`before` is text that precedes the first piece and is not changed."""
        self._keeps = keeps
        self._removes_lists = removes_lists
        self._code = CodeTracker()
        self._held = ""
        self._tail = ""
        self._follows = False  # the last character belongs to a citation, so that [1][2] are two
        self._gone = set[int]()
        self.cited: dict[int, None] = {}
        self.removed = 0
        self.skip(before)

    def skip(self, text: str) -> None:
        """Text that goes to the result without a check."""
        if text:
            self._code.feed(text)
            self._tail, self._follows = (self._tail + text)[-TAIL_CHARACTERS:], False

    def add(self, piece: str) -> str:
        """The text that can be used now; what may be half of a citation is held back."""
        text = self._held + piece
        found = UNFINISHED.search(text)
        end = found.start() if found else len(text)
        self._held = text[end:]
        return self._checked(text, end)

    def rest(self, *, cut: bool = False) -> str:
        """What was held back. When the text is `cut` off, half of a citation is left out: its rest never arrives."""
        text, self._held = self._held, ""
        text = HALF.sub("", text) if cut else text
        return self._checked(text, len(text))

    def _checked(self, text: str, end: int) -> str:
        parts, done = list[str](), 0
        for found in CITATION.finditer(text, 0, end):
            between = text[done : found.start()]
            parts.append(between)
            self.skip(between)
            done = found.end()
            numbers = [int(number) for number in DIGITS.findall(found["numbers"])]
            bracket = Bracket(found["bracket"], numbers, following=text[done : done + 1])
            remains = self._remains(found["space"], bracket)
            if remains is None:
                # Nothing refers to the definition of a removed number, so its address is shown.
                done += bracket.following == ":" and self._code.at_line_start
            parts.append(remains or "")
        parts.append(text[done:end])
        self.skip(text[done:end])
        return "".join(parts)

    def _remains(self, space: str, bracket: Bracket) -> str | None:
        """What remains of a bracket and the spaces before it; None for a citation that is removed."""
        if space:
            self.skip(space)
        if not self._is_citation(bracket) or (kept := self._accepts(bracket)) is None:
            self.skip(bracket.text)
            return space + bracket.text
        self._follows = True
        if not kept:
            self.removed += len(bracket.numbers)
            self._gone.update(bracket.numbers)
            return None
        self._code.feed(bracket.normal)
        self.cited.update(dict.fromkeys(bracket.numbers))
        return space + bracket.normal

    def _accepts(self, bracket: Bracket) -> bool | None:
        """Whether a citation stays; None for a list that is text."""
        kept = [self._keeps(number) for number in bracket.numbers]
        if len(kept) == 1 or all(kept):
            return all(kept)
        return False if self._removes_lists and not any(kept) else None

    def _is_citation(self, bracket: Bracket) -> bool:
        if self._code.inside or bracket.following == "(":
            return False
        if bracket.following == ":" and self._code.at_line_start and self._gone.isdisjoint(bracket.numbers):
            return False
        return self._follows or not (NO_CITATION_AFTER.search(self._tail) or self._in_address)

    @property
    def _in_address(self) -> bool:
        start = self._tail.rfind("://")
        return start >= 0 and NOT_IN_ADDRESS.search(self._tail, start) is None


def citations_in(text: str, given: Container[int]) -> list[int]:
    """The given numbers that a complete text cites, in its order; not those that it defines as links."""
    scanner = CitationScanner(lambda number: number in given)
    scanner.add(text)
    scanner.rest()
    defined = {int(number) for number in DEFINITION.findall(text)}
    return [number for number in scanner.cited if number not in defined]


def without_citations(text: str, numbers: Container[int]) -> str:
    """The text without its citations of these numbers, which mean other records elsewhere."""
    scanner = CitationScanner(lambda number: number not in numbers, removes_lists=True)
    return scanner.add(text) + scanner.rest()


def bracketed_numbers(text: str) -> frozenset[int]:
    """All numbers between brackets, wherever they are."""
    return frozenset(int(number) for found in BRACKETED.findall(text) for number in DIGITS.findall(found))
