"""Markdown in the web client, rendered by Node.js."""

import asyncio
import json
import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.fuzz.run import Run
from tests.fuzz.values import mutated
from tests.node_scripts import NODE

PARTS = [
    ">", "> ", "1. ", "- ", "* ", "**", "*", "_", "__", "~~", "~", "`", "```", "```js\n", "\n", "\n\n", "    ",
    "\t", "#", "# ", "|", "|-|\n", "| a | b |\n", "[", "]", "(", ")", "[a](b)", "![", "[^1]", "[^1]: ", "<", ">",
    "<b>", "</b>", "<!--", "-->", "<div", "&amp;", "&#0;", "&", "\\", "\\(", "\\)", "\\[", "\\]", "$", "$$", "$x$",
    "http://", "www.a.b", "a@b.c", "。", "「重要」", "3~5日", "😀", "\u200d", "\ufe0f", "\u202e", "\0", "\r", "\u2028",
    "[ ] ", "[x] ", "---", "===", ":", "|:-:|", "word ", "List<String>", "\\begin{a}", "^", "{", "}", "mermaid\n",
    "javascript:alert(1)", "data:text/html,", "ﷺ",
]  # fmt: skip


def _text(run: Run) -> str:
    random = run.random
    parts = random.choices(PARTS, k=random.randint(1, 6))
    match random.randrange(3):
        case 0:
            return "".join(parts) * random.choice([1, 10, 100, 2000])
        case 1:
            return "".join(random.choices(PARTS, k=random.randint(10, 2000)))
    return mutated(random, "".join(random.choices(PARTS, k=60))) * random.choice([1, 20])


async def fuzz(run: Run) -> None:
    process = await asyncio.create_subprocess_exec(
        str(NODE), str(Path(__file__).with_suffix(".mjs")),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**20, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            assert await process.stdout.readline() == b"ready\n", "the renderer did not start"
        while run.goes_on:
            text = _text(run)
            process.stdin.write(json.dumps(text).encode() + b"\n")
            line = await run.timed(text, process.stdout.readline())
            if not line:
                run.found("the renderer stopped", text)
                return
            if error := json.loads(line)["error"]:
                run.found(error, text)
    finally:
        # The program may be a wrapper that runs Node.js as a process of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
