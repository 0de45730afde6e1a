import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import segno
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import ProgrammingError, connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from audit.console.paper import pdf
from audit.log.actors import Actor, current_source
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Ticket, open_ticket, record, record_at_once
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.lifecycle import Refused, Stale, find_or_refuse
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.steps import take
from fusus_portal.ground.streets.geocoding import postal_address
from registry.letters import policies, selectors
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import IN_FORCE, LetterState
from registry.places import locks as place_locks
from registry.places.models import ConfirmedBy, Premises
from registry.places.policies import must_be_registered
from registry.places.selectors import is_confirmed
from registry.places.services import premises as premise_services
from registry.registrants import locks as registrant_locks
from registry.registrants.models import LANGUAGES, Registrant
from registry.rules import BATCH_KEPT, LETTER_LIFE, LETTER_TRIES

PAPER_FOLDER = "registry/letters"


class LetterToPrint(NamedTuple):
    """A letter to draw. address: as the county's data writes it."""

    letter: Letter
    address: Address
    code: str


def letters_as_pdf(letters: Iterable[LetterToPrint]) -> bytes:
    return pdf(letters_as_html(letters), render_to_string(f"{PAPER_FOLDER}/paper.css", {}))


def letters_as_html(letters: Iterable[LetterToPrint]) -> str:
    sheets = [_sheet(written.address, written.code) for written in letters]
    said = {"agency": words(), "today": timezone.now(), "days": LETTER_LIFE.days}
    return render_to_string(f"{PAPER_FOLDER}/paper.html", {"sheets": sheets, "languages": LANGUAGES, **said})


def _sheet(address: Address, code: str) -> dict[str, Any]:
    """Return one page of a batch. link: of the form for the code. picture: a QR code of the link with the code."""
    scanned = absolute(reverse("place_code_scanned", args=[code]))
    drawing = segno.make(scanned, error="m").svg_inline(scale=3, border=2, lineclass=None)
    picture = mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (drawn here, of our own)
    return {"address": address, "code": code, "link": absolute(reverse("place_code")), "picture": picture}


MAKER = "registry.make_letters"
ACTOR = task_actor(MAKER)


def make_batch(*, code: Callable[[], str] = policies.fresh_code) -> LetterBatch | None:
    """Put the letters that wait into a file, unless another batch waits for its clerk; return the batch.

    The file is written first, without a lock. If a place has moved meanwhile the file is deleted, and the next round
    tries again. code: returns a new code for each letter.
    """
    _end_needless_letters()
    planned = {} if selectors.unopened().exists() else _letters_to_print(code)
    if not planned:
        return None
    key = secrets.token_hex(16)
    batch_storage().save(key, ContentFile(letters_as_pdf(planned.values())))
    batch = None
    try:
        with transaction.atomic():
            batch = _write_batch(planned, key)
    finally:
        if batch is None:
            batch_storage().delete(key)
    return batch


def open_batch(*, batch: LetterBatch, by: User) -> Ticket:
    """Open a batch to print it; return the ticket for its file. Each owner sees that their letter was opened.

    Raises Refused by role, Stale for a batch that was opened or deleted before. A batch with a place that was removed
    or has moved since is deleted, which raises Stale too: no owner would see that this address was read.
    """
    demand(by, Permission.SEND_LETTERS, subject=batch.subject)
    with transaction.atomic(durable=True):
        entry = _open_locked(batch.pk, by)
    if entry is None:
        _expire_batch(batch.pk)
        raise Stale(
            _("A place of this batch has moved or left. The others are printed again in the next batch."),
            subject=batch.subject,
        )
    return open_ticket(entry=entry, actor=by.actor, sign_in=current_source().sign_in)


def file_of_batch(*, batch: LetterBatch, by: User, ticket: Ticket) -> BinaryIO:
    """Return the file of a batch of letters. Raises Refused unless the ticket is for this person, sign-in and batch."""
    actor = by.actor
    arguments = [ticket.token, actor.kind.value, actor.id, current_source().sign_in, batch.pk]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT registry_letter_file_of(%s, %s, %s, %s, %s)", arguments)
            (key,) = cursor.fetchone()
    except ProgrammingError as error:
        raise Refused(_("These letters can't be opened any more."), subject=batch.subject) from error
    return batch_storage().open(key, "rb")  # type: ignore[return-value]


def sweep_batches() -> int:
    """Delete files a day old, put letters of unopened batches back, and end old codes; return the number of batches."""
    now = timezone.now()
    old = LetterBatch.objects.filter(deleted_at__isnull=True, made_at__lte=now - BATCH_KEPT)
    expired = [batch for pk in old.values_list("pk", flat=True) if (batch := _expire_batch(pk))]
    for key in batch_storage().listdir("")[1] if batch_storage().exists("") else ():
        if batch_storage().get_modified_time(key) <= now - BATCH_KEPT:
            batch_storage().delete(key)
    over = Letter.objects.filter(state=LetterState.PRINTED, printed_at__lte=now - LETTER_LIFE)
    _end_letters(list(over.values_list("pk", flat=True)))
    return len(expired)


def batch_storage() -> Storage:
    return storages["letters"]


def _letters_to_print(code: Callable[[], str]) -> dict[UUID, LetterToPrint]:
    """Return the letters to draw, by id. A letter to an address that the county's data no longer has is ended."""
    waiting = selectors.to_print()
    addresses = [(letter, postal_address(letter.premises.address, pin=letter.premises.point)) for letter in waiting]
    _end_letters([letter.pk for letter, address in addresses if address is None])
    return {letter.pk: LetterToPrint(letter, address, code()) for letter, address in addresses if address is not None}


