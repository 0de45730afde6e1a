"""Locks of registrations. Their order: `registry.incidents.locks`."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.registrants.models import Registrant


def own_registrant(pk: UUID, *, by: User) -> Registrant:
    """Lock a person's own registration. Raises NotYours for anybody else's."""
    rows = Registrant.objects.select_for_update(no_key=True).filter(pk=pk, user=by)
    return find_or_refuse(rows, _("There is no such registration."), subject=("registrant", str(pk)))


def owners(pks: Iterable[UUID]) -> None:
    """Lock registrations before requests go to them, so that no owner pauses or removes a camera meanwhile."""
    rows = Registrant.objects.select_for_update(no_key=True).filter(pk__in=list(pks)).order_by("pk")
    list(rows.values_list("pk", flat=True))
