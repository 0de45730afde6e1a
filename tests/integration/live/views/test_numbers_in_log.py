"""Auditors find views, flags and cameras by the numbers that people say, and tell two cameras of one owner apart."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import hooks
from audit.ledger.models import Alarm
from fusus_portal.ground.numbers import CAMERA, VIEW, ids_of, number_of
from integration.watch_hours import services
from integration.watch_hours.models import FlagAbout, WatchedDay, WatchFlag
from integration.watch_hours.policies import flag_sentence
from registry.people.services import registrants
from registry.places.models import Camera
from tests.factories import registrant_at
from tests.integration.critical.scenes import Scene, scene
from tests.integration.live.watching import viewed

pytestmark = pytest.mark.django_db

make_world = scene


def entries_on(page: str) -> list[str]:
    """Return what was done on each line of the log, in words."""
    return [
        " ".join(line.split()) for line in re.findall(r'<td class="log-table__what"[^>]*>(.*?)</td>', page, re.DOTALL)
    ]


def test_the_number_of_a_view_finds_it_and_no_other(world: Scene, auditor_client: Client) -> None:
    view, other = viewed(world, minutes=2), viewed(world, minutes=3)
    for grant, minutes in ((view, 2), (other, 3)):
        page = auditor_client.get(reverse("audit"), {"word": number_of(VIEW, grant.pk).lower()}).content.decode()
        assert f"View {number_of(VIEW, grant.pk)}" in page
        done = entries_on(page)
        assert sum("viewed this camera live for a minute" in line for line in done) == minutes
        assert sum("began to view this camera live" in line for line in done) == 1
        assert sum("ended a live view" in line for line in done) == 1
        assert len(done) == minutes + 2


def test_a_view_is_found_after_its_owner_left(world: Scene, auditor_client: Client) -> None:
    view = viewed(world, minutes=1)
    camera = world.camera.camera_id
    registrants.leave(registrant=world.registrant, by=world.owner)
    for number in (number_of(VIEW, view.pk), number_of(CAMERA, camera)):
        page = auditor_client.get(reverse("audit"), {"word": number}).content.decode()
        assert any("viewed this camera live for a minute" in line for line in entries_on(page))
    assert hooks.names("camera", [str(camera)]) == {str(camera): number_of(CAMERA, camera)}


def test_another_number_finds_nothing_and_helps_on(world: Scene, auditor_client: Client) -> None:
    view = viewed(world, minutes=1)
    for text in (
        "V-00000000",
        number_of(VIEW, view.pk)[:-1],
        f"{number_of(VIEW, view.pk)}0",
        "C-00000000",
        "V-ZZZZZZZZ",
    ):
        page = auditor_client.get(reverse("audit"), {"word": text}).content.decode()
        assert "No match" in page
        assert "live view (V-…), camera (C-…)" in page


def test_an_entry_names_its_view(world: Scene, auditor_client: Client) -> None:
    view = viewed(world, minutes=1)
    page = auditor_client.get(reverse("audit"), {"word": number_of(VIEW, view.pk)}).content.decode()
    entry = re.search(r'href="(/console/audit/\d+/)', page)
    assert entry
    shown = auditor_client.get(entry[1]).content.decode()
    assert f"{number_of(VIEW, view.pk)} of incident {world.incident.number}" in shown


def test_two_cameras_of_one_owner_have_names_that_tell_them_apart(auditor_client: Client) -> None:
    owner = registrant_at(cameras=2)
    cameras = list(Camera.objects.filter(premises__registrant=owner))
    page = auditor_client.get(reverse("audit"), {"word": owner.reference}).content.decode()
    for camera in cameras:
        name = f"{number_of(CAMERA, camera.pk)}, home, of owner {owner.reference}"
        assert page.count(f">camera {name}<") == 1
        found = auditor_client.get(reverse("audit"), {"word": number_of(CAMERA, camera.pk)}).content.decode()
        assert entries_on(found)
        assert f"camera {name}" in found
        assert not any(f"camera {number_of(CAMERA, other.pk)}" in found for other in cameras if other != camera)
        assert camera.name not in page
    assert len({number_of(CAMERA, camera.pk) for camera in cameras}) == 2
    assert owner.premises.get().street not in page


def test_watch_hours_and_flags_name_cameras_and_show_no_ids(world: Scene, auditor_client: Client) -> None:
    viewed(world, minutes=2)
    camera = world.camera.camera_id
    flag = WatchFlag(
        about=FlagAbout.CAMERA, key=str(camera), week=timezone.localdate(), seconds=9 * 3600, usual_seconds=8 * 3600,
        cameras=1,
    )  # fmt: skip
    flag.save()
    page = auditor_client.get(reverse("watch_hours")).content.decode()
    assert f"{number_of(CAMERA, camera)}, business, of owner {world.registrant.reference}" in page
    assert f"Camera {number_of(CAMERA, camera)} was viewed live for 9:00 hours" in page
    assert str(camera) not in page
    assert str(camera) not in flag_sentence(flag)
    WatchedDay.objects.update(seconds=1)
    services.check()
    assert f"camera {number_of(CAMERA, camera)}, " in Alarm.objects.get().what
    found = auditor_client.get(reverse("audit"), {"word": f"W-{flag.pk.hex[:8]}"}).content.decode()
    assert "No match" not in found


def test_a_number_stands_for_the_ids_that_begin_with_it() -> None:
    first, last = ids_of("V", " v-12ab34cd ") or (None, None)
    assert str(first) == "12ab34cd-0000-0000-0000-000000000000"
    assert str(last) == "12ab34cd-ffff-ffff-ffff-ffffffffffff"
    assert number_of("V", str(first)) == number_of("V", str(last)) == "V-12AB34CD"
    assert ids_of("C", "V-12AB34CD") is None
