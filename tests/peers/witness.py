"""A witness (C2SP tlog-witness), in a process of its own. It imports nothing of the portal: it is the other side.

`python -m tests.peers.witness CONFIG PORT`. CONFIG is JSON: name, seed (hex), logs (origin to the log's public keys in
hex), state (the file in which it remembers what it signed).
"""

import base64
import json
import struct
import sys
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DASH = "— "
MOST_HASHES = 63


class Refusal(Exception):
    """The answer to a request that gets no signature."""

    def __init__(self, status: int, text: str = "", kind: str = "text/plain") -> None:
        super().__init__(status)
        self.status, self.text, self.kind = status, text, kind


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the ID of a key of this kind."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def continues(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Verify a consistency proof, RFC 9162, 2.1.4.2."""
    if old == new:
        return old_root == new_root and not proof
    if old == 0:
        return not proof
    path = [old_root, *proof] if old & (old - 1) == 0 else proof
    return bool(path) and walk(old - 1, new - 1, path) == (old_root, new_root)


def walk(first: int, second: int, path: list[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of the older and the newer tree that a path leads to, nothing when it is of another length."""
    while first & 1:
        first, second = first >> 1, second >> 1
    left = right = path[0]
    for node in path[1:]:
        if second == 0:
            return b"", b""
        if first & 1 or first == second:
            left, right = sha256(b"\x01" + node + left).digest(), sha256(b"\x01" + node + right).digest()
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            right = sha256(b"\x01" + right + node).digest()
        first, second = first >> 1, second >> 1
    return (left, right) if second == 0 else (b"", b"")


class Witness:
    """A witness of logs. On disk, before it answers: the last size and root that it signed of each log."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.name: str = config["name"]
        self.private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(config["seed"]))
        self.logs: dict[str, list[str]] = config["logs"]
        self.file = Path(config["state"])

    def known(self, origin: str) -> tuple[int, bytes]:
        """Return the last size and root that were signed of a log."""
        state = json.loads(self.file.read_text()) if self.file.exists() else {}
        size, root = state.get(origin, [0, sha256(b"").hexdigest()])
        return size, bytes.fromhex(root)

    def add_checkpoint(self, body: str) -> str:
        """Return the signature line for a checkpoint; raise Refusal."""
        try:
            head, _blank, note = body.partition("\n\n")
            first, *lines = head.split("\n")
            proof = [base64.b64decode(line, validate=True) for line in lines]
            text, _blank, signatures = note.rpartition("\n\n")
            origin, written_size, written_root = text.split("\n")[:3]
            old, size = int(first.removeprefix("old ")), int(written_size)
            root = base64.b64decode(written_root, validate=True)
        except ValueError as error:
            raise Refusal(400) from error
        if origin not in self.logs:
            raise Refusal(404)
        if not any(self._signed(origin, key, f"{text}\n", signatures) for key in self.logs[origin]):
            raise Refusal(403)
        if old > size or len(proof) > MOST_HASHES:
            raise Refusal(400)
        known, known_root = self.known(origin)
        if old != known:
            raise Refusal(409, f"{known}\n", "text/x.tlog.size")
        if old == size and root != known_root:
            raise Refusal(409)
        if not continues(old, known_root, size, root, proof):
            raise Refusal(422)
        self.file.write_text(json.dumps({origin: [size, root.hex()]}))
        return self._line(f"{text}\n")

    def _signed(self, origin: str, key: str, text: str, signatures: str) -> bool:
        public = bytes.fromhex(key)
        begin = f"{DASH}{origin} "
        for line in signatures.splitlines():
            raw = base64.b64decode(line.removeprefix(begin)) if line.startswith(begin) else b""
            if raw[:4] == key_id(origin, 1, public):
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
                except InvalidSignature:
                    return False
                return True
        return False

    def _line(self, text: str) -> str:
        now = int(time.time())
        signature = self.private.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        own = key_id(self.name, 4, self.private.public_key().public_bytes_raw())
        return f"{DASH}{self.name} {base64.b64encode(own + struct.pack('>Q', now) + signature).decode()}\n"


class Handler(BaseHTTPRequestHandler):
    witness: Witness

    def do_POST(self) -> None:
        """Take a checkpoint."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            if self.path != "/add-checkpoint":
                raise Refusal(404)
            self.answer(200, self.witness.add_checkpoint(body))
        except Refusal as refusal:
            self.answer(refusal.status, refusal.text, refusal.kind)

    def answer(self, status: int, text: str, kind: str = "text/plain") -> None:
        """Answer."""
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep silent."""


if __name__ == "__main__":
    Handler.witness = Witness(json.loads(Path(sys.argv[1]).read_text()))
    HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
