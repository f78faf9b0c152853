"""Summaries without a model: the sentences that say most, in the words that were said."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from app.language.words import normalised, word_spans

SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
LONGEST_SENTENCE = 200


def extract_summary(texts: Sequence[str], length: int) -> str:
    """At most `length` characters: the sentences whose words recur most in all of them, in their order."""
    sentences = list(
        dict.fromkeys(
            " ".join(match[0].split())[:LONGEST_SENTENCE]
            for text in texts
            for match in SENTENCE.finditer(text)
            if len(match[0].strip()) > 3
        )
    )
    words = [_words(sentence) for sentence in sentences]
    counts = Counter(word for each in words for word in each)
    worth = [sum(log(1 + counts[word]) for word in each) / (4 + len(each)) for each in words]
    chosen, room = set[int](), length
    for place in sorted(range(len(sentences)), key=lambda place: (-worth[place], place)):
        if len(sentences[place]) + 1 <= room:
            chosen.add(place)
            room -= len(sentences[place]) + 1
    return " ".join(sentences[place] for place in sorted(chosen))


def _words(sentence: str) -> set[str]:
    plain = normalised(sentence)
    return {plain[start:end] for start, end in word_spans(plain) if end - start > 1}
