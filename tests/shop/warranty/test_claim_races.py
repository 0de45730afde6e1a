"""Two clerks in the same second: a claim is billed or its CORE received, and one other CORE goes out."""

import pytest

from shop.warranty import services
from shop.warranty.states import ClaimState
from tests.factories import person
from tests.integration.cores.devices import in_stock
from tests.registry.test_races import at_once, kinds_of
from tests.shop.warranty.claimed import approved, late

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def test_billed_and_received_at_once_is_one_of_the_two() -> None:
    claim, clerks = late(), [person("clerk"), person("clerk")]
    outcomes = at_once(
        lambda: services.bill_old_core(claim=claim, by=clerks[0]),
        lambda: services.receive_old_core(claim=claim, by=clerks[1], serial=claim.core.serial),
    )
    claim.refresh_from_db()
    assert claim.received_at is not None or claim.state == ClaimState.CHARGED
    if claim.charge is not None and claim.received_at is not None:
        assert claim.charge.state == "cancelled"
    assert kinds_of(outcomes).count("Claim") >= 1


def test_two_clerks_replace_at_once_and_one_core_goes_out() -> None:
    claim = approved()
    clerks = [person("clerk") for _each in range(2)]
    stock = [in_stock(model=claim.core.model) for _each in range(2)]
    outcomes = at_once(
        *[
            lambda by=by, new=new: services.replace_core(claim=claim, by=by, new=new)
            for by, new in zip(clerks, stock, strict=True)
        ]
    )
    assert kinds_of(outcomes) == ["IssuedCode", "Stale"]
