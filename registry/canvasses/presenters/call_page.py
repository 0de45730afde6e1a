from datetime import timedelta
from typing import Any

from django.forms import Form
from django.utils import timezone

from fusus_portal.ground.pages import maps
from registry.canvasses.presenters import map_form
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits

AGO = timedelta(hours=1)


def initial() -> dict[str, Any]:
    """Return the form's defaults: the last hour and a circle. No purpose: owners read it, so a person chooses it."""
    now = timezone.now()
    return {"starts_at": now - AGO, "ends_at": now, "radius_m": map_form.FIRST_RADIUS_M}


def page(form: Form, *, shape: str, limits: Limits, exists: Incident | None) -> dict[str, Any]:
    """Return the page's context. exists: a visible incident with this number, to lead to."""
    typed = [form[name].value() for name in ("latitude", "longitude")]
    return {
        "form": form,
        "exists": exists,
        "center": ",".join(map(str, typed)) if all(typed) else "",
        **map_form.drawing(shape, limits),
        **maps.ground(),
    }
