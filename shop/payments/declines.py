from django.utils.translation import gettext as _

NO_CARD = "no_card"
"""Reason if no card is kept; the payment service did not say it."""

ASKS = ("authentication_required", "authentication_not_handled", "payment_intent_authentication_failure")
"""Codes of a bank that wants its absent customer to confirm."""

NOT_VALID = ("expired_card", "resource_missing", "payment_method_unexpected_state")
NOT_ENOUGH = ("insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded")


def why_not_charged(code: str) -> str:
    """Return why a saved card was not charged, for its owner. code: of the payment service, or NO_CARD."""
    if code == NO_CARD:
        return _("No card is kept for it.")
    if code in ASKS:
        return _("Your bank wants you to confirm the payment yourself.")
    if code in NOT_VALID:
        return _("The card that you saved is not valid any more.")
    if code in NOT_ENOUGH:
        return _("Your bank says that there is not enough money on the account of the card.")
    return _("Your bank declined the card.")


def why_not_charged_for_clerks(code: str) -> str:
    if code == NO_CARD:
        return _("No card is kept for it.")
    if code in ASKS:
        return _("The bank wants the buyer to confirm the payment.")
    if code in NOT_VALID:
        return _("The saved card is not valid any more.")
    if code in NOT_ENOUGH:
        return _("The bank says that there is not enough money on the account of the card.")
    return _("The bank declined the card.")
