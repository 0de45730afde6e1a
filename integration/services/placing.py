"""Where a CORE stands: at one of its business's own places, and another one when somebody carried it there."""

from django.db import transaction

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import AGENCY_ROLES
from integration.models import Core
from integration.policies import cores as policy
from integration.services import device_cameras, locking
from registry.models import Premises


def place(*, core: Core, by: User, premises: Premises | None) -> Core:
    """Write down that a CORE stands at another place of its business, as its owner or as a clerk says.

    The cameras at the old place are disconnected: it can't read them from here, and what was allowed was allowed there.
    Saying where it stands already changes nothing. Raises ValidationError on "premises", Stale unless it is in use,
    NotYours for another's.
    """
    with transaction.atomic():
        locked = locking.core(core.pk) if by.role in AGENCY_ROLES else locking.own_core(core.pk, by=by)
        policy.may_place(by, subject=locked.subject)
        policy.must_be_in_use(locked)
        now_at = Premises.objects.filter(pk=premises.pk).first() if premises else None
        wanted = policy.check_place(now_at, registrant=policy.check_business(locked.registrant))
        if wanted.pk == locked.premises_id:
            return locked
        device_cameras.disconnect_all(core=locked, actor=by.actor)
        locked.premises = wanted
        locked.save(update_fields=["premises"])
        record(event=Event.CORE_PLACED, actor=by.actor, subject=locked.subject)
    return locked
