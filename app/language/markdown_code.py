"""Finds out, while a Markdown text arrives in pieces, whether its end is inside of code."""

import re

LINE_CHARACTERS = 400
PREFIX = r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*"
OPENING = re.compile(rf"{PREFIX}(?P<fence>`{{3,}}(?=[^`]*\Z)|~{{3,}})")
CLOSING = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*\Z")
INDENTED = re.compile(r" {4}| {0,3}\t")
NEW_BLOCK = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]")
LIST_ITEM = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")


class CodeTracker:
    """Follows fenced code, indented code outside of lists, and code spans. Linear in the text.

    A run of backticks opens a code span although it may never close: the rest of the text is not known yet. The span
    ends with its block at the latest.
    """

    def __init__(self) -> None:
        self._line = ""
        self._fence = ""
        self._span = 0
        self._run = 0
        self._after_blank = True
        self._in_list = False

    def feed(self, text: str) -> None:
        for character in text:
            if character == "`" and not self._is_escaped:
                self._run += 1
            else:
                self._end_run()
            if character == "\n":
                self._end_line()
            elif len(self._line) < LINE_CHARACTERS:
                self._line += character
                if self._span and character in " \t" and NEW_BLOCK.fullmatch(self._line):
                    self._span = 0

    @property
    def inside(self) -> bool:
        """Whether the next character, which is no backtick, is code."""
        self._end_run()
        return bool(self._fence) or self._span > 0 or self._is_indented

    @property
    def at_line_start(self) -> bool:
        return not self._line.strip()

    @property
    def _is_escaped(self) -> bool:
        """Whether the next character follows a backslash that counts, which it does not in code."""
        if self._span or self._run or self._fence or not self._line.endswith("\\"):
            return False
        return (len(self._line) - len(self._line.rstrip("\\"))) % 2 == 1

    @property
    def _is_indented(self) -> bool:
        return self._after_blank and not self._in_list and INDENTED.match(self._line) is not None

    def _end_run(self) -> None:
        if self._run and not self._fence:
            if self._span == 0:
                self._span = self._run
            elif self._span == self._run:
                self._span = 0
        self._run = 0

    def _end_line(self) -> None:
        line, self._line = self._line, ""
        if self._fence:
            closing = CLOSING.match(line)
            if closing and closing["fence"].startswith(self._fence):
                self._fence = ""
            return
        if opening := OPENING.match(line):
            self._fence, self._span = opening["fence"], 0
        if not line.strip():
            self._after_blank, self._span = True, 0
            return
        if LIST_ITEM.match(line):
            self._in_list = True
        elif self._after_blank and not line[0].isspace():
            self._in_list = False
        # A line of indented code lets the next one be code as well.
        self._after_blank = self._after_blank and not self._in_list and INDENTED.match(line) is not None
