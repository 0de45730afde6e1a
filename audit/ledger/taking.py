"""What an auditor takes out of the ledger. Each is an entry, committed before anything is handed over (promise R5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actors import Actor, Subject
from audit.events import Event
from audit.ledger import tiles
from audit.ledger.addresses import Place
from audit.ledger.receipts import NotSealed, Receipt, not_sealed_yet, receipt_of
from audit.models import AuditEntry
from audit.services import record
from fusus_portal.lifecycle import NotYours, Stale


def take_bundle(*, place: Place, by: Actor) -> bytes:
    """Return the entries of a bundle, each after its length, up to the newest that is sealed. Raises NoSuchTile."""
    content = tiles.bundle(place.n, place.width)
    with transaction.atomic(durable=True):
        record(
            event=Event.BUNDLE_TAKEN,
            actor=by,
            subject=Subject("bundle", str(place.n)),
            facts={"entries": place.width},
        )
    return content


def take_receipt(*, entry: int, by: Actor) -> Receipt:
    """Return the receipt of any entry. Raises NotYours for none, Stale for one that the sealer has not reached."""
    subject = Subject("entry", str(entry))
    if not AuditEntry.objects.filter(pk=entry).exists():
        raise NotYours(_("The log has no such entry."))
    try:
        receipt = receipt_of(entry)
    except NotSealed as error:
        raise Stale(not_sealed_yet(), subject=subject) from error
    with transaction.atomic(durable=True):
        record(event=Event.RECEIPT_TAKEN, actor=by, subject=subject, facts={"size": receipt.size})
    return receipt
