"""Loadings, locked in one order: by their number."""

from django.db.models import Q
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours, Stale

from .models import StreetData
from .states import LoadState

USED = (LoadState.CURRENT, LoadState.PREVIOUS)


def hold(pk: int) -> StreetData:
    """Lock a loading and return it as it is now. Raises NotYours; Stale while a worker may be reading it."""
    return _held(pk, Q(pk=pk))[pk]


def hold_with_used(pk: int) -> dict[int, StreetData]:
    """Lock a loading, the one in use and the one before; return them by their numbers. Raises as `hold`."""
    return _held(pk, Q(pk=pk) | Q(state__in=USED))


def hold_unless_held(pk: int) -> StreetData | None:
    """Lock a loading whose files wait, None while another worker reads it or where none waits."""
    rows = StreetData.objects.select_for_update(skip_locked=True, of=("self",))
    return rows.filter(pk=pk, state=LoadState.LOADING).exclude(files="").first()


def _held(pk: int, wanted: Q) -> dict[int, StreetData]:
    """Lock rows, but wait for no worker: it holds its loading until all is read."""
    subject = ("streets", str(pk))
    if StreetData.objects.filter(pk=pk, state=LoadState.LOADING).exclude(files="").exists():
        raise Stale(_("These files are being read. Wait until that is done."), subject=subject)
    rows = StreetData.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
    locked = {data.pk: data for data in rows}
    if pk not in locked:
        raise NotYours(_("There are no such streets."), subject=subject)
    return locked
