"""An incident that is changed is verified anew, by somebody who did not change it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.lifecycle import Refused, Stale
from registry.canvasses.models import FootageRequest
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.limits.models import Limits
from tests.factories import LINN_PARK, canvass_at, incident_at, north_of, person
from tests.registry.entries import entries_of
from tests.typed import typed

pytestmark = pytest.mark.django_db


def change(incident: Incident, by: User, **changes: Any) -> Incident:
    now: dict[str, Any] = {
        "type": incident.type,
        "place": incident.place,
        "point": incident.point,
        "starts_at": incident.starts_at,
        "ends_at": incident.ends_at,
    }
    return incidents.change(incident=incident, by=by, **now | changes)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"place": "Morris Avenue"}, "place"),
        ({"point": "north"}, "place"),
        ({"starts_at": "earlier"}, "window"),
        ({"type": "robbery"}, "type"),
    ],
)
def test_each_change_takes_the_verification_back(changes: dict[str, Any], part: str) -> None:
    incident = incident_at()
    wanted = {
        "place": "Morris Avenue",
        "point": north_of(incident.point, 200),
        "starts_at": incident.starts_at - timedelta(hours=1),
        "type": IncidentType.objects.get(code="robbery"),
    }
    changed = change(incident, incident.opened_by, **{name: wanted[name] for name in changes})
    assert not Incident.objects.get(pk=incident.pk).is_verified
    assert changed.changed_by == incident.opened_by
    (entry,) = entries_of(Event.INCIDENT_CHANGED, incident)
    assert entry.facts == {"changed": part, "verification": "taken back"}


@pytest.mark.parametrize("who", ["opener", "verifier"])
@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": timedelta(minutes=30)},
        {"ends_at": timedelta(minutes=-30)},
        {"starts_at": timedelta(minutes=10), "ends_at": timedelta(minutes=-10)},
    ],
)
def test_a_shorter_time_within_the_verified_one_keeps_it_verified(changes: dict[str, timedelta], who: str) -> None:
    incident = incident_at()
    by = {"opener": incident.opened_by, "verifier": incident.verified_by}[who]
    assert by is not None
    changed = change(incident, by, **{name: getattr(incident, name) + by_much for name, by_much in changes.items()})
    assert (changed.verified_by, changed.voided_at) == (incident.verified_by, None)
    assert incidents.close_unverified() == 0
    (entry,) = entries_of(Event.INCIDENT_CHANGED, incident)
    assert entry.facts == {"changed": "window", "verification": "kept"}
    with pytest.raises(Stale, match="already verified"):
        incidents.verify(incident=changed, by=person("supervisor"))


def test_the_end_of_one_that_went_on_keeps_it_verified() -> None:
    incident = incident_at(ends_at=None)
    changed = change(incident, incident.opened_by, ends_at=timezone.now() - timedelta(minutes=30))
    assert (changed.is_verified, changed.goes_on) == (True, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": timedelta(minutes=-1)},
        {"ends_at": timedelta(minutes=1)},
        {"starts_at": timedelta(minutes=10), "ends_at": timedelta(minutes=10)},
    ],
)
def test_a_time_beyond_it_is_verified_anew(changes: dict[str, timedelta]) -> None:
    incident = incident_at()
    wanted = {name: getattr(incident, name) + by_much for name, by_much in changes.items()}
    assert not change(incident, incident.opened_by, **wanted).is_verified


def test_one_that_goes_on_again_is_verified_anew() -> None:
    incident = incident_at()
    assert not change(incident, incident.opened_by, ends_at=None).is_verified


def test_a_shorter_time_together_with_another_place_is_verified_anew() -> None:
    incident = incident_at()
    later = incident.starts_at + timedelta(minutes=30)
    assert not change(incident, incident.opened_by, starts_at=later, place="Morris Avenue").is_verified


def test_a_shorter_time_needs_no_room_for_an_unverified_one(deputy: User) -> None:
    incident = incident_at(by=deputy)
    for _each in range(Limits.current().unverified_incidents_open):
        incident_at(by=deputy, verified=False)
    with pytest.raises(Refused, match="6 open incidents"):
        change(incident, deputy, place="Morris Avenue")
    assert change(incident, deputy, starts_at=incident.starts_at + timedelta(minutes=30)).is_verified


def test_what_it_was_before_is_kept() -> None:
    incident = incident_at()
    change(incident, incident.opened_by, place="Morris Avenue")
    assert set(Incident.history.filter(id=incident.pk).values_list("place", flat=True)) == {
        "Linn Park, 20th Street North",
        "Morris Avenue",
    }


def test_a_change_that_changes_nothing_is_told_so() -> None:
    incident = incident_at()
    with pytest.raises(Stale, match="Nothing is different"):
        change(incident, incident.opened_by)
    assert Incident.objects.get(pk=incident.pk).is_verified


def test_the_supervisor_who_changed_it_never_verifies_it(supervisor: User, other_supervisor: User) -> None:
    incident = incident_at()
    change(incident, supervisor, place="Morris Avenue")
    changed = change(incident, incident.opened_by, place="Morris Avenue at 20th Street")
    with pytest.raises(Refused, match="You changed this incident, so you can't verify it"):
        incidents.verify(incident=changed, by=supervisor)
    assert incidents.verify(incident=changed, by=other_supervisor).is_verified


def test_the_database_refuses_it_as_well(supervisor: User) -> None:
    incident = change(incident_at(), supervisor, place="Morris Avenue")
    with pytest.raises(IntegrityError, match="incident_verified_by_no_changer"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(verified_by=supervisor, verified_at=timezone.now())


def test_requests_that_were_sent_stay_as_they_are() -> None:
    canvass = canvass_at("sent")
    request = FootageRequest.objects.get(canvass=canvass)
    change(canvass.incident, canvass.created_by, point=north_of(canvass.incident.point, 3000))
    request.refresh_from_db()
    canvass.refresh_from_db()
    assert request.state == "sent"
    assert canvass.latitude == pytest.approx(LINN_PARK.latitude)


def test_a_day_to_verify_it_again_begins_with_the_change() -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=48), tick=False):
        incident = incident_at()
    with time_machine.travel(timezone.now() - timedelta(hours=23), tick=False):
        change(incident, incident.opened_by, place="Morris Avenue")
    assert incidents.close_unverified() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert incidents.close_unverified() == 1


def test_changing_it_again_and_again_buys_no_time() -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=23), tick=False):
        incident = incident_at(verified=False)
    change(incident, incident.opened_by, place="Morris Avenue")
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert incidents.close_unverified() == 1


def test_it_refuses_a_deputy_who_is_not_on_it(other_deputy: User) -> None:
    with pytest.raises(Refused, match="Only people assigned to this incident"):
        change(incident_at(), other_deputy, place="Morris Avenue")


def test_a_closed_incident_stays_as_it_is() -> None:
    incident = incident_at()
    incidents.close(incident=incident, by=incident.opened_by)
    with pytest.raises(Stale, match="is closed"):
        change(incident, incident.opened_by, place="Morris Avenue")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": "The protest at Linn Park"}, "place"),
        ({"point": Point(33.28, -86.66)}, "point"),
        ({"ends_at": timezone.now() - timedelta(days=9)}, "ends_at"),
        ({"place": "  "}, "place"),
    ],
)
def test_bad_input_changes_nothing(changes: dict[str, Any], field: str) -> None:
    incident = incident_at()
    with pytest.raises(ValidationError) as refused:
        change(incident, incident.opened_by, **changes)
    assert list(refused.value.message_dict) == [field]
    assert Incident.objects.get(pk=incident.pk).is_verified


class TestItsPage:
    def test_it_begins_with_what_is_known_and_says_what_the_change_did(
        self, deputy: User, deputy_client: Client
    ) -> None:
        incident = incident_at(by=deputy)
        address = reverse("incident_change", args=[incident.pk])
        form = deputy_client.get(address).context["form"]
        kept = {field.name: field.value() for field in form}
        kept |= {name: typed(timezone.make_aware(kept[name])) for name in ("starts_at", "ends_at")}
        assert deputy_client.post(address, kept).status_code == 409
        answer = deputy_client.post(address, {**kept, "place": "Morris Avenue"}, follow=True)
        assert "not verified any more" in answer.content.decode()
        assert Incident.objects.get(pk=incident.pk).place == "Morris Avenue"

    def test_it_says_that_a_shorter_time_kept_it(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        address = reverse("incident_change", args=[incident.pk])
        kept = {field.name: field.value() for field in deputy_client.get(address).context["form"]}
        times = {name: timezone.make_aware(kept[name]) for name in ("starts_at", "ends_at")}
        times["starts_at"] += timedelta(minutes=30)
        answer = deputy_client.post(address, {**kept, **{name: typed(at) for name, at in times.items()}}, follow=True)
        assert "The incident stays verified" in answer.text

    def test_somebody_elses_is_not_there(self, deputy_client: Client) -> None:
        address = reverse("incident_change", args=[incident_at().pk])
        assert deputy_client.get(address).status_code == 404
        assert deputy_client.post(address, {}).status_code == 404

    def test_the_button_says_why_it_can_not_be_used(self, supervisor: User, supervisor_client: Client) -> None:
        incident = incident_at(by=person("deputy"))
        incidents.close(incident=incident, by=incident.opened_by)
        page = supervisor_client.get(reverse("incident", args=[incident.pk])).content.decode()
        assert f"Incident {incident.number} is closed." in page
