"""The console's pages about how long footage is kept: the list, the tombstone, categories, legal holds."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.links import link_actor
from registry.footage import presenters
from registry.footage.models import Evidence, LegalHold, RetentionCategory
from registry.footage.services import retention, uploads
from tests.factories import REASON, person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given
from tests.registry.footage.keeping import PICTURE, announced, deleted, fresh, old_footage

pytestmark = pytest.mark.django_db
COURT = "The court released all of it in May"


def make_world() -> Evidence:
    """Return a file of two cameras."""
    return given(request_at("sent", registrant=registrant_at(cameras=2)), content=PICTURE, name="a.jpg")


@pytest.fixture
def file(world: Evidence) -> Evidence:
    return world


@pytest.fixture
def deputy(world: Evidence) -> User:
    """The deputy who asked."""
    return world.request.incident.opened_by


def text(browser: Client, name: str, *arguments: object, **query: str) -> str:
    answer = browser.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheList:
    def test_it_names_files_request_camera_category_and_day_and_is_an_entry(
        self, file: Evidence, deputy_client: Client
    ) -> None:
        camera = file.request.cameras.order_by("camera__name")[0].camera
        uploads.describe(upload=file.upload, camera=str(camera.pk), starts_at=None, by=link_actor(file.request))
        page = text(deputy_client, "evidence_list", file.request.incident_id)
        year = str(timezone.localtime(file.kept_until).year)
        for told in [file.number, "a.jpg", file.request.number, camera.name, "Standard", year]:
            assert told in page
        assert len(entries_of(Event.EVIDENCE_LISTED)) == 1
        assert reverse("evidence_list", args=[file.request.incident_id]) in text(
            deputy_client, "incident_replies", file.request.incident_id
        )

    def test_it_is_chosen_from(self, file: Evidence, supervisor: User, deputy_client: Client) -> None:
        incident = file.request.incident
        for state, there in {"kept": True, "held": False, "deleted": False, "nonsense": True}.items():
            assert (file.number in text(deputy_client, "evidence_list", incident.pk, state=state)) is there
        retention.place_hold(incident=incident, reason=REASON, by=supervisor)
        assert file.number in text(deputy_client, "evidence_list", incident.pk, state="held")
        other = RetentionCategory.objects.get(name="Violent crime")
        assert file.number not in text(deputy_client, "evidence_list", incident.pk, category=str(other.pk))

    def test_its_next_page_is_filtered_too(
        self, file: Evidence, deputy_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(presenters, "FILES_A_PAGE", 1)
        given(file.request, content=PICTURE, name="b.jpg")
        page = text(deputy_client, "evidence_list", file.request.incident_id, state="kept")
        assert 'href="?state=kept&amp;page=2"' in page

    def test_its_queries_do_not_grow(self, file: Evidence, deputy_client: Client) -> None:
        address = reverse("evidence_list", args=[file.request.incident_id])
        with CaptureQueriesContext(connection) as one:
            deputy_client.get(address)
        for number in range(3):
            given(file.request, content=PICTURE, name=f"{number}.jpg")
        with CaptureQueriesContext(connection) as four:
            deputy_client.get(address)
        assert len(four) == len(one)

    def test_who_is_not_assigned_sees_none_of_it(self, file: Evidence, other_deputy_client: Client) -> None:
        answer = other_deputy_client.get(reverse("evidence_list", args=[file.request.incident_id]))
        assert answer.status_code == 404
        assert not entries_of(Event.EVIDENCE_LISTED)


class TestTheFile:
    def test_it_names_the_files_beside_it_and_those_of_others(self, file: Evidence, deputy_client: Client) -> None:
        beside = given(file.request, content=PICTURE, name="b.jpg")
        page = text(deputy_client, "evidence", file.pk)
        assert "Other files of this reply" in page
        assert beside.number in page

    def test_an_announced_deletion_stands_above_it(self, deputy_client: Client, supervisor_client: Client) -> None:
        file = announced()
        assert "This file will be deleted on" in text(supervisor_client, "evidence", file.pk)

    def test_of_a_deleted_file_the_record_is_left_and_no_way_to_play(self, supervisor_client: Client) -> None:
        stone = deleted(old_footage(name="quokka.jpg"))
        page = text(supervisor_client, "evidence", stone.pk)
        assert "This file was deleted on" in page
        assert stone.sha256 in page
        assert "deleted the footage" in page
        assert "Record and play" not in page
        assert "quokka" not in page


class TestHolds:
    def test_a_supervisor_places_and_lifts_one(self, file: Evidence, supervisor_client: Client) -> None:
        place = reverse("evidence_hold", args=[file.pk])
        assert "does not say why" in supervisor_client.post(place, {"reason": "test"}).content.decode()
        page = supervisor_client.post(place, {"reason": REASON}, follow=True).content.decode()
        assert "The hold is in force." in page
        assert REASON in page
        hold = LegalHold.objects.get()
        assert hold.evidence == file
        lift = reverse("hold_lift", args=[hold.pk])
        assert REASON in supervisor_client.get(lift).content.decode()
        supervisor_client.post(lift, {"reason": COURT})
        hold.refresh_from_db()
        assert hold.state == "lifted"
        assert supervisor_client.post(lift, {"reason": COURT}).status_code == 409

    def test_lifting_asks_for_password_and_code_again(
        self, file: Evidence, supervisor: User, supervisor_client: Client
    ) -> None:
        hold = retention.place_hold(incident=file.request.incident, reason=REASON, by=supervisor)
        session = supervisor_client.session
        methods = [{**method, "at": time.time() - 600} for method in session["account_authentication_methods"]]
        session["account_authentication_methods"] = methods
        session.save()
        answer = supervisor_client.post(reverse("hold_lift", args=[hold.pk]), {"reason": COURT})
        assert answer.status_code == 302
        hold.refresh_from_db()
        assert hold.state == "placed"

    def test_on_a_whole_incident(self, file: Evidence, supervisor_client: Client, deputy_client: Client) -> None:
        incident = file.request.incident_id
        supervisor_client.post(reverse("incident_hold", args=[incident]), {"reason": REASON})
        assert LegalHold.objects.get().evidence is None
        for page in (text(deputy_client, "evidence_list", incident), text(deputy_client, "evidence", file.pk)):
            assert "All footage of the incident" in page
            assert "Lift it" not in page

    def test_a_deputy_reads_why_not(self, file: Evidence, deputy_client: Client) -> None:
        page = text(deputy_client, "evidence", file.pk)
        assert "Supervisors decide how long footage is kept, and place legal holds." in page
        answer = deputy_client.post(reverse("evidence_hold", args=[file.pk]), {"reason": REASON})
        assert answer.status_code == 403
        assert not LegalHold.objects.exists()

    def test_a_deleted_file_takes_none(self, supervisor_client: Client) -> None:
        stone = deleted()
        for name in ("evidence_hold", "evidence_category"):
            assert supervisor_client.get(reverse(name, args=[stone.pk])).status_code == 409


class TestCategories:
    def test_a_supervisor_keeps_a_file_longer(self, file: Evidence, supervisor_client: Client) -> None:
        longer = RetentionCategory.objects.get(name="Violent crime")
        address = reverse("evidence_category", args=[file.pk])
        page = supervisor_client.post(address, {"category": str(longer.pk), "reason": "x"}).content.decode()
        assert "does not say why" in page
        supervisor_client.post(address, {"category": str(longer.pk), "reason": REASON})
        assert fresh(file).category == longer
        assert "changed how long the footage is kept" in text(supervisor_client, "evidence", file.pk)

    def test_an_administrator_edits_the_list(self, administrator_client: Client) -> None:
        data = {"name": "Property", "days": "500", "floor_days": "400"}
        administrator_client.post(reverse("retention_new"), data)
        made = RetentionCategory.objects.get(name="Property")
        page = text(administrator_client, "retention")
        assert "Property" in page
        change = reverse("retention_category", args=[made.pk])
        assert 'value="500"' in administrator_client.get(change).content.decode()
        refused = administrator_client.post(change, {**data, "floor_days": "30"}).content.decode()
        assert "This number never goes down; it is 400 now." in refused
        administrator_client.post(change, {**data, "days": "600"})
        made.refresh_from_db()
        assert made.days == 600
        assert reverse("retention") in text(administrator_client, "admin")

    def test_two_of_one_name_are_refused(self, administrator_client: Client) -> None:
        data = {"name": "standard", "days": "500", "floor_days": "400"}
        assert "of this name already" in administrator_client.post(reverse("retention_new"), data).content.decode()

    @pytest.mark.parametrize("role", [Role.DEPUTY, Role.SUPERVISOR, Role.AUDITOR, Role.CLERK])
    def test_nobody_else_does(self, role: Role) -> None:
        assert sign_in(person(role)).get(reverse("retention")).status_code == 403
