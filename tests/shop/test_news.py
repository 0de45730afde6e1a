"""What a business is told of its returns and claims: each step, as it is taken."""

import pytest

from fusus_portal.notifications.models import Message
from shop.models import Claim, Return
from shop.services import returns, warranty
from tests.factories import person
from tests.shop.claimed import charged, claim_at, declinable
from tests.shop.returned import doubtful, return_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]


def last_told(about: Return | Claim) -> str:
    """Return the state of which a business was told last."""
    return str(Message.objects.filter(subject_id=str(about.pk)).latest("queued_at").context["state"])


@pytest.mark.parametrize(
    "state", ["requested", "approved", "declined", "label_sent", "received", "accepted", "rejected"]
)
def test_how_far_a_return_is(state: str) -> None:
    assert last_told(return_at(state)) == state


def test_that_a_clerk_approved_a_return() -> None:
    assert last_told(returns.approve(back=doubtful(), by=person("clerk"))) == "approved"


@pytest.mark.parametrize("state", ["approved", "replacement_shipped", "old_unit_due", "charged"])
def test_how_far_a_claim_is(state: str) -> None:
    assert last_told(claim_at(state)) == state


def test_that_a_claim_is_declined_and_that_a_bill_is_taken_back() -> None:
    clerk = person("clerk")
    assert last_told(warranty.decline(claim=declinable(), by=clerk, reason="It is on its way back")) == "declined"
    claim = charged()
    warranty.receive(claim=claim, by=clerk, serial=claim.core.serial)
    assert last_told(claim) == "closed"
