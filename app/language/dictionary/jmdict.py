"""Reads JMdict from the optional package jamdict-data: an SQLite file with indexes on words and on their translations.

The file is read in place, so the dictionary takes no memory. JMdict is the property of the Electronic Dictionary
Research and Development Group, and is used in conformance with the Group's licence:
https://www.edrdg.org/edrdg/licence.html
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.language.dictionary.package import DictionaryUnreadable

# CROSS JOIN keeps the order of the tables, so that each is read through its index; + keeps a condition from an index.
MEANINGS = """
SELECT gloss.text, sense.idseq,
       (SELECT count(*) FROM Sense AS other WHERE other.idseq = sense.idseq AND other.ID < sense.ID),
       EXISTS (SELECT 1 FROM field WHERE sid = sense.ID AND +text = 'computing'),
       EXISTS (SELECT 1 FROM misc WHERE sid = sense.ID AND +text = 'word usually written using kana alone')
FROM json_each(?) AS wanted CROSS JOIN SenseGloss AS gloss ON gloss.text = wanted.value
CROSS JOIN Sense AS sense ON sense.ID = gloss.sid
"""
KANJI_OF_ENTRIES = """
SELECT idseq, text, (SELECT count(*) FROM KJP WHERE kid = Kanji.ID)
FROM json_each(?) AS wanted CROSS JOIN Kanji ON idseq = wanted.value ORDER BY Kanji.ID
"""
KANA_OF_ENTRIES = """
SELECT idseq, text, (SELECT count(*) FROM KNP WHERE kid = Kana.ID)
FROM json_each(?) AS wanted CROSS JOIN Kana ON idseq = wanted.value ORDER BY Kana.ID
"""
ENTRIES_BY_KANJI = """
SELECT text, idseq, (SELECT count(*) FROM KJP WHERE kid = Kanji.ID)
FROM json_each(?) AS wanted CROSS JOIN Kanji ON text = wanted.value
"""
# Without the words that are usually written in kanji: 「こと」 is not 琴.
ENTRIES_BY_KANA = """
SELECT text, idseq, (SELECT count(*) FROM KNP WHERE kid = Kana.ID)
FROM json_each(?) AS wanted CROSS JOIN Kana ON text = wanted.value
WHERE NOT EXISTS (SELECT 1 FROM Kanji WHERE Kanji.idseq = Kana.idseq)
   OR EXISTS (SELECT 1 FROM Sense CROSS JOIN misc ON sid = Sense.ID
              WHERE Sense.idseq = Kana.idseq AND +misc.text = 'word usually written using kana alone')
"""
GLOSSES = """
SELECT sense.idseq, sense.ID, gloss.text
FROM json_each(?) AS wanted CROSS JOIN Sense AS sense ON sense.idseq = wanted.value
CROSS JOIN SenseGloss AS gloss ON gloss.sid = sense.ID
ORDER BY sense.ID, gloss.rowid
"""


@dataclass(frozen=True, slots=True)
class Meaning:
    """An English translation of an entry: which of its senses it belongs to, from 0, and how the entry is written."""

    gloss: str
    entry: int
    sense: int
    computing: bool
    in_kana: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A form in which an entry is written. `marks`: how many word lists call it common, from 0 to about 6."""

    entry: int
    text: str
    marks: int


class Jmdict:
    """Must be used in the thread that created it. Raises DictionaryUnreadable."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error as error:
            raise DictionaryUnreadable(str(error)) from error

    def meanings(self, glosses: Iterable[str]) -> list[Meaning]:
        """The senses that have one of these translations."""
        rows = self._rows(MEANINGS, glosses)
        return [
            Meaning(gloss, entry, sense, bool(computing), bool(kana)) for gloss, entry, sense, computing, kana in rows
        ]

    def kanji_of(self, entries: Iterable[int]) -> list[Written]:
        return [Written(*row) for row in self._rows(KANJI_OF_ENTRIES, entries)]

    def kana_of(self, entries: Iterable[int]) -> list[Written]:
        return [Written(*row) for row in self._rows(KANA_OF_ENTRIES, entries)]

    def entries_of(self, kanji: Iterable[str], kana: Iterable[str]) -> list[Written]:
        """The entries that are written in one of these ways."""
        rows = [*self._rows(ENTRIES_BY_KANJI, kanji), *self._rows(ENTRIES_BY_KANA, kana)]
        return [Written(entry, text, marks) for text, entry, marks in rows]

    def glosses(self, entries: Iterable[int]) -> list[tuple[int, int, str]]:
        """The translations of the entries: entry, sense and text, in the order of the dictionary."""
        return self._rows(GLOSSES, entries)

    def _rows(self, statement: str, values: Iterable[str] | Iterable[int]) -> list[Any]:
        try:
            return self._connection.execute(statement, (json.dumps(list(values)),)).fetchall()
        except sqlite3.Error as error:
            raise DictionaryUnreadable(str(error)) from error
