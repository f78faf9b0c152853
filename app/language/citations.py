"""Citations in Markdown: `[3]` after a statement cites the record that the model was given under this number."""

import re
from collections.abc import Callable, Container

from app.language.markdown_code import CodeTracker

LARGEST_NUMBER = 999
NUMBER = r"[1-9][0-9]{0,2}"
CITATION = re.compile(rf"(?P<space>[ \t\u3000]{{0,8}})\[(?P<number>{NUMBER})\]")
# What may become a citation with the next piece; the character after a bracket decides whether it is a link.
UNFINISHED = re.compile(rf"[ \t\u3000]{{0,8}}(?:\[(?:{NUMBER}\]?)?)?\Z")
HALF = re.compile(rf"\[{NUMBER}\Z")
BRACKETED = re.compile(rf"\[({NUMBER})\]")
DEFINITION = re.compile(rf"^ {{0,3}}\[({NUMBER})\]:[ \t]*\S", re.MULTILINE)
# After these a bracket is an index, such as a[1] and f(x)[1], or is escaped.
NO_CITATION_AFTER = re.compile(r"[A-Za-z0-9_)\]\\$]")


class CitationScanner:
    """Reads a text piece by piece and removes the citations that `keeps` does not accept.

    Left as they are: code, links, footnotes, definitions of links and indexes. `cited` has the accepted numbers in the
    order of the text, `removed` counts the others.
    """

    def __init__(self, keeps: Callable[[int], bool], before: str = "") -> None:
        """`before` is text that precedes the first piece and is not changed."""
        self._keeps = keeps
        self._code = CodeTracker()
        self._held = ""
        self._last = ""
        self._follows = False  # the last character belongs to a citation, so that [1][2] are two
        self.cited: dict[int, None] = {}
        self.removed = 0
        self.skip(before)

    def skip(self, text: str) -> None:
        """Text that goes to the result without a check."""
        if text:
            self._code.feed(text)
            self._last, self._follows = text[-1], False

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
            parts.append(self._one(found, following=text[found.end() : found.end() + 1]))
            done = found.end()
        parts.append(text[done:end])
        self.skip(text[done:end])
        return "".join(parts)

    def _one(self, found: re.Match[str], *, following: str) -> str:
        """What remains of a bracket with a number, and of the spaces before it."""
        if found["space"]:
            self._code.feed(found["space"])
            self._last, self._follows = " ", False
        number, bracket = int(found["number"]), found[0][len(found["space"]) :]
        if not self._is_citation(following):
            self.skip(bracket)
            return found[0]
        self._follows = True
        if not self._keeps(number):
            self.removed += 1
            return ""
        self._code.feed(bracket)
        self.cited[number] = None
        return found[0]

    def _is_citation(self, following: str) -> bool:
        if self._code.inside or following == "(" or (following == ":" and self._code.at_line_start):
            return False
        return self._follows or not NO_CITATION_AFTER.match(self._last)


def citations_in(text: str, given: Container[int]) -> list[int]:
    """The given numbers that a complete text cites, in its order; not those that it defines as links."""
    scanner = CitationScanner(lambda number: number in given)
    scanner.add(text)
    scanner.rest()
    defined = {int(number) for number in DEFINITION.findall(text)}
    return [number for number in scanner.cited if number not in defined]


def without_citations(text: str, numbers: Container[int]) -> str:
    """The text without its citations of these numbers, which mean other records elsewhere."""
    scanner = CitationScanner(lambda number: number not in numbers)
    return scanner.add(text) + scanner.rest()


def bracketed_numbers(text: str) -> frozenset[int]:
    """All numbers between brackets, wherever they are."""
    return frozenset(int(number) for number in BRACKETED.findall(text))
