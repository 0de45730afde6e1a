"""Message to owners after a live view. It is built from ids when it is rendered, so no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence, TextWish
from fusus_portal.ground.numbers import VIEW, number_of
from integration.critical.selectors import glass_facts
from integration.live.models import GrantEnd, ViewGrant
from registry.access_log.messages import NEWS
from registry.access_log.presenters.looks import opening_sentence, through_glass
from registry.access_log.selectors import withheld_from


class LiveViewedMessage(PublicKind, kind=MessageKind.LIVE_VIEWED):
    purpose = _("Tells the owner of a connected camera after each live view who saw it, when, how long, and what for.")
    subject = _("Your camera was viewed live for incident %(incident_number)s, %(number)s")
    withheld = _("New entries about your camera, %(number)s")
    text = NEWS
    needs = "incident_number deputy camera began_at glass minutes stopped link withheld"
    about_incident = True
    texted = TextWish.LOOKS

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.withheld if variables["withheld"] else self.subject

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: view (id), camera (its owner's name for it).

        If a supervisor delayed what the owner reads while the message waited, it says only that there are entries.
        """
        known = ViewGrant.objects.select_related(
            "declaration__incident__opened_by",
            "declaration__declared_by",
            "declaration__seconded_by",
            "incident",
            "deputy",
            "camera__camera__premises__registrant",
        )
        grant = known.get(pk=str(context["view"]))
        return {
            "withheld": _withheld(grant),
            "number": number_of(VIEW, grant.pk),
            "incident_number": grant.incident.number,
            "deputy": grant.deputy.badge,
            "camera": context["camera"],
            "began_at": timezone.localtime(grant.began_at),
            "minutes": grant.minutes,
            "glass": through_glass(glass_facts(grant.declaration, at=grant.began_at)),
            "stopped": grant.end == GrantEnd.TAKEN,
            "link": absolute(reverse("looks")),
        }


def _withheld(grant: ViewGrant) -> str:
    if grant.camera is None:
        return ""
    withheld = withheld_from(grant.camera.camera.premises.registrant)
    if not withheld.unknown and str(grant.incident_id) not in withheld.until:
        return ""
    return opening_sentence(withheld.until.get(str(grant.incident_id)))
