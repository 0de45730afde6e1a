"""Returns from the first word until the parcel is there. What is done with the parcel is in `inspecting`.

What a CORE is worth is written down at once, as its owner saw it, and never changes but for what is missing or broken.
"""

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import AGENCY_ROLES
from integration.models import Core
from integration.services import locking as core_locking
from integration.services import returning
from integration.services.codes import Issued
from registry.models import Premises
from shop.models import Return
from shop.policies import fulfilment as parcel_policy
from shop.policies import returns as policy
from shop.selectors.worth import item_of, quote
from shop.services import locking, return_locking, return_news, steps
from shop.states import NO_RETURNS, ReturnState


def begun(core: Core, actor: Actor) -> None:
    """Open the return of a locked CORE whose owner gives it back, inside the transaction of that act.

    A CORE that nobody bought here has none: there is no price to give back.
    """
    _open(core, actor)


def request(*, core: Core, by: User) -> Return | None:
    """Ask for the money of a CORE that is coming back already, as its owner or as a clerk for them.

    None for one that was not bought here. One that is open is returned as it is. Raises NotYours, Stale.
    """
    with transaction.atomic():
        if by.role in AGENCY_ROLES:
            policy.may_decide(by, subject=core.subject)
            locked = core_locking.core(core.pk)
        else:
            locked = core_locking.own_core(core.pk, by=by)
        policy.must_be_away(locked)
        return _open(locked, by.actor)


def _open(core: Core, actor: Actor) -> Return | None:
    found = item_of(core)
    if found is None:
        return None
    order = locking.order(found.shipment.order_id)
    live = Return.objects.filter(item=found).exclude(state__in=NO_RETURNS).first()
    if live is not None:
        return live
    worth = quote(found, core)
    back = Return(
        item=found,
        order=order,
        line=found.line,
        core=core,
        registrant=core.registrant,
        position=worth.position,
        schedule=worth.schedule,
        age_months=worth.age_months,
        whole=worth.paid.whole,
        device=worth.paid.device,
        fee=worth.paid.fee,
        age_off=worth.age_off,
        fee_back=worth.fee_back,
        lowest=worth.lowest,
    )
    if policy.is_theirs(back):
        back.state, back.decided_at = ReturnState.APPROVED, timezone.now()
    back.save(force_insert=True)
    facts: dict[str, int | str] = {"core": core.serial, "order": order.number, "cents": back.expected}
    record(event=Event.RETURN_REQUESTED, actor=actor, subject=back.subject, facts=facts)
    return_news.tell(back)
    return back


def withdraw(*, back: Return, by: User, premises: Premises | None) -> Issued:
    """Keep a CORE after all, at one of the owner's places, while nobody has it but they; it gets a new code.

    Raises NotYours for another's, Stale for one that is on its way, ValidationError on "premises".
    """
    with transaction.atomic():
        core_locking.own_core(back.core_id, by=by)
        _order, locked = return_locking.whole(back.pk, owner=by)
        locked.ended_at = timezone.now()
        steps.back(locked, ReturnState.WITHDRAWN, by)
        return returning.keep(core=locked.core, by=by, premises=premises)


def approve(*, back: Return, by: User) -> Return:
    """Approve a return whose CORE somebody else had bought."""
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        policy.must_not_be_here(locked)
        locked.decided_at = timezone.now()
        steps.back(locked, ReturnState.APPROVED, by)
        return_news.tell(locked)
    return locked


def decline(*, back: Return, by: User, reason: str) -> Return:
    """Decline a return, only of a CORE that isn't theirs. Raises Stale for one that is, ValidationError on "reason"."""
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        policy.may_become(locked, ReturnState.DECLINED, by=by)
        policy.must_not_be_theirs(locked)
        locked.reason = policy.check_reason(reason)
        locked.decided_at = locked.ended_at = timezone.now()
        steps.back(locked, ReturnState.DECLINED, by)
        return_news.tell(locked)
    return locked


def label(*, back: Return, by: User, carrier: str, tracking: str) -> Return:
    """Write down the label that was sent to the owner; one that is too old is replaced by another.

    Raises Stale while the one before is good, ValidationError on "carrier" or "tracking".
    """
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        is_first = policy.may_be_labelled(locked, by=by)
        locked.tracking = parcel_policy.check_label(carrier=carrier, tracking=tracking)
        locked.carrier, locked.labelled_at = carrier, timezone.now()
        facts: dict[str, int | str] = {"carrier": carrier, "tracking": locked.tracking}
        if is_first:
            steps.back(locked, ReturnState.LABEL_SENT, by, facts=facts)
        else:
            locked.save(update_fields=["carrier", "tracking", "labelled_at"])
            record(event=Event.RETURN_LABELLED, actor=by.actor, subject=locked.subject, facts=facts)
        return_news.tell(locked)
    return locked


def send(*, back: Return, by: User) -> Return:
    """Write down that the carrier has the parcel, as the owner who gave it away or as a clerk."""
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk, owner=None if by.role in AGENCY_ROLES else by)
        policy.must_not_be_here(locked)
        locked.sent_at = timezone.now()
        steps.back(locked, ReturnState.IN_TRANSIT, by)
    return locked
