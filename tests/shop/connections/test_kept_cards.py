"""A card is kept by its tick alone, pays what that said, and goes with the order that brought it."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from pytest_django import DjangoCaptureOnCommitCallbacks

from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.connections import selectors
from shop.connections.models import CardOnFile, CardUse
from shop.connections.services import cards
from shop.orders.models.orders import Order
from shop.orders.policies import a_year_after
from shop.orders.presenters.orders import canceled_words
from shop.orders.services import orders as order_services
from shop.payments.models import PaymentAttempt
from shop.payments.services import payments
from tests.factories import person
from tests.integration.cores.devices import business_at, owner_of
from tests.people import sign_in
from tests.shop.connections.renewed import announced, of, on_day, order_core, renewed, submitted, work
from tests.shop.orders import orders
from tests.shop.orders.orders import BACK, buyer_of
from tests.shop.payments.paper import Paper
from tests.shop.returns.returned import accepted, begun, bought, core_of, paid_back, received
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1, products=1)

GONE, NONE = "Your card is no longer kept.", "No card is kept for it: nothing is charged automatically"


def pays(owner: Registrant, *, keeps: bool) -> Order:
    """Return an order over one CORE that was paid by card, which was kept or not."""
    order = orders.placed(orders.drafted(owner=owner))
    attempt = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=keeps)
    orders.gateway().pay(attempt.session_id)
    payments.settle(attempt=attempt)
    order.refresh_from_db()
    return order


def page(order: Order, name: str = "order") -> str:
    return sign_in(buyer_of(order)).get(reverse(name, args=[order.number])).text


def card_page(order: Order) -> str:
    return sign_in(buyer_of(order)).get(reverse("payment_method")).text


def test_without_the_tick_nothing_is_kept_and_a_year_asks_for_its_payment() -> None:
    order = pays(business_at(), keeps=False)
    assert not CardOnFile.objects.exists()
    assert NONE in page(order)
    year = announced(core_of(order))
    with on_day(order_core(year), 0):
        work()
    assert of(order_core(year)).state == "past_due"
    assert not PaymentAttempt.objects.filter(order=year).exists()


def test_what_was_ticked_is_written_down_and_is_what_each_page_says() -> None:
    order = pays(business_at(), keeps=True)
    use = CardUse.objects.get()
    said = f"It pays $150.00 plus sales tax for order {order.number}, a year after activation"
    assert (use.order, use.said) == (order, order.attempts.get().keeps)
    assert said in use.said
    for shown in (page(order), card_page(order)):
        assert said.replace("It pays", "Your card pays") in shown


def test_the_checkout_offers_the_tick_and_never_presses_it() -> None:
    draft = orders.drafted()
    shown = sign_in(buyer_of(draft)).get(reverse("checkout_card")).text
    assert "Keep this card at the payment service. It pays $150.00 plus sales tax for order" in shown
    assert 'name="keep"' in shown
    assert "checked" not in shown.split('name="keep"')[1].split(">")[0]


def test_a_card_pays_for_no_core_that_nobody_ticked() -> None:
    owner = business_at()
    ticked, other = pays(owner, keeps=True), pays(owner, keeps=False)
    year = announced(core_of(other))
    with on_day(order_core(year), 0):
        work()
    assert not PaymentAttempt.objects.filter(order=year).exists()
    card = CardOnFile.objects.get()
    assert selectors.card_of_order(ticked) == card
    with pytest.raises(IntegrityError), transaction.atomic():
        payments.insert_attempt(order=year, actor=owner.user.actor, customer=card.customer, card=card.method)


def test_the_next_tick_says_what_the_card_pays_already_and_pays_it(
    paper: Paper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    owner = business_at()
    first = pays(owner, keeps=True)
    before = CardOnFile.objects.get().method
    with django_capture_on_commit_callbacks(execute=True):
        second = pays(owner, keeps=True)
    said = CardUse.objects.get(order=second).said
    assert first.number in said
    assert second.number in said
    assert "It takes the place of the card that is kept now." in said
    assert CardOnFile.objects.get().uses.count() == 2
    assert paper.detached == [before]


def test_a_page_without_the_tick_is_closed_for_one_with_it(paper: Paper) -> None:
    order = orders.placed()
    first = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK)
    second = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
    first.refresh_from_db()
    assert (first.state, second.pk != first.pk) == ("expired", True)
    assert payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True).pk == second.pk


def test_a_canceled_order_takes_its_card_along(
    paper: Paper, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    order = pays(business_at(), keeps=True)
    method = CardOnFile.objects.get().method
    for name in ("order", "order_cancel"):
        assert "Your card is then no longer kept." in page(order, name)
        assert GONE not in page(order, name)
    address = reverse("order_cancel", args=[order.number])
    with django_capture_on_commit_callbacks(execute=True):
        done = sign_in(buyer_of(order)).post(address, follow=True).text
    assert GONE in done
    assert "then no longer" not in done
    assert not CardOnFile.objects.exists()
    assert paper.detached == [method]
    assert GONE in page(order)
    assert "No card is kept, so nothing is charged automatically." in card_page(order)


def test_of_a_card_that_no_payment_brought_nothing_is_said() -> None:
    order = orders.opened().order
    assert "our card" not in page(order, "order_cancel")
    order_services.cancel(order=order, by=buyer_of(order))
    assert "our card" not in page(order)


def test_a_year_whose_purchase_order_is_declined_leaves_the_card_of_its_connection() -> None:
    year = announced(core_of(pays(business_at(), keeps=True)))
    core = order_core(year)
    with on_day(core, -1):
        sent = submitted(year)
        order_services.decline_purchase_order(
            purchase_order=sent.purchase_order, by=person("clerk"), reason="Not signed"
        )
        sent.refresh_from_db()
        words = canceled_words(sent)
    assert CardOnFile.objects.exists()
    assert words.startswith("You owe nothing. Your card stays on file. It pays $165.00 with sales tax for CORE")


def test_a_card_that_pays_for_another_stays_and_each_page_says_what_it_pays() -> None:
    owner = business_at()
    other, order = pays(owner, keeps=True), pays(owner, keeps=True)
    said = f"It pays $150.00 plus sales tax for order {other.number}, a year after activation"
    assert f"Your card stays on file. {said}" in page(order, "order_cancel")
    order_services.cancel(order=order, by=buyer_of(order))
    mail = letter_of(Message.objects.get(kind=MessageKind.ORDER_REFUND))
    for shown in (page(order), card_page(other), page(other), mail.text):
        assert said.removeprefix("It ") in shown
        assert order.number not in shown.split(" pays $")[1].split("after activation")[0]
    assert CardOnFile.objects.get().uses.get().order == other


def test_a_payment_that_came_too_late_leaves_no_card(paper: Paper) -> None:
    order = orders.placed()
    attempt = payments.begin_attempt(order=order, by=buyer_of(order), return_to=BACK, keeps=True)
    paper.before["expire_session"] = [orders.unknown()]
    order_services.cancel(order=order, by=buyer_of(order))
    paper.pay(attempt.session_id)
    payments.settle(attempt=attempt)
    assert not CardOnFile.objects.exists()


@pytest.mark.parametrize("active", [True, False])
def test_a_core_that_came_back_takes_its_card_along(active: bool) -> None:
    core = bought(active=active)
    assert CardOnFile.objects.exists()
    paid_back(accepted(received(begun(core))))
    assert not CardOnFile.objects.exists()


def test_a_card_that_is_left_on_its_page_pays_what_that_page_says(paper: Paper) -> None:
    owner = business_at()
    order = pays(owner, keeps=False)
    change = cards.begin_change(registrant=owner, by=owner.user, return_to=BACK)
    said = selectors.words_for(selectors.orders_for_new_card(owner))
    assert said in card_page(order).replace("&#x27;", "'")
    paper.leave_card(change.session_id)
    cards.settle_change(change=change)
    assert CardUse.objects.get().said == said
    assert selectors.card_of_order(order) == CardOnFile.objects.get()
    order_services.cancel(order=order, by=buyer_of(order))
    assert CardOnFile.objects.exists()


def test_a_year_that_is_paid_with_the_tick_keeps_the_card_for_its_core() -> None:
    core = core_of(pays(business_at(), keeps=False))
    year = announced(core)
    with on_day(core, -3):
        attempt = payments.begin_attempt(order=year, by=owner_of(core), return_to=BACK, keeps=True)
        orders.gateway().pay(attempt.session_id)
        payments.settle(attempt=attempt)
    use = CardUse.objects.get()
    assert use.order == of(core).line.order
    assert year.year_from is not None
    assert f"for CORE {core.serial} on {date_format(a_year_after(year.year_from))}" in use.said
    assert f"on {date_format(a_year_after(year.year_from))}" in selectors.card_pays_words(use.card)


def test_the_device_says_by_which_card_its_year_is_paid() -> None:
    core: Core = order_core(renewed())
    assert "By Visa ending 4242, kept since" in sign_in(owner_of(core)).get(reverse("device", args=[core.pk])).text
