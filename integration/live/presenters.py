"""Pages of cameras that can be seen live, and a supervisor's list of running views.

The list names cameras and businesses, each once it has its entry (`offers.show_running`). The page that ends a view
names only the kind of place and its ZIP code, and needs no entry.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.numbers import VIEW, number_of
from fusus_portal.ground.pages import maps, times
from integration.critical import presenters as critical
from integration.critical.models import Declaration
from integration.live.models import ViewGrant
from integration.live.policies import failed_decision
from integration.live.services.offers import Offer
from integration.live.video import figures
from integration.watch_hours.policies import area_name
from registry.incidents.models import Incident
from registry.incidents.presenters.incidents import with_marks


def offers_page(
    incident: Incident, declaration: Declaration | None, offers: list[Offer], user: User, *, form: Form
) -> dict[str, Any]:
    ticked = set(form["camera"].value() or ())
    drawn = critical.map_of_circle(
        incident, declaration.point if declaration else incident.point, declaration.radius_m if declaration else None
    )
    drawn["places"] += [
        maps.place(camera.camera.premises.point, camera.camera.name, kind="camera", row=f"camera-{camera.pk}")
        for camera in (offer.camera for offer in offers)
    ]
    return {
        "incident": incident,
        "declaration": declaration,
        "until": times.hour(declaration.ends_at) if declaration and declaration.ends_at else "",
        "form": form,
        "offers": [(offer, _left(offer.left), str(offer.camera.pk) in ticked) for offer in offers],
        "can_begin": any(offer.decision and not offer.own for offer in offers),
        "delays": critical.delay_links(incident, user),
        "runs": any(offer.own for offer in offers),
        "why": _why_none(incident),
        **drawn,
    }


def _left(left: timedelta) -> str:
    if left <= timedelta():
        return str(failed_decision("time").sentence)
    minutes = max(1, round(left.total_seconds() / 60))
    words = ngettext("%(number)d minute left", "%(number)d minutes left", minutes)
    return words % {"number": minutes}


def _why_none(incident: Incident) -> str:
    if not incident.is_verified:
        return str(failed_decision("incident verified").sentence)
    return str(failed_decision("declared critical" if incident.closed_at is None else "incident open").sentence)


def view_lines(views: Iterable[ViewGrant], user: User) -> list[dict[str, Any]]:
    """Return a line for each view. number: as owners read it. stop: address that ends it, "" for one's own view."""
    shown = list(views)
    running = figures.of_views([view.pk for view in shown])
    with_marks((view.incident for view in shown), user)
    return [
        {
            "number": number_of(VIEW, view.pk),
            "view": view,
            "viewer": view.deputy.name or view.deputy.pseudonym,
            "camera": view.camera.camera if view.camera else None,
            "place": _place(view),
            "runs": video_figures(running.get(view.pk)),
            "stop": "" if view.deputy_id == user.pk else reverse("live_stop", args=[view.pk]),
        }
        for view in shown
    ]


def view_facts(view: ViewGrant) -> list[tuple[str, str]]:
    return [
        (_("View"), number_of(VIEW, view.pk)),
        (_("Viewer"), view.deputy.pseudonym),
        (_("Incident"), f"{view.incident.number} · {view.incident.type}, {view.incident.place}"),
        (_("Place of the camera"), _place(view)),
        (_("Time"), times.window(view.began_at, view.ends_at)),
        (_("Reason"), view.reason),
    ]


def video_figures(running: figures.Running | None) -> str:
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


def _place(view: ViewGrant) -> str:
    return area_name(view.premises_kind, view.zip_code[:5])
