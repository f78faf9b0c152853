"""What a text is searched for by: its words, and its pairs of kanji."""

from app.memory.recall import terms_of


def test_terms_are_words_and_pairs_of_kanji() -> None:
    assert terms_of("What is the auth design of PostgreSQL 18?") == ["auth", "design", "postgresql"]
    assert terms_of("認証機能の設計") == ["認証", "証機", "機能", "設計"]
