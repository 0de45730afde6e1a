"""Messages about a registration, built when they are rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from registry.people.models import Registrant
from registry.people.presenters import departures
from registry.people.presenters.moves import Elsewhere
from registry.people.selectors.own_data import Holdings


def registration_confirmed(context: Context) -> Mapping[str, object]:
    """Context: registrant (id), cameras (how many)."""
    registrant = Registrant.objects.get(pk=str(context["registrant"]))
    return {"number": registrant.reference, "cameras": context["cameras"], "link": absolute(reverse("profile"))}


def registration_ended(context: Context) -> Mapping[str, object]:
    """Context: the result of `Holdings.facts`. The registration itself is gone."""
    held = Holdings.of_facts(context)
    return {
        "number": held.number,
        "deleted": departures.deleted(held),
        "kept": departures.kept(held),
        "elsewhere": Elsewhere.of(held.moved_to).sentence,
    }


def registration_unfinished(context: Context) -> Mapping[str, object]:
    """Context: begun_at, kept_until (ISO 8601). The link leads to a page that asks for the sign-in first."""
    times = {
        name: timezone.localtime(datetime.fromisoformat(str(context[name]))) for name in ("begun_at", "kept_until")
    }
    return {**times, "link": absolute(reverse("register"))}
