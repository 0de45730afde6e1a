from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse

from .models import AddedAddress, Street, StreetData
from .states import LoadState


def loading(pk: int) -> StreetData:
    rows = StreetData.objects.filter(pk=pk).exclude(state=LoadState.GONE)
    return find_or_refuse(rows, _("There are no such streets."), subject=("streets", str(pk)))


def loadings() -> QuerySet[StreetData]:
    return StreetData.objects.exclude(state=LoadState.GONE).order_by("-pk")


def in_use() -> StreetData | None:
    return StreetData.objects.filter(state=LoadState.CURRENT).first()


def added() -> QuerySet[AddedAddress]:
    return AddedAddress.objects.order_by("-added_at", "-pk")


def added_address(pk: int) -> AddedAddress:
    return find_or_refuse(
        AddedAddress.objects.filter(pk=pk), _("There is no such address."), subject=("address", str(pk))
    )


def only_in(data: StreetData, other: StreetData) -> QuerySet[Street]:
    same = Street.objects.filter(
        data=other, key=OuterRef("key"), kind=OuterRef("kind"), direction=OuterRef("direction")
    )
    return Street.objects.filter(~Exists(same), data=data).order_by("base", "label")
