"""Beyond the limits a second person decides: who may, what they read, and that nothing happens before or around it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import CheckViolation, RestrictViolation

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.models import Message
from registry.canvasses import selectors
from registry.canvasses.models import Approval, Canvass, FootageRequest
from registry.canvasses.presenters.console import canvass_actions
from registry.canvasses.services import approvals as approval_services, canvasses
from registry.incidents.services import incidents
from registry.limits.models import Limits
from registry.rules import LARGEST_RADIUS_M
from tests.factories import LARGE_RADIUS_M, LARGE_REASON, canvass_at, draft_of, incident_at, person, wanted_of
from tests.registry.entries import entries_of, events_after, newest_id
from tests.registry.test_guard import refused_with

pytestmark = pytest.mark.django_db


def test_before_it_is_approved_nothing_is_shown_and_nobody_asked() -> None:
    for state in ("draft", "waiting", "denied"):
        canvass = canvass_at(state, incident=incident_at())
        if state == "draft":
            canvass = draft_of(canvass.incident, radius_m=LARGE_RADIUS_M)
        findings = canvasses.show(canvass=canvass, by=canvass.created_by)
        assert findings.cameras is None
        with pytest.raises((Refused, Stale)):
            canvasses.send(canvass=canvass, by=canvass.created_by)
    assert not FootageRequest.objects.exists()


def test_once_approved_it_is_shown_and_sent_with_entries_both_ways(supervisor: User) -> None:
    canvass = canvass_at("waiting")
    approval_services.grant(canvass=canvass, by=supervisor, note="As small as it can be.".ljust(500, "."))
    assert len(canvasses.show(canvass=canvass, by=canvass.created_by).cameras or ()) == 1
    canvasses.send(canvass=canvass, by=canvass.created_by)
    assert FootageRequest.objects.count() == 1
    (asked,), (given,) = entries_of(Event.CANVASS_APPROVAL_ASKED, canvass), entries_of(Event.CANVASS_APPROVED, canvass)
    assert (asked.actor_id, given.actor_id) == (str(canvass.created_by_id), str(supervisor.pk))


def test_a_supervisor_reads_how_many_and_no_address(supervisor: User) -> None:
    canvass = canvass_at("waiting", cameras=3)
    question = approval_services.review(canvass=canvass, by=supervisor)
    assert (question.owners, question.approval.reason) == (3, LARGE_REASON)
    assert not entries_of(Event.CAMERA_SHOWN)


def test_nobody_approves_their_own(supervisor: User) -> None:
    canvass = canvass_at("waiting", by=supervisor)
    attempts: list[Callable[[], Any]] = [
        lambda: approval_services.review(canvass=canvass, by=supervisor),
        lambda: approval_services.grant(canvass=canvass, by=supervisor),
        lambda: approval_services.deny(canvass=canvass, by=supervisor, note="No."),
    ]
    before = newest_id()
    for attempt in attempts:
        with pytest.raises(Refused, match="Nobody approves what they asked for"):
            attempt()
    assert not events_after(before)
    assert not selectors.canvasses_to_decide(supervisor).exists()
    assert list(selectors.canvasses_to_decide(person("supervisor"))) == [canvass]


def test_a_colleague_s_question_does_not_make_it_another_s(supervisor: User) -> None:
    """The person who prepared a canvass does not approve it, even if a colleague asked for the approval."""
    canvass = draft_of(incident_at(by=supervisor), radius_m=LARGE_RADIUS_M)
    deputy = person("deputy")
    incidents.assign(incident=canvass.incident, user=deputy, by=supervisor)
    approval_services.ask(canvass=canvass, by=deputy, reason=LARGE_REASON)
    with pytest.raises(Refused, match="Nobody approves what they asked for"):
        approval_services.grant(canvass=canvass, by=supervisor)


def test_only_supervisors_decide(other_deputy: User, administrator: User) -> None:
    canvass = canvass_at("waiting")
    for somebody in (other_deputy, administrator):
        with pytest.raises(Refused, match="Supervisors approve"):
            approval_services.grant(canvass=canvass, by=somebody)


def test_the_supervisor_who_approved_it_does_not_send_it(supervisor: User) -> None:
    canvass = canvass_at("waiting")
    approval_services.grant(canvass=canvass, by=supervisor)
    incidents.assign(incident=canvass.incident, user=supervisor, by=supervisor)
    with pytest.raises(Refused, match="You approved this canvass"):
        canvasses.send(canvass=canvass, by=supervisor)


@pytest.mark.parametrize("state", ["waiting", "approved", "denied"])
def test_a_change_voids_what_was_said(state: str) -> None:
    canvass = canvass_at(state)
    wanted = wanted_of(canvass.incident, radius_m=LARGE_RADIUS_M + 100)
    changed = canvasses.change(canvass=canvass, by=canvass.created_by, wanted=wanted)
    assert (changed.state, changed.beyond_limits) == ("draft", True)
    assert Approval.objects.get().voided_at
    assert selectors.current_approval(changed) is None
    with pytest.raises(Refused, match="A supervisor must approve it first"):
        canvasses.send(canvass=changed, by=canvass.created_by)
    again = approval_services.ask(canvass=changed, by=canvass.created_by, reason=LARGE_REASON)
    assert again.voided_at is None


def test_a_change_within_the_limits_needs_no_supervisor() -> None:
    canvass = canvass_at("waiting")
    changed = canvasses.change(canvass=canvass, by=canvass.created_by, wanted=wanted_of(canvass.incident))
    assert not changed.beyond_limits
    assert canvasses.send(canvass=changed, by=canvass.created_by).state == "sent"


def test_what_was_sent_is_not_changed() -> None:
    canvass = canvass_at("sent")
    with pytest.raises(Stale, match="already “Sent”"):
        canvasses.change(canvass=canvass, by=canvass.created_by, wanted=wanted_of(canvass.incident))


def test_a_draft_of_yesterday_meets_the_limits_of_today() -> None:
    canvass = canvass_at("draft")
    Canvass.objects.filter(pk=canvass.pk).update(radius_m=LARGE_RADIUS_M, square_miles=1.2130)
    with pytest.raises(Refused, match="beyond the limits"):
        canvasses.send(canvass=canvass, by=canvass.created_by)
    assert LARGE_RADIUS_M > LARGEST_RADIUS_M


def test_limits_lowered_since_a_draft_lead_to_the_question_and_not_into_a_dead_end(supervisor: User) -> None:
    canvass = canvass_at("draft")
    Canvass.objects.filter(pk=canvass.pk).update(radius_m=300, square_miles=0.1092)
    canvass.refresh_from_db()
    Limits.objects.update(largest_area="0.100")
    [first, *_others] = canvass_actions(canvass, None, None, canvass.created_by, limits=Limits.current())
    assert first.name == "approval"
    approval_services.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)
    approval_services.grant(canvass=canvass, by=supervisor)
    canvasses.send(canvass=canvass, by=canvass.created_by)
    assert Canvass.objects.get(pk=canvass.pk).state == "sent"


def test_the_question_needs_a_reason_and_so_does_a_denial(supervisor: User) -> None:
    canvass = draft_of(incident_at(), radius_m=LARGE_RADIUS_M)
    for reason in ("", "test", canvass.reason, "For the victim Jane Doe and others"):
        with pytest.raises(ValidationError) as error:
            approval_services.ask(canvass=canvass, by=canvass.created_by, reason=reason)
        assert set(error.value.message_dict) == {"reason"}
    approval_services.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)
    for note in ("  ", "x" * 501):
        with pytest.raises(ValidationError) as error:
            approval_services.deny(canvass=canvass, by=supervisor, note=note)
        assert set(error.value.message_dict) == {"note"}


def test_what_is_within_the_limits_needs_no_question() -> None:
    canvass = canvass_at("draft")
    with pytest.raises(Stale, match="within the limits"):
        approval_services.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)


def test_only_people_on_an_open_incident_ask(other_deputy: User) -> None:
    canvass = draft_of(incident_at(), radius_m=LARGE_RADIUS_M)
    with pytest.raises(Refused, match="assigned"):
        approval_services.ask(canvass=canvass, by=other_deputy, reason=LARGE_REASON)
    incidents.close(incident=canvass.incident, by=canvass.created_by)
    with pytest.raises(Stale, match="is closed"):
        approval_services.ask(canvass=canvass, by=canvass.created_by, reason=LARGE_REASON)


def test_nothing_waits_once_it_is_decided_or_the_incident_closed(supervisor: User) -> None:
    decided, closed = canvass_at("approved"), canvass_at("waiting")
    incidents.close(incident=closed.incident, by=closed.created_by)
    with pytest.raises(Stale, match="Nothing about this canvass waits"):
        approval_services.grant(canvass=decided, by=supervisor)
    with pytest.raises(Stale, match="is closed"):
        approval_services.grant(canvass=closed, by=supervisor)
    assert not selectors.canvasses_to_decide(supervisor).exists()


def test_supervisors_of_the_incident_are_told_or_else_all_of_them() -> None:
    first, second = person("supervisor"), person("supervisor")
    everyone = draft_of(incident_at(verified=False), radius_m=LARGE_RADIUS_M)
    approval_services.ask(canvass=everyone, by=everyone.created_by, reason=LARGE_REASON)
    told = Message.objects.filter(kind="canvass_to_approve")
    assert {letter.to for letter in told} == {first.email, second.email}
    told.delete()
    mine = draft_of(incident_at(verified=False), radius_m=LARGE_RADIUS_M)
    incidents.assign(incident=mine.incident, user=second, by=first)
    approval_services.ask(canvass=mine, by=mine.created_by, reason=LARGE_REASON)
    assert [letter.to for letter in told.all()] == [second.email]


def test_the_database_refuses_to_send_it_without_another_s_word(supervisor: User) -> None:
    canvass = canvass_at("waiting")
    sent = {"state": "sent", "sent_at": timezone.now(), "sent_by": canvass.created_by}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Canvass.objects.filter(pk=canvass.pk).update(**sent)
    assert refused_with(RestrictViolation, error)
    approval_services.grant(canvass=canvass, by=supervisor)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Canvass.objects.filter(pk=canvass.pk).update(**sent | {"sent_by": supervisor})
    assert refused_with(RestrictViolation, error)
    assert Canvass.objects.filter(pk=canvass.pk).update(**sent) == 1


def test_the_database_refuses_who_decides_about_their_own_and_a_change_of_what_was_read() -> None:
    canvass = canvass_at("waiting")
    approval = Approval.objects.get(canvass=canvass)
    decided = {"granted": True, "decided_by": approval.asked_by, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(**decided)
    assert refused_with(CheckViolation, error)
    for change in ({"radius_m": 900, "square_miles": 0.9825}, {"beyond_limits": False}, {"reason": "Another one."}):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Canvass.objects.filter(pk=canvass.pk).update(**change)
        assert refused_with(RestrictViolation, error)
