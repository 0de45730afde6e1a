"""Activation: a CORE gives its serial number, its code, and the public half of its key."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.lifecycle import Other, Refused
from fusus_portal.ground.steps import take
from integration import hooks
from integration.cores import locks, signatures
from integration.cores.models import Core
from integration.cores.services import codes, tokens
from integration.cores.states import CODED, CoreState


def device_actor(core: Core) -> Actor:
    return Actor(ActorKind.DEVICE, str(core.pk), role=Other.DEVICE)


def activate(*, serial: str, code: str, key: str, firmware: str) -> tuple[Core, str]:
    """Activate a CORE for the business and the place of its code; return it and its token.

    key: its public Ed25519 key, 32 bytes in base64. A wrong, used, expired or foreign code and an unknown serial number
    are refused with one sentence, so that serial numbers can't be probed; a wrong code leaves an entry. Of two calls at
    the same instant one wins. Raises Refused, and ValidationError on "key".
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
    """Return the CORE and its token, None if this code can't activate it: the try is counted, not undone."""
    actor = device_actor(core)
    taken = codes.take(core=core, code=code, actor=actor)
    if taken is None or core.state not in CODED or taken.registrant_id != core.registrant_id:
        return None
    core.premises_id, core.key, core.firmware = taken.premises_id, key, firmware
    core.activated_at = core.seen_at = timezone.now()
    take(core, CoreState.ACTIVE, actor, facts={"firmware": firmware})
    for follower in hooks.core_followers:
        follower.activated(core, actor)
    return core, tokens.issue(core=core)
