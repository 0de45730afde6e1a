"""Messages about a registration. Their contexts are built when rendered, so that no link is ever stored."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from registry.people.presenters import departures
from registry.people.selectors import Holdings
from registry.registrants.models import Registrant


class RegistrationConfirmedMessage(PublicKind, kind=MessageKind.REGISTRATION_CONFIRMED):
    purpose = _("Confirms a registration, and says how to change it or leave.")
    subject = _("Your camera registration %(number)s is complete")
    needs = "cameras link"
    urgent = True

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: registrant (id), cameras (how many)."""
        registrant = Registrant.objects.get(pk=str(context["registrant"]))
        return {"number": registrant.reference, "cameras": context["cameras"], "link": absolute(reverse("profile"))}


class RegistrationEndedMessage(PublicKind, kind=MessageKind.REGISTRATION_ENDED):
    purpose = _("Tells a person who left what was deleted, what is kept, why and until when.")
    subject = _("Your camera registration %(number)s has ended")
    needs = "deleted kept elsewhere"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: what `Holdings.facts` returns. The registration itself is gone."""
        held = Holdings.of_facts(context)
        return {
            "number": held.number,
            "deleted": departures.deleted(held),
            "kept": departures.kept(held),
            "elsewhere": departures.Elsewhere.of(held.moved_to).sentence,
        }


class RegistrationUnfinishedMessage(PublicKind, kind=MessageKind.REGISTRATION_UNFINISHED):
    purpose = _("Says once, after a day, that an unfinished registration can be resumed.")
    subject = _("You can continue your camera registration, notice %(number)s")
    needs = "begun_at kept_until link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: begun_at, kept_until (ISO 8601). The mail's link leads to a page that asks for the sign-in first."""
        times = {
            name: timezone.localtime(datetime.fromisoformat(str(context[name]))) for name in ("begun_at", "kept_until")
        }
        return {**times, "link": absolute(reverse("register"))}
