from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.languages import written
from fusus_portal.ground.lifecycle import why_not
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.pages import times
from fusus_portal.ground.pages.components import Action
from registry.access_log import policies, selectors
from registry.access_log.models import LookDelay
from registry.access_log.presenters.looks import Standing, openings_sentence
from registry.access_log.selectors import Channel
from registry.canvasses.policies import may_delay
from registry.incidents.models import Incident
from registry.incidents.policies import incidents
from registry.registrants.models import Registrant


def digest(registrant: Registrant, channel: Channel, *, since: datetime, until: datetime) -> Mapping[str, object]:
    """Return the variables of a mail about looks as of now: pseudonyms, times and incident numbers, nobody's name."""
    found = selectors.digest_content(registrant, channel, since=since, until=until)
    return {
        "lines": _digest_lines(found),
        "later": [openings_sentence(count, opens) for opens, count in found["later"].items()],
        "standing": Standing(found["public"], found["newer"], sum(found["later"].values())).can,
        "more": found["more"],
        "since": timezone.localtime(since),
        "until": timezone.localtime(until),
        "link": absolute(reverse("looks")),
        "settings_link": absolute(reverse("notices")),
        "unsubscribe": absolute(reverse("notices_stop", args=[selectors.stop_token(str(registrant.pk), channel)])),
    }


def _digest_lines(found: dict[str, Any]) -> list[dict[str, object]]:
    ids = {row["incident_id"] for row in found["groups"] if row["incident_id"]}
    numbers = {str(pk): number for pk, number in Incident.objects.filter(pk__in=ids).values_list("pk", "number")}
    return [
        {
            "who": written(row["actor_pseudonym"]),
            "what": str(Event(row["event"]).sentence),
            "incident": numbers.get(row["incident_id"], ""),
            "times": row["times"],
            "first": timezone.localtime(row["first"]),
            "last": timezone.localtime(row["last"]),
        }
        for row in found["groups"]
    ]


def month_summary(registrant: Registrant, month: date) -> Mapping[str, object]:
    """Return the variables of an owner's monthly summary as of now: numbers, and nobody's name."""
    found = selectors.count_month(registrant, month)
    return {
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
        "searches": found["searches"],
        "asked": found["asked"],
        "looks": found["looks"],
        "lines": _month_lines(found),
        "link": absolute(reverse("looks")),
        "settings_link": absolute(reverse("notices")),
        "unsubscribe": absolute(
            reverse("notices_stop", args=[selectors.stop_token(str(registrant.pk), Channel.MONTHLY)])
        ),
    }


def _month_lines(found: dict[str, int]) -> list[str]:
    lines = [
        _("Searches that found your cameras: %(number)d") % {"number": found["searches"]},
        _("Requests for footage: %(number)d") % {"number": found["asked"]},
        _("Times that somebody saw an address, footage or a live view, for each camera: %(number)d")
        % {"number": found["looks"]},
    ]
    if found["refused"]:
        lines.append(_("Views that your pause or rule refused: %(number)d") % {"number": found["refused"]})
    if found["later"]:
        later = ngettext(
            "%(number)d entry of this month opens later, and is not counted here. Your list says when.",
            "%(number)d entries of this month open later, and are not counted here. Your list says when.",
            found["later"],
        )
        lines.append(later % {"number": found["later"]})
    return lines


def delays_page(incident: Incident, user: User) -> dict[str, Any]:
    running = {delay.pk for delay in selectors.delays_running(timezone.now()).filter(incident=incident)}
    refused = why_not(incidents.must_be_open, incident) or why_not(may_delay, user, incident)
    lines = [
        _delay_line(delay, refused, running=delay.pk in running) for delay in selectors.delays_of_incident(incident)
    ]
    return {"incident": incident, "delays": lines, "why_not": refused}


def delay_facts(delay: LookDelay) -> list[tuple[str, str]]:
    return [
        (_("Incident"), f"{delay.incident.number} · {delay.incident.type}, {delay.incident.place}"),
        (_("Camera by which the owner was named"), delay.camera.name),
        (_("Ends automatically"), times.moment(delay.ends_at)),
        (_("Reason"), delay.reason),
    ]


def _delay_line(delay: LookDelay, refused: str, *, running: bool) -> dict[str, Any]:
    """Return a line of the page of delays. It names the camera by which the owner was chosen, never the owner."""
    label, kind = _delay_standing(delay, running=running)
    return {
        "camera": delay.camera.name,
        "placed_by": delay.placed_by.pseudonym,
        "starts_at": delay.starts_at,
        "reason": delay.reason,
        "label": label,
        "kind": kind,
        "actions": _delay_actions(delay, refused) if running else [],
    }


def _delay_standing(delay: LookDelay, *, running: bool) -> tuple[str, str]:
    until = times.moment(delay.ends_at)
    if running:
        words = _("Renewed until %(until)s") if delay.number > 1 else _("Until %(until)s")
        return words % {"until": until}, "warn"
    if delay.ends_at > timezone.now():
        return _("Over: the owner was asked"), "quiet"
    return _("Over since %(until)s") % {"until": until}, "quiet"


def _delay_actions(delay: LookDelay, refused: str) -> list[Action]:
    pk = str(delay.pk)
    renew = refused or why_not(policies.must_be_renewable, delay)
    return [
        Action(f"renew-{pk}", _("Renew once"), reverse("look_delay_renew", args=[pk]), renew, is_link=True, quiet=True),
        Action(f"end-{pk}", _("End now"), reverse("look_delay_end", args=[pk]), is_link=True, quiet=True),
    ]
