"""Lists of the payment service, from a moment on, with which the books are compared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import stripe

from shop.payments.gateway import client, notices, parsers
from shop.payments.gateway.answers import GatewayRefund, Intent, Session
from shop.payments.gateway.faults import told
from shop.payments.gateway.notices import Notice

PAGE = 100


def undelivered(*, since: datetime) -> Sequence[Notice]:
    """Return what the service could not tell us, the oldest first."""
    with told():
        params: Any = {"delivery_success": False, **_from(since)}
        found = client.library().v1.events.list(params=params)
        return [notices.of(one) for one in reversed(list(_plain(found)))]


def sessions(*, since: datetime) -> Sequence[Session]:
    """Return the payment pages made since then."""
    with told():
        params: Any = _from(since)
        return [parsers.session(one) for one in _plain(client.library().v1.checkout.sessions.list(params=params))]


def intents(*, since: datetime, until: datetime | None = None) -> Sequence[Intent]:
    """Return the payments begun since then, and not after `until`."""
    with told():
        params: Any = _from(since, until)
        return [parsers.intent(one) for one in _plain(client.library().v1.payment_intents.list(params=params))]


def refunds(*, since: datetime, until: datetime | None = None) -> Sequence[GatewayRefund]:
    """Return the refunds made since then, by whomever, and not after `until`."""
    with told():
        params: Any = _from(since, until)
        return [parsers.refund(one) for one in _plain(client.library().v1.refunds.list(params=params))]


def _from(since: datetime, until: datetime | None = None) -> Mapping[str, object]:
    created = {"gte": int(since.timestamp())}
    if until is not None:
        created["lte"] = int(until.timestamp())
    return {"created": created, "limit": PAGE}


def _plain(found: stripe.ListObject[Any]) -> Iterator[dict[str, Any]]:
    for one in found.auto_paging_iter():
        yield one.to_dict()
