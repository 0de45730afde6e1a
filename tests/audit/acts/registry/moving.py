"""Acts about moving, about other counties, and about registrations that are not finished."""

from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from audit.log.events import Event
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.other_counties.services import AgencyDetails
from registry.other_counties.states import LeadState
from registry.people.services import moves, registrants
from registry.people.services.moves import Wish
from registry.registrants.models import Registrant, RegistrationDraft
from tests.audit.acts import Act, calls
from tests.factories import person, request_at
from tests.registry.footage.footage import begun, sent, video
from tests.registry.other_counties.elsewhere import (
    SHELBY,
    home_of,
    inside,
    lead_at,
    mover_of,
    outside,
    with_second_place,
)

DETAILS = AgencyDetails(SHELBY, "Shelby County Sheriff's Office", "205-555-0170", "", "https://shelby.example/cameras")


def asked() -> Registrant:
    """Return a person who has not answered a request yet, and is sending a file."""
    request = request_at("sent")
    assert request.registrant is not None
    sent(begun(request), video()[:100])
    return request.registrant


@calls(moves.move, Event.PREMISES_MOVED)
def move() -> Act:
    """Somebody moves to another part of the county while a request waits."""
    registrant = asked()
    return lambda: moves.move(premises=home_of(registrant), by=registrant.user, place=inside())


@calls(moves.move_away, Event.PREMISES_CLOSED)
def move_away() -> Act:
    """Somebody moves one of two places to another county, and lets its agency be asked."""
    registrant = asked()
    with_second_place(registrant)
    home = home_of(registrant)
    return lambda: moves.move_away(premises=home, by=registrant.user, place=outside(), wish=Wish(with_contact=True))


@calls(other_counties.add_agency, Event.COUNTY_AGENCY_ADDED)
def add_agency() -> Act:
    """An administrator adds the agency of a county."""
    by = person("administrator")
    return lambda: other_counties.add_agency(by=by, details=DETAILS)


@calls(other_counties.change_agency, Event.COUNTY_AGENCY_CHANGED)
def change_agency() -> Act:
    """Its phone number is another one now."""
    by = person("administrator")
    agency = other_counties.add_agency(by=by, details=DETAILS)
    details = AgencyDetails(SHELBY, DETAILS.name, "205-555-0171")
    return lambda: other_counties.change_agency(agency=agency, by=by, details=details)


@calls(other_counties.remove_agency, Event.COUNTY_AGENCY_REMOVED)
def remove_agency() -> Act:
    """It leaves the table."""
    by = person("administrator")
    agency = other_counties.add_agency(by=by, details=DETAILS)
    return lambda: other_counties.remove_agency(agency=agency, by=by)


@calls(other_counties.import_agencies, Event.COUNTY_AGENCIES_IMPORTED)
def import_agencies() -> Act:
    """A table of two counties."""
    by, rows = person("administrator"), [DETAILS, AgencyDetails("01009", "Blount County Sheriff's Office")]
    return lambda: other_counties.import_agencies(by=by, rows=rows)


@calls(other_counties.export_agencies, Event.COUNTY_AGENCIES_EXPORTED)
def export_agencies() -> Act:
    """An administrator takes a copy."""
    by = person("administrator")
    return lambda: other_counties.export_agencies(by=by)


@calls(other_counties.advance_lead, Event.LEAD_CONTACTED)
def advance_lead() -> Act:
    """The agency was called."""
    lead, by = lead_at(), person("administrator")
    return lambda: other_counties.advance_lead(lead=lead, by=by, target=LeadState.CONTACTED)


@calls(other_counties.withdraw_lead, Event.LEAD_CLOSED)
def withdraw_lead() -> Act:
    """The person has changed their mind."""
    lead = lead_at()
    return lambda: other_counties.withdraw_lead(lead=lead, by=mover_of(lead))


@calls(other_counties.note_lead, Event.LEAD_NOTED)
def note_on_lead() -> Act:
    """An administrator writes something down."""
    lead, by = lead_at(), person("administrator")
    return lambda: other_counties.note_lead(lead=lead, by=by, text="The sheriff calls back on Monday.")


@calls(other_counties.show_lead_person, Event.LEAD_SHOWN)
def show_person() -> Act:
    """An administrator looks who may be written to."""
    lead, by = lead_at(), person("administrator")
    return lambda: other_counties.show_lead_person(
        lead=lead, by=by, reason="The agency has joined; tell this person how"
    )


@calls(other_counties.close_due_leads, Event.LEAD_CLOSED)
def close_leads() -> Act:
    """The 90 days of a lead are over."""
    lead = lead_at()
    past = timezone.now() - timedelta(days=91)
    OutreachLead.objects.filter(pk=lead.pk).update(opened_at=past, delete_after=past + timedelta(days=90))
    return other_counties.close_due_leads


@calls(other_counties.report_leads, Event.LEADS_REPORTED)
def report_leads() -> Act:
    """Monday morning."""
    lead_at()
    return override_settings(PLATFORM_CONTACT_EMAIL="platform@portal.example")(other_counties.report_leads)


@calls(registrants.keep_draft, Event.DRAFT_BEGUN)
def begin_draft() -> Act:
    """Somebody types their name, and goes no further."""
    by = person()
    return lambda: registrants.keep_draft(by=by, step="you", typed={"name": "Ana Rivera"})


@calls(registrants.discard_draft, Event.DRAFT_DISCARDED)
def start_over() -> Act:
    """Somebody begins again."""
    by = person()
    registrants.keep_draft(by=by, step="you", typed={"name": "Ana Rivera"})
    return lambda: registrants.discard_draft(by=by)


@calls(registrants.remind_due_drafts, Event.DRAFT_REMINDED)
def remind_of_draft() -> Act:
    """A day has passed without progress."""
    aged_draft(days=2)
    return registrants.remind_due_drafts


@calls(registrants.expire_due_drafts, Event.DRAFT_EXPIRED)
def expire_draft() -> Act:
    """A month has."""
    aged_draft(days=31)
    return registrants.expire_due_drafts


def aged_draft(*, days: int) -> RegistrationDraft:
    """Return a draft that nobody has touched for so many days."""
    draft = registrants.keep_draft(by=person(), step="you", typed={"name": "Ana Rivera"})
    touched = timezone.now() - timedelta(days=days)
    RegistrationDraft.objects.filter(pk=draft.pk).update(
        begun_at=touched, touched_at=touched, expires_at=touched + timedelta(days=30)
    )
    draft.refresh_from_db()
    return draft
