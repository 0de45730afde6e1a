from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from audit.log.events import Event
from fusus_portal.ground.languages import written
from fusus_portal.ground.notifications.addresses import absolute
from registry.access_log.notice_links import token_for
from registry.access_log.presenters.looks import openings
from registry.access_log.presenters.standing import Standing
from registry.access_log.selectors.notices import Channel, Told, told
from registry.incidents.models.incidents import Incident
from registry.people.models import Registrant


def letter(registrant: Registrant, channel: Channel, *, since: datetime, until: datetime) -> Mapping[str, object]:
    """Return the variables of a mail as of now: pseudonyms, times and incident numbers, and nobody's name."""
    found = told(registrant, channel, since=since, until=until)
    return {
        "lines": _lines(found),
        "later": [openings(count, opens) for opens, count in found.later.items()],
        "standing": Standing(found.public, found.newer, sum(found.later.values())).can,
        "more": found.more,
        "since": localtime(since),
        "until": localtime(until),
        "link": absolute(reverse("looks")),
        "settings_link": absolute(reverse("notices")),
        "unsubscribe": absolute(reverse("notices_stop", args=[token_for(str(registrant.pk), channel)])),
    }


def _lines(found: Told) -> list[dict[str, object]]:
    ids = {row["incident_id"] for row in found.groups if row["incident_id"]}
    numbers = {str(pk): number for pk, number in Incident.objects.filter(pk__in=ids).values_list("pk", "number")}
    return [
        {
            "who": written(row["actor_pseudonym"]),
            "what": str(Event(row["event"]).sentence),
            "incident": numbers.get(row["incident_id"], ""),
            "times": row["times"],
            "first": localtime(row["first"]),
            "last": localtime(row["last"]),
        }
        for row in found.groups
    ]
