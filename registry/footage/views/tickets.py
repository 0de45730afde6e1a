import time
from typing import Any

from audit.log.events import Event
from audit.log.tickets import Ticket
from fusus_portal.ground.access.requests import SignedInRequest
from registry.footage.models.files import Evidence

TICKETS = "footage_tickets"
LASTS_SECONDS = 10 * 60
"""As long as the database accepts a ticket. The database decides; the page only says so."""


def keep(request: SignedInRequest, evidence: Evidence, ticket: Ticket) -> None:
    """Keep a ticket in the session, never in an address. A new one replaces the earlier one."""
    kept = {name: entry for name, entry in _tickets(request).items() if entry["until"] > time.time()}
    kept[_name(ticket.event, evidence)] = {"token": ticket.token, "until": time.time() + LASTS_SECONDS}
    request.session[TICKETS] = kept


def is_kept(request: SignedInRequest, evidence: Evidence, event: Event = Event.EVIDENCE_VIEWED) -> bool:
    entry = _tickets(request).get(_name(event, evidence))
    return entry is not None and bool(entry["until"] > time.time())


def kept(request: SignedInRequest, evidence: Evidence, event: Event) -> Ticket:
    """Return the ticket for a file. An unknown one is empty, and the database refuses it."""
    entry = _tickets(request).get(_name(event, evidence), {"token": ""})
    return Ticket(entry["token"], event.value, "evidence", str(evidence.pk))


def _tickets(request: SignedInRequest) -> dict[str, dict[str, Any]]:
    tickets: dict[str, dict[str, Any]] = request.session.get(TICKETS, {})
    return tickets


def _name(event: str, evidence: Evidence) -> str:
    return f"{event} {evidence.pk}"
