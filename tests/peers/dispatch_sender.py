"""A small dispatch system: signs incidents and delivers them, or writes the signed file. The format: docs/dispatch.md.

It shares no code with the portal, so that it proves the format and not our reading of it. Needs `cryptography` alone.

    python dispatch_sender.py --key private.pem --key-id county-cad-2026 --source county-cad \\
        --to https://portal.example/dispatch/v1/incidents/ incidents.json
"""

import argparse
import base64
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def sign(payload: object, *, key: Ed25519PrivateKey, key_id: str, **header: Any) -> str:
    """Return a JWS in its compact form: header, payload and signature, each in base64url without padding."""
    parts = [_part({"alg": "EdDSA", "kid": key_id, **header}), _part(payload)]
    signed = ".".join(parts)
    return f"{signed}.{_base64url(key.sign(signed.encode()))}"


def delivery(incidents: list[dict[str, Any]], *, source: str) -> dict[str, Any]:
    """Return what is signed: who sends, an id that is used once, the time, and the incidents."""
    return {"iss": source, "jti": str(uuid.uuid4()), "iat": int(time.time()), "incidents": incidents}


def send(token: str, to: str) -> tuple[int, dict[str, Any]]:
    """Deliver a signed text; return status and answer."""
    headers = {"Content-Type": "application/jose"}
    request = urllib.request.Request(to, data=token.encode(), headers=headers, method="POST")  # noqa: S310  (ours)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _part(value: object) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def main() -> int:
    """Sign the incidents of a file; deliver them, or write what is signed."""
    parser = argparse.ArgumentParser(description="Sign incidents as a dispatch system does.")
    parser.add_argument("incidents", type=Path, help="a JSON list of incidents")
    parser.add_argument("--key", type=Path, required=True, help="Ed25519 private key, PEM")
    parser.add_argument("--key-id", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--to", default="", help="where to deliver; without it the signed text is written")
    chosen = parser.parse_args()
    key = load_pem_private_key(chosen.key.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        parser.error("the key must be an Ed25519 key")
    listed = json.loads(chosen.incidents.read_text(encoding="utf-8"))
    token = sign(delivery(listed, source=chosen.source), key=key, key_id=chosen.key_id)
    if not chosen.to:
        sys.stdout.write(token + "\n")
        return 0
    status, answer = send(token, chosen.to)
    sys.stdout.write(json.dumps({"status": status, **answer}, indent=2) + "\n")
    return int(status >= 400)


if __name__ == "__main__":
    sys.exit(main())
