"""Secrets do not appear in output, logs, answers or metrics, also when something fails."""

import json
import shutil
from collections.abc import Iterator

import httpx
import pytest

from tests.homes import add_migrated_database, new_directory
from tests.identity.conftest import PASSWORD, SIGN_IN, VIEWER, ask
from tests.processes import free_port, program, run_to_completion, wait_until_ready

KEY = "sk-ant-a-key-that-must-not-show"
WRONG = "a wrong password that must not show"
SET_UP = 'mutation($code: String!, $password: String!) { claimOwnership(input: {code: $code, name: "ann", password: $password}) { userId } }'  # noqa: E501


@pytest.fixture
def home() -> Iterator[str]:
    directory = new_directory("secrets")
    add_migrated_database(directory)
    yield str(directory)
    shutil.rmtree(directory, ignore_errors=True)


async def test_no_secret_appears_in_logs_errors_or_metrics(home: str) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        "RESONANT_DATA_DIR": home, "PORT": port, "AUTH_MODE": "token", "LOG_LEVEL": "debug", "LOG_FORMAT": "json",
        "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "DATABASE_POLL_SECONDS": "0.5",
    }  # fmt: skip
    answers: list[str] = []
    async with program("run", **environment) as running, httpx.AsyncClient(base_url=address) as client:
        client.headers["origin"] = address
        await running.wait_for_output("user setup-link")
        await wait_until_ready(client, "/health")
        _, link = await run_to_completion("user", "setup-link", **environment)
        code = link.split("/sign-in#")[1].split()[0]
        answers.append(json.dumps(await ask(client, SET_UP, code=code, password=PASSWORD)))
        secrets = [KEY, PASSWORD, WRONG, *client.cookies.values()]
        made = await ask(client, 'mutation { createToken(input: {name: "ci"}) { secret token { id } } }')
        token = made["data"]["createToken"]["secret"]
        for bearer in (token, f"{token}x", f"{token}.{WRONG}.c"):
            headers = {"authorization": f"Bearer {bearer}"}
            answers += [(await client.post("/graphql", json={"query": VIEWER}, headers=headers)).text]
            answers += [(await client.get(f"/graphql?query={bearer}", headers=headers)).text.replace(bearer, "")]
        for _ in range(7):
            answers.append(json.dumps(await ask(client, SIGN_IN, name="ann", password=WRONG)))
        await ask(client, 'mutation { sendMessage(input: {content: "hello"}) { reply { id } } }')
        trail = "{ securityEvents(first: 100) { edges { node { kind detail actor address } } } }"
        answers.append(json.dumps(await ask(client, trail)))
        answers.append(json.dumps(await ask(client, "{ tokens { edges { node { hint name } } } }")))
        answers += [(await client.get(path)).text for path in ("/metrics", "/ready", "/health", "/nothing.here")]
        await ask(client, "mutation { signOut }")
        await running.stop()
    for secret in [*secrets, token, code]:
        assert secret not in running.output
        assert not any(secret in answer for answer in answers)


async def test_invalid_setting_prints_no_secret(home: str) -> None:
    code, printed = await run_to_completion(
        "run", RESONANT_DATA_DIR=home, ANTHROPIC_API_KEY=f"{KEY} with spaces", DATABASE_URL=f"postgresql://u:{WRONG}@[x"
    )
    assert code != 0
    assert KEY not in printed
    assert WRONG not in printed
