"""Splits a large JSON file into the entries of its list without loading the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.operations.transfer.tolerant_json import BYTE_ORDER_MARK, MAX_DEPTH
from sql.sentences import Sentence, sentence

TOKEN = re.compile(rb'["\[\]{},]')
STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
SAME_BRACKETS = bytes.maketrans(b"{}", b"[]")
OTHER_BYTES = bytes(set(range(256)) - set(b"[]{}"))
WRAPPER = re.compile(rb'\s*\{\s*"conversations"\s*:\s*\[')
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LIST = re.compile(rb"\s*\[")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one entry may have. `head` bytes of a refused entry are kept; `chunk` bytes are read at a time."""

    entry_bytes: int = 32 * 2**20
    values: int = 1_000_000
    depth: int = MAX_DEPTH
    head: int = 4096
    chunk: int = 32 * 1024


@dataclass(frozen=True, slots=True)
class Element:
    """An entry of the list: its bytes, or only its beginning and the reason why it cannot be read."""

    content: bytes
    refused: Sentence | None = None


def elements(file: BinaryIO, limits: Limits = Limits()) -> Iterator[Element]:
    """The entries of a list, of the list `conversations` of an object, or the one value that the file contains."""
    chunk = file.read(limits.chunk)
    if chunk.startswith(UTF_16) or b"\0" in chunk[:4]:
        yield Element(b"", sentence("import.other_encoding"))
        return
    chunk = chunk.removeprefix(BYTE_ORDER_MARK)
    opening = LIST.match(chunk) or WRAPPER.match(chunk)
    splitter = _Splitter(limits, in_list=opening is not None)
    if opening:
        yield from splitter.feed(chunk[opening.end() :])
        chunk = file.read(limits.chunk)
    while chunk and not splitter.ended:
        yield from splitter.feed(chunk)
        chunk = file.read(limits.chunk)
    if (rest := splitter.finish()) is not None:
        yield rest


class _Splitter:
    """A state machine over the brackets, commas and strings of JSON; it holds one entry at most."""

    def __init__(self, limits: Limits, *, in_list: bool) -> None:
        self._limits = limits
        self._in_list = in_list
        self._in_string = self._escaped = False
        self._depth = 0
        self._closed = False
        self._tried = b""
        self.ended = False
        self._begin()

    def _begin(self) -> None:
        self._parts: list[bytes] = []
        self._size = self._values = 0
        self._refused: Sentence | None = None

    def feed(self, chunk: bytes) -> Iterator[Element]:
        """The entries that end in this chunk."""
        begin = place = 0
        while True:
            if self._in_string and (place := self._skip_string(chunk, place)) >= len(chunk):
                break
            if begin == 0 and self._depth and self._skip_rest(chunk, place):
                break
            token = TOKEN.search(chunk, place)
            if token is None:
                break
            place = token.end()
            if self._step(token[0]):
                self._keep(chunk[begin : token.start()])
                begin = place
                yield from self._complete()
                if self.ended:
                    return
        self._keep(chunk[begin:])

    def finish(self) -> Element | None:
        """The entry that the end of the file cut off, or the only value of a file that is no list."""
        if self.ended:
            return None
        if self._in_list and (self._depth or self._in_string or b"".join(self._parts).strip()):
            self._refused = self._refused or sentence("import.cut_off")
        return next(self._complete(), None)

    def _skip_string(self, chunk: bytes, place: int) -> int:
        """The place after the string, or the end of the chunk."""
        if self._escaped:
            self._escaped, place = False, place + 1
        found = STRING.match(chunk, place)
        end = found.end() if found else place
        if end >= len(chunk):
            return end
        self._in_string = chunk[end : end + 1] != b'"'
        self._escaped = self._in_string  # a backslash at the end of the chunk
        return end + 1

    def _skip_rest(self, chunk: bytes, place: int) -> bool:
        """Count the brackets of the rest of the chunk at once, which is fast; false when the entry may end in it."""
        if self._tried is chunk:
            return False
        self._tried = chunk
        outside, quote, _ = STRINGS.sub(b"", chunk[place:]).partition(b'"')
        brackets = outside.translate(SAME_BRACKETS, OTHER_BYTES)
        opening, levels = brackets.count(b"["), 0
        while b"[]" in brackets and levels < MAX_DEPTH:
            brackets, levels = brackets.replace(b"[]", b""), levels + 1
        closing = brackets.count(b"]")
        deepest = self._depth + levels + brackets.count(b"[")
        if self._depth <= closing or (self._refused is None and deepest > self._limits.depth):
            return False
        self._depth += brackets.count(b"[") - closing
        self._count(opening + outside.count(b","))
        self._in_string = quote == b'"'
        self._escaped = self._in_string and (len(chunk) - len(chunk.rstrip(b"\\"))) % 2 == 1
        return True

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > self._limits.values:
            self._refuse(sentence("import.too_many_values", maximum=self._limits.values))

    def _step(self, token: bytes) -> bool:
        """Whether the entry ends with this token."""
        if token == b'"':
            self._in_string = True
        elif token == b",":
            if self._depth == 0:
                return self._in_list
            self._count(1)
        elif token in b"[{":
            if self._closed and self._depth == 0:
                self._refuse(sentence("import.json_lines"))
            self._depth += 1
            self._count(1)
            if self._depth > self._limits.depth:
                self._refuse(sentence("import.too_deep", maximum=self._limits.depth))
        elif self._depth == 0:
            self.ended = True
            return True
        else:
            self._depth -= 1
            self._closed = self._depth == 0 and not self._in_list
        return False

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limits.entry_bytes:
            self._refuse(sentence("import.too_large", maximum=self._limits.entry_bytes))
        if self._refused is None or not self._parts:
            self._parts.append(part if self._refused is None else part[: self._limits.head])

    def _refuse(self, reason: Sentence) -> None:
        """Keep only the beginning of the entry, which may contain its title."""
        if self._refused is None:
            self._refused = reason
            self._parts = [b"".join(part[: self._limits.head] for part in self._parts[:1])] if self._parts else []

    def _complete(self) -> Iterator[Element]:
        content = b"".join(self._parts).strip()
        refused = self._refused
        self._begin()
        if content:
            yield Element(content, refused)
