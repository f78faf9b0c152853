"""`make check` asks whether a locked package has a known vulnerability: pip-audit for Python, npm audit for the web.

Findings fail. What cannot be asked (no network, or a registry mirror that serves no advisories) is said plainly and
passes, unless AUDIT=required. AUDIT=off asks nothing. An answer holds for a day, as long as the lock files stay the
same; AUDIT=required asks anew.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time

ROOT = Path(__file__).parents[1]
STAMP = ROOT / ".venv/stamps/audit.json"
LOCKS = ("requirements.lock", "tests/requirements.lock", "web/package-lock.json", "tests/node/package-lock.json")
DAY = 24 * 3600
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: findings, or why it could not be asked."""

    subject: str
    findings: list[str]
    not_asked: str | None = None

    def line(self) -> str:
        if self.findings:
            return f"  ✗ {self.subject}: " + "; ".join(self.findings)
        if self.not_asked is not None:
            return f"  ! {self.subject}: COULD NOT ASK ({self.not_asked}); nothing is known of its packages today"
        return f"  ✓ {self.subject}: no known vulnerability"


def _run(command: Sequence[str], directory: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def read_pip_audit(subject: str, printed: str, complained: str) -> Answer:
    """An answer out of `pip-audit --format=json`."""
    try:
        packages = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(subject, [], _last_line(complained) or "no answer")
    skipped = [package for package in packages if "skip_reason" in package]
    findings = [
        f"{package['name']} {package['version']} has {found['id']}, mended in {', '.join(found['fix_versions']) or '-'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    if skipped and not findings:
        return Answer(subject, [], f"{len(skipped)} of {len(packages)} packages: {skipped[0]['skip_reason']}")
    return Answer(subject, findings)


def read_npm_audit(subject: str, printed: str, complained: str) -> Answer:
    """An answer out of `npm audit --json`."""
    try:
        answer = json.loads(printed)
        vulnerabilities = answer["vulnerabilities"]
    except (ValueError, TypeError):
        return Answer(subject, [], _last_line(complained) or "no answer")
    except KeyError:
        return Answer(subject, [], str(answer.get("message") or "the registry serves no advisories")[:200])
    return Answer(subject, [f"{name} ({found['severity']})" for name, found in vulnerabilities.items()])


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def ask() -> list[Answer]:
    """Ask for every lock file."""
    answers = []
    for lock in LOCKS:
        path = ROOT / lock
        if path.suffix == ".lock":
            command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--disable-pip",
                       "--require-hashes", f"--requirement={path}"]  # fmt: skip
            answers.append(read_pip_audit(lock, *_run(command, ROOT)))
        else:
            answers.append(read_npm_audit(lock, *_run(["npm", "audit", "--json"], path.parent)))
    return answers


def _fingerprint() -> str:
    return hashlib.sha256(b"".join((ROOT / lock).read_bytes() for lock in LOCKS)).hexdigest()


def _remembered() -> list[Answer] | None:
    try:
        kept = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return None
    if kept["locks"] != _fingerprint() or time() - kept["at"] > DAY:
        return None
    return [Answer(**each) for each in kept["answers"]]


def verdict(answers: Sequence[Answer], *, strict: bool) -> int:
    """The exit code: findings fail, and what could not be asked where `strict`."""
    return int(any(answer.findings or (strict and answer.not_asked is not None) for answer in answers))


def main() -> int:
    if os.environ.get("AUDIT") == "off":
        print("  ! AUDIT=off: nothing was asked")  # noqa: T201
        return 0
    strict = os.environ.get("AUDIT") == "required"
    answers = None if strict else _remembered()
    if answers is None:
        answers = ask()
        kept = [{"subject": each.subject, "findings": each.findings, "not_asked": each.not_asked} for each in answers]
        STAMP.write_text(json.dumps({"locks": _fingerprint(), "at": time(), "answers": kept}))
    for answer in answers:
        print(answer.line())  # noqa: T201
    return verdict(answers, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
