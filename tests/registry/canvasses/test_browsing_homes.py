"""One person's searches around incidents that nobody has verified are bounded, whatever the number of incidents."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.models import Alarm
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.services import approvals
from registry.incidents.models.incidents import Incident
from registry.incidents.services import incidents
from registry.limits.models import Limits
from registry.places.models import Camera
from tests.factories import LINN_PARK, north_of, person, registrant_at
from tests.people import sign_in
from tests.registry.canvasses.test_canvass_pages import drawn
from tests.registry.incidents.test_incident_pages import written

pytestmark = pytest.mark.django_db

HOMES = 12
APART_M = 700
"""From one home to the next, so that a circle of 300 m holds one."""

WHY = "They fled along this street too, says the witness."


@pytest.fixture
def street() -> list[Camera]:
    """Return the cameras of homes along a street, one each, too far apart for one circle."""
    for number in range(HOMES):
        registrant_at(north_of(LINN_PARK, number * APART_M))
    return list(Camera.objects.order_by("premises__latitude"))


def search(client: Client, number: int, home: int) -> str:
    """Open an incident at a home, search around it, and return the page with what it found."""
    at = north_of(LINN_PARK, home * APART_M)
    place = {"latitude": at.latitude, "longitude": at.longitude}
    client.post(reverse("incident_new"), written(number=f"2026-{number:06}", **place))
    incident = Incident.objects.get(number=f"2026-{number:06}")
    answer = client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident), follow=True)
    return answer.content.decode()


def cameras_in(page: str) -> set[str]:
    return set(re.findall(r'id="camera-([0-9a-f-]{36})"', page))


def test_many_incidents_in_a_row_show_one_home_and_are_flagged_at_once(
    street: list[Camera], deputy: User, deputy_client: Client, auditor_client: Client
) -> None:
    pages = [search(deputy_client, number, home=number) for number in range(6)]
    assert cameras_in(pages[0]) == {str(street[0].pk)}
    assert set.union(*map(cameras_in, pages[1:])) == set()
    assert all("Auditors are told." in page and "Ask for approval" in page for page in pages[1:])
    shown = AuditEntry.objects.filter(event="registry:camera:show")
    assert set(shown.values_list("camera_id", flat=True)) == {str(street[0].pk)}
    alarm = Alarm.objects.get(kind="homes-searched")  # one a day, not one a try
    assert deputy.pseudonym in alarm.what
    assert deputy_client.post(reverse("incident_new"), written(number="2026-000007")).status_code == 403
    assert "A person searches more than one may" in auditor_client.get(reverse("audit_alarms")).content.decode()


def test_no_page_of_the_second_canvass_shows_a_home(street: list[Camera], deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    search(deputy_client, 2, home=1)
    second = Canvass.objects.get(incident__number="2026-000002")
    for name in ("canvass", "canvass_sheet"):
        page = deputy_client.get(reverse(name, args=[second.pk])).content.decode()
        assert str(street[1].pk) not in page
        assert street[1].premises.street not in page
    assert deputy_client.post(reverse("canvass_send", args=[second.pk])).status_code == 403
    left_out = {"cameras": [street[1].pk], "why": "view"}
    assert deputy_client.post(reverse("canvass_leave_out", args=[second.pk]), left_out).status_code == 403


def test_a_supervisor_lets_it_be_shown(street: list[Camera], deputy: User, deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    search(deputy_client, 2, home=1)
    second = Canvass.objects.get(incident__number="2026-000002")
    approvals.ask(canvass=second, by=deputy, reason=WHY)
    approvals.grant(canvass=second, by=person("supervisor"))
    page = deputy_client.get(reverse("canvass", args=[second.pk])).content.decode()
    assert cameras_in(page) == {str(street[1].pk)}
    assert deputy_client.post(reverse("canvass_send", args=[second.pk])).status_code == 302


def test_what_a_supervisor_verified_counts_no_more(street: list[Camera], deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    assert not cameras_in(search(deputy_client, 2, home=1))
    first, second = Incident.objects.order_by("number")
    incidents.verify(incident=second, by=person("supervisor"))
    canvass = Canvass.objects.get(incident=second)
    page = deputy_client.get(reverse("canvass", args=[canvass.pk])).content.decode()
    assert cameras_in(page) == {str(street[1].pk)}
    incidents.verify(incident=first, by=person("supervisor"))
    assert cameras_in(search(deputy_client, 3, home=2)) == {str(street[2].pk)}


def test_the_agency_sets_how_many_in_a_day(street: list[Camera], deputy_client: Client) -> None:
    Limits.objects.update(unverified_incidents_a_day=2)
    found = [cameras_in(search(deputy_client, number, home=number)) for number in range(3)]
    assert [len(cameras) for cameras in found] == [1, 1, 0]


def test_a_week_has_a_bound_too(street: list[Camera], deputy: User, deputy_client: Client) -> None:
    """Day after day, with other people's canvasses, 25 owners are seen, and no more."""
    Limits.objects.update(unverified_incidents_a_day=5, unverified_owners_a_week=25)
    for number in range(24):
        registrant_at(north_of(LINN_PARK, number / 10))
    assert len(cameras_in(search(deputy_client, 1, home=0))) == 25
    assert not cameras_in(search(deputy_client, 2, home=1))
    assert Alarm.objects.filter(kind="homes-searched").count() == 1

    Alarm.objects.update(settled_at=timezone.now(), settled_by="an auditor")
    colleague = person("deputy")
    search(sign_in(colleague), 3, home=2)
    theirs = Incident.objects.get(number="2026-000003")
    incidents.assign(incident=theirs, user=deputy, by=person("supervisor"))
    canvass = Canvass.objects.get(incident=theirs)
    assert deputy_client.post(reverse("canvass_send", args=[canvass.pk])).status_code == 403
    flag = Alarm.objects.get(kind="homes-searched", settled_at=None)  # kept, though the refused act was undone
    assert deputy.pseudonym in flag.what
    Alarm.objects.update(settled_at=timezone.now(), settled_by="an auditor")
    page = deputy_client.get(reverse("canvass", args=[canvass.pk])).content.decode()
    assert "as many homes this week as one person sees" in page
    assert not cameras_in(page)
    assert deputy.pseudonym in Alarm.objects.get(kind="homes-searched", settled_at=None).what


def test_all_circles_of_an_incident_show_25_owners(street: list[Camera], deputy_client: Client) -> None:
    for number in range(24):
        registrant_at(north_of(LINN_PARK, APART_M + number / 10))
    assert len(cameras_in(search(deputy_client, 1, home=0))) == 1
    canvass = Canvass.objects.get()
    at = north_of(LINN_PARK, APART_M)
    again = drawn(canvass.incident, latitude=at.latitude, longitude=at.longitude)
    page = deputy_client.post(reverse("canvass_change", args=[canvass.pk]), again, follow=True).content.decode()
    assert "before more than 25 owners are asked" in page
    assert "Nobody can be asked here yet" in page
    assert not cameras_in(page)
    assert not re.findall(r"(\d+) owners? would be asked|Send to (\d+)", page)  # how many there are is not told either
    assert "It can be searched 1 more time" in page
    smaller = drawn(canvass.incident)
    page = deputy_client.post(reverse("canvass_change", args=[canvass.pk]), smaller, follow=True).content.decode()
    assert "1 owner would be asked" in page
    refused = deputy_client.post(reverse("canvass_change", args=[canvass.pk]), again)
    assert refused.status_code == 403
