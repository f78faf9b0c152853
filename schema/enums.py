"""Enum members that carry a description into the SDL."""

from typing import cast

import strawberry


def described(value: str, description: str) -> str:
    """A member whose Python value is `value`; strawberry unwraps the description when it makes the enum."""
    return cast(str, strawberry.enum_value(value, description=description))
