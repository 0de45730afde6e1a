"""One person has six open incidents that nobody has verified, and the seventh waits for a supervisor."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.ledger.models import Alarm
from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.worklist import services
from fusus_portal.ground.worklist.selectors import waiting_for
from registry.canvasses.models import Canvass
from registry.canvasses.services import canvasses
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.limits import services as limits
from registry.limits.models import Limits
from tests.factories import LINN_PARK, incident_at, person, wanted_of
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.incidents.dispatching import Sender, deliver, item
from tests.registry.incidents.test_incident_pages import written
from tests.registry.test_races import at_once

FULL = "6 open incidents that nobody has verified"


def six(by: User) -> list[Incident]:
    return [incident_at(by=by, verified=False) for _each in range(6)]


def changed(incident: Incident, *, by: User) -> Incident:
    kept: dict[str, Any] = {name: getattr(incident, name) for name in ("type", "point", "starts_at", "ends_at")}
    return incidents.change(incident=incident, by=by, place="Another corner of the park", **kept)


def call(by: User, pattern: Incident) -> Canvass:
    """Open an incident like another one, and search around it, in one act."""
    names = ("type", "place", "point", "starts_at", "ends_at")
    same: dict[str, Any] = {name: getattr(pattern, name) for name in names}
    return canvasses.draft_from_call(by=by, number="2026-880001", wanted=wanted_of(pattern), **same)


@pytest.mark.django_db
class TestTheSeventh:
    def test_it_is_refused_and_says_what_to_do(self, deputy: User) -> None:
        six(deputy)
        with pytest.raises(Refused, match=f"{FULL}.*A supervisor verifies one of them, or you close one"):
            incident_at(by=deputy, verified=False)
        assert Incident.objects.count() == 6
        assert len(entries_of(Event.INCIDENT_OPENED)) == 6
        assert incident_at(verified=False)

    def test_a_supervisors_press_on_any_of_them_opens_the_way(self, deputy: User, supervisor: User) -> None:
        waiting = six(deputy)
        incidents.verify(incident=waiting[3], by=supervisor)
        assert incident_at(by=deputy, verified=False)

    def test_an_emergency_waits_for_nobody_where_one_of_the_six_is_done(self, deputy: User) -> None:
        incidents.close(incident=six(deputy)[0], by=deputy)
        assert incident_at(by=deputy, verified=False)

    def test_what_a_supervisor_or_dispatch_spoke_for_does_not_count(self, deputy: User) -> None:
        for _each in range(8):
            incident_at(by=deputy)
        six(deputy)
        assert deliver(Sender().token(item("2026-770001"))).status_code == 200
        assert Incident.objects.filter(source="dispatch").count() == 1

    def test_what_closed_in_a_day_does_not_count(self, deputy: User) -> None:
        Incident.objects.filter(pk__in=[each.pk for each in six(deputy)]).update(
            opened_at=timezone.now() - timedelta(days=2)
        )
        assert incidents.close_unverified() == 6
        assert incident_at(by=deputy, verified=False)

    def test_with_its_first_search_it_is_refused_as_a_whole(self, deputy: User) -> None:
        pattern = six(deputy)[0]
        with pytest.raises(Refused, match=FULL):
            call(deputy, pattern)
        assert Incident.objects.count() == 6

    def test_a_closing_that_is_taken_back_is_an_opening(self, deputy: User, supervisor: User) -> None:
        closed = incidents.close(incident=six(deputy)[0], by=deputy)
        incident_at(by=deputy, verified=False)
        for by in (deputy, supervisor):
            with pytest.raises(Refused, match=FULL):
                incidents.reopen(incident=closed, by=by)

    @pytest.mark.parametrize("who", ["deputy", "supervisor"])
    def test_so_is_a_change_that_takes_back_a_verification(self, who: str, deputy: User, supervisor: User) -> None:
        """Six were verified, and turned into something else: a seventh of them would be as good as opened."""
        verified = incident_at(by=deputy)
        waiting = six(deputy)
        by = {"deputy": deputy, "supervisor": supervisor}[who]
        with pytest.raises(Refused, match=FULL):
            changed(verified, by=by)
        verified.refresh_from_db()
        assert verified.is_verified
        browser = sign_in(by)
        page = browser.get(reverse("incident_change", args=[verified.pk])).text
        assert "Only a shorter time can be saved now" in page
        assert FULL in page
        assert changed(waiting[0], by=by)
        incidents.verify(incident=waiting[1], by=person(Role.SUPERVISOR))
        assert changed(verified, by=by)

    def test_the_agency_allows_fewer_and_never_more(self, deputy: User, administrator: User) -> None:
        for wanted in (7, 0):
            with pytest.raises(ValidationError, match="unverified_incidents_open"):
                limits.change(by=administrator, revision=Limits.current().revision, unverified_incidents_open=wanted)
        limits.change(by=administrator, revision=Limits.current().revision, unverified_incidents_open=2)
        for _each in range(2):
            incident_at(by=deputy, verified=False)
        with pytest.raises(Refused, match="2 open incidents"):
            incident_at(by=deputy, verified=False)


@pytest.mark.django_db
class TestPages:
    def test_the_page_says_so_instead_of_asking_and_leads_to_them(self, deputy: User, deputy_client: Client) -> None:
        waiting = six(deputy)
        page = deputy_client.get(reverse("incident_new")).text
        assert FULL in page
        assert 'name="number"' not in page
        assert all(reverse("incident", args=[each.pk]) in page for each in waiting)
        answer = deputy_client.post(reverse("incident_new"), written(number="2026-990001"))
        assert (answer.status_code, FULL in answer.text) == (403, True)
        incidents.close(incident=waiting[0], by=deputy)
        assert 'name="number"' in deputy_client.get(reverse("incident_new")).text

    def test_supervisors_are_told_at_the_sixth_and_led_to_verify(
        self, deputy: User, supervisor: User, supervisor_client: Client, other_deputy_client: Client
    ) -> None:
        waiting = six(deputy)
        said_of = f"{deputy.pseudonym} can open no other incident"
        assert said_of in supervisor_client.get(reverse("console")).text
        assert said_of not in other_deputy_client.get(reverse("console")).text
        services.tell()
        assert supervisor.email in set(Message.objects.filter(kind=MessageKind.WORK_WAITS).values_list("to", flat=True))
        [item] = [each for each in waiting_for(supervisor) if "can open no other" in each.text]
        call = supervisor_client.get(item.url).text
        assert waiting[0].number in call
        assert "Verify</button>" in call
        incidents.verify(incident=waiting[0], by=supervisor)
        assert said_of not in supervisor_client.get(reverse("console")).text

    def test_who_stands_there_is_not_told_of_it_as_somebody_elses_work(self, supervisor: User) -> None:
        six(supervisor)
        assert not [each for each in waiting_for(supervisor) if "can open no other" in each.text]

    def test_auditors_have_one_alarm_a_day(self, deputy: User, deputy_client: Client) -> None:
        six(deputy)
        for number in range(3):
            assert deputy_client.post(reverse("incident_new"), written(number=f"2026-99000{number}")).status_code == 403
        alarm = Alarm.objects.get(kind="incidents-opened")
        assert deputy.pseudonym in alarm.what

    @pytest.mark.parametrize("who", ["deputy", "supervisor"])
    def test_so_do_a_change_and_a_closing_taken_back_that_would_make_one_more(
        self, who: str, deputy: User, supervisor: User
    ) -> None:
        verified, by = incident_at(by=deputy), {"deputy": deputy, "supervisor": supervisor}[who]
        waiting = six(deputy)
        place = {"latitude": LINN_PARK.latitude, "longitude": LINN_PARK.longitude}
        changes = {**written(number=""), **place, "place": "Another corner of the park"}
        answer = sign_in(by).post(reverse("incident_change", args=[verified.pk]), changes)
        assert (answer.status_code, FULL in answer.text) == (403, True)
        assert deputy.pseudonym in Alarm.objects.get(kind="incidents-opened").what
        Alarm.objects.update(settled_at=timezone.now(), settled_by="an auditor")
        closed = incidents.close(incident=waiting[0], by=deputy)
        incident_at(by=deputy, verified=False)
        assert sign_in(by).post(reverse("incident_reopen", args=[closed.pk])).status_code == 403
        assert deputy.pseudonym in Alarm.objects.get(kind="incidents-opened", settled_at=None).what

    def test_a_refused_call_keeps_its_alarm(self, deputy: User) -> None:
        with pytest.raises(Refused):
            call(deputy, six(deputy)[0])
        assert Alarm.objects.filter(kind="incidents-opened").count() == 1


def sql(statement: str, *values: str | UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


COPY = """
INSERT INTO registry_incident (id, latitude, longitude, precision, number, type_id, place, starts_at, ends_at, goes_on,
                               state, source, opened_by_id, opened_at)
