"""Lists of the payment service, from a moment on, with which the books are compared."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from shop.payments.gateway import client, notices, parsers
from shop.payments.gateway.answers import GatewayRefund, Intent, Session
from shop.payments.gateway.client import PAGE, Read, read_all
from shop.payments.gateway.faults import told
from shop.payments.gateway.notices import Notice


def undelivered(*, since: datetime) -> Sequence[Notice]:
    """Return the notices that the service could not deliver, the oldest first."""
    with told():
        params: Any = {"delivery_success": False, **_from(since)}
        found = client.library().v1.events.list(params=params)
        return read_all(found, notices.of)[::-1]


def sessions(*, since: datetime) -> Sequence[Session]:
    return _listed(lambda: client.library().v1.checkout.sessions, parsers.session, since)


def intents(*, since: datetime, until: datetime | None = None) -> Sequence[Intent]:
    return _listed(lambda: client.library().v1.payment_intents, parsers.intent, since, until)


def refunds(*, since: datetime, until: datetime | None = None) -> Sequence[GatewayRefund]:
    """Return the refunds made since then and not after `until`, also in the service's dashboard."""
    return _listed(lambda: client.library().v1.refunds, parsers.refund, since, until)


def _listed(
    kind: Callable[[], Any], read: Callable[[Mapping[str, Any]], Read], since: datetime, until: datetime | None = None
) -> list[Read]:
    with told():
        return read_all(kind().list(params=_from(since, until)), read)


def _from(since: datetime, until: datetime | None = None) -> Mapping[str, object]:
    created = {"gte": int(since.timestamp())}
    if until is not None:
        created["lte"] = int(until.timestamp())
    return {"created": created, "limit": PAGE}
