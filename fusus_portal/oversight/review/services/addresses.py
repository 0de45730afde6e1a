"""Addresses for the alarm about overdue reviews: one administrator proposes, another approves."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts import policies as accounts
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import accounts as account_services
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.oversight.review import locks, policies
from fusus_portal.oversight.review.models import AlarmAddress


def propose(*, email: str, by: User) -> AlarmAddress:
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
        _record(Event.REVIEW_ADDRESS_PROPOSED, address, by)
    return address


def approve(*, address: AlarmAddress, by: User) -> AlarmAddress:
    """Approve another administrator's proposal, and retire the address before. Raises Refused, Stale."""
    with transaction.atomic():
        asker = account_services.hold_asker(address.proposed_by_id)
        locked = locks.address(address.pk)
        policies.may_approve_address(by, locked)
        accounts.must_have_valid_asker(
            asker, lambda asker: demand(asker, Permission.ADMINISTER), subject=locked.subject
        )
        before = AlarmAddress.objects.select_for_update(no_key=True).filter(
            approved_at__isnull=False, retired_at__isnull=True
        )
        for each in before.exclude(pk=locked.pk):
            _retire(each, by)
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        _record(Event.REVIEW_ADDRESS_APPROVED, locked, by)
    return locked


def cancel(*, address: AlarmAddress, by: User) -> AlarmAddress:
    """Cancel a proposal. Only a new approval ends an address in use, so there always is one. Raises Refused, Stale."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        locked = locks.address(address.pk)
        if locked.approved_at is not None or locked.retired_at is not None:
            raise Stale(_("This address was decided on already."), subject=locked.subject)
        _retire(locked, by)
    return locked


def _retire(address: AlarmAddress, by: User) -> None:
    address.retired_by, address.retired_at = by, timezone.now()
    address.save(update_fields=["retired_by", "retired_at"])
    _record(Event.REVIEW_ADDRESS_RETIRED, address, by)


def _record(event: Event, address: AlarmAddress, by: User) -> None:
    record(event=event, actor=by.actor, subject=address.subject)
