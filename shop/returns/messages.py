from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence
from shop.catalogue.money import dollars
from shop.returns import policies
from shop.returns.models import Return
from shop.returns.presenters.returns import ReturnCard


class ReturnProgressMessage(PublicKind, kind=MessageKind.RETURN_PROGRESS):
    purpose = _("Tells a business how far the return of its CORE is, what goes back for it and by which day.")
    subject = _("Your return %(number)s: the CORE was not in the parcel")
    subjects: Mapping[object, Sentence] = {
        "requested": _("We are checking your return %(number)s"),
        "approved": _("Your return %(number)s: please send the CORE"),
        "label_sent": _("The label for your return %(number)s"),
        "received": _("Your return %(number)s is here"),
        "accepted": _("Your return %(number)s is accepted"),
        "declined": _("Your return %(number)s was declined"),
        "undone": _("Your return %(number)s: a mistake of ours"),
    }
    needs = (
        "state serial money has_more is_off is_undivided age_off fee_back parts_off reason carrier tracking "
        "inspected_on paid_on link"
    )

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subjects.get(variables["state"], self.subject)

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: return (id), state (as it was when the mail was written)."""
        back = Return.objects.select_related("core", "order").get(pk=str(context["return"]))
        card = ReturnCard(back)
        return {
            "number": back.number,
            "state": context["state"],
            "serial": back.core.serial,
            "money": card.money,
            "has_more": card.has_more,
            "is_off": card.is_off,
            "is_undivided": card.split.undivided > 0,
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
