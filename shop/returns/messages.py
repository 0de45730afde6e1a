"""What the mails about returns say. Built from ids when a mail is rendered, so that no link is ever stored."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from shop.models import Return
from shop.money import dollars
from shop.policies import returns as policy


def register_builders() -> None:
    """Register the builder of mails about returns."""
    kinds.register(MessageKind.RETURN_PROGRESS, about_return)


def about_return(context: Context) -> Mapping[str, object]:
    """Context: return (id), state (as it was when the mail was written)."""
    back = Return.objects.select_related("core").get(pk=str(context["return"]))
    return {
        "number": back.number,
        "state": context["state"],
        "serial": back.core.serial,
        "expected": dollars(back.expected),
        "age_off": dollars(back.age_off) if back.age_off else "",
        "fee_back": dollars(back.fee_back) if back.fee_back else "",
        "parts_off": dollars(back.parts_off) if back.parts_off else "",
        "refund": dollars(back.refund or 0),
        "reason": back.reason,
        "carrier": back.get_carrier_display(),
        "tracking": back.tracking,
        "inspected_on": policy.inspected_by(back),
        "paid_on": policy.paid_by(back),
        "link": absolute(reverse("return", args=[back.pk])),
    }
