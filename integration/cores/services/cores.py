"""COREs from their serial number to the business, kept by clerks, and the place of each one."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.steps import take
from integration import hooks
from integration.cores import locks, policies
from integration.cores.models import Core, CoreModel
from integration.cores.services import cameras, codes, tokens
from integration.cores.services.codes import Issued
from integration.cores.states import CoreState
from registry.people import locks as people_locks
from registry.people.models import Registrant
from registry.places.models import Premises


def receive(*, model: CoreModel, by: User, serials: str) -> list[Core]:
    """Take COREs into stock, all or none. Raises ValidationError on "serials" that names each bad one."""
    demand(by, Permission.FULFILMENT)
    with transaction.atomic():
        current = CoreModel.objects.select_for_update(no_key=True).get(pk=model.pk)
        policies.must_be_current(current)
        cores = [Core(serial=serial, model=current) for serial in policies.check_serials(serials)]
        try:
            with transaction.atomic():
                Core.objects.bulk_create(cores)
        except IntegrityError:
            # Somebody received one of them at the same moment: the check now names it.
            policies.check_serials(serials)
            raise
        facts: dict[str, int | str] = {"model": current.name}
        lines = [Line(core.subject, facts={**facts, "serial": core.serial}) for core in cores]
        record_many(event=Event.CORE_RECEIVED, actor=by.actor, lines=lines)
    return cores


def allocate(*, core: Core, by: User, registrant: Registrant | None, premises: Premises | None) -> Issued:
    """Set a CORE aside and issue its code. Raises ValidationError on "reference" or "premises", and Stale."""
    wanted = policies.check_business(registrant)
    with transaction.atomic():
        people_locks.owners([wanted.pk])
        locked = locks.core(core.pk)
        owner = policies.check_business(Registrant.objects.filter(pk=wanted.pk).first())
        place = Premises.objects.filter(pk=premises.pk).first() if premises else None
        locked.premises = policies.check_place(place, registrant=owner)
        locked.registrant = owner
        take(locked, CoreState.ALLOCATED, by, facts={"registrant": str(owner.pk)})
        return codes.issue(core=locked, by=by)


def take_back(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        return put_back(core=locked, actor=by.actor)


def put_back(*, core: Core, actor: Actor, role: str = "") -> Core:
    """Put a locked CORE that was set aside back into stock, inside the caller's transaction. role: as of `take`.

    Its code ends, and cameras that it took over from the CORE it was to replace are disconnected.
    """
    cameras.disconnect_all(core=core, actor=actor)
    codes.end(core=core)
    core.registrant = core.premises = core.replaces = None
    return take(core, CoreState.IN_STOCK, actor, role=role)


def issue_code(*, core: Core, by: User) -> Issued:
    """Issue another activation code; the one before ends. Raises Stale unless the CORE waits for one."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        policies.must_wait_for_code(locked)
        return codes.issue(core=locked, by=by)


def issue_own_code(*, core: Core, by: User) -> Issued:
    """Issue another code to the business that waits with its CORE. Raises as `issue_code`, NotYours for another's."""
    with transaction.atomic():
        locked = locks.own_core(core.pk, by=by)
        policies.must_wait_for_code(locked)
        return codes.issue(core=locked, by=by)


def ship(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        return take(locks.core(core.pk), CoreState.SHIPPED, by)


def place(*, core: Core, by: User, premises: Premises | None) -> Core:
    """Record that a CORE is at another place of its business, as its owner or as a clerk says.

    The cameras at the old place are disconnected: it can't read them from here, and sharing was allowed there. Naming
    its present place changes nothing. Raises ValidationError on "premises", Stale unless it is in use, NotYours for
    another's.
    """
    with transaction.atomic():
        locked = locks.core(core.pk) if by.role in AGENCY_ROLES else locks.own_core(core.pk, by=by)
        demand(by, Permission.FULFILMENT, Permission.OWN_DEVICES, subject=locked.subject)
        policies.must_be_in_use(locked)
        now_at = Premises.objects.filter(pk=premises.pk).first() if premises else None
        wanted = policies.check_place(now_at, registrant=policies.check_business(locked.registrant))
        if wanted.pk == locked.premises_id:
            return locked
        cameras.disconnect_all(core=locked, actor=by.actor)
        locked.premises = wanted
        locked.save(update_fields=["premises"])
        record(event=Event.CORE_PLACED, actor=by.actor, subject=locked.subject)
    return locked


def suspend(*, core: Core, by: User) -> Core:
    """Suspend a CORE: its tokens end at once, its cameras and rules stay."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        tokens.end_all(core=locked)
        suspended = take(locked, CoreState.SUSPENDED, by)
        if suspended.registrant_id is not None:
            hooks.permission_changed.answer(actor=by.actor, registrant=suspended.registrant_id)
    return suspended


def stop(*, core: Core, by: User | Actor) -> Core:
    """Suspend an active, locked CORE because its connection ended, inside the caller's transaction."""
    if core.state != CoreState.ACTIVE:
        return core
    tokens.end_all(core=core)
    return take(core, CoreState.SUSPENDED, by)


def restart(*, core: Core, by: Actor) -> Core:
    """Resume a locked CORE that `stop` had suspended, inside the caller's transaction."""
    if core.state != CoreState.SUSPENDED:
        return core
    core.seen_at, core.told_offline_at = timezone.now(), None
    return take(core, CoreState.ACTIVE, by)


def resume(*, core: Core, by: User) -> Core:
    """Resume a suspended CORE; it signs in with its key. Its time until it counts as offline starts anew."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        if why := hooks.why_stopped(locked):
            raise Stale(why, subject=locked.subject)
        locked.seen_at, locked.told_offline_at = timezone.now(), None
        return take(locked, CoreState.ACTIVE, by)
