from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses.models.purposes import CanvassPurpose


def on_the_list() -> QuerySet[CanvassPurpose]:
    return CanvassPurpose.objects.filter(retired_at__isnull=True).order_by("name")


def everything() -> QuerySet[CanvassPurpose]:
    return CanvassPurpose.objects.order_by(F("retired_at").asc(nulls_first=True), "name")


def one(pk: UUID) -> CanvassPurpose:
    """Return a purpose. Raises NotYours."""
    found = CanvassPurpose.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such purpose."), subject=("purpose", str(pk)))
