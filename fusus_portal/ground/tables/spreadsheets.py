FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *FULL_WIDTH)
"""Beginnings that a spreadsheet may run (OWASP, CSV injection), including full-width signs."""


def harmless(cell: str | float) -> str | int | float:
    """Return a cell that no spreadsheet runs: a text like a formula gets an apostrophe; `unharmed` takes it off."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def unharmed(text: str) -> str:
    """Return the text before `harmless`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
