"""Messages about the sharing agreement. Each is built from ids when it is rendered, so no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind
from integration.sharing.models import SharingAgreement


class AboutAgreement(PublicKind):
    needs = "day link"

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: agreement (id)."""
        agreement = SharingAgreement.objects.select_related("registrant").get(pk=str(context["agreement"]))
        number = agreement.registrant.reference if agreement.registrant else ""
        return {"number": number, "day": agreement.ends_on, "link": absolute(reverse("own_sharing"))}


class SharingEndingMessage(AboutAgreement, kind=MessageKind.SHARING_ENDING):
    purpose = _("Tells a business ahead of time on which day its sharing agreement ends, and how to renew it.")
    subject = _("Your sharing agreement ends soon, registration %(number)s")


class SharingEndedMessage(AboutAgreement, kind=MessageKind.SHARING_ENDED):
    purpose = _("Tells a business that its sharing agreement has ended and nothing is shared any more.")
    subject = _("Your sharing agreement has ended, registration %(number)s")
