"""Warranty claims: opened by the owner of an active CORE, and taken care of by another one, free of charge.

In the transaction in which another CORE takes its place, the rest of the paid year moves to it.
"""

from collections.abc import Sequence
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actors import Actor
from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours, Stale
from integration.models import Core
from integration.services import cores, returning
from integration.services import locking as core_locking
from integration.services.codes import Issued
from registry.services.acting import task_actor
from shop import files
from shop.models import Claim, ClaimPicture
from shop.policies import returns as return_policy
from shop.policies import warranty as policy
from shop.services import claim_news, steps
from shop.states import ClaimState

ACTOR = task_actor("shop.warranty")


def open_claim(*, core: Core, by: User, problem: str, pictures: "Sequence[File[bytes]]") -> Claim:
    """Say that an active CORE does not work as it should, with pictures if there are any.

    Raises NotYours, Stale for one that is not active or is claimed already, ValidationError on "problem" or "picture".
    """
    tidy = policy.check_problem(problem)
    policy.check_pictures(pictures)
    encoded = [files.sizes_of(picture) for picture in pictures]
    with transaction.atomic():
        locked = core_locking.own_core(core.pk, by=by)
        policy.must_be_covered(locked)
        try:
            with transaction.atomic():
                claim = Claim.objects.create(core=locked, registrant=locked.registrant, problem=tidy)
        except IntegrityError as error:
            raise Stale(_("You have told us about this CORE already."), subject=locked.subject) from error
        rows = [ClaimPicture(claim=claim, key=files.new_picture_key()) for _each in encoded]
        ClaimPicture.objects.bulk_create(rows)
        facts: dict[str, int | str] = {"core": locked.serial, "pictures": len(rows)}
        record(event=Event.CLAIM_OPENED, actor=by.actor, subject=claim.subject, facts=facts)
        for row, sizes in zip(rows, encoded, strict=True):
            files.keep_inspected(row.key, sizes)
    return claim


def approve(*, claim: Claim, by: User) -> Claim:
    """Promise another CORE."""
    with transaction.atomic():
        locked = _locked(claim.pk)
        locked.decided_by, locked.decided_at = by, timezone.now()
        steps.claim(locked, ClaimState.APPROVED, by)
        claim_news.tell(locked)
    return locked


def decline(*, claim: Claim, by: User, reason: str) -> Claim:
    """Decline a claim, only about a CORE that isn't theirs or isn't active.

    Raises Stale for one that is, ValidationError on "reason".
    """
    with transaction.atomic():
        locked = _locked(claim.pk)
        policy.may_become(locked, ClaimState.DECLINED, by=by)
        policy.must_not_be_covered(locked)
        locked.reason = return_policy.check_reason(reason)
        locked.decided_by, locked.decided_at = by, timezone.now()
        locked.ended_at = locked.decided_at
        steps.claim(locked, ClaimState.DECLINED, by)
        claim_news.tell(locked)
    return locked


def replace(*, claim: Claim, by: User, new: Core | None) -> Issued:
    """Send another CORE in the place of one: cameras, rules and the rest of the paid year go with it.

    Returns it with the code that is put into its parcel. Raises Stale, ValidationError on "serial".
    """
    with transaction.atomic():
        old = core_locking.core(claim.core_id)
        locked = _locked(claim.pk)
        policy.may_become(locked, ClaimState.REPLACEMENT_SHIPPED, by=by)
        issued = returning.replace(old=old, new=new, by=by)
        cores.ship(core=issued.core, by=by)
        locked.replacement, locked.replaced_at = issued.core, timezone.now()
        steps.claim(locked, ClaimState.REPLACEMENT_SHIPPED, by)
        claim_news.tell(locked)
    return issued


def begun(core: Core, _actor: Actor) -> None:
    """Ask for the old CORE back once the other one works, inside the transaction of its activation."""
    found = Claim.objects.filter(replacement=core, state=ClaimState.REPLACEMENT_SHIPPED).first()
    if found is not None:
        steps.claim(_locked(found.pk), ClaimState.OLD_UNIT_DUE, ACTOR)


def receive(*, claim: Claim, by: User, serial: str) -> Claim:
    """Write down that the old CORE came back, by its serial number: the claim is closed. Raises ValidationError."""
    with transaction.atomic():
        locked = _locked(claim.pk)
        policy.may_become(locked, ClaimState.CLOSED, by=by)
        policy.must_be_the_old_one(locked, serial)
        locked.received_at = locked.ended_at = timezone.now()
        return steps.claim(locked, ClaimState.CLOSED, by)


def close(*, claim: Claim, by: User, reason: str) -> Claim:
    """Close a claim whose old CORE does not come back, and say why. Nothing is charged for it."""
    with transaction.atomic():
        locked = _locked(claim.pk)
        policy.may_become(locked, ClaimState.CLOSED, by=by)
        locked.reason, locked.ended_at = return_policy.check_reason(reason), timezone.now()
        return steps.claim(locked, ClaimState.CLOSED, by)


def _locked(pk: UUID) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("core__registrant", "registrant__user").filter(pk=pk).first()
    if found is None:
        raise NotYours(_("There is no such claim."), subject=("claim", str(pk)))
    return found
