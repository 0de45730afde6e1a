"""What an auditor takes out of the ledger. Each is an entry, committed before anything is handed over (promise R5)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actors import Actor, Subject
from audit.events import Event
from audit.ledger import tiles
from audit.ledger.addresses import Place
from audit.ledger.fillers import number_of_filler
from audit.ledger.receipts import NotPublic, Receipt, receipt_of
from audit.models import AuditEntry
from audit.services import record
from fusus_portal.lifecycle import NotYours, Stale


def take_bundle(*, place: Place, by: Actor) -> bytes:
    """Return the entries and fillers of a bundle, each after its length, up to the newest sealed. Raises NoSuchTile."""
    content = tiles.bundle(place.n, place.width)
    entries = sum(number_of_filler(each) is None for each in tiles.unpacked(content))
    with transaction.atomic(durable=True):
        record(
            event=Event.BUNDLE_TAKEN,
            actor=by,
            subject=Subject("bundle", str(place.n)),
            facts={"entries": entries},
        )
    return content


def take_receipt(*, entry: int, by: Actor) -> Receipt:
    """Return the receipt of any entry. Raises NotYours for none, Stale for one that is not public yet."""
    subject = Subject("entry", str(entry))
    if not AuditEntry.objects.filter(pk=entry).exists():
        raise NotYours(_("The log has no such entry."))
    try:
        receipt = receipt_of(entry)
    except NotPublic as error:
        raise Stale(str(error), subject=subject) from error
    with transaction.atomic(durable=True):
        record(event=Event.RECEIPT_TAKEN, actor=by, subject=subject, facts={"size": receipt.size})
    return receipt
