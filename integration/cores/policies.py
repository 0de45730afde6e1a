import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from fusus_portal.ground.lifecycle import Stale, check_length
from integration.cores.models import CHANNEL, SERIAL, Core, CoreModel, DeviceCamera
from integration.cores.states import CODED, IN_USE, CoreState
from integration.rules import MOST_CAMERAS, OFFLINE_AFTER
from registry.imports.models import Imported
from registry.places.models import Camera, Premises, PremisesKind
from registry.registrants.models import Registrant, RegistrantKind

NO_RECORDING = gettext_lazy("This CORE keeps no recording, so it can send no clip.")
LONGEST_NAME = 80
MOST_AT_ONCE = 200
LONGEST_CERTIFICATE = 60
_CERTIFICATE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,59}")


def must_be_current(model: CoreModel) -> None:
    if model.retired_at is not None:
        raise Stale(_("None of this kind of CORE is received any more."), subject=model.subject)


def check_model_name(name: str, *, but: CoreModel | None = None) -> str:
    """Return the name with tidy spaces. Raises ValidationError on "name" if a kind other than `but` has it."""
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name": _("Write what this kind of CORE is called.")})
    check_length(tidy, most=LONGEST_NAME, field="name")
    if CoreModel.objects.filter(name__iexact=tidy).exclude(pk__in=[but.pk] if but else []).exists():
        raise ValidationError({"name": _("There is a kind of this name already.")})
    return tidy


def check_spanish_name(name: str) -> str:
    """Return the Spanish name with tidy spaces, or "". Raises ValidationError on "name_es" if it is too long."""
    tidy = " ".join(name.split())
    check_length(tidy, most=LONGEST_NAME, field="name_es")
    return tidy


def check_camera_count(number: int, *, model: CoreModel | None = None) -> int:
    """Return the number. Raises on "cameras_supported" if one CORE of `model` connects more cameras now."""
    if not 1 <= number <= MOST_CAMERAS:
        sentence = _("One CORE connects 1 to %(most)d cameras.") % {"most": MOST_CAMERAS}
        raise ValidationError({"cameras_supported": sentence})
    of_kind = () if model is None else Core.objects.filter(model=model)
    used = max((core.cameras.filter(removed_at__isnull=True).count() for core in of_kind), default=0)
    if used > number:
        sentence = _("One of them connects %(used)d cameras now, so it can't be fewer.") % {"used": used}
        raise ValidationError({"cameras_supported": sentence})
    return number


def must_wait_for_code(core: Core) -> None:
    if core.state not in CODED:
        sentence = _("Only a CORE that is set aside or on its way has an activation code.")
        raise Stale(sentence, subject=core.subject)


def must_be_in_use(core: Core) -> None:
    if core.state not in IN_USE:
        raise Stale(_("This CORE is not in use."), subject=core.subject)


def must_be_active(core: Core) -> None:
    if core.state != CoreState.ACTIVE:
        raise Stale(_("This CORE is not active, so nothing can be changed behind it."), subject=core.subject)


def check_serials(text: str) -> list[str]:
    """Return the serial numbers of a text, one a line. Raises ValidationError on "serials" that names each bad one."""
    serials = [line.strip().upper() for line in text.splitlines() if line.strip()]
    if not serials:
        raise ValidationError({"serials": _("Write at least one serial number.")})
    if len(serials) > MOST_AT_ONCE:
        sentence = _("At most %(most)d at once. Please split the list.") % {"most": MOST_AT_ONCE}
        raise ValidationError({"serials": sentence})
    known = Core.objects.filter(serial__in=serials).order_by("serial").values_list("serial", flat=True)
    wrong = [
        _named(_("These can't be serial numbers: %(serials)s"), (s for s in serials if not re.match(SERIAL, s))),
        _named(_("These are there twice: %(serials)s"), (s for s, count in Counter(serials).items() if count > 1)),
        _named(_("These are known already: %(serials)s"), known),
    ]
    if any(wrong):
        raise ValidationError({"serials": [sentence for sentence in wrong if sentence]})
    return serials


