"""Acts on the ledger: alarms told and settled, bundles and receipts taken, keys changed. Each is an entry.

Auditors get a file only after its entry is committed (promise R5). The sealer can't write the log, so the application
writes the entry of a new key, before the key is in use.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.ledger import keys
from audit.ledger.alarms import teller
from audit.ledger.models import Alarm
from audit.ledger.notes import Signer
from audit.ledger.receipts import NotPublic, Receipt, receipt_of
from audit.ledger.tree import tiles
from audit.ledger.tree.leaves import number_of_filler
from audit.ledger.tree.tiles import TilePlace
from audit.log.actors import AT_THE_SERVER, Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale, find_or_refuse

WATCHMAN = Actor(ActorKind.TASK, "audit.tell_alarms", role="task")
AT_ONCE = 100
LONGEST_FACT = 1000


def tell_alarms() -> int:
    """Write the entry of each alarm without one, settled alarms too, and have staff told; return the number."""
    tell = teller.answer
    with transaction.atomic():
        untold = Alarm.objects.select_for_update(skip_locked=True).filter(recorded_at__isnull=True)
        found = list(untold.order_by("pk")[:AT_ONCE])
        for alarm in found:
            facts = {"kind": alarm.kind, "what": alarm.what[:LONGEST_FACT]}
            record(event=Event.LEDGER_ALARM, actor=WATCHMAN, subject=alarm.subject, facts=facts)
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in found]).update(recorded_at=timezone.now())
        if found:
            tell(found)
    return len(found)


def settle_alarm(*, alarm: int, by: Actor, reason: str) -> None:
    """Settle an alarm. reason: what was found and done. Raises NotYours, Stale if settled, Refused without a reason."""
    if not reason.strip():
        raise Refused(_("Say what you found and did."))
    with transaction.atomic():
        found = find_or_refuse(Alarm.objects.select_for_update().filter(pk=alarm), _("There is no such alarm."))
        if found.settled_at is not None:
            raise Stale(_("This alarm is settled already."), subject=found.subject)
        record(event=Event.ALARM_SETTLED, actor=by, subject=found.subject, reason=reason, facts={"kind": found.kind})
        Alarm.objects.filter(pk=alarm).update(settled_at=timezone.now(), settled_by=by.id)


def take_bundle(*, place: TilePlace, by: Actor) -> bytes:
    """Return the entries and fillers of a bundle, each after its length, up to the newest sealed. Raises NoSuchTile."""
    content = tiles.bundle(place.n, place.width)
    entries = sum(number_of_filler(each) is None for each in tiles.unpacked(content))
    subject = Subject("bundle", str(place.n))
    with transaction.atomic(durable=True):
        record(event=Event.BUNDLE_TAKEN, actor=by, subject=subject, facts={"entries": entries})
    return content


def take_receipt(*, entry: int, by: Actor) -> Receipt:
    """Return the receipt of any entry. Raises NotYours, Stale if it is not public yet."""
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


def record_rotation(signer: Signer) -> None:
    """Write the entry of a key that is about to sign the log. Raises WrongKey."""
    with transaction.atomic(durable=True):
        keys.must_be_new(signer)
        used, subject = keys.known(), Subject("key", signer.verifier.key_id.hex())
        facts = {"log": signer.name, "before": used[0].key_id.hex() if used else ""}
        record(event=Event.KEY_ROTATED, actor=AT_THE_SERVER, subject=subject, facts=facts)
