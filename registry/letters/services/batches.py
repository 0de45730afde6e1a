"""Batches of letters: made by a worker, opened once by a clerk, deleted after a day.

Codes are in the file alone. Only the database knows the key of the file, and returns it for a ticket of a committed
entry: by then each owner can read that their letter was opened.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import current_source
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record, record_at_once
from audit.log.tickets import Ticket, open_ticket
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.steps import take
from fusus_portal.ground.streets.postal import postal
from registry.letters import codes, locks, paper, policies, selectors
from registry.letters.models import Letter, LetterBatch
from registry.letters.paper import Written
from registry.letters.states import LetterState
from registry.places.selectors import is_confirmed
from registry.places.services import confirmations
from registry.rules import BATCH_KEPT, LETTER_LIFE

MAKER = "registry.make_letters"
ACTOR = task_actor(MAKER)


def make(*, code: Callable[[], str] = codes.fresh) -> LetterBatch | None:
    """Put the letters that wait into a file, unless a batch waits to be opened; return the batch.

    The file is written first, without a lock. If a place has moved meanwhile the file is deleted, and the next round
    tries again. code: returns a new one for each letter.
    """
    _end_needless()
    planned = {} if selectors.unopened().exists() else _planned(code)
    if not planned:
        return None
    key = secrets.token_hex(16)
    storage().save(key, ContentFile(paper.drawn(planned.values())))
    batch = None
    try:
        with transaction.atomic():
            batch = _write(planned, key)
    finally:
        if batch is None:
            storage().delete(key)
    return batch


def open_once(*, batch: LetterBatch, by: User) -> Ticket:
    """Open a batch to print it; return the ticket for its file. Each owner sees that their letter was opened.

    Raises Refused by role, Stale for a batch that was opened or deleted before. A batch with a place that was removed
    or has moved since is deleted, Stale too: no owner would see that this address was read.
    """
    demand(by, Permission.SEND_LETTERS, subject=batch.subject)
    with transaction.atomic(durable=True):
        entry = _open(batch.pk, by)
    if entry is None:
        _expire(batch.pk)
        raise Stale(
            _("A place of this batch has moved or left. The others are printed again in the next batch."),
            subject=batch.subject,
        )
    return open_ticket(entry=entry, actor=by.actor, sign_in=current_source().sign_in)


def file_of(*, batch: LetterBatch, by: User, ticket: Ticket) -> BinaryIO:
    """Return the file of a batch. Raises Refused unless the ticket is for this person, sign-in and batch."""
    actor = by.actor
    arguments = [ticket.token, actor.kind.value, actor.id, current_source().sign_in, batch.pk]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT registry_letter_file_of(%s, %s, %s, %s, %s)", arguments)
            (key,) = cursor.fetchone()
    except ProgrammingError as error:
        raise Refused(_("These letters can't be opened any more."), subject=batch.subject) from error
    return storage().open(key, "rb")  # type: ignore[return-value]


def sweep() -> int:
    """Delete files that are a day old, put unopened letters back, and end old codes; return the number of batches."""
    now = timezone.now()
    old = LetterBatch.objects.filter(deleted_at__isnull=True, made_at__lte=now - BATCH_KEPT)
    expired = [batch for pk in old.values_list("pk", flat=True) if (batch := _expire(pk))]
    for key in storage().listdir("")[1] if storage().exists("") else ():
        if storage().get_modified_time(key) <= now - BATCH_KEPT:
            storage().delete(key)
    over = Letter.objects.filter(state=LetterState.PRINTED, printed_at__lte=now - LETTER_LIFE)
    _end(list(over.values_list("pk", flat=True)))
    return len(expired)


def storage() -> Storage:
    return storages["letters"]


def _planned(code: Callable[[], str]) -> dict[UUID, Written]:
    """Return the letters to draw, by id. A letter to an address that the county's data no longer has is ended."""
    waiting = selectors.to_print()
    addresses = [(letter, postal(letter.premises.address, pin=letter.premises.point)) for letter in waiting]
    _end([letter.pk for letter, address in addresses if address is None])
    return {letter.pk: Written(letter, address, code()) for letter, address in addresses if address is not None}


def _open(pk: UUID, by: User) -> AuditEntry | None:
    """Open a batch with its entries; None if it has a letter that is not printed any more."""
    locked = locks.batch(pk)
    policies.must_be_unopened(locked)
    letters = locks.letters(locked.letters.filter(state=LetterState.PRINTED).values_list("pk", flat=True))
    if len(letters) != locked.size:
        return None
    locked.opened_at, locked.opened_by = timezone.now(), by
    locked.save(update_fields=["opened_at", "opened_by"])
    facts = {"letters": locked.size}
    entry = record_at_once(event=Event.LETTERS_OPENED, actor=by.actor, subject=locked.subject, facts=facts)
    for letter in letters:
        confirmations.note(Event.LETTER_OPENED, letter.premises, by.actor)
    return entry


def _write(planned: Mapping[UUID, Written], key: str) -> LetterBatch | None:
    """Write a batch whose file is stored; None if one of its letters has changed since."""
    letters = locks.letters(planned)
    if any(_differs(letter, planned[letter.pk].letter) for letter in letters) or len(letters) != len(planned):
        return None
    batch = LetterBatch.objects.create(size=len(letters))
    for letter in letters:
        letter.batch, letter.printed_at, letter.salt = batch, batch.made_at, secrets.token_bytes(16)
        letter.digest = codes.digest(planned[letter.pk].code, salt=letter.salt)
        take(letter, LetterState.PRINTED, ACTOR)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO registry_letter_file (batch, storage_key) VALUES (%s, %s)", [batch.pk, key])
    record(event=Event.LETTERS_MADE, actor=ACTOR, subject=batch.subject, facts={"letters": len(letters)})
    return batch


def _differs(letter: Letter, drawn: Letter) -> bool:
    return letter.state != LetterState.WAITING or letter.premises.address != drawn.premises.address


def _expire(pk: UUID) -> LetterBatch | None:
    """Record that the file of a batch is deleted; unopened letters wait again. None if it was deleted before."""
    with transaction.atomic():
        batch = locks.batch(pk)
        if batch.deleted_at is not None:
            return None
        batch.deleted_at = timezone.now()
        batch.save(update_fields=["deleted_at"])
        if batch.opened_at is None:
            for letter in locks.letters(batch.letters.filter(state=LetterState.PRINTED).values_list("pk", flat=True)):
                letter.batch, letter.printed_at, letter.salt, letter.digest, letter.tries = None, None, None, None, 0
                take(letter, LetterState.WAITING, ACTOR)
        record(event=Event.LETTERS_DELETED, actor=ACTOR, subject=batch.subject)
    return batch


def _end_needless() -> None:
    """End letters to places that were confirmed in another way before printing."""
    waiting = Letter.objects.filter(state=LetterState.WAITING).select_related("premises")
    _end([letter.pk for letter in waiting if is_confirmed(letter.premises)])


def _end(pks: list[UUID]) -> None:
    with transaction.atomic():
        for letter in locks.letters(pks):
            take(letter, LetterState.ENDED, ACTOR)
