"""The audit of locked packages reads what both tools say, and never takes silence for health."""

import json

from tests.audit import Answer, read_npm_audit, read_pip_audit, verdict


def pip_audit(*packages: dict[str, object]) -> Answer:
    return read_pip_audit("requirements.lock", json.dumps({"dependencies": packages}), "")


def test_a_known_vulnerability_fails_and_says_what_mends_it() -> None:
    found = pip_audit(
        {"name": "good", "version": "1", "vulns": []},
        {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
    )
    assert found.line() == "  ✗ requirements.lock: bad 2 has PYSEC-1, mended in 3"
    assert verdict([found], strict=False) == 1
    npm = read_npm_audit("web", json.dumps({"vulnerabilities": {"left-pad": {"severity": "high"}}}), "")
    assert npm.line() == "  ✗ web: left-pad (high)"


def test_what_was_asked_and_is_well_passes() -> None:
    fine = pip_audit({"name": "good", "version": "1", "vulns": []})
    assert fine.line() == "  ✓ requirements.lock: no known vulnerability"
    assert verdict([fine, read_npm_audit("web", '{"vulnerabilities": {}}', "")], strict=True) == 0


def test_what_could_not_be_asked_is_said_plainly_and_fails_where_it_must_be_known() -> None:
    unknown = [
        pip_audit({"name": "odd", "skip_reason": "Dependency not found on PyPI"}),
        read_pip_audit("requirements.lock", "", "ERROR: connection refused"),
        read_npm_audit("web", '{"message": "404 Not Found"}', "npm error audit endpoint returned an error"),
        read_npm_audit("web", "", ""),
    ]
    assert all("COULD NOT ASK" in answer.line() for answer in unknown)
    assert "connection refused" in unknown[1].line()
    assert verdict(unknown, strict=False) == 0
    assert [verdict([answer], strict=True) for answer in unknown] == [1, 1, 1, 1]


def test_a_finding_is_not_hidden_by_packages_that_could_not_be_asked_about() -> None:
    both = pip_audit(
        {"name": "odd", "skip_reason": "not found"},
        {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]},
    )
    assert "bad 2 has PYSEC-1" in both.line()
