"""Outreach leads: opened when somebody moves away, worked by administrators, reported weekly, closed in 90 days."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, Subject
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from fusus_portal.ground.notifications.recipients import Contact
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.steps import take
from registry.limits.models import Limits
from registry.other_counties import policies, selectors
from registry.other_counties.models import OutreachLead, OutreachNote
from registry.other_counties.states import LeadState
from registry.people.models import Registrant
from registry.rules import REPORT_EVERY

CLOSER = "registry.close_leads"
REPORTER = "registry.report_leads"
CLOSED_AT_ONCE = 200
TOO_SOON = REPORT_EVERY - timedelta(days=1)
"""A report that a worker repeats within this time is not written twice."""


def open_lead(*, registrant: Registrant, county_fips: str, with_contact: bool, actor: Actor) -> OutreachLead:
    """Open a lead inside the act by which somebody moves away.

    with_contact: the person agreed to pass on name and e-mail address. The entry names only the county.
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


def advance(*, lead: OutreachLead, by: User, target: str) -> OutreachLead:
    """Record the next step with the agency, or close the lead. Raises Stale for a step that is not next."""
    with transaction.atomic():
        locked = _locked(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        if locked.state == target:
            return locked
        return _step(locked, target, by.actor)


def withdraw(*, lead: OutreachLead, by: User) -> OutreachLead:
    """Close one's own lead. Raises NotYours for anybody else's."""
    with transaction.atomic():
        locked = _locked(lead.pk)
        if locked.registrant is None or locked.registrant.user_id != by.pk:
            raise NotYours(_("There is no such request to another county."), subject=locked.subject)
        if locked.state == LeadState.CLOSED:
            return locked
        return _step(locked, LeadState.CLOSED, by.actor)


def note(*, lead: OutreachLead, by: User, text: str) -> OutreachNote:
    """Add a note. Raises ValidationError on "text", Stale for a closed lead."""
    with transaction.atomic():
        locked = _locked(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        policies.must_go_on(locked)
        tidy = policies.check_note(text, written=locked.notes.count())
        written = OutreachNote.objects.create(lead=locked, text=tidy, written_by=by)
        record(event=Event.LEAD_NOTED, actor=by.actor, subject=locked.subject)
    return written


def show_person(*, lead: OutreachLead, by: User, reason: str) -> OutreachLead:
    """Return a lead with its person, once the entry of this look is committed (promise R5).

    Raises ValidationError on "reason", Stale for a closed lead or one that names nobody.
    """
    with transaction.atomic():
        locked = _locked(lead.pk)
        demand(by, Permission.ADMINISTER, subject=locked.subject)
        policies.must_go_on(locked)
        policies.must_name_somebody(locked)
        why = policies.check_why(reason, limits=Limits.current())
        record(event=Event.LEAD_SHOWN, actor=by.actor, subject=locked.subject, reason=why)
    return locked


def close_due() -> int:
    """Close the leads whose 90 days are over, in batches, and delete their personal data; return how many."""
    return sum(iter(_close_batch, 0))


def report() -> int:
    """Write to the platform's contact how many leads each county has; return the number of messages.

    None without a contact, without a lead, or within six days of the last one. No personal data.
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


@transaction.atomic
def _close_batch() -> int:
    rows = OutreachLead.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    due = list(rows.exclude(state=LeadState.CLOSED).filter(delete_after__lte=timezone.now())[:CLOSED_AT_ONCE])
    for lead in due:
        _step(lead, LeadState.CLOSED, task_actor(CLOSER))
    return len(due)


def _locked(pk: UUID) -> OutreachLead:
    rows = OutreachLead.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("registrant").get(pk=pk)


def _step(lead: OutreachLead, target: str, actor: Actor) -> OutreachLead:
    if target == LeadState.CLOSED:
        lead.closed_at, lead.name, lead.email = timezone.now(), "", ""
        lead.notes.all().delete()
    return take(lead, target, actor, facts={"county": lead.county_fips, "was": lead.state})
