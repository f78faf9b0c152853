"""One version's part of CHANGELOG.md: `python3 .github/release_notes.py 0.1.0`. Needs nothing installed."""

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def notes_of(version: str, changelog: str) -> str:
    """What stands under `## [version]`. Raises LookupError when the version has no part, or an empty one."""
    match = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if match is None or not match[1].strip():
        raise LookupError(f"CHANGELOG.md says nothing of {version}: give it a part `## [{version}] - DATE` first.")
    return match[1].strip() + "\n"


def main(arguments: list[str]) -> int:
    try:
        [version] = arguments
        sys.stdout.write(notes_of(version, CHANGELOG.read_text()))
    except ValueError:
        sys.stderr.write("Name one version: python3 .github/release_notes.py 0.1.0\n")
        return 2
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
