"""The entry of a new key. The sealer can't write the log, so the application does, before the key is in use."""

from django.db import transaction

from audit.actors import AT_THE_SERVER, Subject
from audit.events import Event
from audit.ledger import keys
from audit.ledger.notes import Signer
from audit.services import record


def record_rotation(signer: Signer) -> None:
    """Write the entry of a key that is about to sign the log. Raises WrongKey for one that can't."""
    with transaction.atomic(durable=True):
        keys.must_be_new(signer)
        used = keys.known()
        record(
            event=Event.KEY_ROTATED,
            actor=AT_THE_SERVER,
            subject=Subject("key", signer.verifier.key_id.hex()),
            facts={"log": signer.name, "before": used[0].key_id.hex() if used else ""},
        )
