"""One person's searches around incidents that nobody has verified are bounded, whatever the number of incidents."""

import re

import pytest
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.models import Alarm
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from registry.canvasses.models import Canvass, UnverifiedSearch
from registry.canvasses.policies import TooWide
from registry.canvasses.services import approvals, canvasses
from registry.canvasses.services.searches import note_sights
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.limits.models import Limits
from registry.places.models import Camera
from registry.registrants.models import Registrant
from tests.factories import (
    LARGE_RADIUS_M,
    LINN_PARK,
    draft_of,
    incident_at,
    north_of,
    person,
    registrant_at,
    wanted_of,
)
from tests.people import sign_in
from tests.registry.canvasses.many import register_at
from tests.registry.canvasses.test_canvass_pages import drawn
from tests.registry.entries import entries_of
from tests.registry.incidents.test_incident_pages import written

pytestmark = pytest.mark.django_db

HOMES = 12
APART_M = 700
"""From one home to the next, so that a circle of 300 m holds one."""

ONE = "You can search around 1 unverified incident a day. Ask a supervisor to verify one."
THREE = "You can search around 3 unverified incidents a day. Ask a supervisor to verify one."
WHY = "They fled along this street too, says the witness."


def make_world() -> list[Camera]:
    """Return the cameras of homes along a street, one each, too far apart for one circle."""
    return register_at([north_of(LINN_PARK, number * APART_M) for number in range(HOMES)])


def register_crowd(owners: int, *, north_m: float = 0) -> None:
    """Register owners within a few meters of each other."""
    register_at([north_of(LINN_PARK, north_m + number / 10) for number in range(owners)], first=HOMES)


@pytest.fixture
def one_a_day(db: None) -> None:
    """Let the agency allow one such incident in a day."""
    Limits.objects.update(unverified_incidents_a_day=1)


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


def test_many_incidents_in_a_row_show_three_homes_and_are_flagged_at_once(
    world: list[Camera], deputy: User, deputy_client: Client, auditor_client: Client
) -> None:
    first_three = [cameras_in(search(deputy_client, number, home=number)) for number in range(3)]
    assert first_three == [{str(camera.pk)} for camera in world[:3]]
    assert not Alarm.objects.exists()
    pages = [search(deputy_client, number, home=number) for number in range(3, 6)]
    assert set.union(*map(cameras_in, pages)) == set()
    assert all(THREE in page and "Auditors are told." in page and "Ask for approval" in page for page in pages)
    shown = AuditEntry.objects.filter(event="registry:camera:show")
    assert set(shown.values_list("camera_id", flat=True)) == {str(camera.pk) for camera in world[:3]}
    alarm = Alarm.objects.get(kind="homes-searched")  # one a day, not one a try
    assert deputy.pseudonym in alarm.what
    assert "Over the limit for unverified searches" in auditor_client.get(reverse("audit_alarms")).content.decode()


