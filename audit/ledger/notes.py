"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), by Ed25519.

Keys have the form of Go's sumdb/note: `NAME+ID+BASE64` to verify, `PRIVATE+KEY+NAME+ID+BASE64` to sign.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE = 0x04
DASH = "\u2014 "
PRIVATE = "PRIVATE+KEY+"
KEY_BYTES = 32
ID_BYTES = 4
_NAME = re.compile(r"[^\s+]+")
_HEAD = re.compile(r"(.+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


class BadNote(ValueError):
    """A note, key or signature is malformed, or a key does not match its ID or note."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. kind: ED25519 for a log, COSIGNATURE for a witness."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || 0x0A || kind || key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def verify(self, text: str, signature: bytes) -> bool:
        """True if the key signed this text. A cosignature has its time, 8 bytes, before the signature."""
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(signature) != 8 + 64:
                return False
            message = cosigned(text, struct.unpack(">Q", signature[:8])[0])
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    name: str
    seed: bytes
    kind: int = ED25519

    @property
    def verifier(self) -> Verifier:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, public, self.kind)

    def text(self) -> str:
        """Return the private key, a secret, as text for its file."""
        material = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"{PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{material}"

    def line(self, text: str, *, at: int | None = None) -> str:
        """Return the signature line of a note's text. at: POSIX seconds, for a witness's cosignature."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.kind == COSIGNATURE:
            if at is None:
                raise BadNote("a cosignature has a time")
            signature = struct.pack(">Q", at) + private.sign(cosigned(text, at))
        else:
            signature = private.sign(text.encode())
        return f"{DASH}{self.name} {base64.b64encode(self.verifier.key_id + signature).decode()}\n"


def cosigned(text: str, at: int) -> bytes:
    """Return the message that a witness signs: a header, the time, the note's text."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def read_verifier(text: str) -> Verifier:
    """Return the key of `NAME+ID+BASE64`. Raises BadNote if it is malformed, or the ID is not this key's."""
    name, key_id, material = _parts(text.strip())
    verifier = Verifier(name, material[1:], material[0])
    if verifier.kind not in {ED25519, COSIGNATURE} or verifier.key_id.hex() != key_id:
        raise BadNote(f"the key {text.strip()!r} does not fit its own ID")
    return verifier


def read_signer(text: str) -> Signer:
    """Return the key of `PRIVATE+KEY+NAME+ID+BASE64`. Raises BadNote, never with the key in its text."""
    if not text.startswith(PRIVATE):
        raise BadNote(f"a signing key begins with {PRIVATE}")
    name, key_id, material = _parts(text.removeprefix(PRIVATE).strip())
    signer = Signer(name, material[1:], material[0])
    if signer.kind not in {ED25519, COSIGNATURE} or signer.verifier.key_id.hex() != key_id:
        raise BadNote(f"the signing key of {name!r} does not fit its own ID")
    return signer


def _parts(text: str) -> tuple[str, str, bytes]:
    name, _plus, rest = text.partition("+")
    key_id, _plus, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        material = b""
    if not _NAME.fullmatch(name) or len(material) != 1 + KEY_BYTES:
        raise BadNote("a key is written NAME+ID+BASE64")
    return name, key_id, material


@dataclass(frozen=True, slots=True)
class Note:
    """A text with signatures: (name, key ID, signature) each."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signed_by(self, *verifiers: Verifier) -> bool:
        """True if one of these keys signed the note, and no signature of theirs is wrong."""
        found = [
            verifier.verify(self.text, signature)
            for verifier in verifiers
            for name, key_id, signature in self.signatures
            if (name, key_id) == (verifier.name, verifier.key_id)
        ]
        return bool(found) and all(found)


def read_note(note: str) -> Note:
    """Return text and signatures of a signed note. Raises BadNote."""
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadNote("a note is a text, an empty line, and signatures")
    signatures = []
    for line in lines.splitlines():
        name, _space, encoded = line.removeprefix(DASH).partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise BadNote("a signature is not base64") from error
        if not line.startswith(DASH) or not _NAME.fullmatch(name) or len(raw) <= ID_BYTES:
            raise BadNote("a line below the text is no signature")
        signatures.append((name, raw[:ID_BYTES], raw[ID_BYTES:]))
    return Note(text + "\n", tuple(signatures))


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The contents of a checkpoint: name of the log, number of leaves, root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> str:
        text = self.text()
        return f"{text}\n{signer.line(text)}"


def read_head(text: str) -> TreeHead:
    """Return the contents of a checkpoint's text. Raises BadNote."""
    found = _HEAD.match(text)
    if found is None:
        raise BadNote("a checkpoint begins with origin, size and root")
    return TreeHead(found[1], int(found[2]), base64.b64decode(found[3]))


def read_checkpoint(note: str, *verifiers: Verifier) -> TreeHead:
    """Return the contents of a checkpoint. Raises BadNote unless one of the keys signed it."""
    found = read_note(note)
    if not found.signed_by(*verifiers):
        raise BadNote("the checkpoint is not signed by a key of this log")
    return read_head(found.text)
