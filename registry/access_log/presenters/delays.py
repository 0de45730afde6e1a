from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.actions import Action
from registry.access_log import policies
from registry.access_log.models import LookDelay
from registry.access_log.selectors import delays
from registry.incidents.models.incidents import Incident
from registry.incidents.policies import incidents


def page(incident: Incident, user: User) -> dict[str, Any]:
    running = {delay.pk for delay in delays.running(timezone.now()).filter(incident=incident)}
    may_delay = why_not(partial(incidents.must_be_open, incident)) or why_not(
        partial(policies.may_delay, user, incident)
    )
    lines = [_line(delay, may_delay, running=delay.pk in running) for delay in delays.of_incident(incident)]
    return {"incident": incident, "delays": lines, "why_not": may_delay}


def facts(delay: LookDelay) -> list[tuple[str, str]]:
    return [
        (_("Incident"), f"{delay.incident.number} · {delay.incident.type}, {delay.incident.place}"),
        (_("Camera by which the owner was named"), delay.camera.name),
        (_("Ends automatically"), times.moment(delay.ends_at)),
        (_("Reason"), delay.reason),
    ]


def _line(delay: LookDelay, may_delay: str, *, running: bool) -> dict[str, Any]:
    """Return one delay. camera: identifies its owner; no page says whose it is."""
    label, kind = _standing(delay, running=running)
    return {
        "camera": delay.camera.name,
        "placed_by": delay.placed_by.pseudonym,
        "starts_at": delay.starts_at,
        "reason": delay.reason,
        "label": label,
        "kind": kind,
        "actions": _actions(delay, may_delay) if running else [],
    }


def _standing(delay: LookDelay, *, running: bool) -> tuple[str, str]:
    until = times.moment(delay.ends_at)
    if running:
        words = _("Renewed until %(until)s") if delay.number > 1 else _("Until %(until)s")
        return words % {"until": until}, "warn"
    if delay.ends_at > timezone.now():
        return _("Over: the owner was asked"), "quiet"
    return _("Over since %(until)s") % {"until": until}, "quiet"


def _actions(delay: LookDelay, may_delay: str) -> list[Action]:
    pk = str(delay.pk)
    renew = may_delay or why_not(partial(policies.must_be_renewable, delay))
    return [
        Action(f"renew-{pk}", _("Renew once"), reverse("look_delay_renew", args=[pk]), renew, is_link=True, quiet=True),
        Action(f"end-{pk}", _("End now"), reverse("look_delay_end", args=[pk]), is_link=True, quiet=True),
    ]
