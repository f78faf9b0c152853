"""Throttles password guessing: a few free attempts, then growing delays, by account and by address."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from app.identity.turns import TooManyAttempts
from sql.repositories.credentials import (
    decrement_sign_in_failures,
    delete_sign_in_attempts,
    find_sign_in_delay,
    lock_sign_in_attempts,
    update_sign_in_attempt,
)
from sql.statements import Connection


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    """After `free` failures the delay is one second; it doubles with each further failure, up to `max_seconds`."""

    free: int
    max_seconds: float

    def delay(self, failures: int) -> float:
        over = failures - self.free
        return 0.0 if over < 0 else min(2.0 ** min(over, 30), self.max_seconds)


@dataclass(frozen=True, slots=True)
class ThrottleRules:
    """The delay by account stays short, because anyone can delay another user by guessing with their name."""

    account: ThrottleRule
    address: ThrottleRule

    def delay(self, key: str, failures: int) -> float:
        rule = self.account if key.startswith("account:") else self.address
        return rule.delay(failures)


def client_of(address: str | None) -> str:
    """The client that an address counts as; requests without an address are one client."""
    return _address_key(address or "unknown")


def _account_key(name: str) -> str:
    return f"account:{name}"


def _address_key(address: str) -> str:
    """IPv6 addresses are counted by their /64 network, which is what one subscriber gets."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return f"address:{address}"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64)
    return f"address:{parsed}"


def _keys(name: str, address: str | None) -> list[str]:
    return [_account_key(name)] + ([_address_key(address)] if address else [])


async def refuse_delayed(connection: Connection, name: str, address: str | None) -> None:
    """Raise TooManyAttempts during a delay, without counting anything."""
    if wait := await find_sign_in_delay(connection, _keys(name, address)):
        raise TooManyAttempts(seconds=ceil(wait))


async def count_attempt(connection: Connection, rules: ThrottleRules, name: str, address: str | None) -> bool:
    """Count an attempt before the password is verified, so that parallel attempts gain nothing.

    Returns whether the next attempt is delayed. Raises TooManyAttempts with `seconds` during a delay;
    such an attempt is neither verified nor counted.
    """
    delays_next = False
    attempts = await lock_sign_in_attempts(connection, _keys(name, address))
    if wait := max(each.blocked_seconds for each in attempts):
        raise TooManyAttempts(seconds=ceil(wait))
    for each in attempts:
        failures = each.failures + 1
        delay = rules.delay(each.key, failures)
        delays_next = delays_next or delay > 0
        await update_sign_in_attempt(connection, each.key, failures, delay)
    return delays_next


async def reset_attempts(connection: Connection, name: str, address: str | None) -> None:
    """After a successful sign-in: clear the account's failures, and take one failure from the address."""
    await delete_sign_in_attempts(connection, [_account_key(name)])
    if address:
        await decrement_sign_in_failures(connection, _address_key(address))
