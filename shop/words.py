"""Words that pages, papers and messages of the shop share."""

NOTHING = "\N{EN DASH}"


def pieces(quantity: int, name: str) -> str:
    """Return so many of a thing, as people write it on a list."""
    return f"{quantity} \N{MULTIPLICATION SIGN} {name}"
