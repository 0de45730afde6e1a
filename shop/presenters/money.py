"""Amounts as people read them."""

from django.utils.formats import number_format


def dollars(cents: int) -> str:
    """Return an amount in the reader's way of writing numbers: "$1,234.50"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${number_format(abs(cents) // 100, use_l10n=True, force_grouping=True)}.{abs(cents) % 100:02}"
