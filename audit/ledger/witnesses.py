"""Witnesses: servers run by others that sign the heads they saw of this log (C2SP tlog-witness, tlog-cosignature).

Each gets a checkpoint before it becomes public, with the proof that it continues the one that this witness signed
before. So nobody can be shown another log, and a restored older database is revealed. Only a refusal delays publishing.
"""

import base64
import logging
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from django.conf import settings

from audit.ledger import alarms
from audit.ledger.alarms import AlarmKind
from audit.ledger.heads import RolledBack
from audit.ledger.models import Checkpoint, Publication
from audit.ledger.notes import COSIGNATURE, DASH, BadNote, Signer, TreeHead, Verifier, read_note, read_verifier
from audit.ledger.tree.merkle import EMPTY_ROOT
from audit.ledger.tree.tiles import Tree
from fusus_portal.ground.env import Misconfigured

logger = logging.getLogger(__name__)

HINT = "Write `NAME+ID+KEY https://witness.example/prefix` as the witness gives it, with commas between several."
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECONDS_TO_CONNECT = 3.0
SECONDS_TO_ANSWER = 5.0
LONGEST_ANSWER = 16 * 1024
SIZE_TYPE = "text/x.tlog.size"
BY = "ledger.seal"


class Forked(Exception):
    """A witness has signed another tree than this one."""


class Silent(Exception):
    """A witness did not answer with its signature, for a reason unrelated to the tree."""


@dataclass(frozen=True, slots=True)
class Witness:
    verifier: Verifier
    url: str

    @property
    def silence(self) -> str:
        return f"The witness {self.verifier.name} does not sign: checkpoints are published without it."


Head = Checkpoint | Publication


def configured() -> list[Witness]:
    return [_read(text) for text in settings.LEDGER_WITNESSES]


def cosigned(head: Head, *, last: Publication | None) -> str:
    """Return the signature lines of all witnesses that answer; a silent one is an alarm. Raises Forked, RolledBack."""
    return "".join(_line(witness, head, last) for witness in configured())


def must_continue(signer: Signer, *, last: Publication | None) -> None:
    """Raise RolledBack if a witness knows a tree that this database never had. The question offers no new head."""
    head = last or Publication(size=0, note=TreeHead(signer.name, 0, EMPTY_ROOT).signed(signer))
    for witness in configured():
        try:
            answer = _ask(witness, head, old=head.size)
            if isinstance(answer, int):
                _must_not_be_ahead(witness, answer, head)
        except (Silent, Forked) as unsure:
            logger.warning("%s", unsure)  # becomes an alarm at the next publication


def _line(witness: Witness, head: Head, last: Publication | None) -> str:
    try:
        line = _signature(witness, head, last)
    except Silent as silent:
        logger.warning("%s", silent)
        alarms.raise_alarm(kind=AlarmKind.WITNESS_SILENT, what=witness.silence)
        return ""
    alarms.clear(kind=AlarmKind.WITNESS_SILENT, what=witness.silence, by=BY)
    return line


def _signature(witness: Witness, head: Head, last: Publication | None) -> str:
    """Return a witness's signature line, asked from the size that it should know, then from the size that it names."""
    old = last.size if last is not None and read_note(last.note).signed_by(witness.verifier) else 0
    answer = _ask(witness, head, old=old)
    if isinstance(answer, int):
        _must_not_be_ahead(witness, answer, head)
        answer = _ask(witness, head, old=answer)
    if isinstance(answer, int):
        raise Forked(f"The witness {witness.verifier.name} says two sizes of the log that it knows.")
    return answer


def _must_not_be_ahead(witness: Witness, size: int, head: Head) -> None:
    """Raise Silent if the witness knows a later tree, RolledBack if this database never had that tree."""
    if size <= head.size:
        return
    if not Checkpoint.objects.filter(size=size).exists():
        raise RolledBack(
            f"The witness {witness.verifier.name} has signed a tree of {size} places, and this database never had it: "
            "it was restored from an older backup, or changed."
        )
    raise Silent(f"The witness {witness.verifier.name} has signed a later tree of this log already.")


def _ask(witness: Witness, head: Head, *, old: int) -> str | int:
    """Offer a head; return the witness's signature line, or the size that it knows instead of `old`."""
    proof = [base64.b64encode(node).decode() for node in Tree().consistency_proof(old, head.size)]
    body = "\n".join([f"old {old}", *proof, "", head.note])
    status, kind, text = _post(witness, body)
    if status == requests.codes.ok:
        return _own_line(witness, head.note, text)
    known = text.strip()
    if status == requests.codes.conflict and kind == SIZE_TYPE and known.isdecimal() and int(known) != old:
        return int(known)
    if status in {requests.codes.conflict, requests.codes.unprocessable}:
        raise Forked(f"The witness {witness.verifier.name} refuses the tree of {head.size} places ({status}).")
    raise Silent(f"The witness {witness.verifier.name} answered {status}.")


def _post(witness: Witness, body: str) -> tuple[int, str, str]:
    address = f"{witness.url}/add-checkpoint"
    limits = (SECONDS_TO_CONNECT, SECONDS_TO_ANSWER)
    until, content = time.monotonic() + SECONDS_TO_ANSWER, b""
    try:
        with (
            requests.Session() as session,
            session.post(address, data=body.encode(), timeout=limits, allow_redirects=False, stream=True) as answer,
        ):
            while part := answer.raw.read1(LONGEST_ANSWER, decode_content=True):
                content += part
                if len(content) > LONGEST_ANSWER or time.monotonic() > until:
                    raise Silent(f"The witness {witness.verifier.name} answers without an end.")
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
            return answer.status_code, kind, content.decode()
    except (requests.RequestException, OSError, UnicodeDecodeError) as fault:
        raise Silent(f"The witness {witness.verifier.name} can't be reached: {type(fault).__name__}.") from fault


def _own_line(witness: Witness, note: str, lines: str) -> str:
    """Return the signature line of the witness's own key, verified. Raises Silent without one."""
    text = read_note(note).text
    try:
        found = read_note(f"{text}\n{lines}").signatures
    except BadNote as bad:
        raise Silent(f"The witness {witness.verifier.name} answered with no signature: {bad}.") from bad
    own = witness.verifier
    for name, key_id, signature in found:
        if (name, key_id) == (own.name, own.key_id) and own.verify(text, signature):
            return f"{DASH}{name} {base64.b64encode(key_id + signature).decode()}\n"
    raise Silent(f"The witness {own.name} answered without its own signature.")


def _read(text: str) -> Witness:
    key, _space, url = text.partition(" ")
    try:
        verifier = read_verifier(key)
    except BadNote as bad:
        raise Misconfigured("LEDGER_WITNESSES", f"has {text!r}: {bad}", HINT) from bad
    parts = urlsplit(url.strip())
    if verifier.kind != COSIGNATURE:
        raise Misconfigured("LEDGER_WITNESSES", f"has the key of {verifier.name!r}, which is no witness's", HINT)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Misconfigured("LEDGER_WITNESSES", f"has the address {url!r}", HINT)
    return Witness(verifier, url.strip().rstrip("/"))
