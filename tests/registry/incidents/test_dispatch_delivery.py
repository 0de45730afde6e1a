"""A dispatch system in a process of its own delivers to the portal as it runs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from registry.incidents.models import Incident
from tests.peers import dispatch_sender
from tests.peers.web import WebServer
from tests.registry.incidents.dispatching import Sender, item


@pytest.mark.django_db(transaction=True)
def test_it_is_signed_sent_and_taken_once(web_server: WebServer, sender: Sender, tmp_path: Path) -> None:
    key, incidents = tmp_path / "private.pem", tmp_path / "incidents.json"
    key.write_bytes(sender.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    incidents.write_text(json.dumps([item()]), encoding="utf-8")
    to = f"{web_server.url}/dispatch/v1/incidents/"
    assert run(key, sender, incidents, "--to", to)["incidents"][0]["result"] == "opened"
    assert run(key, sender, incidents, "--to", to)["incidents"][0]["result"] == "unchanged"
    signed = call(key, sender, incidents).strip()
    assert dispatch_sender.send(signed, to)[0] == 200
    assert dispatch_sender.send(signed, to)[0] == 409
    assert Incident.objects.get().is_verified


def call(key: Path, sender: Sender, incidents: Path, *more: str) -> str:
    command = [sys.executable, dispatch_sender.__file__, "--key", str(key), "--key-id", sender.key.key_id]
    command += ["--source", sender.key.source, *more, str(incidents)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def run(key: Path, sender: Sender, incidents: Path, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call(key, sender, incidents, *more))
    return found
