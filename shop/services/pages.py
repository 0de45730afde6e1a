"""Payment pages that nobody should pay on any more are closed at the gateway."""

import logging

from shop.gateway.answers import Failed, GatewayFault
from shop.gateway.current import gateway
from shop.models import Order, PaymentAttempt
from shop.services import settling
from shop.states import AttemptState

logger = logging.getLogger(__name__)

STILL_OPEN = (AttemptState.OPEN, AttemptState.CANCELLED)
"""The gateway may still have an open page for it."""


def close_of(*, order: Order) -> None:
    """Close the payment pages of an order, and settle what was paid on them in the last moment.

    Outside any transaction. A gateway that gives no answer is passed over: what is paid then is late, and settled so.
    """
    for attempt in order.attempts.filter(state__in=STILL_OPEN, settled_at__isnull=True):
        try:
            if attempt.session_id:
                _close(attempt)
            settling.settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The page of attempt %s was not closed: %s", attempt.pk, type(fault).__name__)


def _close(attempt: PaymentAttempt) -> None:
    try:
        gateway().expire_session(session_id=attempt.session_id)
    except Failed:
        # It is paid or over already; settling tells which.
        logger.info("The page of attempt %s was not open", attempt.pk)
