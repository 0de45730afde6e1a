"""The dispatch system: a key that two administrators accepted, and one incident signed with it."""

import json
import uuid
from datetime import timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from fusus_portal.demo.data import places
from fusus_portal.ground.accounts.models import User
from registry.incidents.models import DispatchKey, Incident
from registry.incidents.services import dispatch

SOURCE = "county-cad"
KEY_ID = "county-cad-demo"
SIGNED = "2026-000103"


def tell(*, administrators: tuple[User, User]) -> None:
    """Deliver the incident if it is missing. Its private key is new and not kept."""
    if Incident.objects.filter(number=SIGNED).exists() or DispatchKey.objects.filter(source=SOURCE).exists():
        return
    proposing, approving = administrators
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    key = dispatch.propose_key(source=SOURCE, key_id=KEY_ID, public_key=public, by=proposing)
    dispatch.approve_key(key=key, by=approving)
    dispatch.take_delivery(token=_signed(private))


def _signed(private: Ed25519PrivateKey) -> str:
    now = timezone.localtime().replace(second=0, microsecond=0)
    spot = places.block("Magnolia Ave S", 1900)
    incident = {
        "id": "CAD-2026-88123",
        "as_of": now.isoformat(),
        "number": SIGNED,
        "type": "missing-person",
        "place": spot.name,
        "latitude": spot.point.latitude,
        "longitude": spot.point.longitude,
        "starts_at": (now - timedelta(hours=5)).isoformat(),
        "ends_at": (now - timedelta(hours=2)).isoformat(),
    }
    claims = {"iss": SOURCE, "jti": str(uuid.uuid4()), "iat": int(now.timestamp()), "incidents": [incident]}
    return jwt.api_jws.PyJWS().encode(json.dumps(claims).encode(), private, algorithm="EdDSA", headers={"kid": KEY_ID})
