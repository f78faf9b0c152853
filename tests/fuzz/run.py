"""The run of one target: its random numbers, its time, and what it found."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import TypeVar

Result = TypeVar("Result")
MAX_FINDINGS = 10
SHOWN = 2000


@dataclass
class Run:
    """`deadline` is a time of `monotonic`; no single case may take longer than `max_wait` seconds."""

    random: Random
    deadline: float
    max_wait: float
    url: str = ""
    database: str = ""
    tried: int = 0
    longest: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return monotonic() < self.deadline and len(self.findings) < MAX_FINDINGS

    def found(self, problem: str, case: object) -> None:
        shown = repr(case)
        self.findings.append(f"{problem}\n      {shown if len(shown) <= SHOWN else f'{shown[:SHOWN]}… ({len(shown)})'}")

    async def timed(self, case: object, awaitable: Awaitable[Result]) -> Result | None:
        """The result; None after a wait over the limit, which is a finding."""
        self.tried += 1
        started = monotonic()
        try:
            async with asyncio.timeout(5 * self.max_wait):
                return await awaitable
        except TimeoutError:
            return None
        finally:
            waited = monotonic() - started
            self.longest = max(self.longest, waited)
            if waited > self.max_wait:
                self.found(f"took {waited:.1f} s", case)
