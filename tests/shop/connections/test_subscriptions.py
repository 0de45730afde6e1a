"""Promise I8: a connection is ended by its owner at any time, at once or with its year, and to the cent."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.lifecycle import NotYours, Stale
from integration.cores.models import Core
from integration.cores.services import cores
from shop.connections.models import Subscription, Term
from shop.connections.services import subscriptions, years
from shop.orders.models.invoices import CreditNote
from shop.orders.policies import a_year_after
from shop.payments.models import Refund
from shop.returns.selectors import quote_of_core
from tests.factories import person
from tests.integration.cores.devices import core_at, in_stock, owner_of
from tests.people import sign_in
from tests.shop.orders.orders import order_at
from tests.shop.returns.returned import accepted, begun, bought, core_of, paid_back, published, received
from tests.shop.returns.test_returns import FEE, WHOLE
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, businesses=1, products=1)


def subscription_of(core: Core) -> Subscription:
    return Subscription.objects.get(core=core)


def state_of(core: Core) -> str:
    return str(Core.objects.get(pk=core.pk).state)


def test_the_first_year_begins_with_the_core() -> None:
    assert not Subscription.objects.filter(core=bought(active=False)).exists()
    core = bought()
    term = subscription_of(core).terms.get()
    today = timezone.localdate()
    assert (term.starts_on, term.ends_on, term.fee) == (today, a_year_after(today), FEE)


def test_a_core_that_was_given_has_no_year() -> None:
    core = core_at("active")
    with pytest.raises(NotYours):
        subscriptions.cancel_now(core=core, by=owner_of(core))


def test_canceled_at_once_it_stops_and_the_months_that_have_not_begun_go_back() -> None:
    core = bought(months=3)
    subscriptions.cancel_now(core=core, by=owner_of(core))
    assert (state_of(core), core.tokens.filter(ends_at__gt=timezone.now()).count()) == ("suspended", 0)
    refund = Refund.objects.get(payment__order=subscription_of(core).line.order)
    assert (refund.source, refund.cents) == ("fee", FEE * 8 // 12)
    with pytest.raises(Stale):
        subscriptions.cancel_now(core=core, by=owner_of(core))


def test_a_clerk_can_t_let_it_work_again_that_its_owner_ended() -> None:
    core = bought()
    subscriptions.cancel_now(core=core, by=owner_of(core))
    with pytest.raises(Stale, match="was canceled"):
        cores.resume(core=core, by=person("clerk"))


def test_canceled_with_its_year_it_goes_on_until_then_and_nothing_is_charged_after() -> None:
    core = bought()
    subscriptions.cancel_with_year(core=core, by=owner_of(core))
    with time_machine.travel(timezone.now() + timedelta(days=360)):
        assert subscriptions.end_due() == 0
    assert state_of(core) == "active"
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert subscriptions.end_due() == 1
        assert subscriptions.end_due() == 0
    assert (state_of(core), subscription_of(core).state) == ("suspended", "ended")
    assert not Refund.objects.exists()


def test_it_is_kept_after_all() -> None:
    core = bought()
    by = owner_of(core)
    subscriptions.cancel_with_year(core=core, by=by)
    subscriptions.keep(core=core, by=by)
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert subscriptions.end_due() == 0
    assert subscription_of(core).state == "active"


def test_what_was_never_paid_goes_off_the_invoice() -> None:
    published()
    core = core_of(order_at("on_account"))
    subscriptions.cancel_now(core=core, by=owner_of(core))
    assert CreditNote.objects.get().total == FEE * 11 // 12
    assert not Refund.objects.exists()


def test_the_months_are_given_back_once_and_the_core_may_still_be_returned() -> None:
    core = bought()
    subscriptions.cancel_now(core=core, by=owner_of(core))
    back = begun(Core.objects.get(pk=core.pk))
    assert (back.fee_back, back.expected) == (0, WHOLE - FEE)


def test_while_the_core_is_being_returned_its_months_are_not_given_back_a_second_time() -> None:
    core = bought()
    begun(core)
    for cancel in (subscriptions.cancel_now, subscriptions.cancel_with_year):
        with pytest.raises(Stale, match="The return ends the connection"):
            cancel(core=core, by=owner_of(core))
    page = sign_in(owner_of(core)).get(reverse("device", args=[core.pk])).text
    assert "This CORE is being returned. The return ends the connection, and nothing more is charged." in page
    assert reverse("device_cancel", args=[core.pk]) not in page
    assert not Refund.objects.exists()


def test_nor_is_a_lapsed_one_that_is_being_returned_offered_another_year() -> None:
    core = bought()
    begun(core)
    own = Subscription.objects.filter(core=core)
    own.update(state="past_due", past_due_on=timezone.localdate())
    own.update(state="lapsed", stopped=True)
    with pytest.raises(Stale, match="The return ends the connection"):
        years.reconnect(core=core, by=owner_of(core))
    page = sign_in(owner_of(core)).get(reverse("device", args=[core.pk])).text
    assert reverse("device_reconnect", args=[core.pk]) not in page


def test_a_return_that_is_paid_ends_the_year() -> None:
    core = bought()
    back = accepted(received(begun(core)))
    assert subscription_of(core).state == "active"
    paid_back(back)
    assert subscription_of(core).state == "ended"


def test_a_replacement_without_a_claim_takes_the_year_along() -> None:
    core = bought()
    new = cores.replace(old=core, new=in_stock(model=core.model), by=person("clerk")).core
    assert subscription_of(new).terms.count() == 1
    assert quote_of_core(Core.objects.get(pk=core.pk)) is None


def test_nobody_else_cancels() -> None:
    core = bought()
    stranger = person("business")
    for act in (subscriptions.cancel_now, subscriptions.cancel_with_year, subscriptions.keep):
        with pytest.raises(NotYours):
            act(core=core, by=stranger)
    browser = sign_in(stranger)
    assert browser.get(reverse("device_cancel", args=[core.pk])).status_code == 404
    assert browser.post(reverse("device_uncancel", args=[core.pk])).status_code == 404


@pytest.mark.parametrize("days", [(0, 365), (364, 800), (-400, 1)])
def test_the_database_knows_no_two_terms_of_one_day(days: tuple[int, int]) -> None:
    found = subscription_of(bought())
    today = timezone.localdate()
    begin, end = (today + timedelta(days=each) for each in days)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(subscription=found, line=found.line, starts_on=begin, ends_on=end, fee=1)


@pytest.mark.parametrize("columns", [{"fee": 1}, {"ends_on": "2036-01-01"}])
def test_a_term_is_never_edited(columns: dict[str, object]) -> None:
    found = subscription_of(bought())
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(subscription=found).update(**columns)


def test_an_owner_cancels_with_two_presses_and_changes_their_mind() -> None:
    core = bought()
    browser = sign_in(owner_of(core))
    page = open_page(browser, core)
    assert "It is paid until" in page
    address = reverse("device_cancel", args=[core.pk])
    assert address in page
    assert "$151.25" in browser.get(address).content.decode()
    assert "and ends then" in browser.post(address, {"when": "year"}, follow=True).content.decode()
    again = browser.post(reverse("device_uncancel", args=[core.pk]), follow=True).content.decode()
    assert "It is paid until" in again
    page = browser.post(address, {"when": "now"}, follow=True).content.decode()
    assert "You ended this connection" in page
    assert "Please call" not in page


def test_no_page_lets_it_work_again_that_its_owner_ended(clerk_client: Client) -> None:
    core = bought()
    subscriptions.cancel_now(core=core, by=owner_of(core))
    assert clerk_client.post(reverse("core_act", args=[core.pk, "resume"])).status_code == 409
    assert state_of(core) == "suspended"


def open_page(browser: Client, core: Core) -> str:
    return browser.get(reverse("device", args=[core.pk])).content.decode()
