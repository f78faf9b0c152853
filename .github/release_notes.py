"""Prints the section of one version in CHANGELOG.md: `python3 .github/release_notes.py 0.1.0`."""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def notes_of(version: str, changelog: str) -> str:
    """The text of the section `## [version]`. Raises LookupError when it is missing or empty."""
    match = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if match is None or not match[1].strip():
        raise LookupError(f"CHANGELOG.md has no notes for {version}: add a section `## [{version}] - DATE` first.")
    return match[1].strip() + "\n"


def main(arguments: list[str]) -> int:
    try:
        [version] = arguments
        sys.stdout.write(notes_of(version, CHANGELOG.read_text()))
    except ValueError:
        sys.stderr.write("Give one version: python3 .github/release_notes.py 0.1.0\n")
        return 2
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