def _open_locked(pk: UUID, by: User) -> AuditEntry | None:
    """Open a batch with its entries; None if one of its letters was ended since, which means that its place changed."""
    locked = _locked_batch(pk)
    policies.must_be_unopened(locked)
    letters = _locked_letters(locked.letters.filter(state=LetterState.PRINTED).values_list("pk", flat=True))
    if len(letters) != locked.size:
        return None
    locked.opened_at, locked.opened_by = timezone.now(), by
    locked.save(update_fields=["opened_at", "opened_by"])
    facts = {"letters": locked.size}
    entry = record_at_once(event=Event.LETTERS_OPENED, actor=by.actor, subject=locked.subject, facts=facts)
    for letter in letters:
        premise_services.note_confirmation(Event.LETTER_OPENED, letter.premises, by.actor)
    return entry


def _write_batch(planned: Mapping[UUID, LetterToPrint], key: str) -> LetterBatch | None:
    """Write the batch of a stored file; None if one of its letters has changed since."""
    letters = _locked_letters(planned)
    if any(_differs(letter, planned[letter.pk].letter) for letter in letters) or len(letters) != len(planned):
        return None
    batch = LetterBatch.objects.create(size=len(letters))
    for letter in letters:
        letter.batch, letter.printed_at, letter.salt = batch, batch.made_at, secrets.token_bytes(16)
        letter.digest = policies.digest_of_code(planned[letter.pk].code, salt=letter.salt)
        take(letter, LetterState.PRINTED, ACTOR)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO registry_letter_file (batch, storage_key) VALUES (%s, %s)", [batch.pk, key])
    record(event=Event.LETTERS_MADE, actor=ACTOR, subject=batch.subject, facts={"letters": len(letters)})
    return batch


def _differs(letter: Letter, drawn: Letter) -> bool:
    return letter.state != LetterState.WAITING or letter.premises.address != drawn.premises.address


def _expire_batch(pk: UUID) -> LetterBatch | None:
    """Record that the file of a batch is deleted; unopened letters wait again. None if it was deleted before."""
    with transaction.atomic():
        batch = _locked_batch(pk)
        if batch.deleted_at is not None:
            return None
        batch.deleted_at = timezone.now()
        batch.save(update_fields=["deleted_at"])
        if batch.opened_at is None:
            for letter in _locked_letters(batch.letters.filter(state=LetterState.PRINTED).values_list("pk", flat=True)):
                letter.batch, letter.printed_at, letter.salt, letter.digest, letter.tries = None, None, None, None, 0
                take(letter, LetterState.WAITING, ACTOR)
        record(event=Event.LETTERS_DELETED, actor=ACTOR, subject=batch.subject)
    return batch


def _end_needless_letters() -> None:
    waiting = Letter.objects.filter(state=LetterState.WAITING).select_related("premises")
    _end_letters([letter.pk for letter in waiting if is_confirmed(letter.premises)])


def _end_letters(pks: list[UUID]) -> None:
    with transaction.atomic():
        for letter in _locked_letters(pks):
            take(letter, LetterState.ENDED, ACTOR)


def ask_letter(*, premises: Premises, by: User) -> Letter:
    """Ask for a letter to one of a person's own places. Raises NotYours, and Stale while no letter is due."""
    with transaction.atomic():
        locked = place_locks.own_premises(premises.pk, by=by)
        must_be_registered(locked)
        policies.must_want_letter(locked)
        letter = Letter.objects.create(premises=locked)
        record(event=Event.LETTER_ASKED, actor=by.actor, subject=letter.subject, **locked.in_log)
    return letter


def enter_code(*, registrant: Registrant, by: User, code: str) -> Premises:
    """Confirm the place whose letter has this code. Raises NotYours, and ValidationError on "code".

    A wrong code counts against each of the person's letters whose code still works; the last try ends them all.
    """
    with transaction.atomic():
        locked = registrant_locks.own_registrant(registrant.pk, by=by)
        letters = _locked_letters(selectors.typed_by(locked.pk).values_list("pk", flat=True))
        found = next((letter for letter in letters if policies.is_code_of(letter, code)), None)
        if found is None:
            _count_try(letters, by)
        else:
            take(found, LetterState.USED, by)
            premise_services.confirm(premises=found.premises, way=ConfirmedBy.LETTER, actor=by.actor)
    return policies.checked_code(found).premises


def end_letters_at(premises: Premises, actor: Actor) -> None:
    """End the letters to a locked place that is removed, or has another address now."""
    in_force = Letter.objects.filter(premises=premises, state__in=IN_FORCE)
    for letter in _locked_letters(in_force.values_list("pk", flat=True)):
        take(letter, LetterState.ENDED, actor)


def _count_try(letters: list[Letter], by: User) -> None:
    for letter in letters:
        letter.tries += 1
        letter.save(update_fields=["tries"])
        facts: dict[str, int | str] = {"tries": letter.tries}
        record(event=Event.LETTER_REFUSED, actor=by.actor, subject=letter.subject, facts=facts, outcome="refused")
        if letter.tries == LETTER_TRIES:
            take(letter, LetterState.ENDED, by)


def _locked_batch(pk: UUID) -> LetterBatch:
    """Lock a batch of letters. Raises NotYours."""
    rows = LetterBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    return find_or_refuse(rows, _("There is no such batch."), subject=("letter_batch", str(pk)))


def _locked_letters(pks: Iterable[UUID]) -> list[Letter]:
    """Lock letters with their places, in one order for all."""
    rows = Letter.objects.select_for_update(of=("self",), no_key=True).select_related("premises")
    return list(rows.filter(pk__in=list(pks)).order_by("pk"))
