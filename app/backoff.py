"""How long to wait before trying again."""

from random import uniform

BASE_SECONDS = 1.0
LONGEST_SECONDS = 300.0


def delay_before(attempt: int, retry_after: float | None = None) -> float:
    """Seconds before the attempt after `attempt` (1 is the first): exponential with full jitter, at most five minutes.

    What the provider asks for is kept to. Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog.
    """
    ceiling = min(BASE_SECONDS * 2.0 ** min(attempt, 16), LONGEST_SECONDS)
    return max(uniform(0, ceiling), retry_after or 0.0)  # noqa: S311 - jitter is no secret
