"""Where the street map is kept, and its address."""

from typing import Final

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.urls import reverse
from django.utils.translation import gettext

from .models import LoadState, StreetData

ALIAS: Final = "maps"
ATTRIBUTION: Final = "U.S. Census Bureau and county data"


def kept() -> Storage:
    """Return where maps are kept."""
    return storages[ALIAS]


def name_of(data: StreetData) -> str:
    """Return the name of the map of a loading. A new loading has a new name, so that browsers may keep each for good."""
    return f"streets-{data.pk}.pmtiles"


def address() -> str:
    """Return the address of the street map, "" where none is drawn yet."""
    data = StreetData.objects.filter(state=LoadState.CURRENT).first()
    if data is None or not data.is_drawn:
        return ""
    return reverse("street_map", kwargs={"name": name_of(data)})


def attribution() -> str:
    """Return whose data is in use, in the language of the page; "" before the first loading."""
    of = StreetData.objects.filter(state=LoadState.CURRENT).values_list("attribution", flat=True).first()
    return gettext(of) if of else ""


def put(data: StreetData, file: File) -> None:  # type: ignore[type-arg]
    """Keep the map of a loading, in the place of one that it had."""
    name = name_of(data)
    kept().delete(name)
    kept().save(name, file)
    StreetData.objects.filter(pk=data.pk).update(is_drawn=True)
