import hashlib
import re
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, Final, cast

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from .models import StreetData
from .states import LoadState

ALIAS: Final = "maps"
NAME: Final = re.compile(r"streets-\d{1,19}-[0-9a-f]{16}\.pmtiles", re.ASCII)
BEGINNING: Final = b"PMTiles\x03"
"""First bytes of a map (PMTiles version 3 specification)."""

LONGEST_LOADING: Final = timedelta(days=1)
"""For this long a map without a load may belong to a running one."""


class NoMap(Exception):
    """Not a map; the sentence says so."""


def kept() -> Storage:
    return storages[ALIAS]


def drawn() -> tuple[str, str]:
    """Return the street map's URL or "", and the data's attribution in the active language or "": one query."""
    in_use = StreetData.objects.filter(state=LoadState.CURRENT).values_list("map_name", "attribution").first()
    name, of = in_use or ("", "")
    return reverse("street_map", kwargs={"name": name}) if name else "", translation.gettext(of) if of else ""


def address() -> str:
    return drawn()[0]


def attribution() -> str:
    return drawn()[1]


def exists(name: str) -> bool:
    """True if the map exists. Other names never reach the storage: one may be a folder."""
    return bool(NAME.fullmatch(name)) and kept().exists(name)


def opened(name: str) -> BinaryIO:
    return cast("BinaryIO", kept().open(name))


def size(data: StreetData) -> int:
    return kept().size(data.map_name) if data.map_name else 0


def delete(data: StreetData) -> None:
    if data.map_name:
        kept().delete(data.map_name)


def put(data: StreetData, file: "File[Any]") -> None:
    """Store a load's map, and delete its former one after the commit. Raises NoMap."""
    file.seek(0)
    if file.read(len(BEGINNING)) != BEGINNING:
        raise NoMap("That is no map: it has to be a PMTiles file of version 3.")
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    # A digest of the content, because browsers cache a map for good.
    name = f"streets-{data.pk}-{digest.hexdigest()[:16]}.pmtiles"
    before = data.map_name
    if name == before:
        return
    kept().delete(name)  # a killed worker may have left it
    kept().save(name, file)
    with transaction.atomic():
        data.map_name = name
        data.save(update_fields=["map_name"])
        if before:
            transaction.on_commit(partial(kept().delete, before))


def delete_lost() -> None:
    used = set(StreetData.objects.values_list("map_name", flat=True))
    for name in kept().listdir("")[1]:
        is_ours = NAME.fullmatch(name) is not None
        if is_ours and name not in used and kept().get_modified_time(name) < timezone.now() - LONGEST_LOADING:
            kept().delete(name)
