"""Break-glass: a provisional declaration of two people, once, for half an hour, with a justification that is due."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind, builder_of
from fusus_portal.ground.notifications.models import Message
from integration.critical.models import Declaration
from integration.critical.policies.declarations import is_in_force
from integration.critical.services import break_glass, declarations
from integration.live.services.gate import ViewRefused
from registry.incidents.services import incidents
from tests.factories import person
from tests.integration.critical.scenes import AGAIN, REASON, broken, checked, scene
from tests.integration.sharing.consent import set_mode
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

WHY = "Shots were fired inside the bank. No supervisor answered the radio for six minutes, and people were inside."


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + span, tick=False)


def test_two_people_who_work_on_it_break_it_for_half_an_hour() -> None:
    made = scene(critical=False)
    glass = broken(made)
    assert glass.starts_at is not None
    assert glass.ends_at == glass.starts_at + timedelta(minutes=30)
    assert checked(made.view())
    assert len(entries_of(Event.GLASS_ASKED)) == len(entries_of(Event.GLASS_BROKEN)) == 1
    with after(timedelta(minutes=30)):
        assert not is_in_force(glass, timezone.now())


def test_one_person_is_not_two() -> None:
    made = scene(critical=False)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    with pytest.raises(Refused, match="Somebody else"):
        break_glass.confirm(declaration=asked, by=made.deputy)


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.SUPERVISOR])
def test_whoever_does_not_work_on_it_breaks_nothing(role: str) -> None:
    made = scene(critical=False)
    with pytest.raises(Refused, match="assigned"):
        break_glass.ask(incident=made.incident, by=person(role), reason=REASON)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    with pytest.raises(Refused, match="assigned"):
        break_glass.confirm(declaration=asked, by=person(role))


def test_it_is_broken_once_for_an_incident() -> None:
    made = scene(critical=False)
    glass = broken(made)
    declarations.end(declaration=glass, by=made.supervisor)
    with pytest.raises(Stale, match="once"):
        break_glass.ask(incident=made.incident, by=made.deputy, reason=AGAIN)


def test_what_is_critical_anyway_has_no_glass_to_break() -> None:
    made = scene()
    with pytest.raises(Stale, match="already"):
        break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    with after(timedelta(hours=4)):
        assert broken(made).starts_at == timezone.now()


def test_it_changes_who_says_critical_and_nothing_else() -> None:
    with pytest.raises(Refused, match="verify"):
        broken(scene(critical=False, verified=False))
    made = scene(critical=False)
    broken(made)
    set_mode(made.camera, "never")
    with pytest.raises(ViewRefused) as refused:
        made.view()
    assert refused.value.condition == "mode"


def test_it_is_not_renewed() -> None:
    made = scene(critical=False)
    with pytest.raises(Stale, match="can't be renewed"):
        declarations.renew(declaration=broken(made), by=made.supervisor, reason=AGAIN)


def test_a_question_that_nobody_answers_is_dropped() -> None:
    made = scene(critical=False)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    with after(timedelta(minutes=31)):
        assert declarations.end_due() == 1
        with pytest.raises(Stale, match="does not wait for a second person"):
            break_glass.confirm(declaration=asked, by=made.colleague())
        assert broken(made).starts_at


def test_an_incident_that_was_closed_meanwhile_stays_closed() -> None:
    made = scene(critical=False)
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    other = made.colleague()
    incidents.close(incident=made.incident, by=made.supervisor)
    with pytest.raises(Stale):
        break_glass.confirm(declaration=asked, by=other)


class TestJustification:
    def test_one_of_the_two_writes_it_once(self) -> None:
        made = scene(critical=False)
        glass = broken(made)
        with pytest.raises(Refused, match="One of the two"):
            break_glass.justify(declaration=glass, by=made.supervisor, text=WHY)
        for text in ("", "n/a", glass.reason, glass.reason.upper()):
            with pytest.raises(ValidationError):
                break_glass.justify(declaration=glass, by=made.deputy, text=text)
        done = break_glass.justify(declaration=glass, by=made.others[0], text=WHY)
        assert done.justification == WHY
        with pytest.raises(Stale, match="already"):
            break_glass.justify(declaration=glass, by=made.deputy, text=WHY)
        with after(timedelta(days=8)):
            assert break_glass.flag_overdue() == 0

    def test_overdue_it_is_a_flag_and_a_message_and_still_due(self) -> None:
        made = scene(critical=False)
        auditor, administrator = person(Role.AUDITOR), person(Role.ADMINISTRATOR)
        glass = broken(made)
        with after(timedelta(days=6, hours=23)):
            assert break_glass.flag_overdue() == 0
        with after(timedelta(days=7)):
            assert break_glass.flag_overdue() == 1
            assert break_glass.flag_overdue() == 0
            [entry] = entries_of(Event.GLASS_OVERDUE)
            assert entry.facts["flag"] == "unjustified"
            build = builder_of(MessageKind.GLASS_OVERDUE)
            sent = Message.objects.filter(kind=MessageKind.GLASS_OVERDUE)
            told = {message.to: str(build(message.context)["link"]) for message in sent}
            assert told.keys() >= {auditor.email, administrator.email, made.supervisor.email}
            assert made.deputy.email not in told
            assert str(made.incident.pk) in told[made.supervisor.email]
            assert told[auditor.email].endswith(reverse("console"))
            break_glass.justify(declaration=glass, by=made.deputy, text=WHY)
        assert entries_of(Event.GLASS_JUSTIFIED)[0].facts["when"] == "late"

    def test_a_declaration_of_a_supervisor_needs_none(self) -> None:
        made = scene()
        assert made.declaration is not None
        with pytest.raises(Stale, match="No glass"):
            break_glass.justify(declaration=made.declaration, by=made.supervisor, text=WHY)
        assert Declaration.objects.get().justify_by is None
