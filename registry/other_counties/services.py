from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.database.writing import in_batches
from fusus_portal.ground.lifecycle import NotYours, find_or_refuse
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.selectors import Contact
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.steps import take
from registry.limits.models import Limits
from registry.other_counties import policies, selectors
from registry.other_counties.models import CountyAgency, OutreachLead, OutreachNote
from registry.other_counties.states import LeadState
from registry.registrants.models import Registrant
from registry.rules import REPORT_EVERY

AGENCY_TABLE = Subject("county_agencies", "all")


class AgencyDetails(NamedTuple):
    """An agency as administrators type it. county_fips: five digits. url: "https://..." or ""."""

    county_fips: str
    name: str
    phone: str = ""
    email: str = ""
    url: str = ""


def add_agency(*, by: User, details: AgencyDetails) -> CountyAgency:
    """Add the agency of a county. Raises ValidationError by field, on "county_fips" when the county has one."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        agency = _save_agency(CountyAgency(), details)
        record(event=Event.COUNTY_AGENCY_ADDED, actor=by.actor, subject=agency.subject, facts=_about(agency))
    return agency


def change_agency(*, agency: CountyAgency, by: User, details: AgencyDetails) -> CountyAgency:
    """Change an agency. The entry names the fields. Raises ValidationError by field, NotYours if it was removed."""
    demand(by, Permission.ADMINISTER, subject=agency.subject)
    with transaction.atomic():
        locked = _locked_agency(agency)
        if fields := _differing_fields(locked, details):
            _save_agency(locked, details)
            facts = {**_about(locked), "fields": " ".join(fields)}
            record(event=Event.COUNTY_AGENCY_CHANGED, actor=by.actor, subject=locked.subject, facts=facts)
    return locked


def remove_agency(*, agency: CountyAgency, by: User) -> None:
    """Remove the agency of a county. Raises NotYours if it was removed before."""
    demand(by, Permission.ADMINISTER, subject=agency.subject)
    with transaction.atomic():
        locked = _locked_agency(agency)
        record(event=Event.COUNTY_AGENCY_REMOVED, actor=by.actor, subject=locked.subject, facts=_about(locked))
        locked.delete()


def import_agencies(*, by: User, rows: Sequence[AgencyDetails]) -> dict[str, int]:
    """Write all agencies of a table or none; a county's present agency is changed. Doing it twice has one effect.

    Returns the numbers of added, changed and unchanged rows.
    """
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        rows_by_county = {row.county_fips: row for row in rows}
        there = CountyAgency.objects.select_for_update().filter(county_fips__in=rows_by_county)
        known = {agency.county_fips: agency for agency in there.order_by("county_fips")}
        added = [row for fips, row in sorted(rows_by_county.items()) if fips not in known]
        changed = [fips for fips, agency in known.items() if _differing_fields(agency, rows_by_county[fips])]
        for row in added:
            _save_agency(CountyAgency(), row)
        for fips in changed:
            _save_agency(known[fips], rows_by_county[fips])
        done = {"added": len(added), "changed": len(changed), "same": len(known) - len(changed)}
        record(event=Event.COUNTY_AGENCIES_IMPORTED, actor=by.actor, subject=AGENCY_TABLE, facts=done)
    return done


def export_agencies(*, by: User) -> None:
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        record(event=Event.COUNTY_AGENCIES_EXPORTED, actor=by.actor, subject=AGENCY_TABLE)


def _save_agency(agency: CountyAgency, details: AgencyDetails) -> CountyAgency:
    for field, value in details._asdict().items():
        setattr(agency, field, value)
    agency.changed_at = timezone.now()
    agency.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            agency.save()
    except IntegrityError as error:
        raise ValidationError({"county_fips": policies.county_taken()}) from error
    return agency


def _locked_agency(agency: CountyAgency) -> CountyAgency:
    rows = CountyAgency.objects.select_for_update().filter(pk=agency.pk)
    return find_or_refuse(rows, _("There is no such agency."), subject=agency.subject)


def _differing_fields(agency: CountyAgency, details: AgencyDetails) -> list[str]:
    return [field for field, value in details._asdict().items() if getattr(agency, field) != value]


def _about(agency: CountyAgency) -> dict[str, int | str]:
    return {"county": agency.county_fips}


CLOSER = "registry.close_leads"
REPORTER = "registry.report_leads"
CLOSED_AT_ONCE = 200
TOO_SOON = REPORT_EVERY - timedelta(days=1)
"""Within this time after a report on leads no other is written, even if a worker repeats its task."""


def open_lead(*, registrant: Registrant, county_fips: str, with_contact: bool, actor: Actor) -> OutreachLead:
    """Open a lead inside the act by which somebody moves away.

    with_contact: the person agreed that the agency gets name and e-mail address. The entry names only the county.
    """
    lead = OutreachLead.objects.create(
        county_fips=county_fips,
        registrant=registrant,
        name=registrant.name if with_contact else "",
        email=registrant.user.email if with_contact else "",
    )
    facts: dict[str, int | str] = {"county": county_fips, "with_contact": int(with_contact)}
    record(event=Event.LEAD_OPENED, actor=actor, subject=lead.subject, facts=facts)
    return lead


def advance_lead(*, lead: OutreachLead, by: User, target: str) -> OutreachLead:
    """Record the next step with a lead's agency, or close the lead. Raises Stale for a step that is not next."""
    with transaction.atomic():
        locked = _locked_lead(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        if locked.state == target:
            return locked
        return _step_lead(locked, target, by.actor)


def withdraw_lead(*, lead: OutreachLead, by: User) -> OutreachLead:
    """Close one's own lead. Raises NotYours for somebody else's."""
    with transaction.atomic():
        locked = _locked_lead(lead.pk)
        if locked.registrant is None or locked.registrant.user_id != by.pk:
            raise NotYours(_("There is no such request to another county."), subject=locked.subject)
        if locked.state == LeadState.CLOSED:
            return locked
        return _step_lead(locked, LeadState.CLOSED, by.actor)


def note_lead(*, lead: OutreachLead, by: User, text: str) -> OutreachNote:
    """Add an administrator's note to a lead. Raises ValidationError on "text", Stale for a closed lead."""
    with transaction.atomic():
        locked = _locked_lead(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        policies.must_go_on(locked)
        tidy = policies.check_note(text, written=locked.notes.count())
        written = OutreachNote.objects.create(lead=locked, text=tidy, written_by=by)
        record(event=Event.LEAD_NOTED, actor=by.actor, subject=locked.subject)
    return written


def show_lead_person(*, lead: OutreachLead, by: User, reason: str) -> OutreachLead:
    """Return a lead with its person, once the entry of this look is committed (promise R5).

    Raises ValidationError on "reason", Stale for a closed lead or one that names nobody.
    """
    with transaction.atomic():
        locked = _locked_lead(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        policies.must_go_on(locked)
        policies.must_name_somebody(locked)
        why = policies.check_why(reason, limits=Limits.current())
        record(event=Event.LEAD_SHOWN, actor=by.actor, subject=locked.subject, reason=why)
    return locked


@in_batches
def close_due_leads() -> int:
    """Close the leads whose 90 days are over, in batches, and delete their personal data; return how many."""
    rows = OutreachLead.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    due = list(rows.exclude(state=LeadState.CLOSED).filter(delete_after__lte=timezone.now())[:CLOSED_AT_ONCE])
    for lead in due:
        _step_lead(lead, LeadState.CLOSED, task_actor(CLOSER))
    return len(due)


def report_leads() -> int:
    """Write to the operator of the portal's platform how many leads each county has; return the number of messages.

    None without PLATFORM_CONTACT_EMAIL, without a lead, or within six days of the last one. No personal data.
    """
    with transaction.atomic():
        counts = selectors.counts()
        sent = Message.objects.filter(kind=MessageKind.OUTREACH_REPORT, queued_at__gt=timezone.now() - TOO_SOON)
        if not settings.PLATFORM_CONTACT_EMAIL or not counts or sent.exists():
            return 0
        subject = Subject("leads", "all")
        facts = {"counties": len(counts), "leads": sum(count.total for count in counts)}
        record(event=Event.LEADS_REPORTED, actor=task_actor(REPORTER), subject=subject, facts=facts)
        to = Contact(settings.PLATFORM_CONTACT_EMAIL, language="en")
        notifications.send(kind=MessageKind.OUTREACH_REPORT, to=to, about=subject, context={})
    return 1


def _locked_lead(pk: UUID) -> OutreachLead:
    rows = OutreachLead.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("registrant").get(pk=pk)


def _step_lead(lead: OutreachLead, target: str, actor: Actor) -> OutreachLead:
    if target == LeadState.CLOSED:
        lead.closed_at, lead.name, lead.email = timezone.now(), "", ""
        lead.notes.all().delete()
    return take(lead, target, actor, facts={"county": lead.county_fips, "was": lead.state})
