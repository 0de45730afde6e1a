"""Warranty claims: the owner of an active CORE gets another one, free of charge.

The rest of the paid year moves to the new CORE in the transaction in which it takes the old one's place.
"""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground import steps
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration.cores import locks as core_locks
from integration.cores.models import Core
from integration.cores.services import cores, returns
from integration.cores.services.codes import Issued
from shop.catalogue import files
from shop.catalogue import services as catalogue
from shop.catalogue.policies import check_text
from shop.orders.models.staff_tasks import TaskKind
from shop.orders.selectors import money
from shop.orders.services import staff_tasks
from shop.rules import OLD_UNIT_WITHIN
from shop.warranty import locks, policies
from shop.warranty.models import Claim, ClaimPicture
from shop.warranty.services import bills
from shop.warranty.states import ClaimState

ACTOR = task_actor("shop.warranty")


def open_claim(*, core: Core, by: User, problem: str, pictures: "Sequence[File[bytes] | files.Sizes]") -> Claim:
    """Report that an active CORE does not work as it should, with pictures if there are any.

    Raises NotYours, Stale if it is not active or claimed already, ValidationError on "problem" or "picture".
    """
    tidy = policies.check_problem(problem)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        locked = core_locks.own_core(core.pk, by=by)
        policies.must_be_covered(locked)
        try:
            with transaction.atomic():
                claim = Claim.objects.create(core=locked, registrant=locked.registrant, problem=tidy)
        except IntegrityError as error:
            raise Stale(_("You already told us about this CORE."), subject=locked.subject) from error
        rows = [ClaimPicture(claim=claim, key=files.new_key()) for _each in encoded]
        ClaimPicture.objects.bulk_create(rows)
        facts: dict[str, int | str] = {"core": locked.serial, "pictures": len(rows)}
        record(event=Event.CLAIM_OPENED, actor=by.actor, subject=claim.subject, facts=facts)
        files.keep_inspected((row.key for row in rows), encoded)
    return claim


def approve(*, claim: Claim, by: User) -> Claim:
    """Promise another CORE."""
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        locked.decided_by, locked.decided_at = by, timezone.now()
        steps.take(locked, ClaimState.APPROVED, by)
        tell(locked)
    return locked


def decline(*, claim: Claim, by: User, reason: str) -> Claim:
    """Decline a claim about a CORE that is not theirs or not active. Raises Stale, ValidationError on "reason"."""
    with transaction.atomic():
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.DECLINED, by)
        policies.must_not_be_covered(locked)
        locked.reason = check_text("reason", reason, longest=200)
        locked.decided_by, locked.decided_at = by, timezone.now()
        locked.ended_at = locked.decided_at
        steps.take(locked, ClaimState.DECLINED, by)
        tell(locked)
    return locked


def begun(core: Core, _actor: Actor) -> None:
    """Ask for the old CORE once the new one works, inside the transaction of its activation."""
    found = Claim.objects.filter(replacement=core, state=ClaimState.REPLACEMENT_SHIPPED).first()
    if found is not None:
        locked = locks.claim(found.pk)
        locked.old_due_on = timezone.localdate() + OLD_UNIT_WITHIN
        steps.take(locked, ClaimState.OLD_UNIT_DUE, ACTOR, facts={"due_on": str(locked.old_due_on)})
        tell(locked)


def replace(*, claim: Claim, by: User, new: Core | None) -> Issued:
    """Send another CORE in place of one: cameras, rules and the rest of the paid year move to it.

    Returns it with the code for its parcel. Raises Stale, ValidationError on "serial".
    """
    with transaction.atomic():
        old = core_locks.core(claim.core_id)
        locked = locks.claim(claim.pk)
        steps.check(locked, ClaimState.REPLACEMENT_SHIPPED, by)
        issued = returns.replace(old=old, new=new, by=by)
        cores.ship(core=issued.core, by=by)
        catalogue.take_core_for_claim(core=issued.core, claim=locked, by=by)
        locked.replacement, locked.replaced_at = issued.core, timezone.now()
        steps.take(locked, ClaimState.REPLACEMENT_SHIPPED, by)
        tell(locked)
    return issued


def receive(*, claim: Claim, by: User, serial: str) -> Claim:
    """Record that the old CORE came back: the claim is closed, a bill canceled. Raises ValidationError on "serial"."""
    with transaction.atomic():
        bill, locked = locks.with_bill(claim.pk)
        steps.check(locked, ClaimState.CLOSED, by)
        policies.must_be_the_old_one(locked, serial)
        locked.received_at = locked.ended_at = timezone.now()
        steps.take(locked, ClaimState.CLOSED, by)
        _settle_task(locked, by, "The old CORE came back")
        if bill is not None:
            bills.take_back(order=bill, claim=locked, by=by)
    return locked


def close(*, claim: Claim, by: User, reason: str) -> Claim:
    """Close a claim without the old CORE, and say why: nothing is billed for it, or the bill is paid.

    Raises Stale while a bill is unpaid, ValidationError on "reason".
    """
    with transaction.atomic():
        bill, locked = locks.with_bill(claim.pk)
        policies.must_be_settled(locked, owed=money.owed_of(bill) if bill else 0)
        locked.reason, locked.ended_at = check_text("reason", reason, longest=200), timezone.now()
        _settle_task(locked, by, locked.reason)
        return steps.take(locked, ClaimState.CLOSED, by)


def tell(claim: Claim) -> None:
    """Send its owner a message about the state of a locked claim."""
    context = {"claim": str(claim.pk), "state": claim.state}
    notifications.send(kind=MessageKind.CLAIM_PROGRESS, to=claim.registrant, about=claim.subject, context=context)


def _settle_task(claim: Claim, by: User, note: str) -> None:
    staff_tasks.settle_by_act(kind=TaskKind.OLD_UNIT_LATE, about=str(claim.pk), by=by, note=note)
