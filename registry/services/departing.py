"""What leaving and moving away have in common: everything of a person is locked, and nothing arrives meanwhile."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import Stale
from registry.models import FootageRequest, Incident, Registrant
from registry.services import locking

T = TypeVar("T")

TRIES = 3
"""So often it begins again because a request arrived in the same moment."""


def with_all_locked(*, registrant: UUID, by: User, act: Callable[[Registrant, Sequence[Incident]], T]) -> T:
    """Run `act` in one transaction, with the registration and every incident that it was asked about locked.

    Raises NotYours for another's registration, Stale when requests keep arriving in the same moment.
    """
    for _try in range(TRIES):
        with transaction.atomic():
            incidents = locking.incidents_asked_about(registrant)
            locked = locking.leaving_registrant(registrant, by=by)
            asked = FootageRequest.objects.filter(registrant=locked)
            if not asked.exclude(incident__in=incidents).exists():
                return act(locked, incidents)
    subject = ("registrant", str(registrant))
    raise Stale(_("A request reached you just now. Nothing was changed; please try again."), subject=subject)
