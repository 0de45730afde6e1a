from datetime import timedelta
from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.translation import ngettext

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.pages import maps, times
from integration.critical import selectors
from integration.critical.presenters import map_of
from integration.live.policies.gate import failed
from integration.live.presenters import delay_links
from integration.live.selectors import gate
from integration.live.services.offers import Offer, Offered
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.presenters import incidents as incident_presenters


def page(offered: Offered, user: User, *, form: Form) -> dict[str, Any]:
    incident, declaration = offered.incident, offered.declaration
    ticked = set(form["camera"].value() or ())
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
        "until": times.hour(declaration.ends_at) if declaration and declaration.ends_at else "",
        "form": form,
        "offers": [(offer, _time(offer), str(offer.camera.pk) in ticked) for offer in offered.offers],
        "can_begin": any(offer.decision and not offer.own for offer in offered.offers),
        "delays": delay_links.links(incident, user),
        "runs": any(offer.own for offer in offered.offers),
        "why": _why_none(incident),
        **drawn,
    }


def now_page(user: User) -> dict[str, Any]:
    mine = list(incidents.incidents_of(user))
    declared = selectors.in_force_of(mine, now=timezone.now())
    return {
        "incidents": incident_presenters.with_marks((incident for incident in mine if incident.pk in declared), user),
        "views": gate.running().filter(deputy=user),
    }


def _time(offer: Offer) -> str:
    return str(failed("time").sentence) if offer.is_used_up else _left(offer.left)


def _left(left: timedelta) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    words = ngettext("%(number)d minute left", "%(number)d minutes left", minutes)
    return words % {"number": minutes}


def _why_none(incident: Incident) -> str:
    if not incident.is_verified:
        return str(failed("incident verified").sentence)
    return str(failed("declared critical" if incident.closed_at is None else "incident open").sentence)
