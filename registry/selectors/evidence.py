"""Footage that was given, as the console reads it."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.lifecycle import NotYours
from registry.models import Canvass, Evidence, FootageRequest, Giver, Incident
from registry.selectors import incidents


def of_incident(incident: Incident) -> QuerySet[Evidence]:
    """Return the files given for an incident, latest first."""
    return Evidence.objects.filter(request__incident=incident).order_by("-received_at")


def of_canvass(canvass: Canvass) -> QuerySet[Evidence]:
    """Return the files given to a canvass, in the order in which they came."""
    return Evidence.objects.filter(request__canvass=canvass).order_by("received_at")


def giver_of(request: FootageRequest) -> str:
    """Return the name of who gave a request's footage, whether they are still registered or have left."""
    if request.registrant is not None:
        return request.registrant.name
    giver = Giver.objects.filter(request=request).first()
    return giver.name if giver else ""


def one(by: User, pk: UUID) -> Evidence:
    """Return a file of an incident that this person may see, with request and incident. Raises NotYours."""
    visible = incidents.visible_to(by)
    found = Evidence.objects.select_related("request__incident__type").filter(pk=pk, request__incident__in=visible)
    evidence = found.first()
    if evidence is None:
        raise NotYours(_("There is no such file."), subject=("evidence", str(pk)))
    return evidence
