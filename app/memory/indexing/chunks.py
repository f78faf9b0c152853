"""Long texts in pieces, so that what stands at the end of one is found as well as what stands at its beginning."""

import re

CHUNK = 1200
OVERLAP = 150
MAX_CHUNKS = 250  # the 256 KiB that a message may hold
BREAK = re.compile(r"[.!?。！？\n]\s*(?=\S)")


def split_text(text: str) -> list[str]:
    """Pieces of at most 1,200 characters that end with a sentence where one ends, each repeating the last 150."""
    pieces, start = list[str](), 0
    while start < len(text) and len(pieces) < MAX_CHUNKS:
        end = start + CHUNK
        if end < len(text):
            ends = [match.end() for match in BREAK.finditer(text, start + CHUNK // 2, end)]
            end = ends[-1] if ends else end
        pieces.append(text[start:end])
        if end >= len(text):
            break
        start = end - OVERLAP
    return pieces or [text]
