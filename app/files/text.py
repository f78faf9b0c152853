"""The text of a file in UTF-8, UTF-16, Shift_JIS, EUC-JP or Windows-1252."""

import codecs
import re
from itertools import islice

from app.language.text import storable

MAX_TEXT_BYTES = 512 * 1024
MAX_TEXT_CHARACTERS = 200_000
SAMPLE = 4096
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that text files have: tab, line feed, vertical tab, form feed, carriage return, escape, backspace.
CONTROLS = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f]")
MAX_SHARE_OF_CONTROLS = 0.002
HALF_WIDTH = re.compile(r"[\uff61-\uff9f]")
WIDE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
KANA = re.compile(r"[\u3000-\u3002\u3040-\u30ff\uff61-\uff9f]")
UNDEFINED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def is_text(start: bytes) -> bool:
    """Whether a file with this beginning is text."""
    return decode(start[:MAX_TEXT_BYTES], cut=True) is not None


def read_text(start: bytes, *, cut: bool) -> tuple[str, bool]:
    """The text of the beginning of a text file, and whether it goes on. `cut`: the file is longer than `start`."""
    text = decode(start[:MAX_TEXT_BYTES], cut=cut or len(start) > MAX_TEXT_BYTES)
    if text is None:
        return "", True
    plain = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    return plain[:MAX_TEXT_CHARACTERS], cut or len(start) > MAX_TEXT_BYTES or len(plain) > MAX_TEXT_CHARACTERS


def decode(data: bytes, *, cut: bool) -> str | None:
    """The text; None for other content. `cut`: the last character may be incomplete."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _plausible(_strictly(data[len(mark) :], name, cut=cut))
    if b"\x00" in data[:SAMPLE]:
        return _without_mark(data, cut=cut)
    for reader in (_utf_8, _japanese, _western):
        if (text := _plausible(reader(data, cut=cut))) is not None:
            return text
    return None


def _strictly(data: bytes, name: str, *, cut: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(data, final=not cut)
    except UnicodeDecodeError:
        return None


def _plausible(text: str | None) -> str | None:
    """The text, unless it has control characters as only other content has."""
    if text is None or "\x00" in text:
        return None
    allowed = int(MAX_SHARE_OF_CONTROLS * len(text)) + 1
    return None if next(islice(CONTROLS.finditer(text), allowed, None), None) else text


def _without_mark(data: bytes, *, cut: bool) -> str | None:
    """UTF-16 without a byte order mark: nearly all zeros are in the same half of each character."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return None
    return _plausible(_strictly(data, "utf-16-be" if even > odd else "utf-16-le", cut=cut))


def _utf_8(data: bytes, *, cut: bool) -> str | None:
    return _strictly(data, "utf-8", cut=cut)


def _japanese(data: bytes, *, cut: bool) -> str | None:
    """Shift_JIS or EUC-JP: what is EUC-JP reads as half-width katakana in the other one."""
    shift_jis, euc = _strictly(data, "cp932", cut=cut), _strictly(data, "euc_jp", cut=cut)
    if shift_jis is None or euc is None:
        chosen = euc if shift_jis is None else shift_jis
    else:
        chosen = euc if _count(HALF_WIDTH, shift_jis) > _count(WIDE, shift_jis) else shift_jis
    # A few accented letters and the letter after them can look like rare kanji; Japanese has kana too.
    return chosen if chosen is not None and KANA.search(chosen) else None


def _western(data: bytes, *, cut: bool) -> str | None:
    return None if UNDEFINED_IN_1252.search(data) else data.decode("cp1252")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text[:SAMPLE]))
