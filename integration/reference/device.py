"""The device of a CORE: its memory, files that only its user can read, and programs that end with it.

The private key never leaves the memory.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

Tell: TypeAlias = Callable[[str], None]
"""Function that prints a line of a CORE's output. No line names a password."""

SECONDS_TO_END: Final = 3.0
AGAIN_AFTER: Final = 2.0
"""Seconds until a program that stopped is started again: a camera may be back by then."""


def program_command(ffmpeg: str, *told: str) -> list[str]:
    """Return the command of an ffmpeg. It prints only fatal errors: others repeat an address with its password."""
    setpriv = shutil.which("setpriv")
    ends_with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    return [*ends_with_us, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "fatal", *told]


def end_program(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


ONLY_ITS_USER: Final = 0o600


def write_private(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all: a loss of power in between loses nothing."""
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_ITS_USER), "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())
    beside.replace(file)


@dataclass
class Memory:
    """A CORE's serial number, private key and token, kept in a file. token: "" before the CORE is activated."""

    file: Path
    serial: str
    key: Ed25519PrivateKey
    token: str = ""

    @classmethod
    def load(cls, file: Path, *, serial: str) -> "Memory":
        """Read the memory, or begin it with a new key. Raises ValueError for the memory of another CORE."""
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
        write_private(self.file, json.dumps(kept).encode())

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
