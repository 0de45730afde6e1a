"""Faults of the payment service: not done, or unknown."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from shop.payments.gateway.answers import Declined, Failed, GatewayFault, Missing, NeedsPerson, Unknown

LONGEST_CODE = 80
NEEDS_PERSON = {"authentication_required", "authentication_not_handled"}
NOT_NOW = {401, 403, 409, 429}
"""Our key is refused, another call with the same key is being worked on, or we ask too often.

None of these answers the request: a refund must not end by it, but wait and be tried again.
"""


def meaning(error: stripe.StripeError) -> GatewayFault:
    """Return our fault for an error of the service's library. Its text is dropped: it may name a person."""
    status = error.http_status
    code = str(error.code or type(error).__name__)[:LONGEST_CODE]
    if status is None or status >= 500 or status in NOT_NOW:
        return Unknown(code)
    if isinstance(error, stripe.CardError):
        return _of_card(error, code)
    if status == 404 or error.code == "resource_missing":
        return Missing(code)
    return Failed(code)


def _of_card(error: stripe.CardError, code: str) -> GatewayFault:
    if error.code in NEEDS_PERSON:
        return NeedsPerson(code)
    decline = getattr(error.error, "decline_code", None) if error.error is not None else None
    return Declined(str(decline or error.code or "card_declined")[:LONGEST_CODE])


@contextmanager
def told() -> Iterator[None]:
    """Turn every fault inside into one of ours, an unreadable answer too."""
    try:
        yield
    except stripe.StripeError as error:
        raise meaning(error) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unknown("unreadable_answer") from error
