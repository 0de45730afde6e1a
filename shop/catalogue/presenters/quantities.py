"""How many of a thing, as pages and papers write it."""

NOTHING = "\N{EN DASH}"


def pieces(quantity: int, name: str) -> str:
    """Return a number of things, as people write it on a list."""
    return f"{quantity} \N{MULTIPLICATION SIGN} {name}"
