"""Each time that the agency reads an owner's name or address on a page is an entry that the owner reads."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.access_log.services import ONE_LOOK
from registry.people.services import registrants
from shop.orders.models.orders import Order
from tests.factories import person, request_at
from tests.integration.cores.devices import business_at, core_at, in_stock, owner_of
from tests.people import sign_in
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE
from tests.shop.orders.orders import buyer_of, gateway, order_at

pytestmark = pytest.mark.django_db
NAMED = {"kind": "named"}


@pytest.fixture
def order() -> Order:
    return order_at("awaiting_payment")


def reads(buyer: User, **asked: str) -> str:
    """Return what somebody reads of who looked."""
    return sign_in(buyer).get(reverse("looks"), asked).content.decode()


def opens(clerk: Client, order: Order) -> None:
    assert order.party in clerk.get(reverse("fulfilment_order", args=[order.number])).content.decode()


def looks() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=Event.OWNER_SEEN).order_by("id"))


def test_a_buyer_reads_that_a_clerk_saw_name_and_address_and_why(
    order: Order, clerk: User, clerk_client: Client
) -> None:
    opens(clerk_client, order)
    page = reads(buyer_of(order), **NAMED)
    assert f"{clerk.pseudonym}: saw your name and address to work on order {order.number}" in page
    assert "entry 1" in page
    assert order.number not in reads(person("business"))


def test_in_the_copy_of_the_list_too(order: Order, clerk_client: Client) -> None:
    opens(clerk_client, order)
    copy = sign_in(buyer_of(order)).post(reverse("looks_copy")).getvalue().decode("utf-8-sig")
    named = [row for row in csv.DictReader(io.StringIO(copy)) if row["camera"] == "Your name and address"]
    assert [(row["entry"], row["what"]) for row in named] == [
        ("1", f"saw your name and address to work on order {order.number}")
    ]


def test_it_is_one_look_for_ten_minutes_of_each_person_at_each_thing(order: Order, clerk_client: Client) -> None:
    other = order_at("paid")
    for _time in range(3):
        opens(clerk_client, order)
    opens(clerk_client, other)
    opens(sign_in(person("clerk")), order)
    assert len(looks()) == 3
    with time_machine.travel(timezone.now() + ONE_LOOK + timedelta(seconds=1), tick=False):
        opens(clerk_client, order)
    assert len(looks()) == 4


def test_entries_of_a_name_are_counted_without_a_gap_and_each_has_a_receipt(order: Order, clerk_client: Client) -> None:
    buyer, registrant = buyer_of(order), order.registrant
    assert registrant is not None
    for browser in (clerk_client, sign_in(person("clerk"))):
        opens(browser, order)
    assert [entry.camera_number for entry in looks()] == [1, 2]
    one, other = (reverse("look_receipt", args=[registrant.pk, number]) for number in (2, 3))
    assert sign_in(buyer).get(one).status_code == 409  # not public yet
    assert sign_in(buyer).get(other).status_code == 404
    assert sign_in(person("business")).get(one).status_code in {302, 404}


def test_the_owner_of_a_core_reads_it_and_of_one_in_stock_there_is_nobody(clerk_client: Client) -> None:
    core = core_at("active")
    clerk_client.get(reverse("core", args=[core.pk]))
    clerk_client.get(reverse("core", args=[core_at("in_stock").pk]))
    assert len(looks()) == 1
    assert f"saw your name and address to work on CORE {core.serial}" in reads(owner_of(core), **NAMED)


def test_who_gave_a_file_reads_that_a_deputy_saw_their_name(deputy: User, deputy_client: Client) -> None:
    file = given(request_at("sent", by=deputy), content=PICTURE, name="porch.jpg")
    assert "Ana Rivera" in deputy_client.get(reverse("evidence", args=[file.pk])).content.decode()
    registrant = file.request.registrant
    assert registrant is not None
    page = reads(registrant.user, **NAMED)
    assert f"saw your name, and how to reach you, with file {file.number} that you gave" in page
    assert file.request.incident.number in page


def test_of_a_buyer_who_has_left_auditors_read_it(order: Order, clerk_client: Client) -> None:
    registrant = order.registrant
    assert registrant is not None
    gateway()
    registrants.leave(registrant=registrant, by=registrant.user)
    opens(clerk_client, order)
    (entry,) = looks()
    assert (entry.subject_id, entry.camera_id) == (str(order.pk), "")


@pytest.mark.parametrize("board", ["fulfilment", "fulfilment_orders", "returns_board", "claims_board", "cores"])
def test_lists_name_nobody(board: str, order: Order, clerk_client: Client) -> None:
    core_at("active")
    page = clerk_client.get(reverse(board)).content.decode()
    assert order.party not in page
    assert order.ship_street not in page
    assert looks() == []


def test_each_business_that_one_core_is_tried_for_reads_of_it(clerk_client: Client) -> None:
    """The page names whichever business the clerk types, and it is one CORE all the while."""
    core, owners = in_stock(), [business_at(), business_at()]
    for _time in range(2):
        for owner in owners:
            page = clerk_client.get(reverse("core_allocate", args=[core.pk]), {"reference": owner.reference})
            assert owner.name in page.content.decode()
    assert [entry.camera_id for entry in looks()] == [str(owner.pk) for owner in owners]
