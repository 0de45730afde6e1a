NOTHING = "\N{EN DASH}"


def pieces(quantity: int, name: str) -> str:
    return f"{quantity} \N{MULTIPLICATION SIGN} {name}"
