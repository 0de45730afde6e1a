"""Addresses that people registered and the county's data lacks: administrators look into them, one by one."""

from django.db import transaction

from audit.log.events import Event
from audit.log.services import record_many
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.streets.services import corrections
from fusus_portal.ground.streets.services.corrections import NewAddress
from registry.places import locks, selectors
from registry.places.models import Premises
from registry.places.services.cameras import line_of
from registry.places.services.premises import note


def read(*, premises: Premises, by: User) -> Premises:
    """Return a place with its address, once the entries of this look are committed: its owner sees them.

    Raises NotYours for a place that needs no look.
    """
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        locked = locks.unlisted_premises(premises.pk)
        lines = [line_of(camera) for camera in selectors.cameras_in_log(locked).select_related("premises")]
        record_many(event=Event.PREMISES_READ, actor=by.actor, lines=lines)
    return locked


def add(*, premises: Premises, by: User, address: NewAddress) -> Premises:
    """Add an address to the search, as staff correct it. Raises NotYours, Stale, ValidationError on "street"."""
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        locked = locks.unlisted_premises(premises.pk)
        corrections.add(address=address, by=by)
        return _know(locked, by)


def accept(*, premises: Premises, by: User) -> Premises:
    """Record that the address is right, without adding it to the address search. Raises NotYours."""
    with transaction.atomic():
        demand(by, Permission.ADMINISTER, subject=premises.subject)
        return _know(locks.unlisted_premises(premises.pk), by)


def _know(locked: Premises, by: User) -> Premises:
    locked.is_listed = True
    locked.save(update_fields=["is_listed"])
    note(Event.PREMISES_KNOWN, locked, by.actor)
    return locked
