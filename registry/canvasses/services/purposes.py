from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.purposes import CanvassPurpose
from registry.canvasses.policies import purposes


def add(*, by: User, name: str, name_es: str) -> CanvassPurpose:
    """Add a purpose to the list. Raises ValidationError on "name" or "name_es", Refused without the permission."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        purpose = CanvassPurpose(**_checked(name, name_es))
        purpose.save(force_insert=True)
        _record(Event.PURPOSE_ADDED, purpose, by)
    return purpose


def change(*, purpose: CanvassPurpose, by: User, name: str, name_es: str) -> CanvassPurpose:
    """Reword a purpose; its canvasses show the new words. Raises as adding one does."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(purpose)
        wanted = _checked(name, name_es, but=locked)
        if wanted == {"name": locked.name, "name_es": locked.name_es}:
            return locked
        locked.name, locked.name_es = wanted["name"], wanted["name_es"]
        locked.save(update_fields=["name", "name_es"])
        _record(Event.PURPOSE_CHANGED, locked, by)
    return locked


def retire(*, purpose: CanvassPurpose, by: User) -> CanvassPurpose:
    """Take a purpose off the list; no new canvass can have it. Doing it twice has one effect."""
    return _set(purpose, by, Event.PURPOSE_RETIRED, retired_at=timezone.now())


def restore(*, purpose: CanvassPurpose, by: User) -> CanvassPurpose:
    """Put a retired purpose back on the list. Doing it twice has one effect."""
    return _set(purpose, by, Event.PURPOSE_RESTORED, retired_at=None)


def _set(purpose: CanvassPurpose, by: User, event: Event, *, retired_at: datetime | None) -> CanvassPurpose:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(purpose)
        if (locked.retired_at is None) != (retired_at is None):
            locked.retired_at = retired_at
            locked.save(update_fields=["retired_at"])
            _record(event, locked, by)
    return locked


def _checked(name: str, name_es: str, *, but: CanvassPurpose | None = None) -> dict[str, str]:
    return {"name": purposes.check_english(name, but=but), "name_es": purposes.check_spanish(name_es)}


def _locked(purpose: CanvassPurpose) -> CanvassPurpose:
    return CanvassPurpose.objects.select_for_update(no_key=True).get(pk=purpose.pk)


def _record(event: Event, purpose: CanvassPurpose, by: User) -> None:
    facts = {"name": purpose.name, "name_es": purpose.name_es}
    record(event=event, actor=by.actor, subject=purpose.subject, facts=facts)
