"""The page that leads from a call to a request."""

from datetime import timedelta
from typing import Any

from django.forms import Form
from django.utils import timezone

from fusus_portal.ground.pages import maps
from registry.canvasses.presenters import map_form
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits

AGO = timedelta(hours=1)
"""How long ago an incident began, until somebody says otherwise."""


def initial() -> dict[str, Any]:
    """Return what the form proposes: the last hour, and a circle. Owners read the purpose, so a person chooses it."""
    now = timezone.now()
    return {"starts_at": now - AGO, "ends_at": now, "radius_m": map_form.FIRST_RADIUS_M}


def page(form: Form, *, shape: str, limits: Limits, exists: Incident | None) -> dict[str, Any]:
    """Return what the page says. exists: the incident of this number, which whoever is on it is led to."""
    typed = [form[name].value() for name in ("latitude", "longitude")]
    return {
        "form": form,
        "exists": exists,
        "center": ",".join(map(str, typed)) if all(typed) else "",
        **map_form.drawing(shape, limits),
        **maps.ground(),
    }
