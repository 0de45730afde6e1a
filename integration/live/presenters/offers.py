"""The page of cameras that can be seen live for an incident, and the list of what can be seen now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import maps, times
from integration.critical import selectors
from integration.critical.presenters import map_of
from integration.live.models import ViewGrant
from integration.live.policies.gate import failed
from integration.live.presenters import delay_links
from integration.live.selectors import gate
from integration.live.services.offers import Offer, Offered
from registry.incidents.models.incidents import Incident
from registry.incidents.selectors import incidents


def page(offered: Offered, user: User, *, form_of: Callable[[Offer], Form]) -> dict[str, Any]:
    """Return what the page says. form_of: the form that begins a view of a camera."""
    incident, declaration = offered.incident, offered.declaration
    rows = [_row(offer, incident, user, form_of(offer)) for offer in offered.offers]
    drawn = map_of(
        incident, declaration.point if declaration else incident.point, declaration.radius_m if declaration else None
    )
    drawn["places"] += [
        maps.place(camera.camera.premises.point, camera.camera.name, kind="camera", row=f"camera-{camera.pk}")
        for camera in (offer.camera for offer in offered.offers)
    ]
    return {
        "incident": incident,
        "declaration": declaration,
        "until": times.moment(declaration.ends_at) if declaration and declaration.ends_at else "",
        "rows": rows,
        "delays": delay_links.links(incident, user),
        "runs": any(row["watch"] for row in rows),
        "why": _why_none(incident),
        "critical": reverse("critical", args=[incident.pk]),
        "watch": reverse("live_watch", args=[incident.pk]),
        **drawn,
    }


def now_page(user: User) -> dict[str, Any]:
    """Return what can be seen now by this person, and which of their views run."""
    mine = [incident for incident in incidents.mine(user) if incident.is_verified]
    declared = selectors.in_force_of(mine, now=timezone.now())
    own = list(gate.running().filter(deputy=user))
    return {
        "incidents": [
            (incident, times.moment(declared[incident.pk].ends_at or timezone.now()))
            for incident in mine
            if incident.pk in declared
        ],
        "views": [_running(view) for view in own],
    }


def _row(offer: Offer, incident: Incident, user: User, form: Form) -> dict[str, Any]:
    """Return what is said of a camera. refusal, change: why it can't be seen now and what would change that, or "".

    watch: the page where one's own view runs, "" for none. used_up: more time needs its reason. time: what is left.
    """
    camera = offer.camera.camera
    return {
        "pk": offer.camera.pk,
        "name": camera.name,
        "place": str(camera.premises.address),
        "kind": camera.covers or camera.kind,
        "refusal": offer.decision.sentence,
        "change": offer.decision.change,
        "viewers": [view.deputy.pseudonym for view in offer.viewers if view.deputy_id != user.pk],
        "watch": reverse("live_watch", args=[incident.pk]) if offer.own else "",
        "used_up": offer.is_used_up,
        "time": str(failed("time").sentence) if offer.is_used_up else _left(offer.left),
        "start": reverse("live_start", args=[incident.pk, offer.camera.pk]),
        "form": form,
    }


def _left(left: timedelta) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    words = ngettext("%(number)d minute left", "%(number)d minutes left", minutes)
    return words % {"number": minutes}


def _running(view: ViewGrant) -> tuple[ViewGrant, str, str]:
    name = view.camera.camera.name if view.camera else ""
    return view, name, reverse("live_watch", args=[view.incident_id])


def _why_none(incident: Incident) -> str:
    if not incident.is_verified:
        return str(failed("incident verified").sentence)
    return str(failed("declared critical" if incident.closed_at is None else "incident open").sentence)