SELECT gen_random_uuid(), latitude, longitude, precision, %s, type_id, place, starts_at, ends_at, goes_on, 'open',
       'person', opened_by_id, opened_at FROM registry_incident WHERE id = %s
"""


@pytest.mark.django_db
class TestBySql:
    def test_no_seventh_is_written(self, deputy: User) -> None:
        pattern = six(deputy)[0]
        with pytest.raises(DatabaseError, match="six open incidents"):
            sql(COPY, "2026-990001", pattern.pk)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE registry_incident SET verified_at = NULL, verified_by_id = NULL WHERE number = '2026-660001'",
            """UPDATE registry_incident SET opened_by_id = %s, verified_at = NULL, verified_by_id = NULL
               WHERE number = '2026-660002'""",
            """UPDATE registry_incident SET state = 'open', closed_at = NULL, closed_by_id = NULL
               WHERE number = '2026-660003'""",
        ],
        ids=["verification taken back", "given to another", "opened again"],
    )
    def test_none_becomes_the_seventh(self, deputy: User, change: str) -> None:
        incident_at(by=deputy, number="2026-660001")
        incident_at(number="2026-660002")
        incidents.close(incident=incident_at(by=deputy, number="2026-660003", verified=False), by=deputy)
        six(deputy)
        with pytest.raises(DatabaseError, match="six open incidents"):
            sql(change, *([deputy.pk] if "%s" in change else []))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_windows_open_the_sixth_and_no_seventh(self, deputy: User) -> None:
        for _each in range(5):
            incident_at(by=deputy, verified=False)
        outcomes = at_once(*[partial(incident_at, by=deputy, verified=False)] * 4)
        assert len([each for each in outcomes if isinstance(each, Refused)]) == 3
        assert Incident.objects.count() == 6

    def test_two_sessions_by_sql_write_one(self, deputy: User) -> None:
        pattern, *_others = [incident_at(by=deputy, verified=False) for _each in range(5)]
        outcomes = at_once(*(partial(sql, COPY, f"2026-99000{number}", pattern.pk) for number in range(3)))
        assert len([each for each in outcomes if isinstance(each, DatabaseError)]) == 2
        assert Incident.objects.count() == 6

    def test_an_opening_and_a_change_at_once_make_no_seventh(self, deputy: User) -> None:
        verified = incident_at(by=deputy)
        for _each in range(5):
            incident_at(by=deputy, verified=False)
        outcomes = at_once(partial(changed, verified, by=deputy), partial(incident_at, by=deputy, verified=False))
        assert len([each for each in outcomes if isinstance(each, Refused)]) == 1

    def test_a_verification_and_the_next_opening_wait_for_each_other_and_both_happen(
        self, deputy: User, supervisor: User
    ) -> None:
        waiting = six(deputy)
        at_once(
            partial(incidents.verify, incident=waiting[0], by=supervisor),
            partial(incident_at, by=deputy, verified=False),
        )
        waiting[0].refresh_from_db()
        assert waiting[0].is_verified
        assert Incident.objects.filter(verified_at=None).count() in {5, 6}
