"""The language of the person who reads the output of a command."""

import os
from collections.abc import Mapping

from app.language.catalogue import Language

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def reader_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Japanese when the locale is Japanese, otherwise English."""
    locale = next((value for name in LOCALE_VARIABLES if (value := environment.get(name))), "")
    return "ja" if locale.casefold().startswith("ja") else "en"
