"""Activation codes: shown once, kept as a salted digest, too long to be guessed."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass

from django.utils import timezone

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.limits import TooManyRequests, spend
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.numbers import ALPHABET
from integration.cores.models import ActivationCode, Core
from integration.rules import CODE_ENTRIES, CODE_LIFE

GROUPS, GROUP_LENGTH = 2, 5


@dataclass(frozen=True, slots=True)
class Issued:
    """A CORE and the code that activates it once. The code is stored nowhere: an owner who loses it gets another."""

    core: Core
    code: str


def issue(*, core: Core, by: User) -> Issued:
    """Give a locked CORE a new code, inside the caller's transaction; an older one ends."""
    if core.registrant_id is None or core.premises_id is None:
        raise ValueError("a code is for a business, at one of its places")
    end(core=core)
    text = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    now, salt = timezone.now(), secrets.token_bytes(16)
    ActivationCode.objects.create(
        core=core,
        registrant_id=core.registrant_id,
        premises_id=core.premises_id,
        salt=salt,
        digest=digest(text, salt=salt),
        issued_by=by,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )
    record(event=Event.CORE_CODE_ISSUED, actor=by.actor, subject=core.subject)
    return Issued(core, text)


def end(*, core: Core) -> None:
    ActivationCode.objects.filter(core=core, ended_at__isnull=True).update(ended_at=timezone.now())


def take(*, core: Core, code: str, actor: Actor) -> ActivationCode | None:
    """Use up the code of a locked CORE if this is it; else count the try, write its entry, and return None.

    The caller commits either way: a refused try counts too. It ends no code, since anybody can name a serial number;
    and only the first tries of an hour have an entry, so that nobody fills the log. Raises CannotCount.
    """
    found = ActivationCode.objects.select_for_update(no_key=True).filter(core=core, ended_at__isnull=True).first()
    now = timezone.now()
    salt = bytes(found.salt) if found else b"-" * 16
    # The same work with and without a code, so that timing reveals nothing.
    same = hmac.compare_digest(digest(code, salt=salt), bytes(found.digest) if found else b"-" * 32)
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


def digest(code: str, *, salt: bytes) -> bytes:
    """Return the salted digest of a code in any spelling: small letters, O for 0, I or L for 1, without the hyphen."""
    typed = code.upper().translate(str.maketrans("OIL", "011", " -"))
    return hashlib.sha256(salt + typed.encode()).digest()
