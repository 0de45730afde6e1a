"""The address that hears of overdue reviews: an administrator proposes one, another approves it."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import policies as account_policies
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts
from fusus_portal.oversight.review import policies
from fusus_portal.oversight.review.models import AlarmAddress


def propose_address(*, email: str, by: User) -> AlarmAddress:
    """Propose an address to a second administrator. Raises Refused, ValidationError on "email"."""
    demand(by, Permission.ADMINISTER)
    address = AlarmAddress(email=email.strip().lower(), proposed_by=by)
    address.full_clean(validate_constraints=False)
    with transaction.atomic():
        try:
            with transaction.atomic():
                address.save(force_insert=True)
        except IntegrityError as error:
            raise ValidationError({"email": _("This address is in use or proposed already.")}) from error
        record(event=Event.REVIEW_ADDRESS_PROPOSED, actor=by.actor, subject=address.subject)
    return address


def approve_address(*, address: AlarmAddress, by: User) -> AlarmAddress:
    """Approve another administrator's proposal, and retire the address in use so far. Raises Refused, Stale."""
    with transaction.atomic():
        asker = accounts.hold_asker(address.proposed_by_id)
        locked = AlarmAddress.objects.select_for_update(no_key=True).get(pk=address.pk)
        policies.may_approve_address(by, locked)
        account_policies.must_have_valid_asker(
            asker, lambda asker: demand(asker, Permission.ADMINISTER), subject=locked.subject
        )
        in_use = AlarmAddress.objects.filter(approved_at__isnull=False, retired_at__isnull=True)
        for each in in_use.select_for_update(no_key=True).exclude(pk=locked.pk):
            _retire_address(each, by)
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        record(event=Event.REVIEW_ADDRESS_APPROVED, actor=by.actor, subject=locked.subject)
    return locked


def cancel_address(*, address: AlarmAddress, by: User) -> AlarmAddress:
    """Cancel a proposed address. Raises Refused, Stale for the address in use, which only another's approval ends."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = AlarmAddress.objects.select_for_update(no_key=True).get(pk=address.pk)
        policies.must_be_undecided(locked)
        _retire_address(locked, by)
    return locked


def _retire_address(address: AlarmAddress, by: User) -> None:
    address.retired_by, address.retired_at = by, timezone.now()
    address.save(update_fields=["retired_by", "retired_at"])
    record(event=Event.REVIEW_ADDRESS_RETIRED, actor=by.actor, subject=address.subject)
