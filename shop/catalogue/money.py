"""Cents as people read them, and shares of an amount that lose no cent."""

from shop.rules import ALL_BASIS_POINTS


def dollars(cents: int) -> str:
    """Return cents as text: "$1,250.00", "-$5.00"."""
    whole, part = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}${whole:,}.{part:02}"


def percent(cents: int, basis_points: int) -> int:
    """Return basis points of an amount in cents, half a cent up. The database counts the same way."""
    return (cents * basis_points + ALL_BASIS_POINTS // 2) // ALL_BASIS_POINTS


def share(part: int, of: int, amount: int) -> int:
    """Return `part` / `of` of an amount in cents, half a cent up; the whole amount if both are equal."""
    return (amount * part + of // 2) // of
