"""Loadings, and what one has that another has not."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse

from .models import Street, StreetData
from .states import LoadState


def loading(pk: int) -> StreetData:
    """Return a loading by its number. Raises NotYours."""
    rows = StreetData.objects.filter(pk=pk).exclude(state=LoadState.GONE)
    return find_or_refuse(rows, _("There are no such streets."), subject=("streets", str(pk)))


def loadings() -> QuerySet[StreetData]:
    """Return the loadings that are there, the latest first."""
    return StreetData.objects.exclude(state=LoadState.GONE).order_by("-pk")


def in_use() -> StreetData | None:
    """Return the loading that people search, None before the first one."""
    return StreetData.objects.filter(state=LoadState.CURRENT).first()


def only_in(data: StreetData, other: StreetData) -> QuerySet[Street]:
    """Return the streets of a loading that another has not, by name."""
    same = Street.objects.filter(
        data=other, key=OuterRef("key"), kind=OuterRef("kind"), direction=OuterRef("direction")
    )
    return Street.objects.filter(~Exists(same), data=data).order_by("base", "label")
