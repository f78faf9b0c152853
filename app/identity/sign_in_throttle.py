"""How fast somebody may guess passwords: a few tries freely, then ever longer delays, by account and by address."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from app.identity.passwords import TooManyAttempts
from sql.repositories.sign_in_attempts import forgive_attempts, lock_attempts, save_attempt, take_back_attempt
from sql.statements import Connection


@dataclass(frozen=True, slots=True)
class Rule:
    """After `free` failures the delay is a second, and doubles with each further one up to `longest_seconds`."""

    free: int
    longest_seconds: float

    def delay(self, failures: int) -> float:
        over = failures - self.free
        return 0.0 if over < 0 else min(2.0 ** min(over, 30), self.longest_seconds)


@dataclass(frozen=True, slots=True)
class Rules:
    """By account the delay stays short, for anybody can make somebody else wait by guessing at their name."""

    account: Rule
    address: Rule

    def delay(self, key: str, failures: int) -> float:
        rule = self.account if key.startswith("account:") else self.address
        return rule.delay(failures)


def _account_key(name: str) -> str:
    return f"account:{name}"


def _address_key(address: str) -> str:
    """Whoever has one IPv6 address has the 2**64 beside it too."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64)
    return f"address:{parsed}"


def _keys(name: str, address: str | None) -> list[str]:
    return [_account_key(name)] + ([_address_key(address)] if address else [])


async def count_attempt(connection: Connection, rules: Rules, name: str, address: str | None) -> bool:
    """Count a try before it is judged, so that many at once gain nothing. Whether it begins a delay for the next.

    Raises TooManyAttempts with `retryAfter` in seconds while a delay lasts; such a try is not judged and not counted.
    """
    delays_next = False
    attempts = await lock_attempts(connection, _keys(name, address))
    if wait := max(each.blocked_seconds for each in attempts):
        raise TooManyAttempts(
            f"Too many tries to sign in; the next is judged in {ceil(wait)} s.", retryAfter=ceil(wait)
        )
    for each in attempts:
        failures = each.failures + 1
        delay = rules.delay(each.key, failures)
        delays_next = delays_next or delay > 0
        await save_attempt(connection, each.key, failures, delay)
    return delays_next


async def forgive(connection: Connection, name: str, address: str | None) -> None:
    """A try succeeded: the account starts afresh, the address has one failure less."""
    await forgive_attempts(connection, [_account_key(name)])
    if address:
        await take_back_attempt(connection, _address_key(address))
