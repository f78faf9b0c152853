"""Checks locked packages for known vulnerabilities (part of `make check`): pip-audit for Python, npm audit for the web.

Findings fail the check. When advisories are not available (no network, or a registry mirror without them), a warning is
printed and the check passes, unless AUDIT=required. AUDIT=off skips the check. Results are cached for a day while the
lock files stay the same; AUDIT=required ignores the cache.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import time

ROOT = Path(__file__).parents[1]
STAMP = ROOT / ".venv/stamps/audit.json"
LOCKS = ("requirements.lock", "tests/requirements.lock", "web/package-lock.json", "tests/node/package-lock.json")
DAY = 24 * 3600
SECONDS = 120


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The findings for a lock file, or why it could not be checked."""

    subject: str
    findings: list[str]
    not_checked: str | None = None

    def line(self) -> str:
        if self.findings:
            return f"  ✗ {self.subject}: " + "; ".join(self.findings)
        if self.not_checked is not None:
            return f"  ! {self.subject}: NOT CHECKED ({self.not_checked})"
        return f"  ✓ {self.subject}: no known vulnerability"


def _run(command: Sequence[str], directory: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def read_pip_audit(subject: str, output: str, errors: str) -> AuditResult:
    """Parse the output of `pip-audit --format=json`."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return AuditResult(subject, [], _last_line(errors) or "no answer")
    skipped = [package for package in packages if "skip_reason" in package]
    findings = [
        f"{package['name']} {package['version']} has {found['id']}, fixed in {', '.join(found['fix_versions']) or '-'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    if skipped and not findings:
        return AuditResult(subject, [], f"{len(skipped)} of {len(packages)} packages: {skipped[0]['skip_reason']}")
    return AuditResult(subject, findings)


def read_npm_audit(subject: str, output: str, errors: str) -> AuditResult:
    """Parse the output of `npm audit --json`."""
    try:
        answer = json.loads(output)
        vulnerabilities = answer["vulnerabilities"]
    except (ValueError, TypeError):
        return AuditResult(subject, [], _last_line(errors) or "no answer")
    except KeyError:
        return AuditResult(subject, [], str(answer.get("message") or "the registry serves no advisories")[:200])
    return AuditResult(subject, [f"{name} ({found['severity']})" for name, found in vulnerabilities.items()])


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def audit_all() -> list[AuditResult]:
    """Audit every lock file, all at the same time, because most of it is waiting for the network."""
    with ThreadPoolExecutor(len(LOCKS)) as threads:
        return list(threads.map(audit, LOCKS))


def audit(lock: str) -> AuditResult:
    """Audit one lock file."""
    path = ROOT / lock
    if path.suffix == ".lock":
        command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--disable-pip",
                   "--require-hashes", f"--requirement={path}"]  # fmt: skip
        return read_pip_audit(lock, *_run(command, ROOT))
    return read_npm_audit(lock, *_run(["npm", "audit", "--json"], path.parent))


def _fingerprint() -> str:
    return hashlib.sha256(b"".join((ROOT / lock).read_bytes() for lock in LOCKS)).hexdigest()


def _cached() -> list[AuditResult] | None:
    try:
        cached = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return None
    if cached["locks"] != _fingerprint() or time() - cached["at"] > DAY:
        return None
    return [AuditResult(**each) for each in cached["results"]]


def exit_code(results: Sequence[AuditResult], *, strict: bool) -> int:
    """1 for findings, and with `strict` also when something could not be checked; otherwise 0."""
    return int(any(result.findings or (strict and result.not_checked is not None) for result in results))


def main() -> int:
    if os.environ.get("AUDIT") == "off":
        print("  ! AUDIT=off: nothing was checked")  # noqa: T201
        return 0
    strict = os.environ.get("AUDIT") == "required"
    results = None if strict else _cached()
    if results is None:
        results = audit_all()
        STAMP.write_text(
            json.dumps({"locks": _fingerprint(), "at": time(), "results": [asdict(each) for each in results]})
        )
    for result in results:
        print(result.line())  # noqa: T201
    return exit_code(results, strict=strict)


if __name__ == "__main__":
    sys.exit(main())
