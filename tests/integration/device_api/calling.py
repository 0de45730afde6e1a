"""A CORE that calls the device API through Django's test client, or lets its call go wrong on purpose."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from integration.cores import signatures
from integration.cores.signatures import Signed
from tests.integration.cores.devices import FIRMWARE, Device, public_key

ROOT = "/core/v1/"


def call(
    device: Device | None,
    name: str,
    said: object = None,
    *,
    method: str = "POST",
    token: str | None = None,
    signer: Device | None = None,
    ahead: float = 0.0,
    body: bytes | None = None,
    signature: str | None = None,
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
    network: str = "127.0.0.1",
) -> Any:
    """Call as a device. token, signer, signature, body: other ones than its own. ahead: of the device's clock, in s.

    network: the address that it calls from.
    """
    sent = body if body is not None else b"" if said is None else json.dumps(said).encode()
    headers = dict(headers or {})
    by = signer or device
    if by is not None:
        at = datetime.fromtimestamp(time.time() + ahead, tz=UTC)
        headers[signatures.HEADER] = signatures.sign(by.key, Signed(method, ROOT + name, sent), at=at)
    if signature is not None:
        headers[signatures.HEADER] = signature
    shown = token if token is not None else device.token if device else ""
    if shown:
        headers["Authorization"] = f"Bearer {shown}"
    client = Client(enforce_csrf_checks=True, REMOTE_ADDR=network)
    return client.generic(method, ROOT + name, sent, content_type=kind, headers=headers)


def activate(device: Device, *, network: str = "127.0.0.1", **changes: Any) -> Any:
    """Call to activate a CORE, with what it has or what is said instead; keep the token that it is given."""
    said = {"serial": device.core.serial, "code": device.code, "key": public_key(device.key), "firmware": FIRMWARE}
    response = call(None, "activate", said | changes, network=network)
    if response.status_code == 200:
        device.token = response.json()["token"]
        device.core.refresh_from_db()
    return response


def healthy(**changes: Any) -> dict[str, Any]:
    """Return what a healthy CORE reports."""
    said = {
        "firmware": FIRMWARE,
        "clock_ms": int(time.time() * 1000),
        "disk_free": 50_000_000_000,
        "disk_size": 64_000_000_000,
        "channels": [{"channel": "front", "picture": "running"}, {"channel": "back", "picture": "lost"}],
    }
    return said | changes
