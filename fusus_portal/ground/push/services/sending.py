"""Sending of notices. Mail is the guarantee: a notice that can't be sent now is dropped."""

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
"""Pause of a device after a notice."""

QUIET_SECONDS: Final = 60
"""Pause after a maker did not answer: a waiting worker sends no mail."""


def offer(account: User) -> None:
    """Queue notices to an account's devices after the commit. A lost task loses them."""
    if makers.is_configured() and account.push_subscriptions.exists():
        transaction.on_commit(partial(broker.offer, account.pk, task=SEND), robust=True)


def send(*, account: UUID) -> int:
    """Send a notice to devices without one in the last minute; return the number sent."""
    return sum(_send(subscription) for subscription in _claimed(account))


def _claimed(account: UUID) -> list[PushSubscription]:
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
    """Send one, outside any transaction. Logs only the host."""
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
