"""The page on which a canvass is drawn."""

from typing import Any

from django.forms import Form, model_to_dict
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.pages import maps
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.rules import CEILING_RADIUS_M

CIRCLE, POLYGON = "circle", "polygon"
FIRST_RADIUS_M = 300


def initial(incident: Incident) -> dict[str, Any]:
    """Return what the form proposes: around the incident, during the incident."""
    return {
        "latitude": incident.latitude,
        "longitude": incident.longitude,
        "radius_m": FIRST_RADIUS_M,
        "starts_at": max(incident.starts_at, incident.ends_at - Limits.current().longest_window),
        "ends_at": incident.ends_at,
    }


def initial_of(canvass: Canvass) -> dict[str, Any]:
    """Return what the form of a canvass holds already."""
    return {
        **model_to_dict(canvass, ["latitude", "longitude", "starts_at", "ends_at", "purpose", "reason"]),
        "radius_m": min(canvass.radius_m, CEILING_RADIUS_M),
        "corners": "\n".join(_line(corner) for corner in canvass.area.corners),
    }


def page(incident: Incident, form: Form, *, shape: str, canvass: Canvass | None = None) -> dict[str, Any]:
    """Return what the page says. canvass: the one that is changed, None for a new one."""
    circle, limits = shape == CIRCLE, Limits.current()
    typed = f"{form['latitude'].value()},{form['longitude'].value()}" if circle else ""
    return {
        "incident": incident,
        "canvass": canvass,
        "form": form,
        "shape": shape,
        "other": (POLYGON, _("Draw a polygon instead")) if circle else (CIRCLE, _("Draw a circle instead")),
        "back": reverse("canvass", args=[canvass.pk]) if canvass else reverse("incident", args=[incident.pk]),
        "limits": canvasses.limits_sentence(limits),
        "center": typed or maps.pair(incident.point),
        "radius": form["radius_m"].value() if circle else "",
        "radius_min": round(limits.smallest_radius_m),
        "radius_max": int(CEILING_RADIUS_M),
        **maps.ground(),
    }


def _line(corner: Point) -> str:
    return f"{corner.latitude:.6f}, {corner.longitude:.6f}"
