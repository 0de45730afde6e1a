"""The key that signs checkpoints. Only the sealer's process has it; all others need only its public half."""

import secrets

from django.db import transaction

from audit.ledger.models import LogKey
from audit.ledger.notes import BadNote, Signer, Verifier, read_signer, read_verifier
from fusus_portal.ground import env

HINT = "Make one: manage.py ledger make-key ORIGIN > FILE, readable by the sealer alone, and set LEDGER_KEY_FILE."


class WrongKey(Exception):
    """The key that the operator gives is not one that may sign this log."""


def made(origin: str) -> Signer:
    """Return a new key. origin: the log's name, its public address without scheme ("portal.example/ledger")."""
    return Signer(origin, secrets.token_bytes(32))


def given() -> Signer:
    """Return the key of LEDGER_KEY or LEDGER_KEY_FILE. Raises Misconfigured, never with the key in its text."""
    try:
        return read_signer(env.secret("LEDGER_KEY", hint=HINT))
    except BadNote as bad:
        raise env.Misconfigured("LEDGER_KEY", f"can't be used: {bad}", HINT) from bad


def known() -> list[Verifier]:
    return [read_verifier(text) for text in LogKey.objects.order_by("-at").values_list("verifier", flat=True)]


def must_be_in_use(signer: Signer) -> None:
    """Store the key of a log that has none yet. Raises WrongKey if the log's newest key is another."""
    with transaction.atomic():
        keys = known()
        if not keys:
            LogKey.objects.create(verifier=str(signer.verifier))
        elif keys[0] != signer.verifier:
            raise WrongKey(
                f"The log is signed with the key {keys[0].name}+{keys[0].key_id.hex()}, and LEDGER_KEY is "
                f"{signer.name}+{signer.verifier.key_id.hex()}. To change the key: manage.py ledger rotate."
            )


def rotate(signer: Signer) -> None:
    """Sign with a new key from now on; older signatures stay good. Raises WrongKey for another log's or a used key."""
    with transaction.atomic():
        must_be_new(signer)
        LogKey.objects.create(verifier=str(signer.verifier))


def must_be_new(signer: Signer) -> None:
    used = known()
    if used and used[0].name != signer.name:
        raise WrongKey(f"The log is called {used[0].name}; the new key is of {signer.name}.")
    if signer.verifier in used:
        raise WrongKey("This key has been used already.")
