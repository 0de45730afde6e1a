"""Callers of the device API: the token of a call, and limits that all processes share."""

from typing import Final

from django.db import transaction

from audit.log.events import Event
from audit.log.services import count_visitor
from fusus_portal.ground.access.limits import spend
from integration.cores.services import tokens

CALLS: Final = "240/m"
"""Calls of one device: a poll each 15 seconds, and room for the rest."""

STRANGERS: Final = "60/m"
"""Refused calls of one network, whatever they claim to be."""


def token_in(authorization: str) -> str:
    scheme, _space, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def count_call(token: str, network: str, *, rate: str = CALLS) -> None:
    """Count a call by its token, or by its network if it has none. Raises TooManyRequests and CannotCount."""
    spend("core", rate, tokens.digest_of(token).hex() if token else network)


def count_stranger(network: str) -> None:
    """Count a refused call; too many from one network lock it out. Raises as `count_call`."""
    spend("core_strangers", STRANGERS, network)
    with transaction.atomic():
        count_visitor(event=Event.VISITOR_REFUSED)
