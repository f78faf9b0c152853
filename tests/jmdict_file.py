"""A small dictionary with the tables of the package jamdict-data, written by us: no test needs the package."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TABLES = """
CREATE TABLE Kanji (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT);
CREATE TABLE KJP (kid INTEGER, text TEXT);
CREATE TABLE Kana (ID INTEGER PRIMARY KEY, idseq INTEGER, text TEXT, nokanji BOOLEAN);
CREATE TABLE KNP (kid INTEGER, text TEXT);
CREATE TABLE Sense (ID INTEGER PRIMARY KEY, idseq INTEGER);
CREATE TABLE SenseGloss (sid INTEGER, lang TEXT, gend TEXT, text TEXT);
CREATE TABLE field (sid INTEGER, text TEXT);
CREATE TABLE misc (sid INTEGER, text TEXT);
"""
IN_KANA = "word usually written using kana alone"


@dataclass(frozen=True, slots=True)
class Entry:
    """`senses`: the translations of each sense. `marks`: how many word lists call the entry common."""

    kanji: str | None
    kana: str
    senses: tuple[tuple[str, ...], ...]
    marks: int = 1
    computing: bool = False
    in_kana: bool = False


ENTRIES = (
    Entry("会議", "かいぎ", (("meeting", "conference"), ("council",)), marks=4),
    Entry("集会", "しゅうかい", (("meeting", "assembly"),), marks=2),
    Entry("寄合", "よりあい", (("meeting",),), marks=0),
    Entry("延期", "えんき", (("postponement",),), marks=3),
    Entry("延ばす", "のばす", (("to postpone", "to put off (until later)"),), marks=2),
    Entry("食べる", "たべる", (("to eat",),), marks=4),
    Entry("環境変数", "かんきょうへんすう", (("environment variable",),), marks=0, computing=True),
    Entry("環境", "かんきょう", (("environment",),), marks=4),
    Entry(None, "データベース", (("database",),), marks=1),
    Entry("美しい", "うつくしい", (("beautiful",),), marks=3),
    Entry("林檎", "りんご", (("apple",),), marks=2, in_kana=True),
    Entry("琴", "ことり", (("a stringed instrument that nobody asks for",),), marks=3),
)


def write_dictionary(path: Path, entries: Iterable[Entry] = ENTRIES) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(TABLES)
        for number, entry in enumerate(entries, 1):
            _insert(connection, number, entry)
    connection.close()
    return path


def _insert(connection: sqlite3.Connection, number: int, entry: Entry) -> None:
    marks = [(f"list {place}",) for place in range(entry.marks)]
    kana = connection.execute("INSERT INTO Kana (idseq, text) VALUES (?, ?)", (number, entry.kana)).lastrowid
    connection.executemany(f"INSERT INTO KNP VALUES ({kana}, ?)", marks)  # noqa: S608
    if entry.kanji is not None:
        kanji = connection.execute("INSERT INTO Kanji (idseq, text) VALUES (?, ?)", (number, entry.kanji)).lastrowid
        connection.executemany(f"INSERT INTO KJP VALUES ({kanji}, ?)", marks)  # noqa: S608
    for glosses in entry.senses:
        sense = connection.execute("INSERT INTO Sense (idseq) VALUES (?)", (number,)).lastrowid
        for gloss in glosses:
            connection.execute("INSERT INTO SenseGloss VALUES (?, 'eng', NULL, ?)", (sense, gloss))
        if entry.computing:
            connection.execute("INSERT INTO field VALUES (?, 'computing')", (sense,))
        if entry.in_kana:
            connection.execute("INSERT INTO misc VALUES (?, ?)", (sense, IN_KANA))
