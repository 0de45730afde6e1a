from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from shop.catalogue.money import dollars
from shop.returns import policies
from shop.returns.models import Return
from shop.returns.presenters.returns import ReturnCard


def about_return(context: Context) -> Mapping[str, object]:
    """Context: return (id), state (as it was when the mail was written)."""
    back = Return.objects.select_related("core", "order").get(pk=str(context["return"]))
    card = ReturnCard(back)
    return {
        "number": back.number,
        "state": context["state"],
        "serial": back.core.serial,
        "money": card.money,
        "is_off": card.is_off,
        "age_off": dollars(back.age_off) if back.age_off else "",
        "fee_back": dollars(back.fee_back) if back.fee_back else "",
        "parts_off": dollars(back.parts_off) if back.parts_off else "",
        "reason": back.reason,
        "carrier": back.get_carrier_display(),
        "tracking": back.tracking,
        "inspected_on": policies.inspected_by(back),
        "paid_on": policies.paid_by(back),
        "link": absolute(reverse("return", args=[back.pk])),
    }
