"""Returns until the parcel arrives; then `inspection`.

The value of a CORE is recorded at once, as its owner saw it, and changes only for missing or broken parts.
"""

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import returns
from integration.cores.services.codes import Issued
from registry.places.models import Premises
from shop.catalogue.policies import check_text
from shop.orders import locks as order_locks
from shop.parcels import policies as parcel_policies
from shop.returns import locks, policies
from shop.returns.models import Return
from shop.returns.selectors.quotes import item_of, quote
from shop.returns.states import NO_RETURNS, ReturnState

UNDONE = "undone"
"""News: the last message was a mistake."""


def begun(core: Core, actor: Actor) -> None:
    """Open the return of a locked CORE that its owner gives back, if it was bought here, inside that transaction."""
    _open(core, actor)


def request(*, core: Core, by: User) -> Return | None:
    """Ask for the money of a CORE that is coming back already, as its owner or as a clerk for them.

    An open return is returned as it is. None if the CORE was not bought here. Raises NotYours, Stale.
    """
    with transaction.atomic():
        if by.role in AGENCY_ROLES:
            demand(by, Permission.FULFILMENT, subject=core.subject)
            locked = core_locks.core(core.pk)
        else:
            locked = core_locks.own_core(core.pk, by=by)
        policies.must_be_away(locked)
        return _open(locked, by.actor)


def withdraw(*, back: Return, by: User, premises: Premises | None) -> Issued:
    """Keep a CORE that its owner has not sent, at one of their places; it gets a new code.

    Raises NotYours, Stale once it is on its way, ValidationError on "premises".
    """
    with transaction.atomic():
        core_locks.own_core(back.core_id, by=by)
        _order, locked = locks.whole(back.pk, owner=by)
        locked.ended_at = timezone.now()
        steps.take(locked, ReturnState.WITHDRAWN, by)
        return returns.keep(core=locked.core, by=by, premises=premises)


def approve(*, back: Return, by: User) -> Return:
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        policies.must_not_be_here(locked)
        locked.decided_at = timezone.now()
        steps.take(locked, ReturnState.APPROVED, by)
        tell(locked)
    return locked


def decline(*, back: Return, by: User, reason: str) -> Return:
    """Decline a return of a CORE that is not theirs. Raises Stale if it is, ValidationError on "reason"."""
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        steps.check(locked, ReturnState.DECLINED, by)
        policies.must_not_be_theirs(locked)
        locked.reason = check_text("reason", reason, longest=200)
        locked.decided_at = locked.ended_at = timezone.now()
        steps.take(locked, ReturnState.DECLINED, by)
        tell(locked)
    return locked


def label(*, back: Return, by: User, carrier: str, tracking: str) -> Return:
    """Record the label for the owner, the first one or a replacement of an old one.

    Raises Stale while the old label is valid, ValidationError on "carrier" or "tracking".
    """
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        policies.may_be_labelled(locked, by=by)
        locked.tracking = parcel_policies.check_label(carrier=carrier, tracking=tracking)
        locked.carrier, locked.labelled_at = carrier, timezone.now()
        facts: dict[str, int | str] = {"carrier": carrier, "tracking": locked.tracking}
        if locked.state != ReturnState.LABEL_SENT:
            steps.take(locked, ReturnState.LABEL_SENT, by, facts=facts)
        else:
            locked.save(update_fields=["carrier", "tracking", "labelled_at"])
            record(event=Event.RETURN_LABELLED, actor=by.actor, subject=locked.subject, facts=facts)
        tell(locked)
    return locked


def send(*, back: Return, by: User) -> Return:
    """Record that the carrier has the parcel, as the owner or as a clerk."""
    with transaction.atomic():
        _order, locked = locks.whole(back.pk, owner=None if by.role in AGENCY_ROLES else by)
        policies.must_not_be_here(locked)
        locked.sent_at = timezone.now()
        steps.take(locked, ReturnState.IN_TRANSIT, by)
    return locked


def tell(back: Return, *, news: str = "") -> None:
    """Send its owner a message about the state of a locked return, or other news."""
    context = {"return": str(back.pk), "state": news or back.state}
    notifications.send(kind=MessageKind.RETURN_PROGRESS, to=back.registrant, about=back.subject, context=context)


def _open(core: Core, actor: Actor) -> Return | None:
    found = item_of(core)
    if found is None:
        return None
    order = order_locks.order(found.shipment.order_id)
    live = Return.objects.filter(item=found).exclude(state__in=NO_RETURNS).first()
    if live is not None:
        return live
    back = quote(found, core)
    back.order, back.registrant = order, core.registrant
    if policies.is_theirs(back):
        back.state, back.decided_at = ReturnState.APPROVED, timezone.now()
    back.save(force_insert=True)
    facts: dict[str, int | str] = {"core": core.serial, "order": order.number, "cents": back.expected}
    record(event=Event.RETURN_REQUESTED, actor=actor, subject=back.subject, facts=facts)
    tell(back)
    return back