@pytest.mark.usefixtures("one_a_day")
def test_no_page_of_the_second_canvass_shows_a_home(world: list[Camera], deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    search(deputy_client, 2, home=1)
    second = Canvass.objects.get(incident__number="2026-000002")
    for name in ("canvass", "canvass_sheet"):
        page = deputy_client.get(reverse(name, args=[second.pk])).content.decode()
        assert str(world[1].pk) not in page
        assert world[1].premises.street not in page
    refused = deputy_client.post(reverse("canvass_send", args=[second.pk]))
    assert (refused.status_code, ONE in refused.content.decode()) == (403, True)
    left_out = {"cameras": [world[1].pk], "why": "view"}
    assert deputy_client.post(reverse("canvass_leave_out", args=[second.pk]), left_out).status_code == 403


@pytest.mark.usefixtures("one_a_day")
def test_a_supervisor_lets_it_be_shown(world: list[Camera], deputy: User, deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    search(deputy_client, 2, home=1)
    second = Canvass.objects.get(incident__number="2026-000002")
    assert ONE in deputy_client.get(reverse("canvass_ask_approval", args=[second.pk])).text
    approvals.ask(canvass=second, by=deputy, reason=WHY)
    told = sign_in(person("supervisor")).get(reverse("canvass_approval", args=[second.pk])).content.decode()
    assert f"{deputy.pseudonym} searched around 1 unverified incident in a day. Verify it, or decide here." in told
    assert "square miles or 12 hours" not in told
    approvals.grant(canvass=second, by=person("supervisor"))
    page = deputy_client.get(reverse("canvass", args=[second.pk])).content.decode()
    assert cameras_in(page) == {str(world[1].pk)}
    assert deputy_client.post(reverse("canvass_send", args=[second.pk])).status_code == 302


@pytest.mark.usefixtures("one_a_day")
def test_what_a_supervisor_verified_counts_no_more(world: list[Camera], deputy_client: Client) -> None:
    search(deputy_client, 1, home=0)
    assert not cameras_in(search(deputy_client, 2, home=1))
    first, second = Incident.objects.order_by("number")
    incidents.verify(incident=second, by=person("supervisor"))
    canvass = Canvass.objects.get(incident=second)
    page = deputy_client.get(reverse("canvass", args=[canvass.pk])).content.decode()
    assert cameras_in(page) == {str(world[1].pk)}
    incidents.verify(incident=first, by=person("supervisor"))
    assert cameras_in(search(deputy_client, 3, home=2)) == {str(world[2].pk)}


def test_the_agency_sets_how_many_in_a_day(world: list[Camera], deputy_client: Client) -> None:
    Limits.objects.update(unverified_incidents_a_day=2)
    found = [cameras_in(search(deputy_client, number, home=number)) for number in range(3)]
    assert [len(cameras) for cameras in found] == [1, 1, 0]


def test_a_week_has_a_bound_too(world: list[Camera], deputy: User, deputy_client: Client) -> None:
    """Day after day, with other people's canvasses, 25 owners are seen, and no more."""
    Limits.objects.update(unverified_incidents_a_day=5, unverified_owners_a_week=25)
    register_crowd(24)
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
    assert "You can be shown 25 owners around unverified incidents a week. Ask a supervisor to verify one." in page
    assert not cameras_in(page)
    assert deputy.pseudonym in Alarm.objects.get(kind="homes-searched", settled_at=None).what


def test_all_circles_of_an_incident_show_25_owners(world: list[Camera], deputy_client: Client) -> None:
    register_crowd(24, north_m=APART_M)
    assert len(cameras_in(search(deputy_client, 1, home=0))) == 1
    canvass = Canvass.objects.get()
    at = north_of(LINN_PARK, APART_M)
    again = drawn(canvass.incident, latitude=at.latitude, longitude=at.longitude)
    page = deputy_client.post(reverse("canvass_change", args=[canvass.pk]), again, follow=True).content.decode()
    assert "that area would bring it above 25 owners. The canvass is as it was before." in page
    assert cameras_in(page) == {str(world[0].pk)}
    assert re.findall(r"(\d+) owners? would be asked", page) == ["1"]  # how many there are in the other is not told
    assert "It can be searched 1 more time" in page
    page = deputy_client.post(reverse("canvass_change", args=[canvass.pk]), again, follow=True).content.decode()
    assert "above 25 owners" in page
    assert "before its canvass is redrawn more than twice" in page
    assert deputy_client.post(reverse("canvass_change", args=[canvass.pk]), drawn(canvass.incident)).status_code == 403
    assert deputy_client.post(reverse("canvass_send", args=[canvass.pk])).status_code == 302


def test_a_first_circle_that_is_too_wide_shows_nothing_and_no_number(
    world: list[Camera], deputy_client: Client
) -> None:
    register_crowd(25)
    page = search(deputy_client, 1, home=0)
    assert "before more than 25 owners are asked" in page
    assert "Nobody can be asked here yet" in page
    assert not cameras_in(page)
    assert not re.findall(r"(\d+) owners? would be asked|Send to (\d+)", page)


def test_a_redraw_that_is_too_wide_leaves_an_entry_and_the_canvass_as_it_was(deputy: User) -> None:
    register_crowd(26)
    far = north_of(LINN_PARK, APART_M)
    registrant_at(far)
    canvass = draft_of(incident_at(by=deputy, verified=False), center=far)
    kept = model_to_dict(Canvass.objects.get(pk=canvass.pk))
    for _each in range(2):
        with pytest.raises(TooWide, match="as it was before"):
            canvasses.change(canvass=canvass, by=deputy, wanted=wanted_of(canvass.incident))
    with pytest.raises(Refused, match="redrawn more than twice"):
        canvasses.change(canvass=canvass, by=deputy, wanted=wanted_of(canvass.incident))
    assert model_to_dict(Canvass.objects.get(pk=canvass.pk)) == kept
    assert [entry.outcome for entry in entries_of(Event.CANVASS_KEPT, canvass)] == ["refused"] * 2
    assert not entries_of(Event.CANVASS_CHANGED, canvass)
    incidents.verify(incident=canvass.incident, by=person("supervisor"))
    canvasses.change(canvass=canvass, by=deputy, wanted=wanted_of(canvass.incident))
    assert len(entries_of(Event.CANVASS_CHANGED, canvass)) == 1


class TestAVerificationFrees:
    """The same draft goes on: nothing is searched again, and nothing is counted again."""

    @pytest.fixture(autouse=True)
    def drafts(self, world: list[Camera], deputy: User, deputy_client: Client, one_a_day: None) -> None:
        """Search around two incidents, the second of them beyond what one person may in a day."""
        self.street, self.client, self.deputy = world, deputy_client, deputy
        search(deputy_client, 1, home=0)
        assert not cameras_in(search(deputy_client, 2, home=1))
        self.first, self.second = Incident.objects.order_by("number")
        self.canvass = Canvass.objects.get(incident=self.second)

    def goes_on(self) -> None:
        counted = len(entries_of(Event.CAMERA_FOUND)), UnverifiedSearch.objects.count()
        page = self.client.get(reverse("canvass", args=[self.canvass.pk])).content.decode()
        assert cameras_in(page) == {str(self.street[1].pk)}
        assert self.client.post(reverse("canvass_send", args=[self.canvass.pk])).status_code == 302
        assert (len(entries_of(Event.CAMERA_FOUND)), UnverifiedSearch.objects.count()) == counted

    @pytest.mark.parametrize("which", ["first", "second"])
    @pytest.mark.parametrize("asked", [False, True], ids=["prepared", "asked for approval"])
    def test_of_either_incident(self, which: str, asked: bool) -> None:
        if asked:
            approvals.ask(canvass=self.canvass, by=self.deputy, reason=WHY)
        searched_at = self.canvass.searched_at
        supervisor = person("supervisor")
        incidents.verify(incident=getattr(self, which), by=supervisor)
        self.canvass.refresh_from_db()
        assert (self.canvass.state, self.canvass.beyond_limits, self.canvass.searched_at) == (
            "draft",
            False,
            searched_at,
        )
        recalled = entries_of(Event.CANVASS_RECALLED, self.canvass)
        assert [entry.actor_id for entry in recalled] == [str(supervisor.pk)] * asked
        assert "To approve" not in sign_in(supervisor).get(reverse("console_work")).text
        self.goes_on()

    def test_and_the_place_is_taken_again(self) -> None:
        """A canvass that goes on counts for the day, so that one press does not open one search after another."""
        search(self.client, 3, home=2)
        incidents.verify(incident=self.first, by=person("supervisor"))
        self.goes_on()
        third = Canvass.objects.get(incident__number="2026-000003")
        assert third.beyond_limits
        assert not cameras_in(search(self.client, 4, home=3))

    def test_not_what_is_beyond_the_limits_itself(self) -> None:
        incident = incident_at(by=self.deputy, verified=False)
        large = draft_of(incident, by=self.deputy, radius_m=LARGE_RADIUS_M)
        approvals.ask(canvass=large, by=self.deputy, reason=WHY)
        for each in (self.first, incident):
            incidents.verify(incident=each, by=person("supervisor"))
        large.refresh_from_db()
        assert (large.state, large.beyond_limits) == ("waiting", True)

    def test_not_what_a_supervisor_denied(self) -> None:
        approvals.ask(canvass=self.canvass, by=self.deputy, reason=WHY)
        approvals.deny(canvass=self.canvass, by=person("supervisor"), note="This is another street.")
        incidents.verify(incident=self.second, by=person("supervisor"))
        self.canvass.refresh_from_db()
        assert self.canvass.state == "denied"

    def test_not_where_the_week_is_full(self) -> None:
        Limits.objects.update(unverified_owners_a_week=25)
        register_crowd(25)
        shown = list(Registrant.objects.exclude(premises__cameras__in=self.street).values_list("pk", flat=True))
        note_sights(incident_at(verified=False), self.deputy, shown)
        incidents.verify(incident=self.first, by=person("supervisor"))
        self.canvass.refresh_from_db()
        assert self.canvass.beyond_limits
