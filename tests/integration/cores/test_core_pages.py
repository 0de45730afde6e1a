"""Clerks' pages about COREs, and the administrators' list of kinds."""

import re
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core, CoreModel
from integration.cores.presenters import model_changes
from registry.places.models import Premises
from tests.factories import registrant_at
from tests.integration.cores.devices import (
    CERTIFICATE,
    Device,
    business_at,
    core_at,
    core_model,
    device_camera_at,
    in_stock,
)
from tests.integration.device_api.calling import activate

pytestmark = pytest.mark.django_db
CODE = re.compile(r"<code>\s*([0-9A-Z]{5}-[0-9A-Z]{5})\s*</code>")


def press(client: Client, core: Core, act: str) -> int:
    return client.post(reverse("core_act", args=[core.pk, act])).status_code


class TestReceiving:
    def test_several_at_once(self, clerk_client: Client) -> None:
        model = core_model()
        answer = clerk_client.post(
            reverse("core_receive"), {"model": model.pk, "serials": "fc4-10001\r\n\r\n FC4-10002 \r\n"}, follow=True
        )
        assert "2 COREs are in stock." in answer.content.decode()
        assert set(Core.objects.values_list("serial", flat=True)) == {"FC4-10001", "FC4-10002"}
        assert AuditEntry.objects.filter(event="integration:core:receive").count() == 2

    @pytest.mark.parametrize(
        ("serials", "named"),
        [
            ("FC4-10001\nFC4-10001", "These are there twice: FC4-10001"),
            ("FC4-10001\nx", "These can&#x27;t be serial numbers: X"),
            ("FC4-10001\nKNOWN-1", "These are known already: KNOWN-1"),
            ("\n", "Fill in “"),
        ],
    )
    def test_a_wrong_number_is_named_and_nothing_is_written(
        self, clerk_client: Client, serials: str, named: str
    ) -> None:
        model = core_model()
        clerk_client.post(reverse("core_receive"), {"model": model.pk, "serials": "KNOWN-1"})
        answer = clerk_client.post(reverse("core_receive"), {"model": model.pk, "serials": serials})
        assert named in answer.content.decode()
        assert Core.objects.count() == 1

    def test_a_retired_kind_is_not_offered(self, clerk_client: Client, administrator_client: Client) -> None:
        model = core_model()
        administrator_client.post(reverse("core_model_retire", args=[model.pk]))
        assert "No kind of CORE is known" in clerk_client.get(reverse("core_receive")).content.decode()


class TestAllocating:
    def test_the_code_is_shown_once_and_works(self, clerk_client: Client) -> None:
        core, owner = in_stock(), business_at()
        address = reverse("core_allocate", args=[core.pk])
        asked = clerk_client.get(address, {"reference": owner.reference.lower()})
        assert owner.name in asked.content.decode()
        said = {"reference": owner.reference, "premises": Premises.objects.get(registrant=owner).pk}
        answer = clerk_client.post(address, said)
        found = CODE.search(answer.content.decode())
        assert found is not None
        assert "no-store" in answer["Cache-Control"]
        core.refresh_from_db()
        assert (core.state, core.registrant) == ("allocated", owner)
        assert found[1] not in clerk_client.get(reverse("core", args=[core.pk])).content.decode()
        assert activate(Device(core, found[1], Ed25519PrivateKey.generate())).status_code == 200
        assert clerk_client.post(address, said).status_code == 409

    def test_a_person_and_nobody_are_refused(self, clerk_client: Client) -> None:
        address = reverse("core_allocate", args=[in_stock().pk])
        for reference, words in ((registrant_at().reference, "is a person&#x27;s"), ("G-NOBODY00", "no registration")):
            assert words in clerk_client.get(address, {"reference": reference}).content.decode()

    def test_another_business_s_place_is_refused(self, clerk_client: Client) -> None:
        core, owner, other = in_stock(), business_at(), business_at()
        said = {"reference": owner.reference, "premises": Premises.objects.get(registrant=other).pk}
        answer = clerk_client.post(reverse("core_allocate", args=[core.pk]), said)
        assert answer.status_code == 200
        core.refresh_from_db()
        assert core.state == "in_stock"

    def test_a_home_is_refused(self, clerk_client: Client) -> None:
        core, owner = in_stock(), business_at()
        Premises.objects.filter(registrant=owner).update(kind="home")
        said = {"reference": owner.reference, "premises": Premises.objects.get(registrant=owner).pk}
        answer = clerk_client.post(reverse("core_allocate", args=[core.pk]), said)
        assert "This place is a home" in answer.content.decode()


def test_one_core_walks_its_whole_life_by_the_buttons(clerk_client: Client) -> None:
    core = core_at("allocated")
    assert press(clerk_client, core, "ship") == 302
    assert press(clerk_client, core, "return") == 302
    wipe = reverse("core_wipe", args=[core.pk])
    assert "with letters and digits" in clerk_client.post(wipe, {"certificate": "!"}).content.decode()
    assert clerk_client.post(wipe, {"certificate": CERTIFICATE}).status_code == 302
    assert press(clerk_client, core, "restock") == 302
    assert press(clerk_client, core, "retire") == 302
    page = clerk_client.get(reverse("core", args=[core.pk])).content.decode()
    assert "Retired" in page
    assert CERTIFICATE in page
    for words in ("sent a CORE on its way", "wiped a CORE that came back", "retired a CORE"):
        assert words in page


