"""Locks of registrations and of the incidents they were asked about. Their order: `registry.incidents.locks`."""

from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import find_or_refuse
from registry.canvasses.models import FootageRequest
from registry.incidents.models import Incident
from registry.registrants.models import Registrant


def incidents_asked_about(registrant: UUID) -> list[Incident]:
    """Lock every incident about which a registrant was asked, with its type, in one order for all."""
    asked = FootageRequest.objects.filter(registrant=registrant).values("incident")
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("type")
    return list(rows.filter(pk__in=asked).order_by("pk"))


def leaving_registrant(pk: UUID, *, by: User) -> Registrant:
    """Lock a person's own registration against everything, also against new requests. Raises NotYours."""
    rows = Registrant.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk, user=by)
    return find_or_refuse(rows, _("There is no such registration."), subject=("registrant", str(pk)))