def check_business(registrant: Registrant | None) -> Registrant:
    """Return the registration. Raises ValidationError on "reference" for None, a person's, or an unclaimed import."""
    if registrant is None:
        raise ValidationError({"reference": _("There is no registration with this number.")})
    if registrant.kind != RegistrantKind.BUSINESS:
        raise ValidationError({"reference": _("This registration is a person's. A CORE is for a business.")})
    if Imported.objects.filter(registrant=registrant, claimed_at__isnull=True).exists():
        sentence = _("This registration was brought from a former registry, and its owner has not taken it over yet.")
        raise ValidationError({"reference": sentence})
    return registrant


def check_place(premises: Premises | None, *, registrant: Registrant) -> Premises:
    """Return the place. Raises ValidationError on "premises" if it is another registrant's, removed, or a home."""
    if premises is None or premises.registrant_id != registrant.pk or premises.removed_at is not None:
        raise ValidationError({"premises": _("This place is not one of this business.")})
    if premises.kind == PremisesKind.HOME:
        raise ValidationError({"premises": _("This place is a home. A CORE is installed at a business.")})
    return premises


def check_certificate(number: str) -> str:
    """Return the tidy number of a certificate of wiping. Raises ValidationError on "certificate" if it is malformed."""
    tidy = " ".join(number.split())
    if not _CERTIFICATE.fullmatch(tidy):
        sentence = _("Write the number of the certificate of the three overwrites, with letters and digits.")
        raise ValidationError({"certificate": sentence})
    return tidy


def check_replacement(old: Core, new: Core | None, *, is_packed: bool) -> Core:
    """Return `new` if it can replace `old`. is_packed: `new` is in a parcel. Raises ValidationError on "serial"."""
    if new is None or new.state != CoreState.IN_STOCK or is_packed:
        raise ValidationError({"serial": _("There is no CORE with this serial number in stock.")})
    behind = old.cameras.filter(removed_at__isnull=True).count()
    if behind > new.model.cameras_supported:
        sentence = _("%(behind)d cameras are behind the old one, and this kind connects %(most)d.")
        raise ValidationError({"serial": sentence % {"behind": behind, "most": new.model.cameras_supported}})
    return new


def check_camera(camera: Camera, *, core: Core) -> Camera:
    """Return the camera. Raises ValidationError on "camera" unless it is registered at the place of the CORE."""
    if camera.removed_at is not None or camera.premises_id != core.premises_id:
        raise ValidationError({"camera": _("You can connect only a registered camera at the place of this CORE.")})
    return camera


def check_channel(channel: str, *, core: Core) -> str:
    """Return the channel. Raises ValidationError on "channel" if the CORE has not reported it."""
    if not re.match(CHANNEL, channel) or channel not in core.channels:
        raise ValidationError({"channel": _("This CORE has not reported such a channel.")})
    return channel


def check_room(core: Core, *, behind: int) -> None:
    """Raise ValidationError on "channel" if a CORE has as many cameras (`behind`) as its kind connects."""
    most = min(core.model.cameras_supported, MOST_CAMERAS)
    if behind >= most:
        sentence = _("This CORE connects at most %(most)d cameras.") % {"most": most}
        raise ValidationError({"channel": sentence})


def is_offline(core: Core, now: datetime) -> bool:
    return core.state == CoreState.ACTIVE and now - (core.seen_at or core.received_at) >= OFFLINE_AFTER


def must_be_connected(behind: DeviceCamera) -> None:
    if behind.removed_at is not None:
        raise Stale(_("This camera is no longer behind this CORE."), subject=behind.subject)


def _named(sentence: str, serials: Iterable[str]) -> str:
    found = [serial[:40] for serial in serials]
    return sentence % {"serials": ", ".join(found)} if found else ""
