"""Acts on accounts: recognize at sign-in, count failures, disable, enable, erase, mail; and locks of their rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.hooks import Report
from audit.ledger.models import Alarm
from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import followers, policies
from fusus_portal.ground.accounts.models import Identity, SignInFailure, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import sign_ins
from fusus_portal.ground.lifecycle import NotYours, Refused
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from fusus_portal.ground.notifications.services.outbox import Letter


@transaction.atomic
def note(*, event: Event, about: User, by: Actor, kind: str = "") -> None:
    """Record an act that allauth carried out in this transaction. kind: kind of second factor, "" without one."""
    facts = {"kind": kind} if kind else None
    record(event=event, actor=by, subject=about.subject, facts=facts)


@transaction.atomic
def disable(*, account: User, by: Actor, why: str) -> User:
    held = User.objects.select_for_update().get(pk=account.pk)
    held.is_active = False
    held.disabled_at = timezone.now()
    held.save(update_fields=["is_active", "disabled_at"])
    followers.may_do_less(held, by)
    record(event=Event.ACCOUNT_DISABLED, actor=by, subject=held.subject, facts={"why": why})
    sign_ins.end_all_of(account=held, by=by)
    return held


def enable(*, held: User, by: Actor) -> None:
    held.is_active = True
    held.disabled_at = None
    held.save(update_fields=["is_active", "disabled_at"])
    record(event=Event.ACCOUNT_ENABLED, actor=by, subject=held.subject)


def forget_proofs(*, account: User, by: Actor) -> None:
    """Remove passkeys, code apps and links to identity providers, and end all sign-ins, inside the caller's act."""
    Authenticator.objects.filter(user=account).delete()
    Identity.objects.filter(account=account).delete()
    record(event=Event.FACTOR_REMOVED, actor=by, subject=account.subject, facts={"kind": "all"})
    sign_ins.end_all_of(account=account, by=by)


def copy_from_registration(*, account: User, language: str, is_business: bool) -> None:
    """Copy a registration's language and role to its account. A business stays a business: its orders must be found."""
    changes = {"language": language, **({"role": Role.BUSINESS} if is_business else {})}
    User.objects.filter(pk=account.pk, role__in=PUBLIC_ROLES).update(**changes)


def erase(*, account: User, by: Actor) -> None:
    """Delete an account with address, factors and sign-ins, inside the act by which its holder leaves."""
    sign_ins.end_all_of(account=account, by=by)
    User.objects.filter(pk=account.pk).delete()


def disable_unused(*, now: datetime, by: Actor) -> int:
    """Disable agency accounts unused for 90 days (CJIS AC-2(3)); return their number."""
    since = now - settings.UNUSED_LIMIT
    unused = User.objects.filter(
        Q(last_login__lt=since) | Q(last_login=None, joined_at__lt=since), role__in=AGENCY_ROLES, is_active=True
    )
    return sum(_disable_if_still(unused, pk, by) for pk in unused.values_list("pk", flat=True))


@transaction.atomic
def _disable_if_still(unused: QuerySet[User], pk: UUID, by: Actor) -> bool:
    held = unused.select_for_update().filter(pk=pk).first()
    if held is not None:
        disable(account=held, by=by, why="unused")
    return held is not None


@transaction.atomic
def change_contact(*, account: User, name: str, call_back_number: str, by: User) -> User:
    if account.pk != by.pk:
        raise NotYours(_("There is no such account."))
    held = User.objects.select_for_update().get(pk=account.pk)
    held.name, held.call_back_number = name.strip(), call_back_number.strip()
    held.save(update_fields=["name", "call_back_number"])
    record(event=Event.CONTACT_CHANGED, actor=by.actor, subject=held.subject)
    return held


def hold_by_email(email: str) -> User | None:
    """Return the agency account with this address, its row locked until the transaction ends, or None.

    The lock lasts while a password or code is checked, so that parallel guesses are counted one by one. NO KEY: other
    rows may refer to the account meanwhile, so a guesser does not block a deputy at work.
    """
    found = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower(), role__in=AGENCY_ROLES)
    return found.first()


def hold_asker(pk: UUID | None) -> User | None:
    """Lock the account that asked for an act of two people, before all other rows, so that its role stays."""
    return User.objects.select_for_update(no_key=True).get(pk=pk) if pk else None


