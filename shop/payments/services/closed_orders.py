"""Attempts and payment pages of an order that is canceled or expires."""

import logging

from django.utils.translation import gettext as _

from audit.log.actors import Actor
from fusus_portal.ground import steps
from fusus_portal.ground.lifecycle import Stale
from shop.orders.models.orders import Order
from shop.payments import locks
from shop.payments.gateway.answers import Failed, GatewayFault
from shop.payments.gateway.current import gateway
from shop.payments.models.payments import PaymentAttempt
from shop.payments.services import settlement
from shop.payments.states import LIVE_ATTEMPTS, AttemptState

logger = logging.getLogger(__name__)

STILL_OPEN = (AttemptState.OPEN, AttemptState.CANCELLED)
"""States in which the gateway may still have an open page."""


def is_being_paid(*, order: Order) -> bool:
    """Lock the attempts of a locked order. True if one is being processed."""
    return any(attempt.state == AttemptState.PROCESSING for attempt in locks.attempts_of(order))


def cancel_attempts(*, order: Order, actor: Actor, role: str, waits: bool) -> None:
    """Cancel the attempts of a locked order that may still be paid. waits: raise Stale while one is being processed."""
    for attempt in locks.attempts_of(order):
        if attempt.state == AttemptState.PROCESSING and waits:
            sentence = _("The payment of this order is being processed. Please try again when it is through.")
            raise Stale(sentence, subject=order.subject)
        if attempt.state in LIVE_ATTEMPTS and attempt.state != AttemptState.PROCESSING:
            steps.take(attempt, AttemptState.CANCELLED, actor, role=role)


def close_pages(*, order: Order) -> None:
    """Close the payment pages of an order, and settle payments made on them in the last moment.

    Outside any transaction. A gateway without an answer is passed over: a payment after that is late, and settled so.
    """
    for attempt in order.attempts.filter(state__in=STILL_OPEN, settled_at__isnull=True):
        try:
            if attempt.session_id:
                _close(attempt)
            settlement.settle(attempt=attempt)
        except GatewayFault as fault:
            logger.warning("The page of attempt %s was not closed: %s", attempt.pk, type(fault).__name__)


def _close(attempt: PaymentAttempt) -> None:
    try:
        gateway().expire_session(session_id=attempt.session_id)
    except Failed:
        # It is paid or expired already; settling shows which.
        logger.info("The page of attempt %s was not open", attempt.pk)
