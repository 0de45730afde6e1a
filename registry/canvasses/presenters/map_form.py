from typing import Any

from django.forms import Form, model_to_dict
from django.urls import reverse
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.pages import maps
from fusus_portal.ground.streets import presenters as streets
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.policies import canvasses
from registry.incidents.models.incidents import Incident
from registry.limits.models import Limits
from registry.rules import CEILING_RADIUS_M

CIRCLE, POLYGON = "circle", "polygon"
FIRST_RADIUS_M = 300
MAP_DIGITS = 6
"""Digits of a degree that the map writes: a tenth of a meter."""


def initial(incident: Incident) -> dict[str, Any]:
    starts_at, ends_at = canvasses.footage_window(incident.starts_at, incident.until, Limits.current())
    return {
        "latitude": round(incident.latitude, MAP_DIGITS),
        "longitude": round(incident.longitude, MAP_DIGITS),
        "radius_m": FIRST_RADIUS_M,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }


def initial_of(canvass: Canvass) -> dict[str, Any]:
    return {
        **model_to_dict(canvass, ["latitude", "longitude", "starts_at", "ends_at", "purpose", "reason"]),
        "radius_m": min(canvass.radius_m, CEILING_RADIUS_M),
        "corners": "\n".join(_line(corner) for corner in canvass.area.corners),
    }


def page(incident: Incident, form: Form, *, shape: str, limits: Limits) -> dict[str, Any]:
    back = reverse("incident", args=[incident.pk])
    return {"back": back, **fields(incident, form, shape=shape, limits=limits), **maps.ground()}


def fields(incident: Incident, form: Form, *, shape: str, limits: Limits) -> dict[str, Any]:
    circle = shape == CIRCLE
    typed = f"{form['latitude'].value()},{form['longitude'].value()}" if circle else ""
    return {
        "incident": incident,
        "form": form,
        "center": typed or maps.pair(incident.point),
        **drawing(shape, limits),
    }


def drawing(shape: str, limits: Limits) -> dict[str, Any]:
    return {
        "shape": shape,
        "without_streets": streets.without(),
        "other": (CIRCLE, _("Draw a circle instead")) if shape == POLYGON else (POLYGON, _("Draw a polygon instead")),
        "limits": canvasses.limits_sentence(limits),
        "radius_min": round(limits.smallest_radius_m),
        "radius_max": int(CEILING_RADIUS_M),
    }


def _line(corner: Point) -> str:
    return f"{corner.latitude:.6f}, {corner.longitude:.6f}"
