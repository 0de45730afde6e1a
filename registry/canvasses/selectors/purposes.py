"""The agency's list of purposes."""

from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.queries import find_or_refuse
from registry.canvasses.models.purposes import CanvassPurpose


def on_the_list() -> QuerySet[CanvassPurpose]:
    """Return the purposes that a canvass may have."""
    return CanvassPurpose.objects.filter(retired_at__isnull=True).order_by("name")


def usual(by: User) -> CanvassPurpose | None:
    """Return what this person last asked for, else what the office asks for most; None before the first canvass."""
    asked = on_the_list().filter(canvasses__isnull=False)
    theirs = asked.filter(canvasses__created_by=by).order_by("-canvasses__created_at")
    return theirs.first() or asked.annotate(times=Count("canvasses")).order_by("-times", "name").first()


def everything() -> QuerySet[CanvassPurpose]:
    """Return the whole list, retired ones last."""
    return CanvassPurpose.objects.order_by(F("retired_at").asc(nulls_first=True), "name")


def one(pk: UUID) -> CanvassPurpose:
    """Return a purpose. Raises NotYours."""
    found = CanvassPurpose.objects.filter(pk=pk)
    return find_or_refuse(found, _("There is no such purpose."), subject=("purpose", str(pk)))
