"""A dispatch system for tests: its keys, and what it sends."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.incidents.models import DispatchKey
from registry.incidents.services import dispatch
from tests.factories import LINN_PARK, person
from tests.peers.dispatch_sender import delivery, sign

SOURCE = "county-cad"
_numbers = count(1)


class Sender:
    """A dispatch system with one key, approved by two administrators unless told otherwise."""

    def __init__(self, *, source: str = SOURCE, approved: bool = True) -> None:
        self.private = Ed25519PrivateKey.generate()
        self.key: DispatchKey = dispatch.propose_key(
            source=source,
            key_id=f"{source}-{next(_numbers)}",
            public_key=pem_of(self.private),
            by=person("administrator"),
        )
        if approved:
            self.key = dispatch.approve_key(key=self.key, by=person("administrator"))

    def token(self, *items: dict[str, Any], header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return a signed delivery of these incidents."""
        payload = delivery(list(items), source=self.key.source) | claims
        return sign(payload, key=self.private, key_id=self.key.key_id, **header or {})


def pem_of(key: Ed25519PrivateKey) -> str:
    """Return a key's public half as an administrator pastes it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def item(number: str = "2026-500001", **changes: Any) -> dict[str, Any]:
    """Return one incident as dispatch sends it: a burglary at Linn Park, two hours ago."""
    now = timezone.now()
    told: dict[str, Any] = {
        "id": f"CAD-{number}",
        "as_of": moment(now),
        "number": number,
        "type": "burglary",
        "place": "Linn Park, 20th Street North",
        "latitude": LINN_PARK.latitude,
        "longitude": LINN_PARK.longitude,
        "starts_at": moment(now - timedelta(hours=3)),
        "ends_at": moment(now - timedelta(hours=1)),
    }
    return told | changes


def moment(at: datetime) -> str:
    """Return a time as the format writes it."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def deliver(token: str | bytes, **options: Any) -> Any:
    """Deliver a text as a machine does: without a session, and without a CSRF token."""
    content_type = options.pop("content_type", "application/jose")
    client = Client(enforce_csrf_checks=True)
    return client.post(reverse("dispatch_incidents"), token, content_type=content_type, **options)


def told(response: HttpResponse) -> dict[str, Any]:
    """Return an answer as the machine reads it."""
    found: dict[str, Any] = json.loads(response.content)
    return found
