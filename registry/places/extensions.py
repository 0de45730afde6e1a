"""What the auditors' search box knows of the registry: incidents, owners, places, cameras, requests, files."""

import re
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.db.models import Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.console import words
from audit.console.wanted import Meaning
from audit.models import AuditEntry
from audit.numbers import CAMERA, ids_of, number_of
from registry.models import Camera, Evidence, FootageRequest, Incident, Premises, Registrant
from registry.models.people import AddressKey

MOST_PLACES = 20
_HOUSE_NUMBER = re.compile(r"^(?P<number>\d+[A-Za-z]?)\s+\S{2,}")
_ZIP_CODE = re.compile(r"\b(?P<zip>\d{5})(?:-\d{4})?$")
_REFERENCE = re.compile(r"[GRE]-[0-9A-Z]{8}", re.IGNORECASE)


def register() -> None:
    """Let the search box ask here."""
    for resolver in (incidents, owners, addresses, numbered, cameras):
        words.understand(resolver)
    for kind, namer in NAMERS.items():
        words.call(kind, namer)


def incidents(text: str) -> Iterable[Meaning]:
    """Return the incident of this number."""
    found = Incident.objects.filter(number=text.upper())
    return [
        Meaning(
            _("Incident %(number)s") % {"number": each.number},
            incidents=(str(each.pk),),
            subjects=(("incident", str(each.pk)),),
        )
        for each in found
    ]


def owners(text: str) -> Iterable[Meaning]:
    """Return the registration of this reference, or of the account with exactly this e-mail address."""
    if "@" not in text and not _REFERENCE.fullmatch(text):
        return []
    found = Registrant.objects.filter(Q(reference=text.upper()) | Q(user__email=text.lower()))
    return [_owner(each) for each in found]


def addresses(text: str) -> Iterable[Meaning]:
    """Return the places at an address, however it is written, with their cameras. It begins with the house number."""
    street = text.partition(",")[0].strip()
    house = _HOUSE_NUMBER.match(street)
    if house is None:
        return []
    zipped = _ZIP_CODE.search(text.removeprefix(street))
    places = Premises.objects.registered().filter(street__startswith=house["number"])
    if zipped:
        places = places.filter(zip_code__startswith=zipped["zip"])
    # Both keys are made without a ZIP code: the text may have none.
    same = places.annotate(key=AddressKey("street", Value(""))).filter(key=AddressKey(Value(street), Value("")))
    return _at(list(same.order_by("pk")[:MOST_PLACES]), street)


def numbered(text: str) -> Iterable[Meaning]:
    """Return the footage request or the file of this number."""
    if not _REFERENCE.fullmatch(text):
        return []
    requests = FootageRequest.objects.filter(number=text.upper())
    files = Evidence.objects.filter(number=text.upper())
    return [
        *(Meaning(_("Request %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in requests),
        *(Meaning(_("File %(number)s") % {"number": each.number}, subjects=(each.subject,)) for each in files),
    ]


def cameras(text: str) -> Iterable[Meaning]:
    """Return the camera of this number, also one whose owner has left: the log still has its entries."""
    ids = ids_of(CAMERA, text)
    if ids is None:
        return []
    found = AuditEntry.objects.filter(camera_id__range=ids).values_list("camera_id", flat=True)
    return [
        Meaning(_("Camera %(number)s") % {"number": number_of(CAMERA, pk)}, cameras=(str(pk),))
        for pk in sorted(set(found))
    ]


def _cameras_called(pks: list[UUID]) -> Mapping[UUID, str]:
    """Return what auditors call cameras: number, kind of place, owner's reference; no name, no address.

    Of one whose owner has left, the number is left.
    """
    known = Camera.objects.filter(pk__in=pks).select_related("premises__registrant")
    said = {
        camera.pk: _("%(number)s, %(kind)s, of owner %(reference)s")
        % {
            "number": number_of(CAMERA, camera.pk),
            "kind": camera.premises.get_kind_display().lower(),
            "reference": camera.premises.registrant.reference,
        }
        for camera in known
    }
    return {pk: number_of(CAMERA, pk) for pk in pks} | said


def _owner(registrant: Registrant) -> Meaning:
    places = [str(pk) for pk in registrant.premises.values_list("pk", flat=True)]
    cameras = Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True)
    return Meaning(
        _("Owner %(reference)s") % {"reference": registrant.reference},
        actors=(str(registrant.user_id),),
        cameras=tuple(str(pk) for pk in cameras),
        subjects=(("registrant", str(registrant.pk)), *(("premises", place) for place in places)),
    )


def _at(places: list[Premises], street: str) -> list[Meaning]:
    if not places:
        return []
    cameras = tuple(str(pk) for pk in Camera.objects.filter(premises__in=places).values_list("pk", flat=True))
    count = ngettext("%(number)d camera", "%(number)d cameras", len(cameras)) % {"number": len(cameras)}
    said = _("%(cameras)s at %(street)s") % {"cameras": count, "street": street}
    return [Meaning(said, cameras=cameras, subjects=tuple(("premises", str(each.pk)) for each in places))]


def _called(
    find: Callable[[list[UUID]], Iterable[tuple[UUID, str]]],
) -> Callable[[Iterable[str]], Mapping[str, str]]:
    """Return a namer that looks rows up by their ids; a text that is no id of ours is passed over."""

    def called(ids: Iterable[str]) -> Mapping[str, str]:
        return {str(pk): name for pk, name in find(list(_uuids(ids)))}

    return called


def _uuids(ids: Iterable[str]) -> Iterable[UUID]:
    for each in ids:
        try:
            yield UUID(each)
        except ValueError:
            continue


NAMERS = {
    "incident": _called(lambda pks: Incident.objects.filter(pk__in=pks).values_list("pk", "number")),
    "registrant": _called(lambda pks: Registrant.objects.filter(pk__in=pks).values_list("pk", "reference")),
    "request": _called(lambda pks: FootageRequest.objects.filter(pk__in=pks).values_list("pk", "number")),
    "evidence": _called(lambda pks: Evidence.objects.filter(pk__in=pks).values_list("pk", "number")),
    "camera": _called(lambda pks: ((pk, name) for pk, name in _cameras_called(pks).items())),
}
"""What things of the registry are called, by kind."""
