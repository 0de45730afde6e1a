"""Outreach leads: counted, worked, shown for a reason, and emptied at their end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from audit.log.events import Event
from audit.log.models import AuditDetail
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.services import delivery
from registry.other_counties import selectors, services
from registry.other_counties.models import OutreachLead, OutreachNote
from registry.other_counties.states import LeadState
from registry.rules import NOTES_PER_LEAD
from tests.factories import person
from tests.registry.entries import entries_of, newest_id
from tests.registry.other_counties.elsewhere import SHELBY, lead_at, mover_of

pytestmark = pytest.mark.django_db

WHY = "The agency has joined; tell this person how to register"
CONTACT = "platform@portal.example"


def over(lead: OutreachLead) -> None:
    """Let the lead's 90 days pass."""
    past = timezone.now() - timedelta(days=91)
    OutreachLead.objects.filter(pk=lead.pk).update(opened_at=past, delete_after=past + timedelta(days=90))


class TestTheEnd:
    @pytest.mark.parametrize("state", [state for state in LeadState if state != LeadState.CLOSED])
    def test_closing_deletes_who_it_names_and_its_notes(self, state: LeadState) -> None:
        lead, by = lead_at(state), person("administrator")
        services.note_lead(lead=lead, by=by, text="Call the sheriff again on Monday.")
        services.advance_lead(lead=lead, by=by, target=LeadState.CLOSED)
        lead.refresh_from_db()
        assert (lead.state, lead.name, lead.email) == ("closed", "", "")
        assert not OutreachNote.objects.exists()
        (entry,) = entries_of(Event.LEAD_CLOSED, lead)
        assert entry.facts == {"county": SHELBY, "was": str(state)}

    def test_after_90_days_it_ends_by_itself(self) -> None:
        late, fresh = lead_at(), lead_at()
        over(late)
        assert services.close_due_leads() == 1
        late.refresh_from_db()
        fresh.refresh_from_db()
        assert (late.state, late.email) == ("closed", "")
        assert (fresh.state, bool(fresh.email)) == ("open", True)
        assert services.close_due_leads() == 0

    def test_90_days_are_counted_from_the_consent(self) -> None:
        lead = lead_at()
        assert abs(lead.delete_after - lead.opened_at - timedelta(days=90)) < timedelta(seconds=5)

    def test_the_person_takes_it_back_twice_with_one_effect(self) -> None:
        lead = lead_at()
        for _press in range(2):
            services.withdraw_lead(lead=lead, by=mover_of(lead))
        lead.refresh_from_db()
        assert (lead.state, lead.email) == ("closed", "")
        assert len(entries_of(Event.LEAD_CLOSED, lead)) == 1

    def test_nobody_takes_back_anothers(self) -> None:
        lead = lead_at()
        with pytest.raises(NotYours):
            services.withdraw_lead(lead=lead, by=person())

    def test_the_database_keeps_no_name_in_a_closed_one(self) -> None:
        lead = lead_at(LeadState.CLOSED)
        with pytest.raises(IntegrityError), transaction.atomic():
            OutreachLead.objects.filter(pk=lead.pk).update(name="Ana", email="ana@people.example")


class TestWork:
    def test_each_step_is_an_entry_and_a_second_press_leaves_no_other(self) -> None:
        lead, by = lead_at(), person("administrator")
        for _press in range(2):
            services.advance_lead(lead=lead, by=by, target=LeadState.CONTACTED)
        assert len(entries_of(Event.LEAD_CONTACTED, lead)) == 1

    def test_a_step_that_is_not_next_is_refused(self) -> None:
        with pytest.raises(Stale):
            services.advance_lead(lead=lead_at(), by=person("administrator"), target=LeadState.JOINED)

    @pytest.mark.parametrize("role", ["resident", "deputy", "supervisor", "auditor", "clerk"])
    def test_only_administrators_work_it(self, role: str) -> None:
        lead, by = lead_at(), person(role)
        for act in (
            lambda: services.advance_lead(lead=lead, by=by, target=LeadState.CONTACTED),
            lambda: services.advance_lead(lead=lead, by=by, target=lead.state),
            lambda: services.note_lead(lead=lead, by=by, text="Something to remember."),
            lambda: services.show_lead_person(lead=lead, by=by, reason=WHY),
        ):
            with pytest.raises(Refused):
                act()

    @pytest.mark.parametrize("text", ["", "  ", "x" * 301])
    def test_a_note_says_something_and_is_short(self, text: str) -> None:
        with pytest.raises(ValidationError) as refused:
            services.note_lead(lead=lead_at(), by=person("administrator"), text=text)
        assert list(refused.value.message_dict) == ["text"]

    def test_notes_are_bounded(self) -> None:
        lead, by = lead_at(), person("administrator")
        for number in range(NOTES_PER_LEAD):
            services.note_lead(lead=lead, by=by, text=f"Call {number}".ljust(300, "."))
        with pytest.raises(ValidationError, match="at most 20 notes"):
            services.note_lead(lead=lead, by=by, text="One more")

    def test_a_closed_one_takes_no_note(self) -> None:
        with pytest.raises(Stale):
            services.note_lead(lead=lead_at(LeadState.CLOSED), by=person("administrator"), text="Too late.")


