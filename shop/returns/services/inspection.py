"""A parcel that arrived: received, inspected, accepted; without its CORE; or recorded by mistake."""

from collections.abc import Iterable, Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from fusus_portal.ground import steps
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from integration.cores import locks as core_locks
from shop.catalogue import files
from shop.catalogue.policies import check_text
from shop.returns import locks, policies, worth
from shop.returns.models import PartDeduction, Return, ReturnPart, ReturnPicture
from shop.returns.services import returns
from shop.returns.states import ReturnState


def receive(*, back: Return, by: User, serial: str) -> Return:
    """Receive a parcel with its CORE; the deadlines begin. serial: scanned or typed.

    Raises ValidationError on "serial" for another CORE and for none: then nothing is recorded.
    """
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        steps.check(locked, ReturnState.RECEIVED, by)
        locked.found = policies.check_scan(locked, serial)
        locked.received_by, locked.received_at = by, timezone.now()
        steps.take(locked, ReturnState.RECEIVED, by, facts={"found": locked.found})
        returns.tell(locked)
    return locked


def inspect(
    *,
    back: Return,
    by: User,
    parts: Iterable[PartDeduction],
    note: str,
    pictures: "Sequence[File[bytes] | files.Sizes]",
) -> Return:
    """Record findings with pictures, and missing or broken parts by the version that counts.

    Raises ValidationError on "parts", "note" or "picture".
    """
    demand(by, Permission.FULFILMENT, subject=back.subject)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        steps.check(locked, ReturnState.INSPECTED, by)
        policies.must_hold_it(locked)
        missing = policies.check_parts(locked, parts)
        locked.note = check_text("note", note, longest=policies.LONGEST_NOTE, needed=False)
        each = worth.off_for(locked.device, [part.basis_points for part in missing])
        ReturnPart.objects.bulk_create(
            ReturnPart(of_return=locked, part=part, cents=cents) for part, cents in zip(missing, each, strict=True)
        )
        rows = _picture_rows(locked, len(encoded))
        locked.parts_off = sum(each)
        locked.inspected_by, locked.inspected_at = by, timezone.now()
        facts: dict[str, int | str] = {"parts": len(missing), "off": locked.parts_off, "pictures": len(encoded)}
        steps.take(locked, ReturnState.INSPECTED, by, facts=facts)
        files.keep_inspected((row.key for row in rows), encoded)
    return locked


def accept(*, back: Return, by: User) -> Return:
    """Accept a returned CORE and fix its refund, above zero in any case. Raises Stale if the parcel did not hold it."""
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        steps.check(locked, ReturnState.ACCEPTED, by)
        policies.must_hold_it(locked)
        locked.refund = policies.goes_back(locked)
        steps.take(locked, ReturnState.ACCEPTED, by, facts={"cents": locked.refund})
        returns.tell(locked)
    return locked


def report_missing(
    *, back: Return, by: User, serial: str, reason: str, pictures: "Sequence[File[bytes] | files.Sizes]"
) -> Return:
    """Record that a parcel came without the CORE, with pictures. Its owner may still send the CORE.

    serial: of a CORE that was in it instead, "" for none. reason: for its owner. Raises ValidationError by field.
    """
    demand(by, Permission.FULFILMENT, subject=back.subject)
    policies.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        _order, locked = locks.whole(back.pk)
        locked.found = policies.check_other(locked, serial)
        locked.reason = check_text("reason", reason, longest=200)
        locked.received_by, locked.received_at = by, timezone.now()
        locked.ended_at = locked.received_at
        rows = _picture_rows(locked, len(encoded))
        facts: dict[str, int | str] = {"found": locked.found, "pictures": len(encoded)}
        steps.take(locked, ReturnState.REJECTED, by, facts=facts)
        returns.tell(locked)
        files.keep_inspected((row.key for row in rows), encoded)
    return locked


def undo(*, back: Return, by: User, reason: str) -> Return:
    """Undo the record of a parcel: its return continues as before the parcel came.

    reason: for the log. Raises Stale once money has moved, ValidationError on "reason".
    """
    with transaction.atomic():
        core_locks.core(back.core_id)
        _order, locked = locks.whole(back.pk)
        policies.may_be_undone(locked, by=by)
        why = check_text("reason", reason, longest=200)
        facts: dict[str, int | str] = {"was": locked.state, "found": locked.found, "parts": locked.parts.count()}
        locked.found = locked.note = locked.reason = ""
        locked.received_by = locked.received_at = locked.inspected_by = locked.inspected_at = None
        locked.parts_off = locked.refund = locked.ended_at = None
        steps.take(locked, policies.way_back(locked), by, facts=facts, reason=why)
        locked.parts.all().delete()
        returns.tell(locked, news=returns.UNDONE)
    return locked


def _picture_rows(back: Return, number: int) -> Sequence[ReturnPicture]:
    return ReturnPicture.objects.bulk_create(
        ReturnPicture(of_return=back, key=files.new_key()) for _each in range(number)
    )
