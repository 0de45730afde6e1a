"""Cells of a table that a spreadsheet opens."""

FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *FULL_WIDTH)
"""A spreadsheet may run a cell that begins like this (OWASP, CSV injection), with the signs of full width too."""


def harmless(cell: str | float) -> str | int | float:
    """Return a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe. Numbers stay.

    So does text that would look as if it had got one: `unharmed` gives back the very same text.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def unharmed(text: str) -> str:
    """Return a text of a table as it was before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
