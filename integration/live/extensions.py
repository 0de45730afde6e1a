"""What the auditors' search box knows of integration: COREs by serial number, views and flags by number."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from audit.console import words
from audit.console.wanted import Meaning
from audit.numbers import FLAG, VIEW, ids_of, number_of
from integration.models import Core, Declaration, ViewGrant, WatchFlag

Row = TypeVar("Row", bound=Model)


def register() -> None:
    """Let the search box ask here."""
    for resolver in (cores, views, flags):
        words.understand(resolver)
    words.call("core", serials)
    words.call("declaration", declared_incidents)
    words.call("view", view_numbers)


def cores(text: str) -> Iterable[Meaning]:
    """Return the CORE of exactly this serial number: what was done with it, and what it did itself."""
    return [
        Meaning(
            _("CORE %(serial)s") % {"serial": core.serial}, actors=(str(core.pk),), subjects=(("core", str(core.pk)),)
        )
        for core in Core.objects.filter(serial=text.strip().upper())
    ]


def views(text: str) -> Iterable[Meaning]:
    """Return the view of this number: its beginning, its minutes and its end, and refusals to end it."""
    return [
        Meaning(
            _("View %(number)s") % {"number": number_of(VIEW, view.pk)},
            incidents=(str(view.incident_id),),
            facts=(("view", str(view.pk)),),
            subjects=(view.subject,),
        )
        for view in _numbered(ViewGrant.objects.all(), VIEW, text)
    ]


def flags(text: str) -> Iterable[Meaning]:
    """Return the flag of this number, as mails have it."""
    return [
        Meaning(_("Flag %(number)s") % {"number": number_of(FLAG, flag.pk)}, subjects=(flag.subject,))
        for flag in _numbered(WatchFlag.objects.all(), FLAG, text)
    ]


def _numbered(rows: QuerySet[Row], letter: str, text: str) -> QuerySet[Row]:
    ids = ids_of(letter, text)
    return rows.filter(pk__range=ids) if ids else rows.none()


def serials(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the serial number of each CORE; a text that is no id of ours is passed over."""
    known = [each for each in ids if _is_id(each)]
    return {str(pk): serial for pk, serial in Core.objects.filter(pk__in=known).values_list("pk", "serial")}


def declared_incidents(ids: Iterable[str]) -> Mapping[str, str]:
    """Return of each declaration the number of its incident."""
    found = Declaration.objects.filter(pk__in=[each for each in ids if _is_id(each)])
    return {str(pk): number for pk, number in found.values_list("pk", "incident__number")}


def view_numbers(ids: Iterable[str]) -> Mapping[str, str]:
    """Return the number of each view, and of the incident that it was for."""
    found = ViewGrant.objects.filter(pk__in=[each for each in ids if _is_id(each)])
    return {
        str(pk): _("%(view)s of incident %(incident)s") % {"view": number_of(VIEW, pk), "incident": incident}
        for pk, incident in found.values_list("pk", "incident__number")
    }


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
