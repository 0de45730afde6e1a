"""Locks, always in one order: registrant, then camera, then CORE."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale, find_or_refuse
from integration.cores.models import Core
from registry.registrants import locks
from registry.registrants.models import Registrant


def core(pk: UUID) -> Core:
    """Lock and return a CORE, after its registrant if it has one. Raises NotYours, Stale if that has just changed."""
    owner = Core.objects.filter(pk=pk).values_list("registrant", flat=True).first()
    if owner is not None:
        locks.owners([owner])
    locked = find_or_refuse(_rows().filter(pk=pk), _("There is no such CORE."), subject=("core", str(pk)))
    if locked.registrant_id != owner:
        raise Stale(_("This CORE was given to somebody just now. Please look again."), subject=locked.subject)
    return locked


def own_core(pk: UUID, *, by: User) -> Core:
    """Lock and return a CORE of the user, after the user's registration. Raises NotYours for another business's."""
    Registrant.objects.select_for_update(no_key=True).filter(user=by).first()
    rows = _rows().filter(pk=pk, registrant__user=by)
    return find_or_refuse(rows, _("There is no such CORE."), subject=("core", str(pk)))


def cores_of(registrant: UUID) -> list[Core]:
    return list(_rows().filter(registrant=registrant).order_by("pk"))


def _rows() -> QuerySet[Core]:
    rows = Core.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("model", "registrant__user", "premises")
