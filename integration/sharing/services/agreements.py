"""The sharing agreement: signed, renewed, taken back, ended automatically. Without one in force nothing is shared."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.actors import task_actor
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.agency.selectors import sharing_terms
from fusus_portal.ground.languages import local
from fusus_portal.ground.lifecycle import NotYours, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from integration import hooks
from integration.cores.models import DeviceCamera
from integration.rules import AGREEMENT_KEPT, AGREEMENT_LIFE, AGREEMENT_RENEWAL_NOTICE
from integration.sharing.models import SharingAgreement, SharingRule
from integration.sharing.policies import signatures
from integration.sharing.selectors import lasting_agreements, left_and_over
from integration.sharing.services import sharing_rules
from registry.people import locks
from registry.people.models import Registrant

ENDER = "integration.end_agreements"
REMINDER = "integration.remind_agreements"
FORGETTER = "integration.forget_agreements"
AT_ONCE = 200


def sign(*, registrant: Registrant, by: User, document: UUID, signer: str, title: str) -> SharingAgreement:
    """Sign the version in force, for a year; it replaces the agreement before.

    document: the version that the person read. Raises NotYours for another's registration, Refused for a resident,
    Stale if a newer version came in between, ValidationError by field.
    """
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        demand(by, Permission.OWN_DEVICES, subject=locked.subject)
        terms = sharing_terms()
        if terms.pk != document:
            raise Stale(newer(), subject=terms.subject)
        signer, title = signatures.check_signature(signer=signer, title=title)
        now = timezone.now()
        before = _current(locked)
        if before is not None:
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        signed = SharingAgreement.objects.create(
            registrant=locked,
            party=locked.name,
            document=terms,
            language=local("en", "es"),
            signer=signer,
            title=title,
            signed_at=now,
            ends_on=timezone.localdate(now) + AGREEMENT_LIFE,
        )
        facts: dict[str, int | str] = {"version": terms.number, "ends_on": signed.ends_on.isoformat()}
        if before is not None:
            facts["replaces"] = str(before.pk)
            # Running views are checked again, by the new agreement.
            hooks.permission_changed.answer(actor=by.actor, registrant=locked.pk)
        record(event=Event.SHARING_SIGNED, actor=by.actor, subject=signed.subject, facts=facts)
    return signed


def revoke(*, agreement: SharingAgreement, by: User) -> SharingAgreement:
    """Take an agreement back: nothing is shared from now on; twice has one effect. Raises NotYours, Stale."""
    with transaction.atomic():
        locked = _own(agreement, by)
        if locked.revoked_at is not None:
            return locked
        if locked.over_at is not None:
            raise Stale(_("This agreement has already ended."), subject=locked.subject)
        _revoke(locked, by.actor)
        if locked.registrant is not None:
            hooks.permission_changed.answer(actor=by.actor, registrant=locked.registrant.pk)
            sharing_rules.stop_all(registrant=locked.registrant, actor=by.actor)
    return locked


def end_due() -> int:
    """Record the end of agreements, and tell the businesses; return the number. The gate asks the day anyway."""
    return sum(iter(_end_batch, 0))


def end_for_leaver(registrant: Registrant, actor: Actor) -> None:
    """End agreement and rules inside the transaction of leaving (promise R12). The agreements stay, the rules go."""
    agreement = _current(registrant)
    if agreement is not None:
        _revoke(agreement, actor)
        hooks.permission_changed.answer(actor=actor, registrant=registrant.pk)
    behind = DeviceCamera.objects.filter(camera__premises__registrant=registrant)
    gone = list(behind.values_list("pk", flat=True))
    SharingRule.objects.filter(camera__in=gone).delete()
    SharingRule.history.filter(camera_id__in=gone).delete()


def forget_due() -> int:
    """Delete the agreements of businesses that have left, once they need not be kept; return the number."""
    return sum(iter(_forget_batch, 0))


def remind_due() -> int:
    """Tell once, ahead of time, that an agreement ends; return the number of messages."""
    return sum(iter(_remind_batch, 0))


def _current(registrant: Registrant) -> SharingAgreement | None:
    """Lock the agreement of a locked registration that has not ended: the task that ends it locks no registration."""
    rows = lasting_agreements().select_for_update(of=("self",), no_key=True).select_related("document")
    return rows.filter(registrant=registrant).first()


def _own(agreement: SharingAgreement, by: User) -> SharingAgreement:
    if agreement.registrant_id is None:
        raise NotYours(_("There is no such agreement."), subject=agreement.subject)
    registrant = locks.own_registrant(agreement.registrant_id, by=by)
    rows = SharingAgreement.objects.select_for_update(of=("self",), no_key=True).select_related("document")
    locked = rows.get(pk=agreement.pk)
    locked.registrant = registrant
    return locked


def _revoke(locked: SharingAgreement, actor: Actor) -> None:
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(event=Event.SHARING_REVOKED, actor=actor, subject=locked.subject, facts={"version": locked.document.number})


@transaction.atomic
def _end_batch() -> int:
    due = _locked(lasting_agreements().filter(ends_on__lt=timezone.localdate()))
    for agreement in due:
        agreement.ended_at = timezone.now()
        agreement.save(update_fields=["ended_at"])
        if agreement.registrant_id is not None:
            hooks.permission_changed.answer(actor=task_actor(ENDER), registrant=agreement.registrant_id)
        facts = {"ends_on": agreement.ends_on.isoformat()}
        record(event=Event.SHARING_ENDED, actor=task_actor(ENDER), subject=agreement.subject, facts=facts)
        _write(agreement, MessageKind.SHARING_ENDED)
    return len(due)


@transaction.atomic
def _forget_batch() -> int:
    due = left_and_over(before=timezone.now() - AGREEMENT_KEPT)
    rows = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    for agreement in rows:
        record(event=Event.SHARING_FORGOTTEN, actor=task_actor(FORGETTER), subject=agreement.subject)
    SharingAgreement.objects.filter(pk__in=[agreement.pk for agreement in rows]).delete()
    return len(rows)


@transaction.atomic
def _remind_batch() -> int:
    today = timezone.localdate()
    until = today + AGREEMENT_RENEWAL_NOTICE
    due = _locked(lasting_agreements().filter(reminded_at__isnull=True, ends_on__gte=today, ends_on__lte=until))
    for agreement in due:
        agreement.reminded_at = timezone.now()
        agreement.save(update_fields=["reminded_at"])
        facts = {"ends_on": agreement.ends_on.isoformat()}
        record(event=Event.SHARING_REMINDED, actor=task_actor(REMINDER), subject=agreement.subject, facts=facts)
        _write(agreement, MessageKind.SHARING_ENDING)
    return len(due)


def _locked(due: QuerySet[SharingAgreement]) -> list[SharingAgreement]:
    rows = due.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("registrant__user")
    return list(rows.order_by("ends_on", "pk")[:AT_ONCE])


def _write(agreement: SharingAgreement, kind: MessageKind) -> None:
    context = {"agreement": str(agreement.pk)}
    notifications.send(kind=kind, to=agreement.registrant, about=agreement.subject, context=context)
