"""Who keeps COREs, and what may become of one."""

import re
from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lifecycle import Refused, Stale
from integration.models import Core
from integration.models.cores import SERIAL
from integration.states import CODED, CORE, IN_USE, CoreState
from registry.models import Imported, Premises, Registrant, RegistrantKind
from registry.models.people import PremisesKind

MOST_AT_ONCE = 200
LONGEST_CERTIFICATE = 60
_CERTIFICATE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,59}")


def may_fulfil(by: User, *, subject: tuple[str, str] | None = None) -> None:
    """Raise Refused unless `by` is a clerk."""
    if by.role != Role.CLERK:
        raise Refused(_("Only clerks pack, ship and receive COREs."), subject=subject)


def may_place(by: User, *, subject: tuple[str, str]) -> None:
    """Raise Refused unless `by` may say where a CORE stands: a clerk, or the business that has it."""
    if by.role not in (Role.CLERK, Role.BUSINESS):
        raise Refused(_("Only clerks, and the business that has it, say where a CORE stands."), subject=subject)


def may_become(core: Core, target: CoreState, *, by: User) -> None:
    """Raise Stale or Refused, by the lifecycle, when a CORE can't become this now, or not by this person."""
    CORE.check(source=core.state, target=target, role=by.role, subject=core.subject)


def may_have_code(core: Core) -> None:
    """Raise Stale unless the CORE waits to be activated."""
    if core.state not in CODED:
        sentence = _("Only a CORE that is set aside or on its way has an activation code.")
        raise Stale(sentence, subject=core.subject)


def must_be_in_use(core: Core) -> None:
    """Raise Stale unless the CORE stands at a place and is known by its key."""
    if core.state not in IN_USE:
        raise Stale(_("This CORE is not in use."), subject=core.subject)


def must_be_active(core: Core) -> None:
    """Raise Stale unless the CORE works."""
    if core.state != CoreState.ACTIVE:
        raise Stale(_("This CORE is not active, so nothing can be changed behind it."), subject=core.subject)


def check_serials(text: str) -> list[str]:
    """Return the serial numbers of a text, one each line. Raises ValidationError on "serials" that names the bad ones.

    All or none: a number that can't be one, that stands there twice or that is known already stops the others.
    """
    serials = [line.strip().upper() for line in text.splitlines() if line.strip()]
    if not serials:
        raise ValidationError({"serials": _("Write at least one serial number.")})
    if len(serials) > MOST_AT_ONCE:
        sentence = _("At most %(most)d at once. Please split the list.") % {"most": MOST_AT_ONCE}
        raise ValidationError({"serials": sentence})
    wrong = [
        _named(_("These can't be serial numbers: %(serials)s"), (s for s in serials if not re.match(SERIAL, s))),
        _named(_("These stand there twice: %(serials)s"), (s for s, count in Counter(serials).items() if count > 1)),
        _named(_("These are known already: %(serials)s"), _known(serials)),
    ]
    if any(wrong):
        raise ValidationError({"serials": [sentence for sentence in wrong if sentence]})
    return serials


def _known(serials: list[str]) -> list[str]:
    return list(Core.objects.filter(serial__in=serials).order_by("serial").values_list("serial", flat=True))


def _named(sentence: str, serials: Iterable[str]) -> str:
    found = [serial[:40] for serial in serials]
    return sentence % {"serials": ", ".join(found)} if found else ""


def check_business(registrant: Registrant | None) -> Registrant:
    """Return the registration. Raises ValidationError on "reference" for none, and for a person's."""
    if registrant is None:
        raise ValidationError({"reference": _("There is no registration with this number.")})
    if registrant.kind != RegistrantKind.BUSINESS:
        raise ValidationError({"reference": _("This registration is a person's. A CORE is for a business.")})
    if Imported.objects.filter(registrant=registrant, claimed_at__isnull=True).exists():
        sentence = _("This registration was brought from a former registry, and its owner has not taken it over yet.")
        raise ValidationError({"reference": sentence})
    return registrant


def check_place(premises: Premises | None, *, registrant: Registrant) -> Premises:
    """Return the place. Raises ValidationError on "premises" for another's, a removed one, and a home."""
    if premises is None or premises.registrant_id != registrant.pk or premises.removed_at is not None:
        raise ValidationError({"premises": _("This place is not one of this business.")})
    if premises.kind == PremisesKind.HOME:
        raise ValidationError({"premises": _("This place is a home. A CORE stands at a business.")})
    return premises


def check_certificate(number: str) -> str:
    """Return the number of a certificate of wiping. Raises ValidationError on "certificate" (NIST MP-6)."""
    tidy = " ".join(number.split())
    if not _CERTIFICATE.fullmatch(tidy):
        sentence = _("Write the number of the certificate of the three overwrites, with letters and digits.")
        raise ValidationError({"certificate": sentence})
    return tidy


def check_replacement(old: Core, new: Core | None) -> Core:
    """Return the CORE that takes the place of another. Raises ValidationError on "serial"."""
    if new is None or new.state != CoreState.IN_STOCK:
        raise ValidationError({"serial": _("There is no CORE with this serial number in stock.")})
    behind = old.cameras.filter(removed_at__isnull=True).count()
    if behind > new.model.cameras_supported:
        sentence = _("%(behind)d cameras are behind the old one, and this kind connects %(most)d.")
        raise ValidationError({"serial": sentence % {"behind": behind, "most": new.model.cameras_supported}})
    return new
