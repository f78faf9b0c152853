"""Codes of the one-time links that make the first owner."""

from sql.statements import Connection, statements


async def insert_setup_code(connection: Connection, secret_hash: bytes, *, seconds: float) -> None:
    await statements.insert_setup_code(connection, secret_hash=secret_hash, seconds=seconds)


async def take_setup_codes(connection: Connection, secret_hash: bytes) -> bool:
    """Use up all codes with a good one; whether it was good."""
    good: bool = await statements.take_setup_codes(connection, secret_hash=secret_hash)
    return good
