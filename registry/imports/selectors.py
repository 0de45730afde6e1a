"""What administrators see of imports: batches, counts and faults, never homes."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.lifecycle import NotYours
from registry.models import Camera, Evidence, ImportBatch, Imported, ImportInvitation, Premises, Registrant
from registry.states import ImportState

REGISTERED = Exists(Registrant.objects.filter(user__email=OuterRef("email")))
"""Of an invitation: somebody registered with its address, at the moment in which it was written or since."""


def batches() -> QuerySet[ImportBatch]:
    """Return every import, newest first."""
    return ImportBatch.objects.select_related("uploaded_by").order_by("-uploaded_at", "pk")


def batch(pk: UUID) -> ImportBatch:
    """Return one import. Raises NotYours."""
    found = ImportBatch.objects.select_related("uploaded_by", "started_by").filter(pk=pk).first()
    if found is None:
        raise NotYours(_("There is no such import."), subject=("import", str(pk)))
    return found


def columns_used_before(header: list[str]) -> tuple[dict[str, int], str] | None:
    """Return columns and points of the last import with the very same names of columns."""
    same = ImportBatch.objects.filter(header=header).exclude(columns={}).order_by("-uploaded_at").first()
    return (same.columns, same.points) if same else None


def unfinished() -> list[UUID]:
    """Return the imports that a worker should be at."""
    at_work = [ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING]
    return list(ImportBatch.objects.filter(state__in=at_work).order_by("uploaded_at").values_list("pk", flat=True))


def stopped() -> int:
    """Return how many imports wait for somebody to go on after a fault, or to undo or discard them."""
    return ImportBatch.objects.filter(state=ImportState.FAILED).count()


def faults(batch: ImportBatch) -> Iterator[tuple[int, str, str]]:
    """Yield row, field and problem of everything that is said of the rows of an import."""
    found = batch.faults.order_by("row", "pk").values_list("row", "field", "problem")
    return found.iterator(chunk_size=5000)


def to_write_to(batch: ImportBatch) -> int:
    """Return how many people of an import nobody has written to yet."""
    return untold_registrations(batch).count() + untold_invitations(batch).count()


def untold_registrations(batch: ImportBatch) -> QuerySet[Imported]:
    """Return the imported registrations whose owners have not been written to and have not come by themselves."""
    return Imported.objects.filter(batch=batch, told_at__isnull=True, claimed_at__isnull=True)


def untold_invitations(batch: ImportBatch) -> QuerySet[ImportInvitation]:
    """Return the invitations of an import that have not been sent, and whose people have not registered meanwhile."""
    return ImportInvitation.objects.filter(~REGISTERED, batch=batch, told_at__isnull=True)


def untouched(batch: ImportBatch) -> QuerySet[Imported]:
    """Return the registrations that an undoing takes out: nobody has claimed or changed them, or given footage."""
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
