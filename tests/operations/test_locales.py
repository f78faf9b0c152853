"""The services start, work and print under locales that are not UTF-8."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.operations.test_run import home, send, until_status  # noqa: F401 - home is a fixture
from tests.processes import free_port, new_program, run_new_to_completion

LOCALES = {"ja_JP.eucJP": ("ja_JP", "EUC-JP"), "en_US": ("en_US", "ISO-8859-1")}
pytestmark = pytest.mark.skipif(shutil.which("localedef") is None, reason="localedef is not installed (glibc)")


@pytest.fixture
def locales(tmp_path: Path) -> str:
    """A folder with the compiled locales; the machine itself need not have them."""
    for name, (source, charset) in LOCALES.items():
        # localedef warns about characters that the charset lacks, and then has exit status 1.
        subprocess.run(["localedef", "-i", source, "-f", charset, tmp_path / name], capture_output=True, check=False)
        if not (tmp_path / name / "LC_CTYPE").exists():
            pytest.skip(f"the source of the locale {name} is not installed (Debian: apt install locales)")
    return str(tmp_path)


def environment(locales: str, name: str, directory: str, port: str) -> dict[str, str]:
    """Without the coercion to UTF-8 that Python has for the locale C."""
    locale = {"LOCPATH": locales, "LC_ALL": name, "LANG": name, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return {**locale, "RESONANT_DATA_DIR": directory, "PORT": port}


async def test_services_and_commands_run_under_locales_that_are_not_utf8(home: str, locales: str) -> None:  # noqa: F811
    port = free_port()
    async with (
        new_program("run", **environment(locales, "ja_JP.eucJP", home, port)) as running,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        await running.wait_for_output("Ctrl-C stops everything.")
        assert "✓ PostgreSQL 18" in running.output
        await until_status(http, await send(http), "COMPLETE")
        code, output = await run_new_to_completion("doctor", **environment(locales, "en_US", home, port))
        assert code == 0, output
        assert "✓ message bridge: seen" in output
        assert await running.stop() == 0
    assert "Traceback" not in running.output
