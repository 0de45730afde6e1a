from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import Line, record, record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, Role
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.steps import take
from integration import hooks
from integration.cores import hooks as core_hooks, locks, policies
from integration.cores.models import Core, CoreModel
from integration.cores.services import cameras, credentials
from integration.cores.services.credentials import IssuedCode
from integration.cores.states import IN_USE, CoreState
from registry.places.models import Camera, ConfirmedBy, Premises
from registry.places.services import premises as premise_services
from registry.registrants import locks as registrant_locks
from registry.registrants.models import Registrant


def add_model(*, by: User, name: str, name_es: str = "", cameras_supported: int) -> CoreModel:
    """Add a kind of CORE. Raises ValidationError by field, Refused unless `by` is an administrator."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        model = CoreModel(
            name=policies.check_model_name(name),
            name_es=policies.check_spanish_name(name_es),
            cameras_supported=policies.check_camera_count(cameras_supported),
        )
        model.save(force_insert=True)
        _record_model(Event.CORE_MODEL_ADDED, model, by)
    return model


def change_model(*, model: CoreModel, by: User, name: str, name_es: str = "", cameras_supported: int) -> CoreModel:
    """Change a kind of CORE, for all COREs of this kind at once. Raises ValidationError by field, Refused."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked_model(model)
        wanted = (
            policies.check_model_name(name, but=locked),
            policies.check_spanish_name(name_es),
            policies.check_camera_count(cameras_supported, model=locked),
        )
        if wanted == (locked.name, locked.name_es, locked.cameras_supported):
            return locked
        locked.name, locked.name_es, locked.cameras_supported = wanted
        locked.save()
        _record_model(Event.CORE_MODEL_CHANGED, locked, by)
    return locked


def retire_model(*, model: CoreModel, by: User) -> CoreModel:
    """Stop receiving COREs of a kind; those received stay. Doing it twice has one effect."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked_model(model)
        if locked.retired_at is None:
            locked.retired_at = timezone.now()
            locked.save()
            _record_model(Event.CORE_MODEL_RETIRED, locked, by)
    return locked


def _locked_model(model: CoreModel) -> CoreModel:
    return CoreModel.objects.select_for_update(no_key=True).get(pk=model.pk)


def _record_model(event: Event, model: CoreModel, by: User) -> None:
    facts: dict[str, int | str] = {"name": model.name, "name_es": model.name_es, "cameras": model.cameras_supported}
    record(event=event, actor=by.actor, subject=model.subject, facts=facts)


def receive(*, model: CoreModel, by: User, serials: str) -> list[Core]:
    """Take COREs into stock, all or none. Raises ValidationError on "serials" that names each bad serial number."""
    demand(by, Permission.FULFILMENT)
    with transaction.atomic():
        current = _locked_model(model)
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


def allocate(*, core: Core, by: User, registrant: Registrant | None, premises: Premises | None) -> IssuedCode:
    """Set a CORE aside for a business and issue its code. Raises Stale, ValidationError on "reference", "premises"."""
    wanted = policies.check_business(registrant)
    with transaction.atomic():
        registrant_locks.owners([wanted.pk])
        locked = locks.core(core.pk)
        owner = policies.check_business(Registrant.objects.filter(pk=wanted.pk).first())
        place = Premises.objects.filter(pk=premises.pk).first() if premises else None
        locked.premises = policies.check_place(place, registrant=owner)
        locked.registrant = owner
        take(locked, CoreState.ALLOCATED, by, facts={"registrant": str(owner.pk)})
        return credentials.issue_code(core=locked, by=by)


def take_back(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        return _put_back(core=locked, actor=by.actor)


def _put_back(*, core: Core, actor: Actor, role: str = "") -> Core:
    """Put a locked CORE that was set aside back into stock, inside the caller's transaction. role: as for `take`.

    Ends its code, and disconnects cameras that it took over from the CORE that it was to replace.
    """
    cameras.disconnect_all(core=core, actor=actor)
    credentials.end_code(core=core)
    core.registrant = core.premises = core.replaces = None
    return take(core, CoreState.IN_STOCK, actor, role=role)


def issue_code(*, core: Core, by: User) -> IssuedCode:
    """Issue another activation code as a clerk; the former one ends. Raises Stale unless the CORE waits for one."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        policies.must_wait_for_code(locked)
        return credentials.issue_code(core=locked, by=by)


