"""Incidents in the console: opened, looked at, verified, assigned, closed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from tests.factories import LINN_PARK, closed_for_good, incident_at, purpose
from tests.typed import typed

pytestmark = pytest.mark.django_db


def written(**changes: object) -> dict[str, object]:
    """Return what a deputy types for a new incident, on the agency's clock."""
    ended = timezone.now() - timedelta(hours=1)
    form: dict[str, object] = {
        "number": "2026-004711",
        "type": str(IncidentType.objects.get(code="burglary").pk),
        "place": "2100 block of Morris Avenue",
        "starts_at": typed(ended - timedelta(hours=1)),
        "ends_at": typed(ended),
        "latitude": LINN_PARK.latitude,
        "longitude": LINN_PARK.longitude,
    }
    return form | changes


def address(name: str, incident: Incident) -> str:
    return reverse(name, args=[incident.pk])


class TestOpening:
    def test_it_leads_to_the_incidents_page(self, deputy: User, deputy_client: Client) -> None:
        answer = deputy_client.post(reverse("incident_new"), written())
        incident = Incident.objects.get(number="2026-004711")
        assert answer.headers["Location"] == address("incident", incident)
        assert incident.opened_by == deputy

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"number": "47-11"}, "number", "Write the incident number like 20"),
            ({"latitude": 39.7392, "longitude": -104.9903}, "latitude", "This place is in Denver County, Colorado."),
            ({"place": "Protest at Linn Park"}, "place", "Footage is never asked for because of a protest"),
            ({"starts_at": "2099-01-01T10:00", "ends_at": "2099-01-01T11:00"}, "starts_at", "is in the future"),
            ({"type": ""}, "type", "Choose an answer for “Crime or emergency”."),
            ({"latitude": "north"}, "latitude", "Enter a number."),
        ],
    )
    def test_bad_input_is_answered_beside_its_field_and_kept(
        self, deputy_client: Client, changes: dict[str, object], field: str, sentence: str
    ) -> None:
        answer = deputy_client.post(reverse("incident_new"), written(**changes))
        form = answer.context["form"]
        assert sentence in " ".join(form.errors[field])
        assert form["place"].value() == written(**changes)["place"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("closed", [False, True])
    def test_a_number_in_use_leads_a_deputy_who_is_on_it_there(
        self, closed: bool, deputy: User, deputy_client: Client
    ) -> None:
        incident = incident_at(number="2026-004711", by=deputy)
        if closed:
            incidents.close(incident=incident, by=deputy)
        answer = deputy_client.post(reverse("incident_new"), written(number=" 2026-004711 "))
        assert answer.context["form"].errors["number"] == ["Incident 2026-004711 already exists. You may open it."]
        assert f'href="{address("incident", incident)}"' in answer.content.decode()

    def test_a_number_in_use_leads_a_deputy_who_is_not_on_it_to_a_supervisor_and_tells_no_more(
        self, deputy_client: Client
    ) -> None:
        incident = incident_at(number="2026-004711")
        answer = deputy_client.post(reverse("incident_new"), written(place="Vulcan Park"))
        assert answer.context["form"].errors["number"] == [
            "Incident 2026-004711 already exists, and you are not on it. Ask a supervisor to assign you."
        ]
        page = answer.content.decode()
        assert address("incident", incident) not in page
        assert incident.place not in page
        assert incident.opened_by is not None
        assert incident.opened_by.pseudonym not in page

    def test_a_supervisor_is_led_to_every_incident(self, supervisor_client: Client) -> None:
        incident = incident_at(number="2026-004711")
        page = supervisor_client.post(reverse("incident_new"), written()).content.decode()
        assert f'href="{address("incident", incident)}"' in page

    def test_who_looks_for_a_number_of_others_is_led_to_a_supervisor(self, deputy_client: Client) -> None:
        incident_at(number="2026-004711")
        page = deputy_client.get(reverse("incidents"), {"number": "2026-004711"}).content.decode()
        assert "a supervisor can assign you" in page


class TestLooking:
    def test_each_look_is_an_entry(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        deputy_client.get(address("incident", incident))
        entry = AuditEntry.objects.get(event="registry:incident:view")
        assert (entry.incident_id, entry.actor_id) == (str(incident.pk), str(deputy.pk))
        assert entry.sign_in
        assert entry.address_digest is not None

    def test_somebody_elses_incident_is_not_there(self, deputy_client: Client) -> None:
        assert deputy_client.get(address("incident", incident_at())).status_code == 404

    def test_a_supervisor_sees_every_incident(self, supervisor_client: Client) -> None:
        incident = incident_at()
        assert incident.number in supervisor_client.get(address("incident", incident)).content.decode()

    def test_what_cannot_be_done_now_says_why(self, deputy: User, deputy_client: Client) -> None:
        page = deputy_client.get(address("incident", incident_at(by=deputy, verified=False))).content.decode()
        assert "Supervisors verify incidents, assign people" in page


class TestVerifying:
    def test_a_second_person_does_it(self, supervisor: User, supervisor_client: Client) -> None:
        incident = incident_at(verified=False)
        supervisor_client.post(address("incident_verify", incident))
        incident.refresh_from_db()
        assert incident.verified_by == supervisor

    def test_the_supervisor_who_opened_it_is_refused_with_the_sentence_on_the_button(
        self, supervisor: User, supervisor_client: Client
    ) -> None:
        incident = incident_at(by=supervisor, verified=False)
        sentence = "You opened this incident, so you can&#x27;t verify it."
        assert sentence in supervisor_client.get(address("incident", incident)).content.decode()
        answer = supervisor_client.post(address("incident_verify", incident))
        assert answer.status_code == 403
        assert sentence in answer.content.decode()
        incident.refresh_from_db()
        assert not incident.is_verified

    def test_doing_it_twice_is_too_late(self, supervisor_client: Client) -> None:
        incident = incident_at()
        answer = supervisor_client.post(address("incident_verify", incident))
        assert answer.status_code == 409
        assert "already verified" in answer.content.decode()


class TestAssigning:
    def test_the_assigned_deputy_sees_it(self, supervisor_client: Client, deputy: User, deputy_client: Client) -> None:
        incident = incident_at()
        supervisor_client.post(address("incident_assign", incident), {"user": str(deputy.pk)})
        assert incident.number in deputy_client.get(reverse("console")).content.decode()

    def test_a_person_taken_off_finds_it_no_more(
        self, supervisor_client: Client, deputy: User, deputy_client: Client
    ) -> None:
        incident = incident_at(by=deputy)
        supervisor_client.post(reverse("incident_unassign", args=[incident.pk, deputy.pk]))
        assert deputy_client.get(address("incident", incident)).status_code == 404

    def test_nobody_else_can_be_taken_off(self, supervisor_client: Client, other_deputy: User) -> None:
        incident = incident_at()
        answer = supervisor_client.post(reverse("incident_unassign", args=[incident.pk, other_deputy.pk]))
        assert answer.status_code == 404

    def test_a_resident_can_not_be_chosen(self, supervisor_client: Client, resident: User) -> None:
        incident = incident_at()
        answer = supervisor_client.post(address("incident_assign", incident), {"user": str(resident.pk)})
        assert answer.context["assign_form"].errors["user"]
        assert incident.assignments.count() == 1
        assert AuditEntry.objects.filter(event="registry:incident:view", subject_id=str(incident.pk)).count() == 1


def test_what_can_be_done_is_before_what_cannot_and_its_reason(supervisor_client: Client) -> None:
    page = supervisor_client.get(address("incident", incident_at())).content.decode()
    places = [
        page.index(words) for words in ("Close the incident", "Delays of what", "New canvass", "Only people assigned")
    ]
    assert places == sorted(places)


def test_closing_ends_what_can_be_asked(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    deputy_client.post(address("incident_close", incident))
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED
    page = deputy_client.get(address("incident", incident)).content.decode()
    assert f"Incident {incident.number} is closed." in page
    form: dict[str, float | str] = {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude, "radius_m": 985}
    form |= {"starts_at": "2026-01-01T10:00", "ends_at": "2026-01-01T11:00", "reason": "A grey van left the alley"}
    form |= {"purpose": str(purpose().pk)}
    assert deputy_client.post(address("canvass_new", incident), form).status_code == 409


def test_one_that_closed_by_itself_is_flagged_on_its_page(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy, verified=False)
    flag = "Flagged: nobody verified it in 24 hours"
    assert flag not in deputy_client.get(address("incident", incident)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        assert incidents.close_unverified() == 1
    assert flag in deputy_client.get(address("incident", incident)).content.decode()


class TestTheStartPage:
    def test_a_supervisor_finds_what_to_verify_but_not_the_own(
        self, supervisor: User, supervisor_client: Client
    ) -> None:
        waiting, own = incident_at(verified=False), incident_at(verified=False, by=supervisor)
        lines = supervisor_client.get(reverse("console")).context["lines"]
        listed = {(line["item"].text.split(" ")[0], line["item"].tag) for line in lines}
        assert listed == {(waiting.number, "To verify"), (own.number, "Not verified")}

    def test_an_auditor_finds_the_log_and_no_incident(self, auditor_client: Client) -> None:
        incident = incident_at()
        page = auditor_client.get(reverse("console")).content.decode()
        assert reverse("audit") in page
        assert incident.number not in page

    def test_an_empty_console_says_what_would_appear(self, deputy_client: Client) -> None:
        assert "Nothing waits for you" in deputy_client.get(reverse("console")).content.decode()

    def test_closed_incidents_are_gone_from_it(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        closed_for_good(incident)
        assert incident.number not in deputy_client.get(reverse("console")).content.decode()
