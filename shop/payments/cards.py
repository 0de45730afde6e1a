"""Cards and checks in words: brand and last digits, why a charge was declined, and if a check is written."""

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from shop.payments.models import Payment, PaymentMethod, Refund
from shop.payments.states import RefundState

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


def check_words(refund: Refund) -> str:
    """Return the state of a refund by check: to be written, or written; "" for any other refund.

    A refund that a clerk asked for is one of these once it is sent.
    """
    if refund.payment.method != PaymentMethod.CHECK:
        return ""
    if refund.state == RefundState.SUCCEEDED:
        return _("by check %(number)s, written") % {"number": refund.check_number}
    is_asked = refund.state == RefundState.REQUESTED and refund.clerk_id is None
    return _("by check, to be written") if is_asked or refund.state == RefundState.SUBMITTED else ""


NO_CARD = "no_card"
"""Our code for a year that no saved card can pay; the other codes are the payment service's."""

WHY: list[tuple[tuple[str, ...], Promise, Promise]] = [
    ((NO_CARD,), gettext_lazy("No card is kept for it."), gettext_lazy("No card is kept for it.")),
    (
        ("authentication_required", "authentication_not_handled", "payment_intent_authentication_failure"),
        gettext_lazy("Your bank wants you to confirm the payment yourself."),
        gettext_lazy("The bank wants the buyer to confirm the payment."),
    ),
    (
        ("expired_card", "resource_missing", "payment_method_unexpected_state"),
        gettext_lazy("The card that you saved is not valid any more."),
        gettext_lazy("The saved card is not valid any more."),
    ),
    (
        ("insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded"),
        gettext_lazy("Your bank says that there is not enough money on the account of the card."),
        gettext_lazy("The bank says that there is not enough money on the account of the card."),
    ),
]
"""Codes, and the reason that they stand for, in words for the card's owner and for clerks."""


def why_not_charged(code: str, *, for_clerks: bool = False) -> str:
    """Return why a saved card was not charged, for its owner or for clerks. code: of the service, or NO_CARD."""
    declined = (gettext_lazy("Your bank declined the card."), gettext_lazy("The bank declined the card."))
    words = next((words for codes, *words in WHY if code in codes), declined)
    return str(words[for_clerks])


why_not_charged_for_clerks = partial(why_not_charged, for_clerks=True)
