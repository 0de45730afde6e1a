"""The start page lists what waits for this person, what is due first on top, and stays live."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit.ledger.alarms import AlarmKind, raise_alarm
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.worklist.selectors import waiting_for
from integration.critical import services as critical
from registry.canvasses.services import approvals
from registry.imports.services import exports
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from tests.factories import LARGE_RADIUS_M, LARGE_REASON, draft_of, incident_at, person, request_at
from tests.lifecycle.drivers.joins import asked
from tests.oversight.review.reviewing import drawn, searches
from tests.people import sign_in

pytestmark = pytest.mark.django_db

MOST_QUERIES = 40
"""Most queries of the part that is fetched every few seconds, for any role and any amount of work."""

REASON = "She works on the night shift now."


def part(user: User) -> str:
    return sign_in(user).get(reverse("console_work")).content.decode()


def opened_ago(hours: float, **how: User) -> Incident:
    incident = incident_at(verified=False, **how)  # type: ignore[arg-type]
    Incident.objects.filter(pk=incident.pk).update(opened_at=timezone.now() - timedelta(hours=hours))
    return incident


def texts(user: User) -> list[str]:
    return [item.text.partition(" ")[0] for item in waiting_for(user) if not item.is_door]


def test_what_is_due_first_is_on_top_and_says_how_long_it_still_is(supervisor: User) -> None:
    newer, older = opened_ago(1), opened_ago(20.9)
    assert texts(supervisor) == [older.number, newer.number]
    page = part(supervisor)
    assert "closes in 3 h" in page
    assert "2 things wait for you" in page
    assert "To verify 2" in page


def test_what_is_late_says_so(supervisor: User) -> None:
    opened_ago(26)
    assert "late by 2 h" in part(supervisor)


def test_what_has_no_time_comes_after_what_has_one(supervisor: User) -> None:
    canvass = draft_of(incident_at(), radius_m=LARGE_RADIUS_M)
    approvals.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)
    waiting = opened_ago(2)
    assert texts(supervisor) == [waiting.number, "Canvass"]


def test_a_supervisor_who_changed_an_incident_may_not_verify_it_and_is_not_asked_to(supervisor: User) -> None:
    incident = incident_at(verified=False)
    assert "To verify" in part(supervisor)
    incidents.change(
        incident=incident,
        by=supervisor,
        type=incident.type,
        place="Kelly Ingram Park",
        point=incident.point,
        starts_at=incident.starts_at,
        ends_at=incident.ends_at,
    )
    assert "To verify" not in part(supervisor)
    assert "To verify" in part(person("supervisor"))


def test_a_deputy_reads_when_an_incident_of_theirs_closes_unverified(deputy: User) -> None:
    incident = opened_ago(22.5, by=deputy)
    page = part(deputy)
    assert incident.number in page
    assert "Not verified" in page
    assert "closes in 1 h" in page
    incidents.verify(incident=incident, by=person("supervisor"))
    assert "Not verified" not in part(deputy)


def test_it_closes_at_the_moment_that_the_page_says(supervisor: User) -> None:
    opened_ago(1)
    [due] = [item.due for item in waiting_for(supervisor) if item.due]
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        assert incidents.close_unverified() == 0
    with time_machine.travel(due, tick=False):
        assert incidents.close_unverified() == 1


def test_a_closing_is_there_as_long_as_it_can_be_taken_back(deputy: User) -> None:
    incident = incident_at(by=deputy)
    incidents.close(incident=incident, by=deputy)
    assert "can be taken back for 9 min" in part(deputy)
    assert "can be taken back" not in part(person("supervisor"))
    Incident.objects.filter(pk=incident.pk).update(closed_at=timezone.now() - timedelta(minutes=10))
    assert "can be taken back" not in part(deputy)


def test_a_critical_incident_says_when_it_ends(deputy: User) -> None:
    incident = incident_at(by=deputy)
    critical.declare_critical(incident=incident, by=person("supervisor"), reason="A man with a gun ran from the bank.")
    page = part(deputy)
    assert "ends in 3 h" in page
    assert reverse("critical", args=[incident.pk]) in page


def test_administrators_find_what_the_other_proposed_and_not_their_own(administrator: User, deputy: User) -> None:
    other = person("administrator")
    exports.propose(reason="The agency moves to another system this year.", by=other)
    role_changes.propose(kind="change_role", account=deputy, reason=REASON, by=other, role="supervisor")
    page = part(administrator)
    assert "A copy of the whole registry" in page
    assert "Agency account · Change the role" in page
    assert deputy.name not in page
    assert deputy.email not in page
    assert "To approve" not in part(other)


def test_a_change_of_oneself_is_somebody_elses_to_approve(administrator: User) -> None:
    role_changes.propose(
        kind="change_role", account=administrator, reason=REASON, by=person("administrator"), role="supervisor"
    )
    assert "To approve" not in part(administrator)
    assert "To approve" in part(person("administrator"))


def test_a_proposal_of_somebody_who_is_no_administrator_any_more_waits_for_nobody(
    administrator: User, deputy: User
) -> None:
    other = person("administrator")
    role_changes.propose(kind="disable", account=deputy, reason=REASON, by=other)
    disabled(other)
    assert "To approve" not in part(administrator)


def disabled(account: User) -> None:
    by, second = person("administrator"), person("administrator")
    change = role_changes.propose(kind="disable", account=account, reason=REASON, by=by)
    role_changes.approve(change=change, by=second)


@pytest.mark.parametrize("role", sorted(AGENCY_ROLES - {"auditor", "reviewer"}))
def test_nothing_waits_for_somebody_new(role: str) -> None:
    assert "Nothing waits for you" in part(person(role))


@pytest.mark.parametrize("role", sorted(AGENCY_ROLES))
def test_the_page_holds_the_part_that_it_fetches_again(role: str) -> None:
    client = sign_in(person(role))
    page = client.get(reverse("console")).content.decode()
    [address] = re.findall(rf'data-refresh="({reverse("console_work")}[^"]*)"', page)
    assert client.get(address).content.decode().strip() in page


def test_what_comes_later_is_in_the_part(supervisor_client: Client) -> None:
    before = supervisor_client.get(reverse("console_work")).content.decode()
    incident = incident_at(verified=False)
    assert incident.number not in before
    assert incident.number in supervisor_client.get(reverse("console_work")).content.decode()


def test_it_names_no_owner_and_no_address(deputy: User) -> None:
    request = request_at("footage", by=deputy)
    page = part(deputy)
    assert "1 new reply" in page
    assert request.registrant is not None
    owner = request.registrant.user
    assert owner is not None
    assert "Linn Park, 20th Street North" in page  # where the incident is
    assert not [word for word in (owner.email, owner.name, request.number, "600 20th Street") if word in page]


class TestItsQueries:
    def test_they_are_bounded(
        self, django_assert_max_num_queries: DjangoAssertNumQueries, subtests: pytest.Subtests
    ) -> None:
        full()
        for role in sorted(AGENCY_ROLES):
            client = sign_in(person(role))
            with subtests.test(role=role), django_assert_max_num_queries(MOST_QUERIES):
                client.get(reverse("console_work"))

    @pytest.mark.parametrize("role", ["deputy", "supervisor", "administrator"])
    def test_they_do_not_grow_with_what_waits(self, role: str) -> None:
        client = sign_in(person(role))
        by = User.objects.get(pk=client.session["_auth_user_id"])
        counted = []
        for _round in range(2):
            for _more in range(2):  # a seventh unverified incident of one person is not opened
                full(by)
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("console_work"))
            counted.append(len(captured))
        assert counted[0] == counted[1]


def full(by: User | None = None) -> None:
    """Let something wait for people of several roles."""
    deputy = by if by is not None and by.role == "deputy" else person("deputy")
    incident_at(by=deputy, verified=False)
    asked(incident_at(by=deputy))
    incidents.close(incident=incident_at(by=deputy), by=deputy)
    request_at("footage", by=deputy)
    exports.propose(reason="The agency moves to another system this year.", by=person("administrator"))
    role_changes.propose(kind="disable", account=person("clerk"), reason=REASON, by=person("administrator"))


def test_an_alarm_has_no_time_and_is_first(auditor: User) -> None:
    searches(2)
    drawn()
    raise_alarm(kind=AlarmKind.TREE_BROKEN, what="A leaf is gone.")
    first, second, *_others = waiting_for(auditor)
    assert (first.tag, first.due) == ("Alarm", None)
    assert second.due is not None
