"""Steps of outreach leads."""

from datetime import timedelta

from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from registry.other_counties import services as other_counties
from registry.other_counties.models import OutreachLead
from registry.other_counties.states import LEAD, LeadState as State
from tests.factories import person, registrant_at
from tests.lifecycle.drivers import Driver, Taken, beginning, drives, take
from tests.registry.other_counties.elsewhere import lead_at, mover_of

ADMINISTRATOR = Role.ADMINISTRATOR.value
OWNERS = (Role.RESIDENT.value, Role.BUSINESS.value)


def by_hand(source: State, target: State) -> Driver:
    """Return a driver that takes a step as an administrator."""

    def driver(role: str) -> Taken:
        lead = beginning(lead_at, source)
        by = person(role)
        return take(lead, lambda: other_counties.advance_lead(lead=lead, by=by, target=target))

    return driver


def by_owner(source: State) -> Driver:
    """Return a driver that takes a lead back as its owner."""

    def driver(role: str) -> Taken:
        lead = lead_at(source, registrant=registrant_at(user=person(role)))
        return take(lead, lambda: other_counties.withdraw_lead(lead=lead, by=mover_of(lead)))

    return driver


def by_clock(source: State) -> Driver:
    """Return a driver that lets 90 days pass."""

    def driver(role: str) -> Taken:
        lead = beginning(lead_at, source)
        past = timezone.now() - timedelta(days=91)
        OutreachLead.objects.filter(pk=lead.pk).update(opened_at=past, delete_after=past + timedelta(days=90))
        return take(lead, other_counties.close_due_leads)

    return driver


for begin, end in LEAD.transitions:
    step = (State(begin), State(end))
    drives(LEAD, begin, end, ADMINISTRATOR)(by_hand(*step))
    if step[1] == State.CLOSED:
        drives(LEAD, begin, end, *OWNERS)(by_owner(step[0]))
        drives(LEAD, begin, end, "task")(by_clock(step[0]))
