"""A browser maker's server as RFC 8030 has it, and browsers behind it that read notices as RFC 8291 has them.

It listens on loopback, checks what the portal signs (RFC 8292), and shares no code with what the portal sends by.
"""

import base64
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
HEAD = 16 + 4 + 1
DAY = 24 * 60 * 60


def text(raw: bytes) -> str:
    """Return bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(encoded: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """Return so many bytes that follow from a secret."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass
class Device:
    """A browser with notices turned on. received: what it showed, decrypted. waits: by topic, while it is off."""

    endpoint: str
    portal_key: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    is_gone: bool = False
    waits: dict[str, bytes] = field(default_factory=dict)

    @property
    def public(self) -> bytes:
        """The browser's public key, as 65 bytes."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def said(self) -> dict[str, str]:
        """Values that the browser's script tells the portal."""
        return {"endpoint": self.endpoint, "p256dh": text(self.public), "auth": text(self.secret)}

    def read(self, body: bytes) -> bytes:
        """Decrypt a notice (RFC 8188, section 2; RFC 8291, section 3.4). Raises for one that is not for this device."""
        salt, length = body[:16], body[HEAD - 1]
        sender, sealed = body[HEAD : HEAD + length], body[HEAD + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = hkdf(self.secret, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain, last, _padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert last == b"\x02"
        return plain


@dataclass
class PushPeer:
    """A push service. posts: headers of each post that came. refuse: status for the next posts, any content.

    holds: it answers no post until `let_go` is set. to: where a redirect leads.
    """

    url: str = ""
    devices: dict[str, Device] = field(default_factory=dict)
    posts: list[dict[str, str]] = field(default_factory=list)
    received: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: int = 0
    to: str = ""
    holds: bool = False
    let_go: Event = field(default_factory=Event)

    def device(self, portal_key: str) -> Device:
        """Return a new browser that takes notices signed by this key alone."""
        path = f"/push/{text(os.urandom(24))}"
        self.devices[path] = Device(f"{self.url}{path}", portal_key)
        return self.devices[path]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Answer a post as the standards ask, with a status."""
        self.posts.append({**headers, "path": path})
        if self.holds:
            self.let_go.wait(30)
        if self.refuse:
            return self.refuse
        device = self.devices.get(path)
        if device is None or device.is_gone:
            return 410
        if not self._is_signed(device, headers):
            return 403
        if not headers.get("TTL", "").isdecimal() or headers.get("Content-Encoding") != "aes128gcm" or len(body) > 4096:
            return 400
        topic, urgency = headers.get("Topic", ""), headers.get("Urgency", "normal")
        if len(topic) > 32 or urgency not in {"very-low", "low", "normal", "high"}:
            return 400
        plain = device.read(body)
        device.waits[topic or text(os.urandom(8))] = plain
        self.received.append((device.endpoint, plain))
        return 201

    def _is_signed(self, device: Device, headers: dict[str, str]) -> bool:
        kind, _space, fields = headers.get("Authorization", "").partition(" ")
        said = dict(part.strip().split("=", 1) for part in fields.split(",")) if "=" in fields else {}
        if kind != "vapid" or said.get("k") != device.portal_key:
            return False
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(said["k"]))
        try:
            claims: dict[str, Any] = jwt.decode(said["t"], key, algorithms=["ES256"], audience=self.url)
        except jwt.InvalidTokenError:
            return False
        return claims["exp"] <= time.time() + DAY and str(claims["sub"]).startswith(("mailto:", "https:"))


@contextmanager
def push_service() -> Iterator[PushPeer]:
    """Run a push service."""
    peer = PushPeer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = peer.take(self.path, dict(self.headers), body)
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", peer.to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        peer.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
