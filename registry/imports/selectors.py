"""Imports and copies of the registry, for administrators: counts and faults, never homes.

Counting by ZIP code reads the whole registry, so a worker counts and pages read the result.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse
from registry.footage.models import Evidence
from registry.imports.models import ImportBatch, Imported, ImportInvitation, RegistryExport
from registry.imports.states import ExportState, ImportState
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from registry.rules import SMALLEST_COUNT

COUNTER = "registry.count"
COUNTS_KEY = "registry:counts:lines"

COUNTS_KEPT = timedelta(hours=1)
"""Counts last much longer than the quarter of an hour between two counts of the worker."""
SHOWN_FOR = timedelta(days=30)

REGISTERED = Exists(Registrant.objects.filter(user__email=OuterRef("email")))
"""Condition on invitations: the invited person has a registration, made later or at the same moment."""


def latest_counts() -> dict[str, Any]:
    """Return the counts of the registry. at: when counted. lines: numbers by ZIP code, None for a small number."""
    found: dict[str, Any] | None = cache.get(COUNTS_KEY)
    return found or count_registry()


def count_registry() -> dict[str, Any]:
    counted = {"at": timezone.now(), "lines": _by_zip_code()}
    cache.set(COUNTS_KEY, counted, timeout=COUNTS_KEPT.total_seconds())
    return counted


def exports() -> QuerySet[RegistryExport]:
    recent = RegistryExport.objects.filter(proposed_at__gte=timezone.now() - SHOWN_FOR)
    return recent.select_related("proposed_by", "approved_by").order_by("-proposed_at", "pk")


def export(pk: UUID) -> RegistryExport:
    """Return a copy of the registry. Raises NotYours."""
    found = RegistryExport.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such copy of the registry."), subject=("registry_export", str(pk)))


def proposed_exports() -> QuerySet[RegistryExport]:
    return RegistryExport.objects.filter(state=ExportState.PROPOSED).order_by("proposed_at", "pk")


def unfinished_exports() -> list[UUID]:
    return list(RegistryExport.objects.filter(state=ExportState.APPROVED).values_list("pk", flat=True))


def all_places() -> QuerySet[Premises]:
    cameras = Camera.objects.registered().order_by("added_at", "pk")
    places = Premises.objects.registered().select_related("registrant__user", "registrant__imported")
    return places.order_by("registrant__registered_at", "registrant_id", "added_at", "pk").prefetch_related(
        Prefetch("cameras", queryset=cameras)
    )


def batches() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.select_related("uploaded_by").order_by("-uploaded_at", "pk")


def batch(pk: UUID) -> ImportBatch:
    """Return one import. Raises NotYours."""
    found = ImportBatch.objects.select_related("uploaded_by", "started_by").filter(pk=pk)
    return find_or_refuse(found, _("There is no such import."), subject=("import", str(pk)))


def stopped_imports() -> QuerySet[ImportBatch]:
    """Return the imports that a fault stopped, the one that stopped first on top."""
    return ImportBatch.objects.filter(state=ImportState.FAILED).order_by("worked_at", "pk")


def faults(batch: ImportBatch) -> Iterator[tuple[int, str, str]]:
    found = batch.faults.order_by("row", "pk").values_list("row", "field", "problem")
    return found.iterator(chunk_size=5000)


def to_write_to(batch: ImportBatch) -> int:
    return untold_registrations(batch).count() + untold_invitations(batch).count()


def untold_registrations(batch: ImportBatch) -> QuerySet[Imported]:
    """Return the imported registrations whose owners got no mail and have not signed in."""
    return Imported.objects.filter(batch=batch, told_at__isnull=True, claimed_at__isnull=True)


def untold_invitations(batch: ImportBatch) -> QuerySet[ImportInvitation]:
    """Return the unsent invitations of an import whose people have not registered meanwhile."""
    return ImportInvitation.objects.filter(~REGISTERED, batch=batch, told_at__isnull=True)


def untouched(batch: ImportBatch) -> QuerySet[Imported]:
    """Return the registrations that an undo removes: nobody has claimed or changed them, or given footage."""
    own = OuterRef("registrant_id")
    changed = {"history_type": "~"}
    return Imported.objects.filter(
        ~Exists(Registrant.history.filter(id=own, **changed)),
        ~Exists(Premises.history.filter(registrant_id=own, **changed)),
        ~Exists(Camera.history.filter(premises__registrant=own, **changed)),
        ~Exists(Evidence.objects.filter(request__registrant=own)),
        batch=batch,
        claimed_at__isnull=True,
        registrant__user__last_login__isnull=True,
    )


def _by_zip_code() -> list[dict[str, Any]]:
    places = Premises.objects.registered().values("zip_code").annotate(people=Count("registrant", distinct=True))
    cameras = Camera.objects.registered().values("premises__zip_code").annotate(number=Count("pk"))
    invited = ImportInvitation.objects.values("zip_code").annotate(number=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for kind, rows in (
        ("people", places.values_list("zip_code", "people")),
        ("cameras", cameras.values_list("premises__zip_code", "number")),
        ("invitations", invited.values_list("zip_code", "number")),
    ):
        for code, number in rows:
            line = found.setdefault(code[:5], {"people": 0, "cameras": 0, "invitations": 0})
            line[kind] += number
    return [{"zip_code": code, **_veiled(found[code])} for code in sorted(found)]


def _veiled(line: dict[str, int]) -> dict[str, int | None]:
    few = line["people"] < SMALLEST_COUNT
    veiled = {kind: None if number < SMALLEST_COUNT else number for kind, number in line.items()}
    return {**veiled, "cameras": None} if few else dict(veiled)
