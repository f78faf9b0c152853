"""What a message says, sentence by sentence, without what is not the writer's own word: code and quotations."""

import re
import unicodedata

# A wish is said early and briefly; a pasted log must not keep the rules busy.
READ_CHARACTERS = 10_000
SENTENCE_CHARACTERS = 400
CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
QUOTATION = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
# A full stop ends a sentence only before a space: "v1.2" and "app.py" are words. A smile ends one like a full stop.
SENTENCE = re.compile(r".+?(?:[。!?！？]+[」』)）]?|[\U0001f300-\U0001faff]+|\.(?=\s|$)|\n|$)")
LIST_MARK = re.compile(r"^(?:[-*•・>#\s\U0001f300-\U0001faff]|\d{1,2}[.)] |\[[ x]\])+")


def split_sentences(text: str) -> list[str]:
    """The sentences in order, half-width, without list marks or smiles before them, cut to 400 characters."""
    own = QUOTATION.sub(" ", CODE_BLOCK.sub(" ", text[:READ_CHARACTERS]))
    found = (match[0].strip()[:SENTENCE_CHARACTERS] for match in SENTENCE.finditer(unicodedata.normalize("NFKC", own)))
    stripped = (LIST_MARK.sub("", sentence).strip() for sentence in found)
    return [sentence for sentence in stripped if any(character.isalnum() for character in sentence)]
