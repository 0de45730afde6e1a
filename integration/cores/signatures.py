"""Signatures of COREs: Ed25519, with a key made in the device; the portal knows the public half."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from integration.rules import LARGEST_DRIFT

HEADER = "Core-Signature"
LONGEST_HEADER = 128


class WrongClock(Exception):
    """The clock of the device is off by more than a minute."""


class BadSignature(Exception):
    """The expected key did not make the signature, or its header is malformed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed parts of a call. path: with the query, as it was sent. body: raw; its SHA-256 is signed."""

    method: str
    path: str
    body: bytes

    def message(self, seconds: int) -> bytes:
        return f"{self.method}\n{self.path}\n{seconds}\n{hashlib.sha256(self.body).hexdigest()}".encode()


def sign(private: Ed25519PrivateKey, what: Signed, *, at: datetime) -> str:
    seconds = int(at.timestamp())
    return f"{seconds}.{base64.b64encode(private.sign(what.message(seconds))).decode()}"


def seconds_of(header: str, *, now: datetime) -> int:
    """Return the Unix time in a signature's header. Raises BadSignature, WrongClock if it is a minute off `now`."""
    seconds = header[:LONGEST_HEADER].partition(".")[0]
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise BadSignature
    if abs(timedelta(seconds=now.timestamp() - int(seconds))) > LARGEST_DRIFT:
        raise WrongClock
    return int(seconds)


def check(header: str, what: Signed, *, key: str, now: datetime) -> None:
    """Raise BadSignature unless this key signed the call, WrongClock unless it did so within a minute of `now`."""
    seconds = seconds_of(header, now=now)
    if len(header) > LONGEST_HEADER:
        raise BadSignature
    try:
        signature = base64.b64decode(header.partition(".")[2], validate=True)
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(signature, what.message(seconds))
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise BadSignature from error


def is_public_key(text: str) -> bool:
    """True if a text is a public key: 32 bytes in base64, in its one canonical spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except (binascii.Error, ValueError):
        return False
    return base64.b64encode(raw).decode() == text


def token_digest(token: str) -> bytes:
    """Return the stored digest of a token. A token has 256 random bits, so it needs no salt."""
    return hashlib.sha256(token.encode()).digest()
