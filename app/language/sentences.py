"""Splits messages into sentences, and removes question phrases from queries."""

import re
import unicodedata

# Limits, so that pasted logs do not slow down classification.
READ_CHARACTERS = 10_000
SENTENCE_CHARACTERS = 400
CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
QUOTATION = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# A full stop ends a sentence only before a space ("v1.2" and "app.py" are words). An emoji ends a sentence too.
SENTENCE = re.compile(r".+?(?:[。!?！？]+[」』)）]?|[\U0001f300-\U0001faff]+|\.(?=\s|$)|\n|$)")
LIST_MARK = re.compile(r"^(?:[-*•・>#\s\U0001f300-\U0001faff]|\d{1,2}[.)] |\[[ x]\])+")
# Parts of Japanese questions that only ask: few texts contain 「何という」, so search would weight them as rare words.
# English needs no such list: the stop words of PostgreSQL's stemmer contain its question words.
ASKING = re.compile(
    r"何(?:年何月何日|年|月|日|人|歳|世紀|番目|種類|という|と)?|なんという|誰|だれ|どこ|いつ(?!も)|いくつ|いくら|なぜ"
    r"|どれくらい|どのくらい|ど(?:のよう|ういった|ういう|んな)|どちら"
    r"|(?:を|について|について説明し)?(?:答え|こたえ|挙げ|あげ|述べ|教え)(?:よ|て|なさい|てください|て下さい)?[。?？]*$"
    r"|(?:です|ます|でしょう|である)?か[。?？]*$"
)


def split_sentences(text: str) -> list[str]:
    """The sentences in order, in half-width forms, without code, quotations and list marks, at most 400 characters."""
    own = QUOTATION.sub(" ", CODE_BLOCK.sub(" ", text[:READ_CHARACTERS]))
    found = (match[0].strip()[:SENTENCE_CHARACTERS] for match in SENTENCE.finditer(unicodedata.normalize("NFKC", own)))
    stripped = (LIST_MARK.sub("", sentence).strip() for sentence in found)
    return [sentence for sentence in stripped if any(character.isalnum() for character in sentence)]


def without_asking(query: str) -> str:
    """The query with question phrases replaced by spaces; unchanged when nothing else is left."""
    rest = ASKING.sub(" ", query)
    return rest if re.search(r"\w", rest) else query
