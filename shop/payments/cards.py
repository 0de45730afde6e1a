"""Payment cards in words: brand and last digits, and why a charge was declined."""

from django.utils.translation import gettext as _

from shop.payments.models import Payment

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
"""Printed names of card brands, by the payment service's name. Any other brand is a "Card"."""


def card_words(brand: str, last4: str) -> str:
    """Return the brand and last four digits of a card, or "" if unknown."""
    if not last4:
        return ""
    return _("%(brand)s ending %(digits)s") % {"brand": BRANDS.get(brand) or _("Card"), "digits": last4}


def paid_by(payment: Payment) -> str:
    return card_words(payment.card_brand, payment.card_last4) or payment.get_method_display()


NO_CARD = "no_card"
"""Our code for a year that no saved card can pay; the other codes are the payment service's."""

ASKING_CODES = ("authentication_required", "authentication_not_handled", "payment_intent_authentication_failure")
"""Codes for a bank that wants its customer, who is absent, to confirm the payment."""

NOT_VALID_CODES = ("expired_card", "resource_missing", "payment_method_unexpected_state")
NOT_ENOUGH_CODES = ("insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded")


def why_not_charged(code: str) -> str:
    """Return why a saved card was not charged, for its owner. code: of the payment service, or NO_CARD."""
    if code == NO_CARD:
        return _("No card is kept for it.")
    if code in ASKING_CODES:
        return _("Your bank wants you to confirm the payment yourself.")
    if code in NOT_VALID_CODES:
        return _("The card that you saved is not valid any more.")
    if code in NOT_ENOUGH_CODES:
        return _("Your bank says that there is not enough money on the account of the card.")
    return _("Your bank declined the card.")


def why_not_charged_for_clerks(code: str) -> str:
    if code == NO_CARD:
        return _("No card is kept for it.")
    if code in ASKING_CODES:
        return _("The bank wants the buyer to confirm the payment.")
    if code in NOT_VALID_CODES:
        return _("The saved card is not valid any more.")
    if code in NOT_ENOUGH_CODES:
        return _("The bank says that there is not enough money on the account of the card.")
    return _("The bank declined the card.")
