import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Value
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from audit import hooks
from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.agency import hooks as agency
from fusus_portal.ground.numbers import CAMERA, HOME, ids_of, number_of
from registry.places import selectors
from registry.places.models import AddressKey, Camera, Premises
from registry.registrants.models import Registrant

MOST_PLACES = 20
_HOUSE_NUMBER = re.compile(r"^(?P<number>\d+[A-Za-z]?)\s+\S{2,}")
_WORD = re.compile(r"\w+")
_ZIP_CODE = re.compile(r"\b(?P<zip>\d{5})(?:-\d{4})?$")


def register() -> None:
    hooks.understand(places_at)
    hooks.understand(places_numbered)
    hooks.understand(cameras_numbered)
    hooks.name_by("camera", cameras_called)
    agency.register_sections(
        agency.Section(
            "missing_addresses",
            gettext_lazy("Missing addresses"),
            gettext_lazy("Addresses that people registered and the county's files lack."),
            agency.Group.PLACES,
            26,
            _missing,
            gettext_lazy("house numbers, corrections"),
        )
    )


def places_at(text: str) -> Iterable[hooks.Meaning]:
    """Find places in the log, with their cameras, by an address from its house number on, however it is written."""
    street, _comma, town = (each.strip() for each in text.partition(","))
    house = _HOUSE_NUMBER.match(street)
    if house is None:
        return []
    zipped = _ZIP_CODE.search(town)
    places = Premises.objects.registered().filter(street__startswith=house["number"])
    if zipped:
        places = places.filter(zip_code__startswith=zipped["zip"])
    # Both keys leave out the ZIP code, which the text may lack.
    same = places.annotate(key=AddressKey("street", Value(""))).filter(key=AddressKey(Value(street), Value("")))
    return _at([each for each in same.order_by("pk")[:MOST_PLACES] if _is_in(each, town)], street)


def _is_in(place: Premises, town: str) -> bool:
    """True if a text after the street names nothing but the town of a place: other words are for other resolvers."""
    return set(_WORD.findall(town.upper())) <= set(
        _WORD.findall(f"{place.city} {place.state} {place.zip_code}".upper())
    )


def places_numbered(text: str) -> Iterable[hooks.Meaning]:
    """Find a place in the log by its number: the link of a search names no street."""
    ids = ids_of(HOME, text)
    places = list(Premises.objects.registered().filter(pk__range=ids)) if ids else []
    return [meaning for each in places for meaning in _at([each], each.street)]


def cameras_numbered(text: str) -> Iterable[hooks.Meaning]:
    """Find a camera in the log by its number, even after its owner has left: the entries are still there."""
    ids = ids_of(CAMERA, text)
    if ids is None:
        return []
    found = AuditEntry.objects.filter(camera_id__range=ids).exclude(event=Event.OWNER_SEEN.value)
    known = set(found.values_list("camera_id", flat=True))
    return [
        hooks.Meaning(_("Camera %(number)s") % {"number": number_of(CAMERA, pk)}, cameras=(str(pk),))
        for pk in sorted(known)
    ]


def cameras_called(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the names of cameras for auditors: number, kind of place, owner's reference; no name, no address.

    A camera whose owner has left keeps its number. An owner's id, in entries about pages with their name, becomes the
    owner's reference. A text that is no UUID is skipped.
    """
    pks = [UUID(each) for each in ids if hooks.is_id(each)]
    known = Camera.objects.filter(pk__in=pks).select_related("premises__registrant")
    said = {
        str(camera.pk): _("%(number)s, %(kind)s, of owner %(reference)s")
        % {
            "number": number_of(CAMERA, camera.pk),
            "kind": camera.premises.get_kind_display().lower(),
            "reference": camera.premises.registrant.reference,
        }
        for camera in known
    }
    others = [pk for pk in pks if str(pk) not in said]
    owners = Registrant.objects.filter(pk__in=others).values_list("pk", "reference") if others else ()
    seen = {str(pk): _("Owner %(reference)s") % {"reference": reference} for pk, reference in owners}
    return {str(pk): number_of(CAMERA, pk) for pk in pks} | said | seen


def _missing() -> str:
    number = selectors.unlisted().count()
    words = ngettext("One address waits for a look.", "%(number)d addresses wait for a look.", number)
    return words % {"number": number} if number else ""


def _at(places: list[Premises], street: str) -> list[hooks.Meaning]:
    if not places:
        return []
    cameras = tuple(str(pk) for pk in Camera.objects.filter(premises__in=places).values_list("pk", flat=True))
    count = ngettext("%(number)d camera", "%(number)d cameras", len(cameras)) % {"number": len(cameras)}
    said = _("%(cameras)s at %(street)s") % {"cameras": count, "street": street}
    subjects = tuple(("premises", str(each.pk)) for each in places)
    shared = " or ".join(number_of(HOME, each.pk) for each in places)
    return [hooks.Meaning(said, cameras=cameras, subjects=subjects, shared=shared)]
