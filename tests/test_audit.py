"""The audit of locked packages parses both tools, and does not take a missing answer for a pass."""

import json

from tests.audit import AuditResult, exit_code, read_npm_audit, read_pip_audit


def pip_audit(*packages: dict[str, object]) -> AuditResult:
    return read_pip_audit("requirements.lock", json.dumps({"dependencies": packages}), "")


def test_known_vulnerability_fails_and_names_the_fixed_version() -> None:
    found = pip_audit(
        {"name": "good", "version": "1", "vulns": []},
        {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
    )
    assert found.line() == "  ✗ requirements.lock: bad 2 has PYSEC-1, fixed in 3"
    assert exit_code([found], strict=False) == 1
    npm = read_npm_audit("web", json.dumps({"vulnerabilities": {"left-pad": {"severity": "high"}}}), "")
    assert npm.line() == "  ✗ web: left-pad (high)"


def test_packages_without_vulnerabilities_pass() -> None:
    fine = pip_audit({"name": "good", "version": "1", "vulns": []})
    assert fine.line() == "  ✓ requirements.lock: no known vulnerability"
    assert exit_code([fine, read_npm_audit("web", '{"vulnerabilities": {}}', "")], strict=True) == 0


def test_unavailable_audit_is_reported_and_fails_when_required() -> None:
    unknown = [
        pip_audit({"name": "odd", "skip_reason": "Dependency not found on PyPI"}),
        read_pip_audit("requirements.lock", "", "ERROR: connection refused"),
        read_npm_audit("web", '{"message": "404 Not Found"}', "npm error audit endpoint returned an error"),
        read_npm_audit("web", "", ""),
    ]
    assert all("NOT CHECKED" in answer.line() for answer in unknown)
    assert "connection refused" in unknown[1].line()
    assert exit_code(unknown, strict=False) == 0
    assert [exit_code([answer], strict=True) for answer in unknown] == [1, 1, 1, 1]


def test_finding_is_reported_even_when_other_packages_are_skipped() -> None:
    both = pip_audit(
        {"name": "odd", "skip_reason": "not found"},
        {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]},
    )
    assert "bad 2 has PYSEC-1" in both.line()
