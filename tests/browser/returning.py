"""What a business has bought, for the pages. All of it was paid by check, so that no payment service is needed."""

from integration.models import Core
from registry.models import Registrant
from shop.models import Return
from tests.shop.returned import begun, by_check, labelled, of_check


def of_owner(owner: Registrant) -> tuple[Return, Return, Core]:
    """Return a return that may still be taken back, one whose money goes back, and a CORE that is connected."""
    return labelled(begun(by_check(owner))), of_check(owner), by_check(owner, active=True)
