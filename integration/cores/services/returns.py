"""COREs on their way back: returned, wiped, restocked or retired; and one that replaces another."""

from django.db import transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.steps import take
from integration import hooks
from integration.cores import locks, policies
from integration.cores.models import Core
from integration.cores.services import cameras, codes, tokens
from integration.cores.services.codes import Issued
from integration.cores.states import CoreState
from registry.places.models import Premises


def begin_return(*, core: Core, by: User) -> Core:
    """Begin to return a CORE, as its owner at any time and without a reason (promise I8), or as a clerk.

    At once its tokens and code end, its cameras are disconnected, and its key is forgotten. Raises NotYours for
    another's CORE, Stale if it can't come back.
    """
    with transaction.atomic():
        if by.role in AGENCY_ROLES:
            return send_back(core=locks.core(core.pk), actor=by.actor)
        locked = send_back(core=locks.own_core(core.pk, by=by), actor=by.actor)
        for follower in hooks.core_followers:
            follower.return_begun(locked, by.actor)
    return locked


def send_back(*, core: Core, actor: Actor, role: str = "") -> Core:
    """Begin the return of a locked CORE, inside the caller's transaction. role: as of `take`."""
    cameras.disconnect_all(core=core, actor=actor)
    _forget(core)
    return take(core, CoreState.RETURNING, actor, role=role)


def keep(*, core: Core, by: User, premises: Premises | None) -> Issued:
    """Cancel the return of one's own CORE, with a new code. Raises NotYours, Stale, ValidationError on "premises"."""
    with transaction.atomic():
        locked = locks.own_core(core.pk, by=by)
        owner = policies.check_business(locked.registrant)
        locked.premises = policies.check_place(premises, registrant=owner)
        forget_what_it_said(locked)
        take(locked, CoreState.SHIPPED, by)
        return codes.issue(core=locked, by=by)


def wipe(*, core: Core, by: User, certificate: str) -> Core:
    """Record a wiping by three overwrites (NIST MP-6), and forget the owner. Raises on "certificate"."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        locked.certificate = policies.check_certificate(certificate)
        locked.wiped_by, locked.wiped_at = by, timezone.now()
        locked.registrant = None
        forget_what_it_said(locked)
        return take(locked, CoreState.WIPED, by, facts={"certificate": locked.certificate})


def restock(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        locked = take(locks.core(core.pk), CoreState.IN_STOCK, by)
        for follower in hooks.core_followers:
            follower.restocked(locked, by)
    return locked


def retire(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        return take(locks.core(core.pk), CoreState.RETIRED, by)


def replace(*, old: Core, new: Core | None, by: User) -> Issued:
    """Replace a CORE in use by another, which takes over registrant, place, cameras and their rules.

    The old one begins its return; the new one waits for its activation, with a code, and shows no picture until then.
    Raises ValidationError on "serial" unless it is in stock and connects enough cameras, Stale unless the old one is in
    use.
    """
    with transaction.atomic():
        first = locks.core(old.pk)
        demand(by, Permission.FULFILMENT, subject=first.subject)
        policies.must_be_in_use(first)
        wanted = locks.core(new.pk) if new else None
        is_packed = wanted is not None and wanted.pk in hooks.whereabouts([wanted.pk])
        second = policies.check_replacement(first, wanted, is_packed=is_packed)
        # One that came back and went out again may have been replaced before.
        Core.objects.filter(replaces=first).update(replaces=None)
        second.registrant, second.premises, second.replaces = first.registrant, first.premises, first
        take(second, CoreState.ALLOCATED, by, facts={"replaces": first.serial})
        moved = cameras.carry_over(old=first, new=second, actor=by.actor)
        facts: dict[str, int | str] = {"new": second.serial, "cameras": moved}
        record(event=Event.CORE_REPLACED, actor=by.actor, subject=first.subject, facts=facts)
        for follower in hooks.core_followers:
            follower.replaced(first, second)
        send_back(core=first, actor=by.actor)
        return codes.issue(core=second, by=by)


def _forget(core: Core) -> None:
    tokens.end_all(core=core)
    codes.end(core=core)
    # The owner's names for the cameras are theirs, and go with the key.
    core.premises, core.key, core.channels = None, "", {}
    core.told_offline_at = None


def forget_what_it_said(core: Core) -> None:
    """Clear the report of a locked CORE, which holds its owner's words. The caller saves the row."""
    core.channels, core.firmware = {}, ""
    core.activated_at = core.seen_at = None
    core.clock_drift_ms = core.disk_free = core.disk_size = core.recorded_minutes = None
