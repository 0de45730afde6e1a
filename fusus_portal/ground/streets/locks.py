from django.db.models import Q
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, Stale

from .models import StreetData
from .states import LoadState

USED = (LoadState.CURRENT, LoadState.PREVIOUS)


def hold(pk: int) -> StreetData:
    """Lock a load and return it. Raises NotYours; Stale while a worker may be reading it."""
    return _held(pk, Q(pk=pk))[pk]


def hold_with_used(pk: int) -> dict[int, StreetData]:
    """Lock a load, the one in use and the previous one; return them by id. Raises as `hold`."""
    return _held(pk, Q(pk=pk) | Q(state__in=USED))


def hold_used() -> list[StreetData]:
    """Lock the load in use and the previous one; return them in this order. Raises Stale before the first load."""
    rows = StreetData.objects.select_for_update(of=("self",)).filter(state__in=USED).order_by("pk")
    for _time in range(2):  # the first query may have waited for another load to become current, and not see it
        used = sorted(rows.all(), key=lambda data: data.state != LoadState.CURRENT)
        if used and used[0].state == LoadState.CURRENT:
            return used
    raise Stale(_("Load the county's streets and addresses first."))


def hold_if_free(pk: int) -> StreetData | None:
    """Lock a load whose files wait to be read; None if another worker has it, or if it has no files."""
    rows = StreetData.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.filter(pk=pk, state=LoadState.LOADING).exclude(files="").first()


def _held(pk: int, wanted: Q) -> dict[int, StreetData]:
    """Lock loads without waiting for a worker, which holds its load until all files are read; return them by id."""
    subject = ("streets", str(pk))
    if StreetData.objects.filter(pk=pk, state=LoadState.LOADING).exclude(files="").exists():
        raise Stale(_("These files are being read. Wait until that is done."), subject=subject)
    rows = StreetData.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
    locked = {data.pk: data for data in rows}
    if pk not in locked:
        raise NotYours(_("There are no such streets."), subject=subject)
    return locked
