"""COREs move with a place, and end with it; an owner who leaves needs nobody's permission (promises I3, I8, R12)."""

from dataclasses import asdict

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from integration.cores.models import Core, DeviceCamera
from integration.cores.services import cores
from registry.people.services import moves, registrants
from registry.places.services import cameras, premises
from registry.registrants.models import Registrant
from tests.factories import person
from tests.integration.cores.devices import CERTIFICATE, active, business_at, core_at, device_camera_at
from tests.integration.device_api.calling import call
from tests.people import sign_in
from tests.registry.other_counties.elsewhere import (
    AVONDALE,
    IN_AVONDALE,
    IN_PELHAM,
    PELHAM,
    home_of,
    inside,
    outside,
    with_second_place,
)
from tests.registry.people.moves.test_move_pages import go

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Registrant:
    """Return a business with a camera behind an active CORE."""
    registrant = business_at()
    device_camera_at(core_at("active", registrant=registrant))
    return registrant


def events() -> list[str]:
    rows = AuditEntry.objects.filter(event__startswith="integration:").order_by("id")
    return [event.removeprefix("integration:") for event in rows.values_list("event", flat=True)][-3:]


def test_it_moves_with_its_place_inside_the_county(owner: Registrant) -> None:
    moves.move(premises=home_of(owner), by=owner.user, place=inside(kind="business"))
    core = Core.objects.get()
    assert (core.state, core.premises) == ("active", home_of(owner))
    assert DeviceCamera.objects.filter(removed_at=None).count() == 1
    assert events()[-1] == "core:place"


def test_outside_the_county_its_return_begins(owner: Registrant) -> None:
    home = home_of(owner)
    with_second_place(owner)
    moves.move_away(premises=home, by=owner.user, place=outside())
    core = Core.objects.get()
    assert (core.state, core.premises, core.registrant) == ("returning", None, owner)
    assert events()[-2:] == ["camera:disconnect", "core:return"]


def test_it_ends_with_a_place_that_is_removed(owner: Registrant) -> None:
    premises.remove(premises=home_of(owner), by=owner.user)
    assert Core.objects.get().state == "returning"
    assert not DeviceCamera.objects.filter(removed_at=None).exists()


def test_a_camera_that_is_removed_is_disconnected(owner: Registrant) -> None:
    cameras.remove(camera=home_of(owner).cameras.get(), by=owner.user)
    assert Core.objects.get().state == "active"
    assert not DeviceCamera.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize(
    ("state", "then"),
    [
        ("allocated", "in_stock"),
        ("shipped", "returning"),
        ("active", "returning"),
        ("suspended", "returning"),
        ("returning", "returning"),
    ],
)
def test_an_owner_who_leaves_is_named_with_no_core_any_more(state: str, then: str) -> None:
    registrant = business_at()
    core = core_at(state, registrant=registrant)
    Core.objects.update(channels={"front": "Rosa's desk"})
    registrants.leave(registrant=registrant, by=registrant.user)
    core.refresh_from_db()
    assert (core.state, core.registrant, core.premises, core.key) == (then, None, None, "")
    assert core.channels == {}
    assert not Registrant.objects.exists()
    if then == "returning":
        assert cores.wipe(core=core, by=person("clerk"), certificate=CERTIFICATE).state == "wiped"


def test_one_that_was_set_aside_is_free_again_with_its_place_and_its_code_ends() -> None:
    registrant = business_at()
    core = core_at("allocated", registrant=registrant)
    with_second_place(registrant)
    premises.remove(premises=home_of(registrant), by=registrant.user)
    core.refresh_from_db()
    assert (core.state, core.registrant, core.premises) == ("in_stock", None, None)
    assert core.codes.get().ended_at is not None


def test_the_device_is_let_in_no_more() -> None:
    registrant = business_at()
    device = active(registrant=registrant)
    registrants.leave(registrant=registrant, by=registrant.user)
    assert call(device, "poll", {}).status_code == 401
    assert call(device, "token", {"serial": device.core.serial}).status_code == 401


def test_the_page_of_leaving_says_what_becomes_of_a_core(business_client: Client, business: User) -> None:
    core = core_at("active", registrant=business_at(user=business))
    page = business_client.get(reverse("leave")).content.decode()
    assert f"Your CORE {core.serial} stops at once" in page


def test_the_page_of_removing_a_place_says_what_becomes_of_a_core(owner: Registrant) -> None:
    core, other = Core.objects.get(), with_second_place(owner)
    browser = sign_in(owner.user)
    page = browser.get(reverse("premises_remove", args=[home_of(owner).pk])).content.decode()
    assert f"Your CORE {core.serial} is there. It stops at once" in page
    assert core.serial not in browser.get(reverse("premises_remove", args=[other.pk])).content.decode()


@pytest.mark.parametrize(("state", "is_named"), [("allocated", False), ("shipped", True)])
def test_of_leaving_and_of_removing_a_place_the_pages_name_what_a_business_has(state: str, is_named: bool) -> None:
    registrant = business_at()
    core = core_at(state, registrant=registrant)
    with_second_place(registrant)
    browser = sign_in(registrant.user)
    for page in (reverse("leave"), reverse("premises_remove", args=[home_of(registrant).pk])):
        assert (core.serial in browser.get(page).text) is is_named


def test_it_moves_inside_the_county_by_its_page(owner: Registrant) -> None:
    core, home, browser = Core.objects.get(), home_of(owner), sign_in(owner.user)
    typed = {"kind": "business", **asdict(AVONDALE)}
    go(browser, home, typed, {"latitude": str(IN_AVONDALE.latitude), "longitude": str(IN_AVONDALE.longitude)})
    page = browser.get(reverse("premises_move_check", args=[home.pk])).content.decode()
    assert f"Your CORE {core.serial} moves with the place" in page
    assert browser.post(reverse("premises_move_check", args=[home.pk])).status_code == 302
    core.refresh_from_db()
    assert (core.state, core.premises) == ("active", home)


def test_a_move_out_of_the_county_ends_it_by_its_page(owner: Registrant) -> None:
    core, home, browser = Core.objects.get(), home_of(owner), sign_in(owner.user)
    typed = {"kind": "business", **asdict(PELHAM)}
    go(browser, home, typed, {"latitude": str(IN_PELHAM.latitude), "longitude": str(IN_PELHAM.longitude)})
    page = browser.get(reverse("premises_move_away", args=[home.pk])).content.decode()
    assert f"Your CORE {core.serial} stops at once" in page
    with_second_place(owner)
    page = browser.get(reverse("premises_move_away", args=[home.pk])).content.decode()
    assert f"Your CORE {core.serial} is there. It stops at once" in page
    assert browser.post(reverse("premises_move_away", args=[home.pk])).status_code == 302
    core.refresh_from_db()
    assert (core.state, core.premises) == ("returning", None)


def test_a_business_with_a_core_stays_a_business(owner: Registrant) -> None:
    with pytest.raises(ValidationError, match="a CORE is for a business"):
        as_a_person(owner)
    cores.begin_return(core=Core.objects.get(), by=owner.user)
    assert as_a_person(owner).kind == "person"


def as_a_person(owner: Registrant) -> Registrant:
    return registrants.change(
        registrant=owner, by=owner.user, kind="person", name="Ana Rivera", phone="205-555-0117", language="en"
    )
