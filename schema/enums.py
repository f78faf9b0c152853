"""Enum members with descriptions."""

from typing import cast

import strawberry


def described(value: str, description: str) -> str:
    """An enum member with this value. strawberry takes the description out when it creates the enum."""
    return cast(str, strawberry.enum_value(value, description=description))
