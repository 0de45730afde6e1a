"""Copies of the registry, and what stands in one."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.lifecycle import NotYours
from registry.models import Camera, Premises, RegistryExport
from registry.states import ExportState

SHOWN_FOR = timedelta(days=30)


def exports() -> QuerySet[RegistryExport]:
    """Return what was asked for in the last 30 days, newest first."""
    recent = RegistryExport.objects.filter(proposed_at__gte=timezone.now() - SHOWN_FOR)
    return recent.select_related("proposed_by", "approved_by").order_by("-proposed_at", "pk")


def export(pk: UUID) -> RegistryExport:
    """Return one copy. Raises NotYours."""
    found = RegistryExport.objects.filter(pk=pk).first()
    if found is None:
        raise NotYours(_("There is no such copy of the registry."), subject=("registry_export", str(pk)))
    return found


def waiting() -> int:
    """Return how many proposals wait for another administrator."""
    return RegistryExport.objects.filter(state=ExportState.PROPOSED).count()


def unfinished() -> list[UUID]:
    """Return the copies that a worker should make."""
    return list(RegistryExport.objects.filter(state=ExportState.APPROVED).values_list("pk", flat=True))


def all_places() -> QuerySet[Premises]:
    """Return every place with whose it is and its registered cameras, in one order."""
    cameras = Camera.objects.registered().order_by("added_at", "pk")
    places = Premises.objects.registered().select_related("registrant__user", "registrant__imported")
    return places.order_by("registrant__registered_at", "registrant_id", "added_at", "pk").prefetch_related(
        Prefetch("cameras", queryset=cameras)
    )