class TestShowingThePerson:
    def test_the_look_and_its_reason_are_an_entry(self) -> None:
        lead, by = lead_at(), person("administrator")
        shown = services.show_lead_person(lead=lead, by=by, reason=WHY)
        assert (shown.name, shown.email) == ("Ana Rivera", mover_of(lead).email)
        (entry,) = entries_of(Event.LEAD_SHOWN, lead)
        assert AuditDetail.objects.get(digest=entry.reason_digest).text == WHY

    @pytest.mark.parametrize("reason", ["", "test", "n/a", "because", WHY.ljust(501, "x")])
    def test_a_reason_that_says_nothing_is_refused(self, reason: str) -> None:
        lead, newest = lead_at(), newest_id()
        with pytest.raises(ValidationError):
            services.show_lead_person(lead=lead, by=person("administrator"), reason=reason)
        assert newest_id() == newest

    def test_a_reason_may_have_500_characters(self) -> None:
        services.show_lead_person(lead=lead_at(), by=person("administrator"), reason=WHY.ljust(500, "x"))

    @pytest.mark.parametrize(("state", "named"), [("open", False), ("closed", True)])
    def test_there_is_nobody_to_show(self, state: str, named: bool) -> None:
        with pytest.raises(Stale):
            services.show_lead_person(lead=lead_at(state, named=named), by=person("administrator"), reason=WHY)


class TestTheNumbers:
    def test_a_county_counts_what_is_not_closed(self) -> None:
        lead_at()
        old = lead_at(LeadState.CONTACTED)
        OutreachLead.objects.filter(pk=old.pk).update(opened_at=timezone.now() - timedelta(days=8))
        lead_at(LeadState.CLOSED)
        assert selectors.counts() == [(SHELBY, 2, 1, 1)]
        assert selectors.leads_of_county(SHELBY).count() == 2

    def test_every_week_the_platform_s_contact_gets_them_and_no_name(self, settings: Settings) -> None:
        settings.PLATFORM_CONTACT_EMAIL = CONTACT
        lead = lead_at()
        assert services.report_leads() == 1
        message = Message.objects.get(kind=MessageKind.OUTREACH_REPORT)
        assert (message.to, message.context) == (CONTACT, {})
        assert delivery.deliver(pk=message.pk)
        (letter,) = mail.outbox
        assert "Shelby County, Alabama: 1, 1 of them new this week" in letter.body
        for personal in ("Rivera", mover_of(lead).email, lead.reference):
            assert personal not in letter.body
        (entry,) = entries_of(Event.LEADS_REPORTED)
        assert entry.facts == {"counties": 1, "leads": 1}

    def test_a_report_is_not_repeated_within_the_week(self, settings: Settings) -> None:
        settings.PLATFORM_CONTACT_EMAIL = CONTACT
        lead_at()
        assert [services.report_leads(), services.report_leads()] == [1, 0]
        Message.objects.filter(kind=MessageKind.OUTREACH_REPORT).update(queued_at=timezone.now() - timedelta(days=7))
        assert services.report_leads() == 1

    def test_nothing_is_written_without_a_lead_or_a_contact(self, settings: Settings) -> None:
        settings.PLATFORM_CONTACT_EMAIL = CONTACT
        assert services.report_leads() == 0
        settings.PLATFORM_CONTACT_EMAIL = ""
        lead_at()
        assert services.report_leads() == 0
        assert not entries_of(Event.LEADS_REPORTED)
