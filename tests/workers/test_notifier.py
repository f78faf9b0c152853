"""The registry of notification occasions and the catalogue agree."""

from typing import get_args

import pytest

from app.intent_types import NOTIFICATIONS
from app.language.catalogue import PLACEHOLDER, Language, catalogue
from app.workers.notifier import OCCASIONS, OccasionName, render_notification

LANGUAGES: tuple[Language, ...] = ("en", "ja")


def test_each_occasion_has_a_sentence_with_its_parameters_and_a_title_in_both_languages() -> None:
    assert set(OCCASIONS) == set(get_args(OccasionName))
    for occasion in OCCASIONS.values():
        for language in LANGUAGES:
            sentences = catalogue(language)
            assert set(PLACEHOLDER.findall(sentences[occasion.key])) == occasion.params
            assert sentences[f"{occasion.key}.title"]


def test_a_notification_is_stored_with_its_key_and_rendered_in_the_language_of_its_subject() -> None:
    reason = {"key": "model.overloaded", "params": {}}
    failed = render_notification("failed", "設計をまとめる", intent="設計をまとめる", reason=reason)
    assert (failed.key, failed.params["reason"]) == ("notification.failed", reason)
    assert failed.title == "完了できませんでした"
    assert failed.message.startswith("設計をまとめる：")
    assert render_notification("failed", "design it", intent="design it", reason="no").message == "design it: no"


def test_parameters_that_an_occasion_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="intent"):
        render_notification("completed", "design it", reason="no")


def test_every_occasion_that_an_intent_type_may_name_exists() -> None:
    assert set(NOTIFICATIONS) <= set(OCCASIONS)
