"""The pages of returns: what owners and clerks see and do, from the amount before the parcel to the money."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.notifications.channels.email_channel import letter_of
from fusus_portal.ground.notifications.models import Message
from integration.cores.models import Core
from integration.cores.services import cores
from shop.catalogue.money import dollars
from shop.returns import models, policies, services
from shop.returns.models import DeductionSchedule, Return, ReturnPicture
from shop.returns.presenters.cases import actions
from shop.returns.presenters.returns import ReturnCard
from tests.factories import person
from tests.integration.cores.devices import core_at, owner_of
from tests.people import sign_in
from tests.shop.orders.orders import order_at, product
from tests.shop.orders.test_order_words import main_of
from tests.shop.returns.returned import (
    accepted,
    arrived,
    begun,
    bought,
    by_check,
    doubtful,
    inspected,
    labelled,
    of_check,
    owner_in,
    paid_back,
    published,
    received,
    refunded_in_part,
    return_at,
    snap,
)
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, cores=1, payments=1, businesses=1, products=1)


def page_of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def does(client: Client, name: str, *args: object, **said: object) -> str:
    """Post, follow, and return the page."""
    answer = client.post(reverse(name, args=args), said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


PROMISES = ("We do that by", "money back", "We pay you", "Your refund", "aid out", "Paid back", "unless something")


def last_mail(back: Return) -> str:
    return letter_of(Message.objects.filter(subject_id=str(back.pk)).latest("queued_at")).text


def test_the_amount_stands_on_the_page_before_anything_is_packed() -> None:
    core = bought(months=4)
    page = page_of(sign_in(owner_of(core)), "device_return", core.pk)
    assert "You get $" in page
    assert "Deducted for 4 months" in page
    assert "Power supply" in page
    assert "version 1" in page


def test_a_core_that_was_not_bought_shows_no_amount() -> None:
    core = core_at("active")
    assert "You get $" not in page_of(sign_in(owner_of(core)), "device_return", core.pk)


def test_an_owner_returns_a_core_and_follows_it() -> None:
    core = bought()
    browser = sign_in(owner_of(core))
    page = does(browser, "device_return", core.pk)
    back = Return.objects.get(core=core)
    assert back.number in page
    assert "Pack the CORE" in page
    assert reverse("return", args=[back.pk]) in page_of(browser, "device", core.pk)
    assert back.number in page_of(browser, "returns")
    labelled(back)
    page = does(browser, "return_sent", back.pk)
    assert "on its way to the office" in page
    received(Return.objects.get(pk=back.pk))
    page = page_of(browser, "return", back.pk)
    assert "We inspect it by" in page
    assert "We pay you by" in page


def test_an_owner_keeps_a_core_and_sees_its_code_once() -> None:
    back = labelled()
    browser = sign_in(owner_in(back))
    place = back.registrant.premises.first() if back.registrant else None
    assert place is not None
    page = does(browser, "return_keep", back.pk, premises=place.pk)
    assert "It is shown on this page only" in page
    back.refresh_from_db()
    assert back.state == "withdrawn"


@pytest.mark.parametrize("name", ["return", "return_keep"])
def test_another_business_finds_nothing(name: str, business_client: Client) -> None:
    back = labelled()
    assert business_client.get(reverse(name, args=[back.pk])).status_code == 404
    assert business_client.post(reverse("return_sent", args=[back.pk])).status_code == 404
    assert business_client.post(reverse("return_request", args=[back.core_id])).status_code == 404


def test_a_clerk_takes_a_core_back_and_the_money_goes(clerk_client: Client) -> None:
    back = begun()
    listed = page_of(clerk_client, "returns_board")
    assert all(words in listed for words in (back.number, "Fulfilment</a>", "Open a return for an owner"))
    label = {"carrier": "ups", "tracking": "1Z999AA10123456784"}
    does(clerk_client, "return_do", back.pk, "label", **label)
    does(clerk_client, "return_press", back.pk, "sent")
    does(clerk_client, "return_do", back.pk, "receive", serial=back.core.serial.lower())
    part = back.schedule.parts.first() if back.schedule else None
    assert part is not None
    seen = {"parts": [part.pk], "note": "A cable is gone", "picture": [snap("a.png"), snap("b.png")]}
    page = does(clerk_client, "return_inspect", back.pk, **seen)
    assert "Deducted for: Power supply" in page
    does(clerk_client, "return_press", back.pk, "accept")
    assert "another person does this" in page_of(clerk_client, "return_case", back.pk)
    page = does(sign_in(person("clerk")), "return_pay", back.pk)
    assert "The money is on its way" in page
    assert arrived(back).state == "closed"
    assert ReturnPicture.objects.filter(of_return=back).count() == 2
    picture = back.pictures.first()
    assert picture is not None
    for browser, name in ((clerk_client, "return_case_picture"), (sign_in(owner_in(back)), "return_picture")):
        answer = browser.get(reverse(name, args=[back.pk, picture.pk]))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
        assert answer.content.startswith(b"RIFF")


def test_an_inspection_without_pictures_says_what_is_missing(clerk_client: Client) -> None:
    back = received()
    answer = clerk_client.post(reverse("return_inspect", args=[back.pk]), {"note": "Fine"})
    assert answer.status_code == 422
    back.refresh_from_db()
    assert back.state == "received"


def test_a_return_that_waits_too_long_is_flagged(clerk_client: Client) -> None:
    back = received()
    assert "Late" not in page_of(clerk_client, "returns_board")
    assert policies.is_late(back, today=timezone.localdate() + timedelta(days=14))


def test_a_scanned_number_leads_to_its_return(clerk_client: Client) -> None:
    back = labelled()
    answer = clerk_client.get(reverse("returns_board"), {"q": back.core.serial})
    assert answer.headers["Location"] == reverse("return_case", args=[back.pk])


def test_a_number_of_before_still_leads_to_its_return(clerk_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert models.return_number().startswith("X-")
    monkeypatch.setattr(models, "fresh", lambda _letter: "R-7K2M4P9Q")
    back = labelled()
    answer = clerk_client.get(reverse("returns_board"), {"q": "r-7k2m4p9q"})
    assert answer.headers["Location"] == reverse("return_case", args=[back.pk])


def test_a_clerk_does_not_decline_what_turned_out_to_be_theirs() -> None:
    back = doubtful()
    back.order.registrant = back.core.registrant
    assert [action.name for action in actions(back, person("clerk"))] == ["approve"]


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("requested", ["approve", "decline"]),
        ("approved", ["receive", "label", "missing"]),
        ("label_sent", ["receive", "sent", "missing"]),
        ("in_transit", ["receive", "missing"]),
        ("received", ["inspect", "undo"]),
        ("inspected", ["accept", "undo"]),
        ("accepted", ["pay", "undo"]),
        ("rejected", ["undo"]),
        ("refunding", []),
        ("closed", []),
        ("declined", []),
    ],
)
def test_what_a_clerk_can_do(state: str, names: list[str]) -> None:
    assert [action.name for action in actions(return_at(state), person("clerk"))] == names


def test_no_page_declines_what_is_theirs(clerk_client: Client) -> None:
    back = begun()
    answer = clerk_client.post(reverse("return_do", args=[back.pk, "decline"]), {"reason": "It is old"})
    assert answer.status_code == 409
    back.refresh_from_db()
    assert back.state == "approved"


@pytest.mark.parametrize(
    ("paid_for", "said"),
    [
        (bought, ["back to the card that it was paid with"]),
        (by_check, ["It was paid by check"]),
        (lambda: bought(order=order_at("on_account")), ["comes off invoice"]),
        (lambda: refunded_in_part(38_500), []),
    ],
)
def test_before_money_goes_back_a_clerk_reads_where_to(
    paid_for: Callable[[], Core], said: list[str], clerk_client: Client
) -> None:
    page = page_of(clerk_client, "return_pay", accepted(received(begun(paid_for()))).pk)
    ways = ("back to the card that it was paid with", "It was paid by check", "comes off invoice")
    assert [way for way in ways if way in page] == said
    assert "The connection of the CORE ends." in page


def test_a_refund_of_a_check_is_paid_out_by_another(clerk_client: Client) -> None:
    back = of_check()
    refund = back.refunds.get()
    assert "Note the check over" in page_of(clerk_client, "return_case", back.pk)
    does(clerk_client, "refund_check", refund.pk, check_number="2041")
    back.refresh_from_db()
    assert back.state == "closed"


STEPS: list[Callable[[Return], Return]] = [
    received,
    inspected,
    lambda back: services.accept_return(back=back, by=person("clerk")),
    paid_back,
    arrived,
]
"""Steps of a return from its parcel on."""


def test_the_page_of_a_core_says_of_its_return_what_the_return_says() -> None:
    core = bought()
    browser, back = sign_in(owner_of(core)), begun(core)
    pages = [("device", [core.pk]), ("devices", [])]
    on_its_way = "On its way back to the office"
    assert all(on_its_way in page_of(browser, name, *args) for name, args in pages)
    services.undo_parcel(back=received(back), by=person("clerk"), reason="Another parcel")
    assert all(on_its_way in page_of(browser, name, *args) for name, args in pages)
    for step in STEPS:
        back = step(Return.objects.get(pk=back.pk))
        card = ReturnCard(Return.objects.get(pk=back.pk))
        assert card.next_words in page_of(browser, "return", back.pk)
        for name, args in pages:
            page = main_of(page_of(browser, name, *args))
            assert f"{card.next_words} The CORE is at the office, where it will be wiped." in page
            assert card.tag[1] in page
            assert on_its_way not in page
            assert "oming back" not in page


def test_where_nothing_is_left_to_refund_no_page_and_no_mail_promises_a_refund(clerk_client: Client) -> None:
    core = refunded_in_part(38_500)
    browser, nothing = sign_in(owner_of(core)), "Nothing more goes back, since it was refunded before"
    asked = main_of(page_of(browser, "device_return", core.pk))
    assert nothing in asked
    assert "We inspect the parcel within 5 working days after it arrives.</p>" in asked
    back = begun(core)
    texts = [main_of(page_of(browser, "return", back.pk)), last_mail(back)]
    for step in STEPS[:4]:
        back = step(back)
        texts += [main_of(page_of(browser, "return", back.pk)), last_mail(back)]
        if back.state == "accepted":
            asked = main_of(page_of(clerk_client, "return_pay", back.pk))
            assert "Close this return?" in asked
            assert "Give the money" not in asked
    assert back.state == "closed"
    assert f"{nothing}. Nothing is left to do." in texts[-2]
    assert "Nothing was left to refund" in texts[-2]
    case = main_of(page_of(clerk_client, "return_case", back.pk))
    assert "Nothing was left to refund" in case
    for text in (*texts, case):
        assert nothing in text or text == case
        assert [promise for promise in PROMISES if promise in text] == []


def test_a_check_for_a_return_is_to_be_written_and_then_written(clerk_client: Client) -> None:
    back = of_check()
    browser, amount = sign_in(owner_in(back)), dollars(back.refunds.get().cents)
    pages = [("return", [back.pk]), ("returns", []), ("device", [back.core_id])]
    for name, args in pages:
        page = main_of(page_of(browser, name, *args))
        assert f"A refund of {amount}, by check, to be written." in page
        assert "By check, to be written" in page
        assert "on its way" not in page
    assert f"A refund of {amount}, by check, to be written" in page_of(browser, "order", back.order.number)
    does(clerk_client, "refund_check", back.refunds.get().pk, check_number="2041")
    for name, args in pages:
        page = main_of(page_of(browser, name, *args))
        assert f"A refund of {amount}, by check 2041, written. Nothing is left to do." in page
        assert "By check 2041, written" in page
        assert "paid out" not in page
    assert f"A refund of {amount}, by check 2041, written." in page_of(clerk_client, "return_case", back.pk)


def test_giving_money_back_needs_a_fresh_sign_in() -> None:
    back = accepted()
    clerk = sign_in(person("clerk"))
    session = clerk.session
    session["account_authentication_methods"] = []
    session.save()
    answer = clerk.post(reverse("return_pay", args=[back.pk]))
    assert answer.status_code == 302
    back.refresh_from_db()
    assert back.state == "accepted"


def test_an_administrator_publishes_deductions_that_everybody_can_read(
    administrator_client: Client, client: Client
) -> None:
    said = {"lowest": "15", "steps": "3 10\n12 30", "parts": "Power supply | Fuente de poder | 10"}
    page = does(administrator_client, "deductions", **said)
    assert "Published: version 2." in page
    schedule = DeductionSchedule.objects.latest("version")
    assert list(schedule.steps.order_by("from_months").values_list("from_months", "basis_points")) == [
        (3, 1000),
        (12, 3000),
    ]
    page = page_of(client, "return_terms")
    assert "From month 12 on" in page
    assert "30 %" in page
    answer = administrator_client.post(reverse("deductions"), {**said, "steps": "twelve thirty"})
    assert answer.status_code == 422
    assert DeductionSchedule.objects.count() == 2


def test_the_page_of_a_product_says_what_a_return_brings(client: Client) -> None:
    published()
    made = product()
    page = page_of(client, "product", made.slug)
    assert "If you return it" in page
    assert "After 12 months" in page
    assert "$140.00" in page


@pytest.mark.parametrize("state", ["label_sent", "declined", "rejected"])
def test_an_owner_is_told_how_it_goes_on(state: str) -> None:
    back = return_at(state)
    assert Message.objects.filter(subject_id=str(back.pk), context__state=state).count() == 1


def test_an_owner_is_told_in_their_language() -> None:
    back = arrived(paid_back())
    kinds = Message.objects.filter(subject_id=str(back.pk)).values_list("context__state", flat=True)
    assert set(kinds) == {"approved", "received", "accepted"}


def test_a_clerk_opens_the_return_that_began_at_the_office(clerk_client: Client) -> None:
    core, given = bought(), core_at("returning")
    address = reverse("return_open")
    assert address in page_of(clerk_client, "returns_board")
    assert clerk_client.post(address, {"serial": core.serial}).status_code == 409
    cores.begin_return(core=core, by=person("clerk"))
    assert not Return.objects.filter(core=core).exists()
    opened = clerk_client.post(address, {"serial": core.serial.lower()})
    back = Return.objects.get(core=core)
    assert opened["Location"] == reverse("return_case", args=[back.pk])
    assert Message.objects.filter(kind="return_progress", subject_id=str(back.pk)).exists()
    for serial, sentence in ((given.serial, "Nobody bought this CORE here"), ("FC4-NONE", "There is no CORE")):
        answer = clerk_client.post(address, {"serial": serial})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
