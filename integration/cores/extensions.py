from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks as audit_hooks
from fusus_portal.ground.access.permissions import Permission
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders
from fusus_portal.ground.tables import Cell
from integration.cores import selectors
from integration.cores.hooks import CoreFollower, core_followers, desk_page
from integration.cores.models import CameraProblem, Core, DeviceCamera
from integration.cores.services import cameras, cores
from integration.cores.states import HELD, IN_USE, SENT_BACK
from registry.access_log import hooks as access_log_hooks
from registry.places import hooks as place_hooks
from registry.places.models import Premises
from registry.registrants.models import Registrant


def register() -> None:
    place_hooks.tabs.register(
        place_hooks.ProfileTab(
            "devices",
            gettext_lazy("Devices"),
            30,
            Permission.OWN_DEVICES,
            below=("own_sharing",),
            once=("devices-heading", "own_sharing-heading"),
        )
    )
    agency.register_sections(
        agency.Section(
            url_name="core_models",
            title=gettext_lazy("Kinds of CORE"),
            text=gettext_lazy("What each kind is called, and how many cameras one of it connects."),
            group=agency.Group.SHOP,
            place=70,
            words=gettext_lazy("devices, models, boxes"),
        )
    )
    audit_hooks.understand(core_called)
    audit_hooks.name_by("core", audit_hooks.field(Core.objects.all(), "serial"))
    finders.register(FINDER)
    core_followers.register(CoreFollower(name="places", activated=cores.activated))
    words = gettext_lazy("saw your name and address to work on CORE %(number)s")
    access_log_hooks.named_with.register(access_log_hooks.NamedWith("core", words))
    _follow_registrations()


def _follow_registrations() -> None:
    place_hooks.registrants.register(
        place_hooks.Dependent(
            name="cores",
            tables={
                "cores": cores_table,
                "connected_cameras": connected_cameras_table,
                "camera_problems": camera_problems_table,
            },
            cameras_end=cameras.disconnect_these,
            cameras_pause=cores.cameras_pause,
            place_ends=cores.place_ends,
            place_moves=cores.place_moves,
            pin_moves=cores.pin_moves,
            registration_ends=cores.registration_ends,
            told=told,
            told_ending=told_ending,
            told_moving=told_moving,
            why_business=why_business,
        )
    )


def cores_table(registrant: Registrant) -> list[dict[str, Cell]]:
    rows = Core.objects.filter(registrant=registrant).select_related("model").order_by("received_at", "serial")
    return [
        {
            "serial": core.serial,
            "kind": core.model.name,
            "state": core.state,
            "place": str(core.premises_id or ""),
            "activated_at": core.activated_at.isoformat() if core.activated_at else "",
            "last_heard_of": core.seen_at.isoformat() if core.seen_at else "",
            "firmware": core.firmware,
            "channels": " ".join(sorted(core.channels)),
        }
        for core in rows
    ]


def connected_cameras_table(registrant: Registrant) -> list[dict[str, Cell]]:
    rows = DeviceCamera.objects.filter(camera__premises__registrant=registrant).select_related("core")
    return [
        {
            "camera": str(behind.camera_id),
            "core": behind.core.serial,
            "channel": behind.channel,
            "connected_at": behind.added_at.isoformat(),
            "disconnected_at": behind.removed_at.isoformat() if behind.removed_at else "",
        }
        for behind in rows.order_by("added_at", "pk")
    ]


def camera_problems_table(registrant: Registrant) -> list[dict[str, Cell]]:
    rows = CameraProblem.objects.filter(behind__camera__premises__registrant=registrant).select_related("behind")
    return [
        {
            "camera": str(each.behind.camera_id),
            "problem": each.kind,
            "began_at": each.began_at.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else "",
        }
        for each in rows.order_by("began_at", "pk")
    ]


def told(registrant: Registrant) -> list[str]:
    serials = _serials(registrant=registrant, state__in=SENT_BACK)
    words = ngettext(
        "Your CORE %(serials)s stops at once: nobody sees anything through it. Please send it or bring it to the "
        "office, where it is wiped.",
        "Your COREs %(serials)s stop at once: nobody sees anything through them. Please send them or bring them to "
        "the office, where they are wiped.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}] if serials else []


def told_ending(premises: Premises) -> list[str]:
    serials = _serials(premises=premises, state__in=SENT_BACK)
    words = ngettext(
        "Your CORE %(serials)s is there. It stops at once: nobody sees anything through it. Please send it or "
        "bring it to the office, where it is wiped.",
        "Your COREs %(serials)s are there. They stop at once: nobody sees anything through them. Please send them "
        "or bring them to the office, where they are wiped.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}] if serials else []


def told_moving(premises: Premises) -> list[str]:
    serials = _serials(premises=premises, state__in=IN_USE)
    words = ngettext(
        "Your CORE %(serials)s moves with the place, and what you share stays as it is. Take the device with you, and "
        "check that each camera still shows what it should.",
        "Your COREs %(serials)s move with the place, and what you share stays as it is. Take the devices with you, "
        "and check that each camera still shows what it should.",
        len(serials),
    )
    return [words % {"serials": ", ".join(serials)}] if serials else []


def why_business(registrant: Registrant) -> str:
    if not Core.objects.filter(registrant=registrant, state__in=HELD).exists():
        return ""
    return _("You have a CORE, and a CORE is for a business. Return it first, on its page.")


def core_called(text: str) -> Iterable[audit_hooks.Meaning]:
    return [
        audit_hooks.Meaning(
            _("CORE %(serial)s") % {"serial": core.serial}, actors=(str(core.pk),), subjects=(("core", str(core.pk)),)
        )
        for core in Core.objects.filter(serial=text.strip().upper())
    ]


def cores_found(_by: User, typed: Typed) -> Iterable[Found]:
    rows = selectors.looking_like(typed)
    return [Found(each.serial, desk_page(each) or reverse("core", args=[each.pk])) for each in rows]


FINDER = Finder(
    name="cores",
    kind=gettext_lazy("CORE"),
    permission=Permission.FULFILMENT,
    example=lambda: _("Its serial number"),
    find=cores_found,
    logged=lambda typed: [core.serial for core in selectors.looking_like(typed)],
)


def _serials(**where: Any) -> list[str]:
    return list(Core.objects.filter(**where).order_by("serial").values_list("serial", flat=True))
