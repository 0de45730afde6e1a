"""Callers of the device API: the token of a call, limits that all processes share, and problems (RFC 9457)."""

from http import HTTPStatus
from typing import Any, Final

from django.db import transaction

from audit.log.events import Event
from audit.log.services import count_visitor
from fusus_portal.ground.access.limits import spend
from integration.cores import signatures

PROBLEM: Final = "application/problem+json"


def problem_of(status: HTTPStatus, code: str, detail: str) -> dict[str, Any]:
    return {"type": f"urn:fusus-portal:core:{code}", "title": status.phrase, "status": status, "detail": detail}


CALLS: Final = "240/m"
"""Calls that one token may make: a poll each 15 seconds, and room for the rest."""

STRANGERS: Final = "60/m"
"""Refused calls that one network may make, whatever the callers claim to be."""


def token_in(authorization: str) -> str:
    scheme, _space, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def count_call(token: str, network: str, *, rate: str = CALLS) -> None:
    """Count a call by its token, or by its network if it has none. Raises TooManyRequests and CannotCount."""
    spend("core", rate, signatures.token_digest(token).hex() if token else network)


def count_stranger(network: str) -> None:
    """Count a refused call; too many from one network lock it out. Raises as `count_call`."""
    spend("core_strangers", STRANGERS, network)
    with transaction.atomic():
        count_visitor(event=Event.VISITOR_REFUSED)
