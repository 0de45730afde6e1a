from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.notifications.kinds import Context
from shop.catalogue.money import dollars
from shop.orders.messages import canceled_words, paper
from shop.orders.selectors.invoices import invoice_of
from shop.warranty.models import Claim
from shop.warranty.presenters import ClaimCard, words_of
from shop.warranty.states import ClaimState

NEWS: Mapping[str, str] = {ClaimState.OLD_UNIT_DUE: "due", ClaimState.CHARGED: "billed", ClaimState.CLOSED: "settled"}
"""Names of states in mails: no template has a word for how a case ended."""


def about_claim(context: Context) -> Mapping[str, object]:
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
