"""Message about a flag. It is built from ids when it is rendered, so no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import AgencyKind, Context, MessageKind
from fusus_portal.ground.numbers import FLAG, number_of
from integration.watch_hours.models import WatchFlag
from integration.watch_hours.policies import flag_sentence


class WatchFlaggedMessage(AgencyKind, kind=MessageKind.WATCH_FLAGGED):
    purpose = _(
        "Tells supervisors and auditors that a camera or an area was viewed live far more than usual. Names nobody."
    )
    subject = _("Live view was used a lot: alarm %(number)s")
    needs = "what link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: flag (id), is_auditor (1 or 0). Only auditors get a link, since others can't open the page."""
        flag = WatchFlag.objects.get(pk=str(context["flag"]))
        return {
            "number": number_of(FLAG, flag.pk),
            "what": flag_sentence(flag),
            "link": absolute(reverse("watch_hours")) if context["is_auditor"] else "",
        }
