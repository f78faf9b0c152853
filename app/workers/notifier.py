"""What notifications say, in the language of what they tell of."""

from app.language.detection import is_japanese
from app.language.truncation import one_line

SHOWN_CHARACTERS = 120

TITLES = {
    "completed": ("Done", "完了しました"),
    "failed": ("Could not be done", "完了できませんでした"),
    "reminder": ("Reminder", "リマインダー"),
    "contradiction": ("This clashes with something", "矛盾しているようです"),
    "confirmation": ("Please confirm", "確認をお願いします"),
    "reply_failed": ("The reply could not be written", "返信を作成できませんでした"),
}


def title_for(occasion: str, about: str) -> str:
    return TITLES[occasion][is_japanese(about)]


def shortened(text: str) -> str:
    """The text on one line, cut to what a notification shows."""
    return one_line(text, SHOWN_CHARACTERS)
