"""Two people in the same second, each in a session of their own: a return is opened once and paid once."""

import pytest

from fusus_portal.ground.accounts.models import User
from integration.cores.services import cores as core_services
from shop.returns import services
from shop.returns.models import DeductionSchedule, Return
from tests.factories import person
from tests.integration.cores.devices import owner_of
from tests.registry.test_races import at_once, kinds_of
from tests.shop.orders.orders import drafted, paid, placed, product
from tests.shop.returns.returned import accepted, arrived, begun, bought, core_of, inspected, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("paper")]


def test_two_clerks_pay_the_same_return_and_one_does() -> None:
    back = accepted()
    clerks = [person("clerk") for _each in range(4)]
    outcomes = at_once(*[lambda by=by: services.pay_return(back=back, by=by) for by in clerks])
    assert kinds_of(outcomes) == ["Return", *["Stale"] * 3]
    assert arrived(back).state == "closed"
    assert [refund.cents for refund in back.refunds.all()] == [back.refund]


def test_two_clerks_accept_the_same_return_and_one_does() -> None:
    back = inspected()
    clerks = [person("clerk") for _each in range(3)]
    outcomes = at_once(*[lambda by=by: services.accept_return(back=back, by=by) for by in clerks])
    assert kinds_of(outcomes) == ["Return", "Stale", "Stale"]


def test_paying_and_taking_back_do_not_both_happen(clerk: User) -> None:
    back = accepted()
    acts = [
        lambda: services.pay_return(back=back, by=clerk),
        lambda: services.undo_parcel(back=back, by=person("clerk"), reason="The wrong parcel"),
    ]
    assert kinds_of(at_once(*acts)) == ["Return", "Stale"]
    back.refresh_from_db()
    assert (back.state, back.refunds.count()) in {("refunding", 1), ("approved", 0)}


def test_a_core_is_returned_once_though_three_people_ask() -> None:
    core = bought()
    core_services.begin_return(core=core, by=person("clerk"))
    people = [owner_of(core), owner_of(core), person("clerk")]
    outcomes = at_once(*[lambda by=by: services.request_return(core=core, by=by) for by in people])
    assert kinds_of(outcomes) == ["Return"] * 3
    assert Return.objects.filter(core=core).count() == 1


def test_pieces_of_one_line_that_come_back_at_once_are_each_another_piece() -> None:
    published()
    order = paid(placed(drafted(things=((product(cents=10_001), 3),)))).order
    cores = [core_of(order, active=False) for _each in range(3)]
    at_once(*[lambda core=core: begun(core) for core in cores])
    found = Return.objects.filter(order=order)
    assert sorted(found.values_list("position", flat=True)) == [1, 2, 3]
    assert sum(found.values_list("whole", flat=True)) == order.total


def test_deductions_that_are_published_at_once_are_a_version_each() -> None:
    people = [person("administrator") for _each in range(4)]
    outcomes = at_once(*[lambda by=by: published(by=by) for by in people])
    assert kinds_of(outcomes) == ["DeductionSchedule"] * 4
    assert set(DeductionSchedule.objects.values_list("version", flat=True)) == {1, 2, 3, 4}
