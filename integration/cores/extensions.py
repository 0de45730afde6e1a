"""Integration follows what becomes of registrations, and says what leaving means for a business with a CORE."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integration.models import Core
from integration.services import following
from integration.states import HELD, IN_USE
from registry import followers
from registry.followers import Follower
from registry.models import Premises, Registrant


def register() -> None:
    """Follow."""
    followers.register(
        Follower(
            name="integration",
            cameras_end=following.cameras_end,
            cameras_pause=following.cameras_pause,
            place_ends=following.place_ends,
            place_moves=following.place_moves,
            pin_moves=following.pin_moves,
            registration_ends=following.registration_ends,
            told=told,
            told_ending=told_ending,
            told_moving=told_moving,
            why_business=why_business,
        )
    )


def told(registrant: Registrant) -> list[str]:
    """Return what leaving means for the COREs of a business."""
    serials = list(Core.objects.filter(registrant=registrant).order_by("serial").values_list("serial", flat=True))
    if not serials:
        return []
    words = ngettext(
        "Your CORE %(serials)s stops at once: nobody sees anything through it. Please send it or bring it to the "
        "office, where it is wiped.",
        "Your COREs %(serials)s stop at once: nobody sees anything through them. Please send them or bring them to "
        "the office, where they are wiped.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}]


def told_ending(premises: Premises) -> list[str]:
    """Return what it means for the COREs at a place that it ends here."""
    serials = _serials_at(premises)
    if not serials:
        return []
    words = ngettext(
        "Your CORE %(serials)s stands there. It stops at once: nobody sees anything through it. Please send it or "
        "bring it to the office, where it is wiped.",
        "Your COREs %(serials)s stand there. They stop at once: nobody sees anything through them. Please send them "
        "or bring them to the office, where they are wiped.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}]


def told_moving(premises: Premises) -> list[str]:
    """Return what it means for the COREs at a place that it moves inside the boundary."""
    serials = _serials_at(premises)
    if not serials:
        return []
    words = ngettext(
        "Your CORE %(serials)s moves with the place, and what you share stays as it is. Take the device along, and "
        "look whether each camera still shows what it should.",
        "Your COREs %(serials)s move with the place, and what you share stays as it is. Take the devices along, and "
        "look whether each camera still shows what it should.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}]


def _serials_at(premises: Premises) -> list[str]:
    there = Core.objects.filter(premises=premises, state__in=IN_USE)
    return list(there.order_by("serial").values_list("serial", flat=True))


def why_business(registrant: Registrant) -> str:
    """Return why a business with a CORE must stay one."""
    if not Core.objects.filter(registrant=registrant, state__in=HELD).exists():
        return ""
    return _("You have a CORE, and a CORE is for a business. Return it first, on its page.")
