"""Credentials of a CORE: its activation code (shown once, kept as a salted digest), its activation, its daily token."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.limits import TooManyRequests, spend
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Other, Refused
from fusus_portal.ground.numbers import ALPHABET
from fusus_portal.ground.steps import take
from integration.cores import hooks, locks, policies, signatures
from integration.cores.models import ActivationCode, Core, CoreToken
from integration.cores.states import CODED, CoreState
from integration.rules import CODE_ENTRIES, CODE_LIFE, TOKEN_LIFE, TOKEN_LONGEST, TOKEN_OVERLAP

GROUPS, GROUP_LENGTH = 2, 5


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A CORE and the code that activates it once. Only a digest is stored: an owner who loses the code gets another."""

    core: Core
    code: str


def issue_code(*, core: Core, by: User) -> IssuedCode:
    """Give a locked CORE a new activation code, inside the caller's transaction; an older code ends."""
    if core.registrant_id is None or core.premises_id is None:
        raise ValueError("a code is for a business, at one of its places")
    end_code(core=core)
    text = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    now, salt = timezone.now(), secrets.token_bytes(16)
    ActivationCode.objects.create(
        core=core,
        registrant_id=core.registrant_id,
        premises_id=core.premises_id,
        salt=salt,
        digest=_code_digest(text, salt=salt),
        issued_by=by,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )
    record(event=Event.CORE_CODE_ISSUED, actor=by.actor, subject=core.subject)
    return IssuedCode(core, text)


def end_code(*, core: Core) -> None:
    ActivationCode.objects.filter(core=core, ended_at__isnull=True).update(ended_at=timezone.now())


def _take_code(*, core: Core, code: str, actor: Actor) -> ActivationCode | None:
    """Use up the activation code of a locked CORE and return it; count a wrong code, write its entry, and return None.

    The caller commits in both cases, so that a refused try counts. Wrong codes never end the right one, since anybody
    can name a serial number; only the first tries of an hour leave entries. Raises CannotCount.
    """
    found = ActivationCode.objects.select_for_update(no_key=True).filter(core=core, ended_at__isnull=True).first()
    now = timezone.now()
    salt = bytes(found.salt) if found else b"-" * 16
    # The same work with and without a code, so that timing reveals nothing.
    same = hmac.compare_digest(_code_digest(code, salt=salt), bytes(found.digest) if found else b"-" * 32)
    if found is not None and same and found.expires_at > now:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        return found
    if found is not None:
        found.tries += 1
        found.save(update_fields=["tries"])
    with suppress(TooManyRequests):
        spend("core_code_entries", CODE_ENTRIES, str(core.pk))
        facts: dict[str, int | str] = {"tries": found.tries if found else 0}
        record(event=Event.CORE_CODE_REFUSED, actor=actor, subject=core.subject, facts=facts, outcome="refused")
    return None


def _code_digest(code: str, *, salt: bytes) -> bytes:
    """Return the salted digest of an activation code. Small letters, O for 0, I or L for 1, and hyphens are fine."""
    typed = code.upper().translate(str.maketrans("OIL", "011", " -"))
    return hashlib.sha256(salt + typed.encode()).digest()


PREFIX = "core_"


def issue_token(*, core: Core) -> str:
    """Give a locked CORE a new token and end every older one, inside the caller's transaction."""
    now = timezone.now()
    end_tokens(core=core)
    return _create_token(core, now)


def exchange_token(*, token: CoreToken) -> str:
    """Return a new token once a day, else "". The old token works for ten more minutes, in case this answer is lost."""
    now = timezone.now()
    if token.replaced_at is not None or token.issued_at > now - TOKEN_LIFE:
        return ""
    with transaction.atomic():
        core = locks.core(token.core_id)
        # Check again behind the lock: of two polls at the same instant one exchanges.
        due = CoreToken.objects.filter(digest=token.digest, replaced_at__isnull=True, ends_at__gt=now)
        if not due.update(replaced_at=now, ends_at=now + TOKEN_OVERLAP):
            return ""
        return _create_token(core, now)


def renew_token(*, core: Core) -> str:
    """Give a CORE that proved its key a new token for a lost, revoked or old one. Raises Stale unless it is active."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        policies.must_be_active(locked)
        return issue_token(core=locked)


def revoke_tokens(*, core: Core, by: User) -> Core:
    """End every token of a CORE as a clerk. The CORE signs in again with its key; somebody who copied a token can't."""
    with transaction.atomic():
        locked = locks.core(core.pk)
        demand(by, Permission.FULFILMENT, subject=locked.subject)
        policies.must_be_in_use(locked)
        ended = end_tokens(core=locked)
        record(event=Event.CORE_TOKENS_REVOKED, actor=by.actor, subject=locked.subject, facts={"tokens": ended})
    return locked


def end_tokens(*, core: Core) -> int:
    """End every token of a locked CORE now, inside the caller's transaction; return how many still worked."""
    now = timezone.now()
    working = CoreToken.objects.filter(core=core, ends_at__gt=now)
    ended = working.update(ends_at=now)
    CoreToken.objects.filter(core=core, replaced_at__isnull=True).update(replaced_at=now)
    for follower in hooks.core_followers:
        follower.signed_out(core)
    return ended


def _create_token(core: Core, now: datetime) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    CoreToken.objects.create(
        digest=signatures.token_digest(token), core=core, issued_at=now, ends_at=now + TOKEN_LONGEST
    )
    return token


def device_actor(core: Core) -> Actor:
    return Actor(ActorKind.DEVICE, str(core.pk), role=Other.DEVICE)


def activate(*, serial: str, code: str, key: str, firmware: str) -> tuple[Core, str]:
    """Activate a CORE for the business and the place of its code; return the CORE and its first token.

    key: the CORE's public Ed25519 key, 32 bytes in base64. One sentence refuses a wrong, used or expired code, another
    business's code, and an unknown serial number, so that nobody can probe serial numbers; a wrong code leaves an
    entry. Of two calls at the same instant one wins. Raises Refused, and ValidationError on "key".
    """
    if not signatures.is_public_key(key):
        raise ValidationError({"key": _("This is no Ed25519 public key: 32 bytes in base64.")})
    with transaction.atomic():
        found = Core.objects.filter(serial=serial).first()
        done = _activate(locks.core(found.pk), code, key, firmware) if found else None
    if done is None:
        subject = found.subject if found else None
        raise Refused(_("This serial number and this code do not match, or the code has expired."), subject=subject)
    return done


def _activate(core: Core, code: str, key: str, firmware: str) -> tuple[Core, str] | None:
    """Return the CORE and its token, or None if this code can't activate it; the failed try stays counted."""
    actor = device_actor(core)
    taken = _take_code(core=core, code=code, actor=actor)
    if taken is None or core.state not in CODED or taken.registrant_id != core.registrant_id:
        return None
    core.premises_id, core.key, core.firmware = taken.premises_id, key, firmware
    core.activated_at = core.seen_at = timezone.now()
    take(core, CoreState.ACTIVE, actor, facts={"firmware": firmware})
    for follower in hooks.core_followers:
        follower.activated(core, actor)
    return core, issue_token(core=core)
