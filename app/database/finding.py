"""What `doctor` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    good: bool
    says: str

    def line(self) -> str:
        return f"{'✓' if self.good else '✗'} {self.subject}: {self.says}"
