from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import askers
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import locks
from fusus_portal.ground.lifecycle import Stale
from registry.incidents.models.dispatch import SLOTS, DispatchKey
from registry.incidents.policies import dispatch


def propose(*, source: str, key_id: str, public_key: str, by: User) -> DispatchKey:
    """Propose a public key of a dispatch system. It counts once another administrator approves it.

    Its holder can verify incidents, so each key takes two administrators.
    public_key: PEM, as `openssl pkey -pubout` writes it. Raises Refused by role, ValidationError by field.
    """
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        key = DispatchKey(
            source=source.strip(),
            key_id=key_id.strip(),
            public_key=dispatch.check_public_key(public_key),
            slot=SLOTS[0],
            proposed_by=by,
        )
        key.slot = _free_slot(key.source)
        key.full_clean(exclude=["slot", "proposed_by"], validate_constraints=False)
        try:
            with transaction.atomic():
                key.save(force_insert=True)
        except IntegrityError as error:
            raise ValidationError({"source": _no_slot()}) from error
        _record(Event.DISPATCH_KEY_PROPOSED, key, by)
    return key


def approve(*, key: DispatchKey, by: User) -> DispatchKey:
    """Approve a key, as another administrator than the proposer."""
    with transaction.atomic():
        asker = locks.hold_asker(key.proposed_by_id)
        locked = _locked(key.pk)
        dispatch.may_approve(by, locked)
        askers.must_still_count(asker, lambda asker: demand(asker, Permission.ADMINISTER), subject=locked.subject)
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        _record(Event.DISPATCH_KEY_APPROVED, locked, by)
    return locked


def retire(*, key: DispatchKey, by: User) -> DispatchKey:
    """Retire a key at once. One administrator is enough, since this takes power away."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = _locked(key.pk)
        if locked.retired_at is not None:
            raise Stale(_("This key is retired already."), subject=locked.subject)
        locked.retired_by, locked.retired_at = by, timezone.now()
        locked.save(update_fields=["retired_by", "retired_at"])
        _record(Event.DISPATCH_KEY_RETIRED, locked, by)
    return locked


def _free_slot(source: str) -> int:
    taken = set(DispatchKey.objects.filter(source=source, retired_at__isnull=True).values_list("slot", flat=True))
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise ValidationError({"source": _no_slot()})
    return free[0]


def _no_slot() -> str:
    return _("Two keys of this system are in use or proposed. Retire one first.")


def _locked(pk: UUID) -> DispatchKey:
    return DispatchKey.objects.select_for_update(no_key=True).get(pk=pk)


def _record(event: Event, key: DispatchKey, by: User) -> None:
    facts = {"source": key.source, "key": key.key_id, "public_key": key.public_key}
    record(event=event, actor=by.actor, subject=key.subject, facts=facts)