def issue_own_code(*, core: Core, by: User) -> IssuedCode:
    """Issue another activation code to the business that has the CORE. Raises NotYours, Stale as `issue_code`."""
    with transaction.atomic():
        locked = locks.own_core(core.pk, by=by)
        policies.must_wait_for_code(locked)
        return credentials.issue_code(core=locked, by=by)


def ship(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        return take(locks.core(core.pk), CoreState.SHIPPED, by)


def place(*, core: Core, by: User, premises: Premises | None) -> Core:
    """Record that a CORE is at another place of its business, as its owner or as a clerk says.

    Disconnects its cameras at the old place: the CORE can't read them from the new place, and sharing was allowed for
    the old one. Naming the present place changes nothing. Raises ValidationError on "premises", Stale unless the CORE
    is in use, NotYours for another business's CORE.
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
    """Suspend a CORE: its tokens end at once. Its cameras stay connected, and keep their rules."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        credentials.end_tokens(core=locked)
        suspended = take(locked, CoreState.SUSPENDED, by)
        if suspended.registrant_id is not None:
            hooks.permission_changed.answer(actor=by.actor, registrant=suspended.registrant_id)
    return suspended


def stop(*, core: Core, by: User | Actor) -> Core:
    """Suspend an active, locked CORE because its connection ended, inside the caller's transaction."""
    if core.state != CoreState.ACTIVE:
        return core
    credentials.end_tokens(core=core)
    return take(core, CoreState.SUSPENDED, by)


def restart(*, core: Core, by: Actor) -> Core:
    """Resume a locked, suspended CORE because its connection was renewed, inside the caller's transaction."""
    if core.state != CoreState.SUSPENDED:
        return core
    core.seen_at, core.told_offline_at = timezone.now(), None
    return take(core, CoreState.ACTIVE, by)


def resume(*, core: Core, by: User) -> Core:
    """Resume a suspended CORE; it signs in with its key. Raises Stale if its connection ended."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        if why := core_hooks.why_stopped(locked):
            raise Stale(why, subject=locked.subject)
        locked.seen_at, locked.told_offline_at = timezone.now(), None
        return take(locked, CoreState.ACTIVE, by)


def begin_return(*, core: Core, by: User) -> Core:
    """Begin the return of a CORE, as its owner at any time and without a reason (promise I8), or as a clerk.

    At once its tokens and code end, its cameras are disconnected, and its key is forgotten. Raises NotYours for another
    business's CORE, Stale if its state allows no return.
    """
    with transaction.atomic():
        if by.role in AGENCY_ROLES:
            return _send_back(core=locks.core(core.pk), actor=by.actor)
        locked = _send_back(core=locks.own_core(core.pk, by=by), actor=by.actor)
        for follower in core_hooks.core_followers:
            follower.return_begun(locked, by.actor)
    return locked


def _send_back(*, core: Core, actor: Actor, role: str = "") -> Core:
    """Begin the return of a locked CORE, inside the caller's transaction. role: as for `take`."""
    cameras.disconnect_all(core=core, actor=actor)
    credentials.end_tokens(core=core)
    credentials.end_code(core=core)
    # The owner's names for the cameras are theirs, and go with the key.
    core.premises, core.key, core.channels = None, "", {}
    core.told_offline_at = None
    return take(core, CoreState.RETURNING, actor, role=role)


def cancel_return(*, core: Core, by: User, premises: Premises | None) -> IssuedCode:
    """Cancel the return of one's own CORE, and issue a code. Raises NotYours, Stale, ValidationError on "premises"."""
    with transaction.atomic():
        locked = locks.own_core(core.pk, by=by)
        owner = policies.check_business(locked.registrant)
        locked.premises = policies.check_place(premises, registrant=owner)
        _clear_report(locked)
        take(locked, CoreState.SHIPPED, by)
        return credentials.issue_code(core=locked, by=by)


def wipe(*, core: Core, by: User, certificate: str) -> Core:
    """Record that a CORE was wiped by three overwrites (NIST MP-6), and forget its owner. Raises on "certificate"."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        locked.certificate = policies.check_certificate(certificate)
        locked.wiped_by, locked.wiped_at = by, timezone.now()
        locked.registrant = None
        _clear_report(locked)
        return take(locked, CoreState.WIPED, by, facts={"certificate": locked.certificate})


def restock(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        locked = take(locks.core(core.pk), CoreState.IN_STOCK, by)
        for follower in core_hooks.core_followers:
            follower.restocked(locked, by)
    return locked


def retire(*, core: Core, by: User) -> Core:
    with transaction.atomic():
        return take(locks.core(core.pk), CoreState.RETIRED, by)


def replace(*, old: Core, new: Core | None, by: User) -> IssuedCode:
    """Replace a CORE in use by another, which takes over registrant, place, cameras and their rules.

    The old CORE begins its return; the new one gets a code and shows no picture until it is activated. Raises Stale
    unless the old is in use, ValidationError on "serial" unless the new is in stock and connects enough cameras.
    """
    with transaction.atomic():
        first = locks.core(old.pk)
        demand(by, Permission.FULFILMENT, subject=first.subject)
        policies.must_be_in_use(first)
        wanted = locks.core(new.pk) if new else None
        is_packed = wanted is not None and wanted.pk in core_hooks.whereabouts([wanted.pk])
        second = policies.check_replacement(first, wanted, is_packed=is_packed)
        # One that came back and went out again may have been replaced before.
        Core.objects.filter(replaces=first).update(replaces=None)
        second.registrant, second.premises, second.replaces = first.registrant, first.premises, first
        take(second, CoreState.ALLOCATED, by, facts={"replaces": first.serial})
        moved = cameras.carry_over(old=first, new=second, actor=by.actor)
        facts: dict[str, int | str] = {"new": second.serial, "cameras": moved}
        record(event=Event.CORE_REPLACED, actor=by.actor, subject=first.subject, facts=facts)
        for follower in core_hooks.core_followers:
            follower.replaced(first, second)
        _send_back(core=first, actor=by.actor)
        return credentials.issue_code(core=second, by=by)


def _clear_report(core: Core) -> None:
    """Clear a locked CORE's last report, which holds its owner's names for cameras. The caller saves the row."""
    core.channels, core.firmware = {}, ""
    core.activated_at = core.seen_at = None
    core.clock_drift_ms = core.disk_free = core.disk_size = core.recorded_minutes = None


OWNER_ROLE = str(Role.BUSINESS)
"""Role under which people who leave return their COREs, even if their account is no longer a business's."""


def cameras_pause(cameras: Sequence[Camera], actor: Actor) -> None:
    hooks.permission_changed.answer(actor=actor, cameras=[camera.pk for camera in cameras])


def pin_moves(premises: Premises, actor: Actor) -> None:
    hooks.permission_changed.answer(actor=actor, registrant=premises.registrant_id)


def place_moves(premises: Premises, actor: Actor) -> None:
    """Record that the COREs at a place moved with it; they and their cameras keep working at the new address."""
    hooks.permission_changed.answer(actor=actor, registrant=premises.registrant_id)
    there = Core.objects.filter(premises=premises, state__in=IN_USE).order_by("pk")
    record_many(event=Event.CORE_PLACED, actor=actor, lines=[Line(core.subject) for core in there])


def activated(core: Core, actor: Actor) -> None:
    if core.premises is not None:
        premise_services.confirm(premises=core.premises, way=ConfirmedBy.CORE, actor=actor)


def place_ends(premises: Premises, actor: Actor) -> None:
    for core in locks.cores_of(premises.registrant_id):
        if core.premises_id == premises.pk:
            _end_core(core, actor)


def registration_ends(registrant: Registrant, actor: Actor) -> None:
    """Begin the return of every CORE of a business that leaves, and delete the business from the COREs' rows."""
    for core in locks.cores_of(registrant.pk):
        if core.state != CoreState.RETURNING:
            _end_core(core, actor)
        _clear_report(core)
        core.registrant = None
        core.save()


def _end_core(core: Core, actor: Actor) -> None:
    if core.state == CoreState.ALLOCATED:
        _put_back(core=core, actor=actor, role=OWNER_ROLE)
    else:
        _send_back(core=core, actor=actor, role=OWNER_ROLE)
        for follower in core_hooks.core_followers:
            follower.return_begun(core, actor)
