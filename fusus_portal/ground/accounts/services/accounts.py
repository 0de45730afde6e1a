from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts import followers
from fusus_portal.ground.accounts.models import Identity, User
from fusus_portal.ground.accounts.roles import AGENCY_ROLES, PUBLIC_ROLES, Role
from fusus_portal.ground.accounts.services import sign_ins
from fusus_portal.ground.lifecycle import NotYours


@transaction.atomic
def note(*, event: Event, about: User, by: Actor, kind: str = "") -> None:
    """Record an act that allauth carried out in this transaction. kind: of the factor, if any."""
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
    """Remove passkeys, code apps and the provider's identity, and end all sign-ins, inside the caller's act."""
    Authenticator.objects.filter(user=account).delete()
    Identity.objects.filter(account=account).delete()
    record(event=Event.FACTOR_REMOVED, actor=by, subject=account.subject, facts={"kind": "all"})
    sign_ins.end_all_of(account=account, by=by)


def follow(*, account: User, language: str, is_business: bool) -> None:
    """Set language and role from the registration. A business stays one: its orders must still be found."""
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
