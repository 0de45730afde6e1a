"""What becomes of a parcel that came back: received, inspected, accepted or rejected."""

from collections.abc import Iterable, Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from fusus_portal.accounts.models import User
from shop import files, worth
from shop.models import PartDeduction, Return, ReturnPart, ReturnPicture
from shop.policies import returns as policy
from shop.services import return_locking, return_news, steps, subscriptions
from shop.states import ReturnState


def receive(*, back: Return, by: User, serial: str) -> Return:
    """Take a parcel in. serial: of what lies in it, scanned or typed; "" for nothing. The clock begins here."""
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        locked.found = policy.check_found(serial)
        locked.received_by, locked.received_at = by, timezone.now()
        steps.back(locked, ReturnState.RECEIVED, by, facts={"found": locked.found})
        return_news.tell(locked)
    return locked


def inspect(
    *, back: Return, by: User, parts: Iterable[PartDeduction], note: str, pictures: "Sequence[File[bytes]]"
) -> Return:
    """Write down what was seen, with pictures, and what is missing or broken by the version that counts.

    Raises ValidationError on "parts", "note" or "picture".
    """
    policy.may_decide(by, subject=back.subject)
    policy.check_pictures(pictures)
    encoded = [files.sizes_of(picture, sender=by.pk) for picture in pictures]
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        policy.may_become(locked, ReturnState.INSPECTED, by=by)
        missing = policy.check_parts(locked, parts)
        locked.note = policy.check_note(note)
        each = worth.off_for(locked.device, [part.basis_points for part in missing])
        ReturnPart.objects.bulk_create(
            ReturnPart(of_return=locked, part=part, cents=cents) for part, cents in zip(missing, each, strict=True)
        )
        rows = [ReturnPicture(of_return=locked, key=files.new_picture_key()) for _each in encoded]
        ReturnPicture.objects.bulk_create(rows)
        locked.parts_off = sum(each)
        locked.inspected_by, locked.inspected_at = by, timezone.now()
        facts: dict[str, int | str] = {"parts": len(missing), "off": locked.parts_off, "pictures": len(encoded)}
        steps.back(locked, ReturnState.INSPECTED, by, facts=facts)
        for row, sizes in zip(rows, encoded, strict=True):
            files.keep_inspected(row.key, sizes)
    return locked


def accept(*, back: Return, by: User) -> Return:
    """Accept a CORE that came back. What goes back for it is fixed from now on, and above nothing in any case.

    Raises Stale for a parcel that did not hold it.
    """
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        policy.may_become(locked, ReturnState.ACCEPTED, by=by)
        policy.must_hold_it(locked)
        off = locked.age_off + (locked.parts_off or 0)
        locked.refund = worth.goes_back(device=locked.device, off=off, least=locked.lowest, fee_back=locked.fee_back)
        # From now on the CORE may be sent to somebody else, once it is wiped.
        locked.item.back_at = timezone.now()
        locked.item.save(update_fields=["back_at"])
        steps.back(locked, ReturnState.ACCEPTED, by, facts={"cents": locked.refund})
        subscriptions.end_for_return(back=locked, by=by)
        return_news.tell(locked)
    return locked


def reject(*, back: Return, by: User, reason: str) -> Return:
    """Reject a parcel, only one that did not hold the CORE. Its owner may still send that.

    Raises Stale for one that held it, ValidationError on "reason".
    """
    with transaction.atomic():
        _order, locked = return_locking.whole(back.pk)
        policy.may_become(locked, ReturnState.REJECTED, by=by)
        policy.must_not_hold_it(locked)
        locked.reason, locked.ended_at = policy.check_reason(reason), timezone.now()
        steps.back(locked, ReturnState.REJECTED, by, facts={"found": locked.found})
        return_news.tell(locked)
    return locked
