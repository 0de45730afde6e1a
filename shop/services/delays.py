"""Orders that can't be sent in time: the buyer is asked, and waits or gets the money back (16 CFR 435.2(b))."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from shop.models import Order, ShippingDelay
from shop.policies import fulfilment as policy
from shop.services import locking, telling


def ask(*, order: Order, by: User, sent_by_then: date) -> ShippingDelay:
    """Ask a buyer whether they wait until a day, or want their money back.

    Raises ValidationError on "sent_by_then", Refused, and Stale for one that was asked or of which nothing is owed.
    """
    policy.may_send(by, subject=order.subject)
    with transaction.atomic():
        locked = locking.order(order.pk)
        policy.must_be_owed(locked)
        policy.check_delay(sent_by_then)
        if locked.delays.filter(agreed_at__isnull=True).exists():
            raise Stale(_("The buyer was asked already, and has not answered yet."), subject=locked.subject)
        delay = ShippingDelay.objects.create(order=locked, sent_by_then=sent_by_then, asked_by=by)
        facts: dict[str, int | str] = {"sent_by_then": sent_by_then.isoformat()}
        record(event=Event.DELAY_ASKED, actor=by.actor, subject=locked.subject, facts=facts)
        telling.delayed(delay=delay)
    return delay


def agree(*, order: Order, by: User) -> ShippingDelay:
    """Agree to wait, as the buyer. Raises NotYours for another's order, Stale when nothing was asked."""
    with transaction.atomic():
        locked = locking.own_order(order.pk, by=by)
        delay = locked.delays.select_for_update(no_key=True).filter(agreed_at__isnull=True).first()
        if delay is None:
            raise Stale(_("Nothing is asked about this order."), subject=locked.subject)
        delay.agreed_at = timezone.now()
        delay.save(update_fields=["agreed_at"])
        facts: dict[str, int | str] = {"sent_by_then": delay.sent_by_then.isoformat()}
        record(event=Event.DELAY_AGREED, actor=by.actor, subject=locked.subject, facts=facts)
    return delay