def test_a_button_that_can_not_be_used_says_why(clerk_client: Client) -> None:
    page = clerk_client.get(reverse("core", args=[core_at("active").pk])).content.decode()
    assert "Only a CORE that is set aside or on its way has an activation code." in page
    assert press(clerk_client, core_at("active"), "ship") == 409
    assert press(clerk_client, core_at("active"), "dance") == 404


def test_another_code_ends_the_one_before(clerk_client: Client) -> None:
    core = core_at("shipped")
    answer = clerk_client.post(reverse("core_act", args=[core.pk, "code"]))
    assert CODE.search(answer.content.decode())
    assert f'data-shown-at="{reverse("core", args=[core.pk])}"' in answer.content.decode()
    assert core.codes.filter(ended_at=None).count() == 1


def test_suspending_and_revoking(clerk_client: Client) -> None:
    core = core_at("active")
    assert press(clerk_client, core, "revoke") == 302
    assert press(clerk_client, core, "suspend") == 302
    assert press(clerk_client, core, "resume") == 302
    assert not core.tokens.filter(replaced_at=None).exists()


def test_a_replacement_needs_one_in_stock_that_is_large_enough(clerk_client: Client) -> None:
    owner = business_at(cameras=2)
    old = core_at("active", registrant=owner)
    device_camera_at(old)
    device_camera_at(old, channel="back")
    address = reverse("core_replace", args=[old.pk])
    small, large = in_stock(model=core_model(cameras=1)), in_stock()
    assert "no CORE with this serial number in stock" in clerk_client.post(address, {"serial": "X"}).content.decode()
    assert "2 cameras are behind" in clerk_client.post(address, {"serial": small.serial}).content.decode()
    answer = clerk_client.post(address, {"serial": large.serial.lower()})
    assert CODE.search(answer.content.decode())
    large.refresh_from_db()
    assert (large.registrant, large.replaces) == (owner, old)


class TestTheList:
    def test_it_counts_and_filters(self, clerk_client: Client) -> None:
        core, other = in_stock(), core_at("active")
        page = clerk_client.get(reverse("cores")).content.decode()
        assert "In stock: 1" in page
        assert "Active: 1" in page
        found = clerk_client.get(reverse("cores"), {"state": "active"}).content.decode()
        assert other.serial in found
        assert core.serial not in found
        assert core.serial in clerk_client.get(reverse("cores"), {"q": core.serial.lower()}).content.decode()
        assert "No CORE like this" in clerk_client.get(reverse("cores"), {"state": "offline"}).content.decode()

    def test_empty(self, clerk_client: Client) -> None:
        assert "No CORE yet" in clerk_client.get(reverse("cores")).content.decode()


class TestKinds:
    def test_an_administrator_adds_changes_and_retires(self, administrator: User, administrator_client: Client) -> None:
        said = {"name": " CORE  4 ", "name_es": " CORE  cuatro ", "cameras_supported": 4}
        assert administrator_client.post(reverse("core_models"), said).status_code == 302
        assert "of this name already" in administrator_client.post(reverse("core_models"), said).content.decode()
        model = CoreModel.objects.get()
        address = reverse("core_model", args=[model.pk])
        assert administrator_client.post(address, {"name": "CORE 4", "cameras_supported": 6}).status_code == 302
        assert administrator_client.post(reverse("core_model_retire", args=[model.pk])).status_code == 302
        past = [moment.text for moment in model_changes(model)]
        acts = ("No longer received", "CORE 4, 6 cameras", "CORE 4 · CORE cuatro, 4 cameras")
        assert past == [f"{act} · {administrator.pseudonym}" for act in acts]
        page = administrator_client.get(address).content.decode()
        assert all(each in page for each in past)

    def test_a_kind_can_not_shrink_below_what_is_connected(self, administrator_client: Client) -> None:
        core = core_at("active", registrant=business_at(cameras=2))
        device_camera_at(core)
        device_camera_at(core, channel="back")
        address = reverse("core_model", args=[core.model_id])
        answer = administrator_client.post(address, {"name": "CORE X", "cameras_supported": 1})
        assert "connects 2 cameras now" in answer.content.decode()

    def test_the_card_is_on_the_page_administration(self, administrator_client: Client) -> None:
        assert reverse("core_models") in administrator_client.get(reverse("admin")).content.decode()


def test_what_is_not_there_is_404(clerk_client: Client, administrator_client: Client) -> None:
    assert clerk_client.get(reverse("core", args=[uuid4()])).status_code == 404
    assert administrator_client.get(reverse("core_model", args=[uuid4()])).status_code == 404
