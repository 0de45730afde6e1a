"""Sending notices. The mail is the promise: a notice that can't be sent now is not sent at all."""

import logging
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.push import makers, selectors
from fusus_portal.ground.push.models import PushSubscription

logger = logging.getLogger(__name__)

SEND: Final = "push.send"
REST: Final = timedelta(minutes=1)
"""How long a device is left alone after a notice."""

QUIET_SECONDS: Final = 60
"""How long nothing is sent to a maker that did not answer: a worker that waits for it sends no mail meanwhile."""


def offer(account: User) -> None:
    """Have a worker send notices to an account's devices after the commit, if it has any. Losing this loses them."""
    if makers.is_configured() and account.push_subscriptions.exists():
        transaction.on_commit(partial(broker.offer, account.pk, task=SEND), robust=True)


def send(*, account: UUID) -> int:
    """Send a notice to each device of an account that had none in the last minute; return how many were taken."""
    return sum(_send(subscription) for subscription in _claimed(account))


def _claimed(account: UUID) -> list[PushSubscription]:
    """Return the devices whose turn it is, each claimed by this worker alone. What belongs to no sign-in is deleted."""
    if not makers.is_configured():
        return []
    now = timezone.now()
    with transaction.atomic():
        free = PushSubscription.objects.select_for_update(skip_locked=True, of=("self",)).select_related("session")
        mine = list(free.filter(Q(sent_at=None) | Q(sent_at__lte=now - REST), account_id=account).order_by("pk"))
        told = [each for each in mine if selectors.lasts(each)]
        PushSubscription.objects.filter(pk__in={each.pk for each in mine} - {each.pk for each in told}).delete()
        PushSubscription.objects.filter(pk__in=[each.pk for each in told]).update(sent_at=now)
    return told


def _send(subscription: PushSubscription) -> bool:
    """Send one, outside any transaction. The log of the process names the host alone."""
    host = makers.host_of(subscription.endpoint)
    if cache.get(f"push:quiet:{host}"):
        return False
    answer = makers.hand_over(endpoint=subscription.endpoint, p256dh=subscription.p256dh, auth=subscription.auth)
    if answer.is_gone:
        PushSubscription.objects.filter(pk=subscription.pk, endpoint=subscription.endpoint).delete()
        return False
    if answer.fault:
        cache.set(f"push:quiet:{host}", 1, QUIET_SECONDS)
    is_taken = 200 <= answer.status < 300
    if not is_taken:
        logger.warning("%s did not take a notice: %s", host, answer.fault or answer.status)
    return is_taken
