"""Tax rates and exemption certificates.

Administrators keep the rates. A rate is never edited: it ends, and another begins. Clerks decide on certificates.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from registry.registrants import locks
from registry.registrants.models import Registrant
from shop.catalogue import files, policies
from shop.orders import policies as orders
from shop.orders.models.orders import ExemptionCertificate, TaxRate


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
    """Add a tax rate. Raises Refused, and ValidationError by field: on "starts_on" if it overlaps another rate."""
    demand(by, Permission.ADMINISTER)
    code = orders.check_state("state_code", state)
    tidy = policies.check_text("tax_code", tax_code, longest=40)
    orders.check_tax_rate(zip_prefix=zip_prefix, basis_points=basis_points, starts_on=starts_on, ends_on=ends_on)
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
    """End a tax rate; `ends_on` is the first day without it. Raises Refused, ValidationError on "ends_on"."""
    demand(by, Permission.ADMINISTER, subject=rate.subject)
    with transaction.atomic():
        locked = TaxRate.objects.select_for_update(no_key=True).get(pk=rate.pk)
        if ends_on <= locked.starts_on or (locked.ends_on is not None and ends_on > locked.ends_on):
            raise ValidationError({"ends_on": _("It ends after it begins, and not later than before.")})
        locked.ends_on = ends_on
        locked.save(update_fields=["ends_on"])
        facts = {"ends_on": ends_on.isoformat()}
        record(event=Event.TAX_RATE_ENDED, actor=by.actor, subject=locked.subject, facts=facts)
    return locked


def send(
    *, registrant: Registrant, by: User, state: str, number: str, valid_until: date | None, paper: "File[bytes] | None"
) -> ExemptionCertificate:
    """Send a business's certificate of tax exemption for a state. It counts once a clerk has approved it.

    Raises NotYours if the registrant is somebody else's, Refused for a private buyer, ValidationError by field.
    """
    key, content = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        owner = locks.own_registrant(registrant.pk, by=by)
        orders.check_business(owner)
        certificate = ExemptionCertificate.objects.create(
            registrant=owner,
            party=owner.name,
            state_code=orders.check_state("state_code", state),
            number=policies.check_text("number", number, longest=40),
            valid_until=orders.check_valid_until(valid_until, today=timezone.localdate()),
            paper=key,
        )
        facts: dict[str, int | str] = {"state": certificate.state_code, "registrant": str(owner.pk)}
        record(event=Event.EXEMPTION_SENT, actor=by.actor, subject=certificate.subject, facts=facts)
        files.keep_paper(key, content)
    return certificate


def approve(*, certificate: ExemptionCertificate, by: User) -> ExemptionCertificate:
    """Approve a tax certificate, for orders from now on. Raises Refused, Stale, ValidationError if it has expired."""
    with transaction.atomic():
        locked = _locked(certificate, by)
        orders.check_valid_until(locked.valid_until, today=timezone.localdate())
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        record(event=Event.EXEMPTION_APPROVED, actor=by.actor, subject=locked.subject)
    return locked


def decline(*, certificate: ExemptionCertificate, by: User, reason: str) -> ExemptionCertificate:
    """Decline a tax certificate with a reason. Raises Refused, Stale, ValidationError on "reason"."""
    with transaction.atomic():
        locked = _locked(certificate, by)
        locked.reason = policies.check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.EXEMPTION_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
    return locked


def _locked(certificate: ExemptionCertificate, by: User) -> ExemptionCertificate:
    demand(by, Permission.FULFILMENT, subject=certificate.subject)
    locked = ExemptionCertificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    orders.must_be_undecided(locked)
    return locked
