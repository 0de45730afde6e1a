"""Where the street map is kept, and its address."""

from typing import BinaryIO, Final, cast

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.urls import reverse

from .models import StreetData
from .states import LoadState

ALIAS: Final = "maps"


def kept() -> Storage:
    """Return where maps are kept."""
    return storages[ALIAS]


def name_of(data: StreetData) -> str:
    """Return the name of the map of a loading. Each has its own, so that browsers may keep a map for good."""
    return f"streets-{data.pk}.pmtiles"


def address() -> str:
    """Return the address of the street map, "" where none is drawn yet."""
    data = StreetData.objects.filter(state=LoadState.CURRENT).first()
    if data is None or not data.is_drawn:
        return ""
    return reverse("street_map", kwargs={"name": name_of(data)})


def opened(name: str) -> BinaryIO:
    """Return the open file of a map. Raises FileNotFoundError."""
    return cast("BinaryIO", kept().open(name))


def delete(data: StreetData) -> None:
    """Delete the map of a loading, if it has one."""
    kept().delete(name_of(data))


def put(data: StreetData, file: File) -> None:  # type: ignore[type-arg]
    """Keep the map of a loading, in the place of one that it had."""
    name = name_of(data)
    kept().delete(name)
    kept().save(name, file)
    StreetData.objects.filter(pk=data.pk).update(is_drawn=True)
