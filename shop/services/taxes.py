"""Tax rates, kept by administrators. A rate is never edited: it ends, and another begins."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from shop.models import TaxRate
from shop.policies import catalogue as catalogue_policy
from shop.policies import taxes as policy
from shop.policies import texts


def add(
    *,
    by: User,
    state: str,
    tax_code: str,
    basis_points: int,
    starts_on: date,
    zip_prefix: str = "",
    ends_on: date | None = None,
) -> TaxRate:
    """Add a rate. Raises ValidationError by field, on "starts_on" where it overlaps another one; Refused."""
    catalogue_policy.may_keep(by)
    code = policy.check_state("state_code", state)
    tidy = texts.check_text("tax_code", tax_code, longest=40)
    policy.check_rate(zip_prefix=zip_prefix, basis_points=basis_points, starts_on=starts_on, ends_on=ends_on)
    with transaction.atomic():
        try:
            with transaction.atomic():
                rate = TaxRate.objects.create(
                    state_code=code,
                    zip_prefix=zip_prefix,
                    tax_code=tidy,
                    basis_points=basis_points,
                    starts_on=starts_on,
                    ends_on=ends_on,
                )
        except IntegrityError as error:
            sentence = _("There is a rate for this place, code and time already. End that one first.")
            raise ValidationError({"starts_on": sentence}) from error
        facts: dict[str, int | str] = {"state": code, "zip": zip_prefix, "code": tidy, "basis_points": basis_points}
        record(event=Event.TAX_RATE_ADDED, actor=by.actor, subject=rate.subject, facts=facts)
    return rate


def end(*, rate: TaxRate, by: User, ends_on: date) -> TaxRate:
    """Let a rate end; `ends_on` is the first day without it. Raises ValidationError on "ends_on", Refused."""
    catalogue_policy.may_keep(by, subject=rate.subject)
    with transaction.atomic():
        locked = TaxRate.objects.select_for_update(no_key=True).get(pk=rate.pk)
        if ends_on <= locked.starts_on or (locked.ends_on is not None and ends_on > locked.ends_on):
            raise ValidationError({"ends_on": _("It ends after it begins, and not later than before.")})
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        facts = {"ends_on": ends_on.isoformat()}
        record(event=Event.TAX_RATE_ENDED, actor=by.actor, subject=locked.subject, facts=facts)
    return locked
