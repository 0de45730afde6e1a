"""Tax exemption certificates: sent by businesses, decided on by clerks."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from audit.events import Event
from audit.services import record
from fusus_portal.accounts.models import User
from registry.models import Registrant
from registry.services import locking as registry_locking
from shop import files
from shop.models import ExemptionCertificate
from shop.policies import orders as order_policy
from shop.policies import taxes as policy
from shop.policies import texts


def send(
    *, registrant: Registrant, by: User, state: str, number: str, valid_until: date | None, paper: "File[bytes] | None"
) -> ExemptionCertificate:
    """Send a certificate for a state. It counts once a clerk has approved it.

    Raises NotYours for another's registration, Refused for a person, ValidationError by field.
    """
    key, content = files.check_paper(paper, sender=by.pk)
    with transaction.atomic():
        owner = registry_locking.own_registrant(registrant.pk, by=by)
        order_policy.check_business(owner)
        certificate = ExemptionCertificate.objects.create(
            registrant=owner,
            party=owner.name,
            state_code=policy.check_state("state_code", state),
            number=texts.check_text("number", number, longest=40),
            valid_until=policy.check_valid_until(valid_until, today=timezone.localdate()),
            paper=key,
        )
        facts: dict[str, int | str] = {"state": certificate.state_code, "registrant": str(owner.pk)}
        record(event=Event.EXEMPTION_SENT, actor=by.actor, subject=certificate.subject, facts=facts)
        files.keep_paper(key, content)
    return certificate


def approve(*, certificate: ExemptionCertificate, by: User) -> ExemptionCertificate:
    """Let a certificate count, for orders from now on. Raises Refused, Stale, ValidationError for one that is over."""
    with transaction.atomic():
        locked = _locked(certificate, by)
        policy.check_valid_until(locked.valid_until, today=timezone.localdate())
        locked.approved_by, locked.approved_at = by, timezone.now()
        locked.save(update_fields=["approved_by", "approved_at"])
        record(event=Event.EXEMPTION_APPROVED, actor=by.actor, subject=locked.subject)
    return locked


def decline(*, certificate: ExemptionCertificate, by: User, reason: str) -> ExemptionCertificate:
    """Decline a certificate, and say why. Raises Refused, Stale, ValidationError on "reason"."""
    with transaction.atomic():
        locked = _locked(certificate, by)
        locked.reason = texts.check_text("reason", reason, longest=200)
        locked.declined_by, locked.declined_at = by, timezone.now()
        locked.save(update_fields=["declined_by", "declined_at", "reason"])
        record(event=Event.EXEMPTION_DECLINED, actor=by.actor, subject=locked.subject, reason=reason)
    return locked


def _locked(certificate: ExemptionCertificate, by: User) -> ExemptionCertificate:
    policy.may_decide(by, subject=certificate.subject)
    locked = ExemptionCertificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    policy.must_be_open(locked)
    return locked
