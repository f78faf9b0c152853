"""Runs the Claude Code program that `claude-agent-sdk` contains, in a directory and with settings of its own."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import claude_agent_sdk

from tests.fakes.messages_api import MessagesApi

PROGRAM = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
SECONDS = 90


@dataclass
class ClaudeCode:
    """`home` has its settings; `project` is the directory that it works in."""

    home: Path
    project: Path
    api: MessagesApi | None = None

    async def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """The output of the program. Fails when it does not exit with 0."""
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "ANTHROPIC_API_KEY": "sk-local",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            **({} if self.api is None else {"ANTHROPIC_BASE_URL": self.api.url}),
        }
        process = await asyncio.create_subprocess_exec(
            str(PROGRAM),
            *arguments,
            cwd=self.project,
            env={**own, **(environment or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SECONDS):
                output, errors = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, output.decode() + errors.decode()
        return output.decode()

    async def ask(self, prompt: str, *options: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The result of one prompt without a person at the terminal."""
        shown = await self.run(
            "-p", prompt, "--output-format", "json", "--model", "local-model", *options, environment=environment
        )
        result: dict[str, Any] = json.loads(shown)
        assert result["subtype"] == "success", result
        return result