def hold_people(*pks: UUID | None) -> dict[UUID, User]:
    """Lock accounts, in one order, before rows of what they do. A person's limits are counted under this lock."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk in pks if pk])
    return {each.pk: each for each in rows.order_by("pk")}


@transaction.atomic
def count_failure(*, account: User, by: Actor) -> bool:
    """Count a failed sign-in (in PostgreSQL); return True if it was the fifth in 15 minutes and locked the account."""
    now = timezone.now()
    SignInFailure.objects.filter(account=account, at__lte=now - settings.FAILURE_WINDOW).delete()
    SignInFailure.objects.create(account=account, at=now)
    if account.is_locked or account.sign_in_failures.count() < settings.FAILURES_BEFORE_LOCK:
        return False
    account.locked_at = now
    account.save(update_fields=["locked_at"])
    facts = {"failures": settings.FAILURES_BEFORE_LOCK}
    record(event=Event.ACCOUNT_LOCKED, actor=by, subject=account.subject, facts=facts)
    notifications.send(
        kind=MessageKind.ACCOUNT_LOCKED,
        to=account,
        about=account.subject,
        context={"locked_at": now.isoformat()},
    )
    return True


def recognize(*, issuer: str, subject: str, email: str) -> User:
    """Return the agency account of a person at the identity provider, its row locked until the transaction ends.

    The first sign-in links the two by e-mail address; later ones match issuer and subject only, so the next holder of
    the address at the provider does not get the account. email: "" unless the provider vouches for it. Never makes an
    account: that takes two administrators. Raises Refused, with one sentence for every reason.
    """
    with transaction.atomic():
        known = Identity.objects.select_related("account").filter(issuer=issuer, subject_id=subject).first()
        account = hold_by_email(known.account.email if known else email)
        if account is None or account.is_locked or not account.is_active:
            raise Refused(policies.refusal_sentence())
        if known is None:
            _link(account, issuer=issuer, subject=subject)
    return account


def _link(account: User, *, issuer: str, subject: str) -> None:
    if Identity.objects.filter(account=account, issuer=issuer).exists():
        raise Refused(policies.refusal_sentence())
    Identity.objects.create(account=account, issuer=issuer, subject_id=subject)
    record(event=Event.IDENTITY_LINKED, actor=account.actor, subject=account.subject)


def delete_unconfirmed(*, email: str, by: Actor) -> bool:
    """Delete an unconfirmed account with this address; return True if there was one."""
    return _delete_unconfirmed(_unconfirmed().filter(email=email.strip().lower()), by) > 0


def delete_old_unconfirmed(*, now: datetime, by: Actor) -> int:
    """Delete accounts that were not confirmed in time (24 hours); return their number."""
    late = _unconfirmed().filter(joined_at__lt=now - settings.UNCONFIRMED_LIMIT)
    return sum(_delete_unconfirmed(late.filter(pk=pk), by) for pk in list(late.values_list("pk", flat=True)))


def _unconfirmed() -> QuerySet[User]:
    """Return public accounts never confirmed and never signed in to; not imported ones, which wait for their owners."""
    own = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(
        Exists(own),
        ~Exists(own.filter(verified=True)),
        role__in=PUBLIC_ROLES,
        last_login__isnull=True,
        registrant__isnull=True,
    )


@transaction.atomic
def _delete_unconfirmed(accounts: QuerySet[User], by: Actor) -> int:
    """Delete accounts, locked with their addresses first: an account that is confirmed at this instant stays."""
    held = [account.pk for account in accounts.select_for_update(of=("self",))]
    list(EmailAddress.objects.select_for_update().filter(user__in=held))
    still = list(accounts.filter(pk__in=held))
    for account in still:
        record(event=Event.ACCOUNT_DELETED, actor=by, subject=account.subject, facts={"why": "unconfirmed"})
        account.delete()
    return len(still)


TOLD = (Role.AUDITOR, Role.ADMINISTRATOR)


def mail_alarms(alarms: Sequence[Alarm]) -> None:
    """Mail alarms of the log to auditors and administrators, also locked ones: the intruder may have locked them."""
    kinds = " ".join(dict.fromkeys(alarm.kind for alarm in alarms))
    staff = User.objects.filter(role__in=TOLD, is_active=True).order_by("pk")
    notifications.send_many(
        kind=MessageKind.LEDGER_ALARM,
        letters=[Letter(person, alarms[0].subject, {"kinds": kinds, "role": person.role}) for person in staff],
    )


def mail_log_report(report: Report) -> bool:
    """Mail the link of a saved search to its owner, never its content. False if they may no longer read the log."""
    auditor = User.objects.filter(pk=report.owner, role=Role.AUDITOR, is_active=True, locked_at__isnull=True).first()
    if auditor is None:
        return False
    context = {"search": report.search.id, "first": report.first.isoformat(), "last": report.last.isoformat()}
    notifications.send_many(kind=MessageKind.LOG_REPORT, letters=[Letter(auditor, report.search, context)])
    return True
