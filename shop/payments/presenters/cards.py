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
"""Names of card brands, by the payment service's word. Any other is a "Card"."""


def card_words(brand: str, last4: str) -> str:
    """Return the brand and last four digits, or ""."""
    if not last4:
        return ""
    return _("%(brand)s ending %(digits)s") % {"brand": BRANDS.get(brand) or _("Card"), "digits": last4}


def paid_by(payment: Payment) -> str:
    return card_words(payment.card_brand, payment.card_last4) or payment.get_method_display()
