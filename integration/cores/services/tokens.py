"""Tokens of COREs: one secret for each, exchanged every day, revoked at once."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from integration import hooks
from integration.cores import locks, policies
from integration.cores.models import Core, CoreToken
from integration.rules import TOKEN_LIFE, TOKEN_LONGEST, TOKEN_OVERLAP

PREFIX = "core_"


def issue(*, core: Core) -> str:
    """Give a locked CORE a new token and end every older one, inside the caller's transaction."""
    now = timezone.now()
    end_all(core=core)
    return _create(core, now)


def exchange(*, token: CoreToken) -> str:
    """Return a new token once a day, else "". The old one works for ten minutes, in case this answer is lost."""
    now = timezone.now()
    if token.replaced_at is not None or token.issued_at > now - TOKEN_LIFE:
        return ""
    with transaction.atomic():
        core = locks.core(token.core_id)
        # Check again behind the lock: of two polls at the same instant one exchanges.
        due = CoreToken.objects.filter(digest=token.digest, replaced_at__isnull=True, ends_at__gt=now)
        if not due.update(replaced_at=now, ends_at=now + TOKEN_OVERLAP):
            return ""
        return _create(core, now)


def renew(*, core: Core) -> str:
    """Give a CORE that proved its key a new token: its own was lost, revoked, or is too old. Raises Stale."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        policies.must_be_active(locked)
        return issue(core=locked)


def revoke(*, core: Core, by: User) -> Core:
    """End every token of a CORE. It signs in again with its key; somebody who copied a token can't."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        policies.must_be_in_use(locked)
        ended = end_all(core=locked)
        record(event=Event.CORE_TOKENS_REVOKED, actor=by.actor, subject=locked.subject, facts={"tokens": ended})
    return locked


def end_all(*, core: Core) -> int:
    """End every token of a locked CORE now, inside the caller's transaction; return how many still worked."""
    now = timezone.now()
    working = CoreToken.objects.filter(core=core, ends_at__gt=now)
    ended = working.update(ends_at=now)
    CoreToken.objects.filter(core=core, replaced_at__isnull=True).update(replaced_at=now)
    for follower in hooks.core_followers:
        follower.signed_out(core)
    return ended


def digest_of(token: str) -> bytes:
    """Return the stored digest of a token. A token has 256 random bits, so it needs no salt."""
    return hashlib.sha256(token.encode()).digest()


def _create(core: Core, now: datetime) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    CoreToken.objects.create(digest=digest_of(token), core=core, issued_at=now, ends_at=now + TOKEN_LONGEST)
    return token
