from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context, MessageKind, PublicKind, Sentence
from shop.catalogue.money import dollars
from shop.orders.messages import paper
from shop.orders.presenters.orders import canceled_words
from shop.orders.selectors.money import invoice_of
from shop.warranty.models import Claim
from shop.warranty.presenters import ClaimCard, words_of
from shop.warranty.states import ClaimState

NEWS: Mapping[str, str] = {ClaimState.OLD_UNIT_DUE: "due", ClaimState.CHARGED: "billed", ClaimState.CLOSED: "settled"}
"""Names of states of a claim in templates of mails; other states keep their own name."""


class ClaimProgressMessage(PublicKind, kind=MessageKind.CLAIM_PROGRESS):
    purpose = _("Tells a business what becomes of a CORE that does not work, and by when the old one is due.")
    subject = _("Your claim %(number)s: another CORE is on its way")
    subjects: Mapping[object, Sentence] = {
        "approved": _("Your claim %(number)s: you get another CORE"),
        "declined": _("Your claim %(number)s was declined"),
        "due": _("Your claim %(number)s: please send the old CORE"),
        "billed": _("Your claim %(number)s: the old CORE is billed"),
        "settled": _("Your claim %(number)s: the bill is canceled"),
    }
    needs = "state serial next_words old_unit reason amount money invoice invoice_link link"

    def subject_of(self, variables: Mapping[str, object]) -> Sentence:
        return self.subjects.get(variables["state"], self.subject)

    def build(self, context: Context) -> Mapping[str, object]:
        """Context: claim (id), state (as it was when the mail was written)."""
        claim = Claim.objects.select_related("core", "charge").get(pk=str(context["claim"]))
        bill = claim.charge
        invoice = invoice_of(bill) if bill else None
        return {
            "number": claim.number,
            "state": NEWS.get(str(context["state"]), context["state"]),
            "serial": claim.core.serial,
            "next_words": words_of(claim, str(context["state"])),
            "old_unit": ClaimCard(claim).terms if claim.state == ClaimState.OLD_UNIT_DUE else "",
            "amount": dollars(bill.total) if bill else "",
            "money": canceled_words(bill) if bill else "",
            **(paper(invoice) if invoice else {"invoice": "", "invoice_link": ""}),
            "reason": claim.reason,
            "link": absolute(reverse("warranty_claim", args=[claim.pk])),
        }
