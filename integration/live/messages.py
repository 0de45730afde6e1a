"""Message to owners after a live view. It is built from ids when rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.id_numbers import VIEW, number_of
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.critical.selectors import glass_facts
from integration.live.models import GrantEnd, ViewGrant
from registry.access_log.presenters.glass import through_glass
from registry.access_log.presenters.looks import opening
from registry.access_log.selectors.delays import withheld_from


def live_viewed(context: Context) -> Mapping[str, object]:
    """Context: view (id), camera (its owner's name for it). A delay placed meanwhile counts too."""
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
    return opening(withheld.until.get(str(grant.incident_id)))
