"""What a business has bought, for the pages. All of it was paid by check, so that no payment service is needed."""

from integration.models import Core
from registry.models import Registrant
from shop.models import Claim, Return
from shop.services import warranty
from tests.integration.devices import owner_of
from tests.shop.returned import begun, by_check, labelled, of_check, snap


def of_owner(owner: Registrant) -> tuple[Return, Return, Core]:
    """Return a return that may still be taken back, one whose money goes back, and a CORE that is connected."""
    return labelled(begun(by_check(owner))), of_check(owner), by_check(owner, active=True)


def claim_of(core: Core) -> Claim:
    """Return what its owner says is wrong with a CORE, with a picture."""
    return warranty.open_claim(core=core, by=owner_of(core), problem="No light", pictures=[snap()])
