"""Returns for the pages: one that its owner may still keep, and one whose money goes back by check."""

from registry.models import Registrant
from shop.models import Return
from tests.shop.returned import begun, by_check, labelled, of_check


def two_returns(owner: Registrant) -> tuple[Return, Return]:
    """Return them. Both were paid by check, so that no payment service is needed."""
    return labelled(begun(by_check(owner))), of_check(owner)
