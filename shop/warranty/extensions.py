"""The shop's part in COREs that do not work: what stands on their page, and the mails about that."""

from collections.abc import Mapping

from django.urls import reverse

from fusus_portal.notifications import kinds
from fusus_portal.notifications.addresses import absolute
from fusus_portal.notifications.kinds import Context, MessageKind
from integration import use_hooks
from integration.models import Core
from integration.use_hooks import Shown, UseHook
from shop.claim_states import ClaimState
from shop.messages import paper
from shop.models import Claim
from shop.money import dollars
from shop.policies import warranty as policy
from shop.presenters.claims import ClaimCard, words_of
from shop.selectors.dues import invoice_of
from shop.selectors.warranty import live_of
from shop.services import warranty

NEWS: Mapping[str, str] = {ClaimState.OLD_UNIT_DUE: "due", ClaimState.CHARGED: "billed", ClaimState.CLOSED: "settled"}
"""What a mail calls a state: templates of mails know no word for how a case ended."""

BLOCK = "shop/public/claims/block.html"


def register() -> None:
    """Add it."""
    use_hooks.register(UseHook(name="warranty", activated=warranty.begun, why_stopped=why_stopped, shown=shown))
    kinds.register(MessageKind.CLAIM_PROGRESS, about_claim)


def why_stopped(_core: Core) -> str:
    """Return nothing: a CORE that is claimed works as well as it can."""
    return ""


def shown(core: Core) -> Shown | None:
    """Return what stands on its owner's page: the claim that is open, or how to open one."""
    found = live_of(core)
    if found is None and not policy.is_covered(core):
        return None
    return (BLOCK, {"card": ClaimCard(found) if found else None})


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
        "amount": dollars(bill.total) if bill else "",
        **(paper(invoice) if invoice else {"invoice": "", "invoice_link": ""}),
        "reason": claim.reason,
        "link": absolute(reverse("warranty_claim", args=[claim.pk])),
    }
