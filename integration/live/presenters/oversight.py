"""Running views for a supervisor: who sees which camera, for which incident, since when, and why.

The list names cameras and businesses once each has its entry (`offers.show_running`). The page that ends a view names
only the kind of place and its ZIP code, and needs none.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.id_numbers import VIEW, number_of
from fusus_portal.ground.pages import times
from integration.live.models import ViewGrant
from integration.live.video import figures
from integration.live.video.connection import LiveUnavailable
from integration.live.video.figures import Running
from integration.watch_hours.texts import area_name
from registry.incidents.presenters import incidents


def lines(views: Iterable[ViewGrant], user: User) -> list[dict[str, Any]]:
    """Return a line for each view. number: as in its owner's mail. stop: where it is ended, "" for one's own."""
    shown = list(views)
    running = _running(shown)
    incidents.with_marks((view.incident for view in shown), user)
    return [
        {
            "number": number_of(VIEW, view.pk),
            "view": view,
            "viewer": view.deputy.name or view.deputy.pseudonym,
            "camera": view.camera.camera if view.camera else None,
            "place": _place(view),
            "runs": runs_of(running.get(view.pk)),
            "stop": "" if view.deputy_id == user.pk else reverse("live_stop", args=[view.pk]),
        }
        for view in shown
    ]


def facts(view: ViewGrant) -> list[tuple[str, str]]:
    return [
        (_("View"), number_of(VIEW, view.pk)),
        (_("Viewer"), view.deputy.pseudonym),
        (_("Incident"), f"{view.incident.number} · {view.incident.type}, {view.incident.place}"),
        (_("Place of the camera"), _place(view)),
        (_("Time"), times.window(view.began_at, view.ends_at)),
        (_("Reason"), view.reason),
    ]


def runs_of(running: Running | None) -> str:
    if running is None:
        return _("Its video comes in pieces, a few seconds late, or not yet.")
    said = _("%(frames)s frames a second · %(bits)s Mbit/s · waits %(behind)s s in the relay") % {
        "behind": number_format(round(running.behind, 1), 1),
        "frames": number_format(round(running.frames)),
        "bits": number_format(round(running.bits / 1_000_000, 1), 1),
    }
    if not running.drops:
        return said
    left = ngettext("%(drops)s frame left out", "%(drops)s frames left out", running.drops)
    return f"{said} · {left % {'drops': number_format(running.drops, use_l10n=True, force_grouping=True)}}"


def _running(views: list[ViewGrant]) -> dict[UUID, Running]:
    try:
        return figures.of_views([view.pk for view in views])
    except LiveUnavailable:
        return {}


def _place(view: ViewGrant) -> str:
    return area_name(view.premises_kind, view.zip_code[:5])
