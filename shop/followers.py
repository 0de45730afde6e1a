"""What else is followed up of what the payment service tells."""

from shop.services import following, payment_methods

PAGES = "checkout.session."


def register() -> None:
    """Let the pages on which a card is left be followed; every other one is a payment's."""
    following.follow_also(PAGES, payment_methods.follow)
