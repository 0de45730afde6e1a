"""Memory of a CORE: its key, which never leaves it, and its token. One file that only its user can read."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from integration.reference import private_file


@dataclass
class Memory:
    """A CORE's own memory. token: "" before it is activated."""

    file: Path
    serial: str
    key: Ed25519PrivateKey
    token: str = ""

    @classmethod
    def load(cls, file: Path, *, serial: str) -> "Memory":
        """Read it, or begin it with a new key. Raises ValueError for the memory of another CORE."""
        if not file.exists():
            fresh = cls(file, serial, Ed25519PrivateKey.generate())
            fresh.save()
            return fresh
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["serial"] != serial:
            raise ValueError(f"{file} is the memory of {kept['serial']}")
        key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept["key"]))
        return cls(file, serial, key, kept["token"])

    def save(self) -> None:
        raw = self.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        kept = {"serial": self.serial, "key": base64.b64encode(raw).decode(), "token": self.token}
        private_file.write(self.file, json.dumps(kept).encode())

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
