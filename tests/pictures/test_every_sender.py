"""Every sender of a picture: an attack is refused, one is decoded at a time, and no connection is held meanwhile.

Over HTTP, at every address that takes a picture; a further one without a row here fails.
"""

import io
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.held_files import PictureOfForm
from fusus_portal.ground.pictures import child
from integration.live.services import snapshots
from registry.places.models import Camera
from shop.catalogue import files
from shop.catalogue.models import Product
from tests.access.addresses import addresses
from tests.database.clone import Clone
from tests.factories import registrant_at
from tests.integration.cores.devices import active, business_at, device_camera_at
from tests.integration.device_api.calling import call
from tests.people import make_person, sign_in
from tests.pictures.attacks import many_scans
from tests.shop.connections import renewed
from tests.shop.orders import orders
from tests.shop.returns import returned

pytestmark = pytest.mark.usefixtures("portal_db")
HELD = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'portal_app'"
NO_PICTURE = {"dispatch_file"}
"""Takes a small file as a picture is taken, and decodes none."""


class Sender(NamedTuple):
    """Who sends a picture. of: the account or CORE whose turn it is. send: sends these bytes."""

    of: UUID
    send: Callable[[bytes], Any]


def form_of(person: User, name: str, *args: object, field: str = "picture", **beside: object) -> Sender:
    browser = sign_in(person)

    def send(data: bytes) -> Any:
        upload = SimpleUploadedFile("sent.jpg", data, "image/jpeg")
        return browser.post(reverse(name, args=args), {**beside, field: upload}, follow=True)

    return Sender(person.pk, send)


def camera_picture() -> Sender:
    person = make_person("resident", "rosa@portal.example")
    registrant_at(user=person)
    return form_of(person, "camera_picture", Camera.objects.get().pk)


def agency_seal() -> Sender:
    return form_of(make_person("administrator", "ada@agency.example"), "agency_seal")


def catalogue_picture() -> Sender:
    words = {"alternative": "A box", "alternative_es": "Una caja"}
    orders.product()
    person = make_person("administrator", "ada@agency.example")
    return form_of(person, "catalogue_picture", Product.objects.get().pk, **words)


def device_problem() -> Sender:
    person = make_person("business", "bo@portal.example")
    core = active(registrant=business_at(user=person)).core
    return form_of(person, "device_problem", core.pk, problem="It does not start any more, with any cable.")


def return_inspect() -> Sender:
    back = returned.received()
    return form_of(make_person("clerk", "cleo@agency.example"), "return_inspect", back.pk, note="All there")


def return_missing() -> Sender:
    back = returned.labelled()
    words = {"serial": "", "reason": "The parcel was empty."}
    return form_of(make_person("clerk", "cleo@agency.example"), "return_missing", back.pk, **words)


def checkout_tax() -> Sender:
    order = orders.drafted()
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    said = {"state_code": "AL", "number": "EX-1", "valid_until": until}
    return form_of(orders.buyer_of(order), "checkout_tax", field="paper", **said)


def checkout_purchase_order() -> Sender:
    order = orders.drafted()
    said = {"consent": "on", "number": "PO-1", "limit": "10000"}
    return form_of(orders.buyer_of(order), "checkout_purchase_order", field="paper", **said)


def order_purchase_order() -> Sender:
    order = renewed.waits_now()
    said = {"number": "PO-1", "limit": "10000"}
    return form_of(orders.buyer_of(order), "order_purchase_order", order.number, field="paper", **said)


def core_snapshot() -> Sender:
    person = make_person("business", "bo@portal.example")
    device = active(registrant=business_at(user=person))
    behind = device_camera_at(device.core)

    def send(data: bytes) -> Any:
        snapshots.take(behind=behind, by=person)
        [order] = snapshots.orders_for(behind.core)
        return call(device, order["put"].removeprefix("/core/v1/"), method="PUT", body=data, kind="image/jpeg")

    return Sender(device.core.pk, send)


SENDERS = [
    camera_picture,
    agency_seal,
    catalogue_picture,
    device_problem,
    return_inspect,
    return_missing,
    checkout_tax,
    checkout_purchase_order,
    order_purchase_order,
    core_snapshot,
]
every_sender = pytest.mark.parametrize("prepare", SENDERS, ids=lambda prepare: prepare.__name__)


def photograph() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "navy").save(made, "JPEG")
    return made.getvalue()


def test_every_address_that_takes_a_picture_is_walked() -> None:
    takes = {address.name for address in addresses() if getattr(address.view, PictureOfForm.mark, False)}
    assert takes - NO_PICTURE == {prepare.__name__ for prepare in SENDERS} - {"core_snapshot"}


@every_sender
def test_an_attack_is_refused_and_two_at_once_of_one_sender_and_no_connection_is_held_for_one_that_is_decoded(
    prepare: Callable[[], Sender], portal_db: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = prepare()
    attacked = sender.send(many_scans(500))
    assert "This picture takes too long to read." in attacked.content.decode()
    assert attacked.status_code in {200, 400, 422}
    with child.turn_of(sender.of):  # as another process of the portal has it
        second = sender.send(photograph())
    assert "Another picture of yours is being worked on." in second.content.decode() or second.status_code == 503
    held: list[int] = []
    decode = child.decode

    def looked_at(*args: Any, **named: Any) -> Any:
        for _try in range(500):  # the server notices a moment later that a connection was closed
            row = portal_db.admin.execute(HELD, [portal_db.name]).fetchone()
            if row == (0,):
                break
            time.sleep(0.01)
        held.append(row[0] if row else -1)
        return decode(*args, **named)

    monkeypatch.setattr(child, "decode", looked_at)
    assert sender.send(photograph()).status_code == 200
    assert held == [0]


def test_a_paper_that_is_a_picture_is_encoded_anew() -> None:
    order = orders.drafted()
    sent = io.BytesIO()
    Image.new("RGB", (320, 240), "navy").save(sent, "JPEG", comment=b"33.5206 N")
    said = {"consent": "on", "number": "PO-1", "limit": "10000"}
    form = form_of(orders.buyer_of(order), "checkout_purchase_order", field="paper", **said)
    form.send(sent.getvalue())
    order.refresh_from_db()
    kept = orders.read(order.purchase_order.paper)
    assert b"33.5206 N" in sent.getvalue()
    assert b"33.5206 N" not in kept
    assert files.PICTURES["jpg"] == Image.open(io.BytesIO(kept)).format
