"""Purchases of a business, for the pages. All were paid by check, so that no payment service is needed."""

from typing import TYPE_CHECKING

from fusus_portal.ground.accounts.roles import Role
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.payments.models import Payment
from shop.returns.models import Return
from shop.warranty import services as warranty
from shop.warranty.models import Claim
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.shop.connections.renewed import owed_now, waits_now
from tests.shop.orders.orders import requested
from tests.shop.returns.returned import begun, by_check, labelled, of_check, snap
from tests.shop.warranty.claimed import charged, late

if TYPE_CHECKING:
    from tests.browser.pages.everybody import Everybody


def of_owner(owner: Registrant) -> tuple[Return, Return, Core]:
    """Return a return that may still be taken back, one whose money goes back, and a CORE that is connected."""
    return labelled(begun(by_check(owner))), of_check(owner), by_check(owner, active=True)


def claim_of(core: Core) -> Claim:
    """Return a claim that a CORE does not work, with a picture."""
    return warranty.open_claim(core=core, by=owner_of(core), problem="No light", pictures=[snap()])


def returns(here: "Everybody") -> None:
    """Let a business come that gives two COREs back, and uses one that it bought."""
    owner = business_at(user=person(Role.BUSINESS, language=here.language), language=here.language)
    here.comes(owner.user)
    away, paid, core = of_owner(owner)
    here.knows("devices", core)
    here.knows("returns", away, paid)
    here.knows("refunds", requested(Payment.objects.filter(order__registrant=owner).latest("captured_at")))
    here.knows("refunds", *paid.refunds.all())
    here.knows("pictures", *paid.pictures.all())
    here.knows("fill", "label", "undo")
    here.knows("press", "sent")
    claim = claim_of(core)
    here.knows("claims", claim)
    here.knows("pictures", *claim.pictures.all())
    here.knows("do", "receive")
    billed = charged(late(by_check(owner, active=True))).charge
    assert billed is not None
    here.knows("claims", late(by_check(owner, active=True)), billed.charged_claim)
    here.knows("orders", billed.number)


def years(here: "Everybody") -> None:
    """Let a business come with a year that is past due, and one that begins soon."""
    owner = business_at(user=person(Role.BUSINESS, language=here.language), language=here.language)
    here.comes(owner.user)
    here.knows("orders", owed_now(owner).number, waits_now(owner).number)
