"""Push notices: turned on and off in a browser, sent to the devices of an account."""

import logging
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.publishing import broker
from fusus_portal.ground.push import makers, policies, selectors
from fusus_portal.ground.push.models import PushSubscription


@transaction.atomic
def turn_on_notices(*, session: str, endpoint: str, p256dh: str, auth: str, by: User) -> PushSubscription:
    """Turn on notices in a browser for this sign-in. session: its key. Raises ValidationError, Refused."""
    policies.check_endpoint(endpoint)
    policies.check_keys(p256dh=p256dh, auth=auth)
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    sign_in = Session.objects.select_for_update().filter(pk=session).first()
    if sign_in is None or not held.is_agency or not held.is_active:
        raise Refused(_("Sign in again, then turn notices on."), subject=held.subject)
    PushSubscription.objects.filter(session=sign_in).exclude(endpoint=endpoint).delete()
    # A browser shows notices to one account: its former user gets no more.
    made, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"account": held, "session": sign_in, "p256dh": p256dh, "auth": auth, "sent_at": None},
    )
    record(event=Event.PUSH_TURNED_ON, actor=held.actor, subject=held.subject)
    return made


@transaction.atomic
def turn_off_notices(*, session: str, by: User) -> int:
    ended = PushSubscription.objects.filter(account=by, session_id=session).delete()[0]
    if ended:
        record(event=Event.PUSH_TURNED_OFF, actor=by.actor, subject=by.subject)
    return ended


def end_subscriptions(account: User, _by: Actor) -> None:
    account.push_subscriptions.all().delete()


logger = logging.getLogger(__name__)

SEND: Final = "push.send"
REST: Final = timedelta(minutes=1)
"""Least time between two notices to a device."""

QUIET_SECONDS: Final = 60
"""Pause for a maker's server that did not answer: a worker that waits for it sends no mail."""


def offer_notice(account: User) -> None:
    """Queue notices to an account's devices after the commit. If the task is lost, no notice goes out."""
    if makers.is_configured() and account.push_subscriptions.exists():
        transaction.on_commit(partial(broker.offer, account.pk, task=SEND), robust=True)


def send_notices(*, account: UUID) -> int:
    """Send a notice to each device of an account that got none in the last minute; return the number sent."""
    return sum(_send_notice(subscription) for subscription in _claimed_subscriptions(account))


def _claimed_subscriptions(account: UUID) -> list[PushSubscription]:
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


def _send_notice(subscription: PushSubscription) -> bool:
    """Send a notice to one browser, outside any transaction; True if it was taken. Logs only the host."""
    host = makers.host_of(subscription.endpoint)
    if cache.get(f"push:quiet:{host}"):
        return False
    status, fault = makers.hand_over(endpoint=subscription.endpoint, p256dh=subscription.p256dh, auth=subscription.auth)
    if status in makers.GONE:
        PushSubscription.objects.filter(pk=subscription.pk, endpoint=subscription.endpoint).delete()
        return False
    if fault:
        cache.set(f"push:quiet:{host}", 1, QUIET_SECONDS)
    is_taken = 200 <= status < 300
    if not is_taken:
        logger.warning("%s did not take a notice: %s", host, fault or status)
    return is_taken
