"""Messages about the sharing agreement. They are built from ids when rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from integration.sharing.models import SharingAgreement


def about_agreement(context: Context) -> Mapping[str, object]:
    """Context: agreement (id)."""
    agreement = SharingAgreement.objects.select_related("registrant").get(pk=str(context["agreement"]))
    number = agreement.registrant.reference if agreement.registrant else ""
    return {"number": number, "day": agreement.ends_on, "link": absolute(reverse("own_sharing"))}
