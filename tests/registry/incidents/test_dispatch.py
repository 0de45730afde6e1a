"""The address where dispatch delivers: what is taken, what is refused, and what is never overwritten."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from registry.incidents.dispatch_format import MOST_INCIDENTS
from registry.incidents.models import DispatchDelivery, DispatchRecord, Incident, IncidentType
from registry.incidents.services import dispatch, incidents, types as type_services
from tests.factories import draft_of, incident_at, north_of, person, registrant_at
from tests.registry.entries import entries_of
from tests.registry.incidents.dispatching import Sender, deliver, item, moment, told

pytestmark = pytest.mark.django_db


def results(response: HttpResponse) -> list[str]:
    return [line["result"] for line in told(response)["incidents"]]


class TestTaking:
    def test_an_incident_of_dispatch_is_open_verified_and_nobodys(self, sender: Sender, supervisor: User) -> None:
        response = deliver(sender.token(item()))
        assert (response.status_code, results(response)) == (200, ["opened"])
        incident = Incident.objects.get(number="2026-500001")
        assert (incident.source, incident.opened_by_id, incident.is_verified) == ("dispatch", None, True)
        assert incident.confirmed_by == DispatchDelivery.objects.get()
        for event in (Event.INCIDENT_OPENED, Event.INCIDENT_VERIFIED):
            (entry,) = entries_of(event, incident)
            assert (entry.actor_kind, entry.actor_id, entry.actor_role) == ("device", sender.key.key_id, "dispatch")
        (taken,) = entries_of(Event.DISPATCH_TAKEN)
        assert (taken.facts["taken"], taken.facts["refused"]) == (1, 0)

    def test_people_who_are_assigned_work_on_it_without_a_second_person(self, sender: Sender, supervisor: User) -> None:
        deliver(sender.token(item()))
        registrant_at()
        incident, deputy = Incident.objects.get(), person("deputy")
        incidents.assign(incident=incident, user=deputy, by=supervisor)
        draft = draft_of(incident, by=deputy)
        assert canvasses.send(canvass=draft, by=deputy).state == "sent"

    def test_it_does_not_lapse(self, sender: Sender) -> None:
        deliver(sender.token(item()))
        with time_machine.travel(timezone.now() + timedelta(hours=30), tick=False):
            assert incidents.close_unverified() == 0

    def test_an_incident_that_a_deputy_opened_is_verified(self, sender: Sender, deputy: User) -> None:
        incident = incident_at(by=deputy, verified=False)
        draft = draft_of(incident)
        Canvass.objects.update(beyond_limits=True)
        assert results(deliver(sender.token(item(incident.number)))) == ["verified"]
        draft.refresh_from_db()
        assert not draft.beyond_limits
        incident.refresh_from_db()
        assert (incident.is_verified, incident.opened_by, incident.verified_by) == (True, deputy, None)

    def test_the_same_word_again_changes_nothing(self, sender: Sender) -> None:
        same = item()
        assert results(deliver(sender.token(same))) == ["opened"]
        assert results(deliver(sender.token(same))) == ["unchanged"]
        assert Incident.objects.count() == 1
        assert len(entries_of(Event.INCIDENT_OPENED)) == 1

    def test_a_later_word_updates_and_an_earlier_one_does_not(self, sender: Sender) -> None:
        deliver(sender.token(item()))
        now = timezone.now()
        earlier = item(place="Elsewhere", as_of=moment(now - timedelta(hours=1)))
        assert results(deliver(sender.token(earlier))) == ["unchanged"]
        later = item(place="Morris Avenue", type="robbery", as_of=moment(now + timedelta(minutes=1)))
        assert results(deliver(sender.token(later))) == ["updated"]
        incident = Incident.objects.get()
        assert (incident.place, incident.type.code, incident.is_verified) == ("Morris Avenue", "robbery", True)
        (entry,) = entries_of(Event.INCIDENT_CHANGED, incident)
        assert entry.facts == {"changed": "place, type", "verification": "by dispatch"}

    def test_a_new_key_takes_over_from_the_old_one(self, sender: Sender, administrator: User) -> None:
        following = Sender()
        assert results(deliver(sender.token(item()))) == ["opened"]
        later = moment(timezone.now() + timedelta(minutes=1))
        assert results(deliver(following.token(item(place="Morris Avenue", as_of=later)))) == ["updated"]
        dispatch.retire_key(key=sender.key, by=administrator)
        assert deliver(sender.token(item("2026-500002"))).status_code == 401
        assert deliver(following.token(item("2026-500003"))).status_code == 200

    def test_what_can_be_taken_is_taken_and_each_other_one_says_why(self, sender: Sender) -> None:
        response = deliver(sender.token(item(), item("2026-1"), item("2026-500003", type="protest")))
        assert (response.status_code, results(response)) == (200, ["opened", "refused", "refused"])
        lines = told(response)["incidents"]
        assert "Write the incident number like" in lines[1]["problems"]["number"]
        assert "no such code" in lines[2]["problems"]["type"]

    def test_they_are_taken_by_number_and_answered_as_they_came(self, sender: Sender) -> None:
        """Two deliveries of the same incidents lock them in one order."""
        nothing: Any = "2026-500000"
        response = deliver(sender.token(item("2026-500002"), nothing, item("2026-500001")))
        assert results(response) == ["opened", "refused", "opened"]
        opened = [entry.subject_id for entry in entries_of(Event.INCIDENT_OPENED)]
        assert opened == [str(Incident.objects.get(number=f"2026-50000{number}").pk) for number in (1, 2)]

    def test_as_many_as_the_format_allows_come_at_once(self, sender: Sender) -> None:
        many = [item(f"2026-{600000 + number}") for number in range(MOST_INCIDENTS)]
        started = time.perf_counter()
        assert set(results(deliver(sender.token(*many)))) == {"opened"}
        assert time.perf_counter() - started < 30
        assert Incident.objects.count() == MOST_INCIDENTS


class TestOneIncidentThatIsRefused:
    def test_it_says_what_to_correct(self, sender: Sender, subtests: pytest.Subtests) -> None:
        cases: tuple[tuple[dict[str, Any], str, str], ...] = (
            ({"number": "26-1"}, "number", "Write the incident number like"),
            ({"type": "jaywalking"}, "type", "no such code"),
            ({"place": "Protesta en Linn Park"}, "place", "lawful activity"),
            ({"latitude": 39.7392, "longitude": -104.9903}, "latitude", "Denver County, Colorado"),
            ({"starts_at": "2099-01-01T10:00:00-06:00", "ends_at": "2099-01-01T11:00:00-06:00"}, "starts_at", "future"),
            ({"ends_at": "2020-01-01T10:00:00-06:00"}, "ends_at", "after the start"),
            ({"latitude": "33.5"}, "format", "latitude"),
            ({"latitude": True}, "format", "latitude"),
            ({"latitude": float("nan")}, "format", "latitude"),
            ({"longitude": 999}, "format", "longitude"),
            ({"starts_at": "2026-11-24T10:00:00"}, "format", "zone"),
            ({"as_of": "yesterday"}, "format", "as_of"),
            ({"id": ""}, "format", "id"),
            ({"id": "x" * 65}, "format", "id"),
            ({"place": "a\u0000b"}, "format", "place"),
            ({"victim": "Jane"}, "format", "Unknown: victim"),
            ({"number": None}, "format", "number"),
        )
        for changes, field, sentence in cases:
            with subtests.test(changes=changes):
                response = deliver(sender.token(item(**changes)))
                assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
                (line,) = told(response)["incidents"]
                assert sentence in line["problems"][field]
                assert not Incident.objects.exists()

    def test_a_number_and_an_id_belong_together(self, sender: Sender) -> None:
        deliver(sender.token(item()))
        later = moment(timezone.now() + timedelta(minutes=1))
        (line,) = told(deliver(sender.token(item("2026-500009", id="CAD-2026-500001", as_of=later))))["incidents"]
        assert line["problems"] == {"id": "This id belongs to incident 2026-500001."}
        (line,) = told(deliver(sender.token(item(id="another", as_of=later))))["incidents"]
        assert "another id of dispatch" in line["problems"]["number"]

    def test_a_closed_incident_stays_closed(self, sender: Sender) -> None:
        incident = incident_at()
        incidents.close(incident=incident, by=incident.opened_by)
        (line,) = told(deliver(sender.token(item(incident.number))))["incidents"]
        assert "is closed" in line["problems"]["number"]


class TestWhatDiffers:
    @pytest.mark.parametrize("part", ["type", "place", "window"])
    def test_it_overwrites_nothing_and_a_supervisor_is_told(
        self, sender: Sender, supervisor_client: Client, deputy_client: Client, part: str
    ) -> None:
        incident = incident_at(verified=False)
        far, long_ago = north_of(incident.point, 900), timezone.now() - timedelta(days=2)
        changes: dict[str, dict[str, Any]] = {
            "type": {"type": "robbery"},
            "place": {"latitude": far.latitude},
            "window": {"starts_at": moment(long_ago), "ends_at": moment(long_ago + timedelta(hours=1))},
        }
        response = deliver(sender.token(item(incident.number, **changes[part])))
        (line,) = told(response)["incidents"]
        assert (line["result"], list(line["problems"])) == ("differs", [part])
        kept = Incident.objects.get()
        assert (kept.is_verified, kept.type, kept.latitude, kept.starts_at) == (
            False,
            incident.type,
            incident.latitude,
            incident.starts_at,
        )
        (entry,) = entries_of(Event.DISPATCH_DIFFERS, incident)
        assert entry.incident_id == str(incident.pk)
        assert "Dispatch differs" in supervisor_client.get(reverse("console")).content.decode()
        assert "Dispatch differs" not in deputy_client.get(reverse("console")).content.decode()
        page = supervisor_client.get(reverse("incident", args=[incident.pk])).content.decode()
        assert "Dispatch says otherwise" in page

    def test_a_supervisor_reads_the_type_that_dispatch_means_or_its_code_once_it_is_deleted(
        self, sender: Sender, administrator: User, supervisor_client: Client
    ) -> None:
        incident = incident_at()
        deliver(sender.token(item(incident.number, type="arson")))

        def types() -> Any:
            page = supervisor_client.get(reverse("incident", args=[incident.pk]))
            return page.context["difference"]["rows"][0]

        assert types() == ("Type", "Burglary", "Arson")
        type_services.retire(incident_type=IncidentType.objects.get(code="arson"), by=administrator)
        assert types() == ("Type", "Burglary", "arson")

    def test_a_supervisor_settles_it_once(self, sender: Sender, supervisor: User, supervisor_client: Client) -> None:
        incident = incident_at()
        deliver(sender.token(item(incident.number, type="robbery")))
        address = reverse("dispatch_settle", args=[incident.pk])
        assert supervisor_client.post(address).status_code == 302
        assert supervisor_client.post(address).status_code == 409
        record = DispatchRecord.objects.get()
        assert (record.differs, record.settled_by) == (False, supervisor)
        page = supervisor_client.get(reverse("incident", args=[incident.pk])).content.decode()
        assert "Dispatch says otherwise" not in page
        assert "Dispatch differs" not in supervisor_client.get(reverse("console")).content.decode()

    def test_nothing_is_settled_where_nothing_differs(self, sender: Sender, supervisor_client: Client) -> None:
        incident = incident_at()
        assert supervisor_client.post(reverse("dispatch_settle", args=[incident.pk])).status_code == 404

    def test_what_people_changed_is_theirs(self, sender: Sender, supervisor: User) -> None:
        deliver(sender.token(item()))
        incident = Incident.objects.get()
        changed = incidents.change(
            incident=incident,
            by=supervisor,
            type=incident.type,
            place=incident.place,
            point=north_of(incident.point, 2000),
            starts_at=incident.starts_at,
            ends_at=incident.ends_at,
        )
        assert not changed.is_verified
        later = moment(timezone.now() + timedelta(minutes=1))
        assert results(deliver(sender.token(item(as_of=later)))) == ["differs"]
        assert Incident.objects.get().latitude == pytest.approx(changed.latitude)


def test_the_database_refuses_an_incident_of_nobody() -> None:
    incident = incident_at()
    with pytest.raises(IntegrityError, match="incident_opened_by_source"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(source="dispatch")


def test_the_database_wants_the_delivery_that_confirmed() -> None:
    incident = incident_at(verified=False)
    with pytest.raises(IntegrityError, match="incident_confirmed_pair"), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(confirmed_at=timezone.now())


def test_a_supervisor_can_not_verify_what_dispatch_has_verified(sender: Sender, supervisor: User) -> None:
    deliver(sender.token(item()))
    with pytest.raises(Stale, match="already verified"):
        incidents.verify(incident=Incident.objects.get(), by=supervisor)


def test_supervisors_see_what_nobody_works_on(sender: Sender, supervisor_client: Client, deputy_client: Client) -> None:
    deliver(sender.token(item()))
    incident = Incident.objects.get()
    assert f"{incident.number} · Burglary" in supervisor_client.get(reverse("console")).content.decode()
    assert incident.number not in deputy_client.get(reverse("console")).content.decode()
    assert "Verified by dispatch" in supervisor_client.get(reverse("incident", args=[incident.pk])).content.decode()
    story = supervisor_client.get(reverse("incident_story", args=[incident.pk])).content.decode()
    assert "Dispatch opened an incident" in " ".join(story.split())
    assert AuditEntry.objects.filter(event=Event.INCIDENT_PRINTED).exists()
