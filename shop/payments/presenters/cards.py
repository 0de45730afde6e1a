"""By what people know a card: "Visa ending 4242"."""

from django.utils.translation import gettext as _

from shop.payments.models.payments import Payment

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
"""As the payment service calls them, and as people do. Any other is a card."""


def card_words(brand: str, last4: str) -> str:
    """Return which card it is, "" where only that it is one is known."""
    if not last4:
        return ""
    return _("%(brand)s ending %(digits)s") % {"brand": BRANDS.get(brand) or _("Card"), "digits": last4}


def paid_by(payment: Payment) -> str:
    """Return by what an order was paid: which card, or by a check."""
    return card_words(payment.card_brand, payment.card_last4) or payment.get_method_display()
