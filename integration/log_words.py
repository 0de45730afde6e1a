"""What the auditors' search box knows of integration: COREs by serial number, views and declarations by incident."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from audit.console import words
from audit.console.wanted import Meaning
from integration.models import Core, Declaration, ViewGrant


def register() -> None:
    """Let the search box ask here."""
    words.understand(cores)
    words.call("core", serials)
    words.call("declaration", declared_incidents)
    words.call("view", viewed_incidents)


def cores(text: str) -> Iterable[Meaning]:
    """Return the CORE of exactly this serial number: what was done with it, and what it did itself."""
    return [
        Meaning(
            _("CORE %(serial)s") % {"serial": core.serial}, actors=(str(core.pk),), subjects=(("core", str(core.pk)),)
        )
        for core in Core.objects.filter(serial=text.strip().upper())
    ]


def serials(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the serial number of each CORE; a text that is no id of ours is passed over."""
    known = [each for each in ids if _is_id(each)]
    return {str(pk): serial for pk, serial in Core.objects.filter(pk__in=known).values_list("pk", "serial")}


def declared_incidents(ids: Iterable[str]) -> Mapping[str, str]:
    """Return of each declaration the number of its incident."""
    found = Declaration.objects.filter(pk__in=[each for each in ids if _is_id(each)])
    return {str(pk): number for pk, number in found.values_list("pk", "incident__number")}


def viewed_incidents(ids: Iterable[str]) -> Mapping[str, str]:
    """Return of each view the number of the incident that it was for."""
    found = ViewGrant.objects.filter(pk__in=[each for each in ids if _is_id(each)])
    return {str(pk): number for pk, number in found.values_list("pk", "incident__number")}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
