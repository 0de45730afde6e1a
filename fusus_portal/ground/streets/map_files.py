"""Where the street map is kept, and its address."""

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
"""The first bytes of a map (PMTiles version 3 specification)."""

LONGEST_LOADING: Final = timedelta(days=1)
"""A map without its loading may still be that of one at work for so long."""


class NoMap(Exception):
    """A file that is no map; the sentence says so."""


def kept() -> Storage:
    """Return where maps are kept."""
    return storages[ALIAS]


def drawn() -> tuple[str, str]:
    """Return the address of the street map, and whose data is in use in the language of the page, in one query.

    The address is "" where none is drawn yet, both are before the first loading.
    """
    in_use = StreetData.objects.filter(state=LoadState.CURRENT).values_list("map_name", "attribution").first()
    name, of = in_use or ("", "")
    return reverse("street_map", kwargs={"name": name}) if name else "", translation.gettext(of) if of else ""


def address() -> str:
    """Return the address of the street map, "" where none is drawn yet."""
    return drawn()[0]


def attribution() -> str:
    """Return whose data is in use, in the language of the page; "" before the first loading."""
    return drawn()[1]


def exists(name: str) -> bool:
    """Return True if there is a map of this name. Any other name is never handed to the storage: it may be a folder."""
    return bool(NAME.fullmatch(name)) and kept().exists(name)


def opened(name: str) -> BinaryIO:
    """Return the open file of a map. Raises FileNotFoundError."""
    return cast("BinaryIO", kept().open(name))


def size(data: StreetData) -> int:
    """Return the bytes of the map of a loading, 0 where there is nothing to draw."""
    return kept().size(data.map_name) if data.map_name else 0


def delete(data: StreetData) -> None:
    """Delete the map of a loading, if it has one."""
    if data.map_name:
        kept().delete(data.map_name)


def put(data: StreetData, file: "File[Any]") -> None:
    """Keep the map of a loading; one that it had is deleted once the row is committed. Raises NoMap.

    Its name has a digest of what is in it: browsers keep a map for good, so another one needs another name.
    """
    file.seek(0)
    if file.read(len(BEGINNING)) != BEGINNING:
        raise NoMap("That is no map: it has to be a PMTiles file of version 3.")
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    name = f"streets-{data.pk}-{digest.hexdigest()[:16]}.pmtiles"
    before = data.map_name
    if name == before:
        return
    kept().delete(name)  # a worker that was killed left it
    kept().save(name, file)
    with transaction.atomic():
        data.map_name = name
        data.save(update_fields=["map_name"])
        if before:
            transaction.on_commit(partial(kept().delete, before))


def delete_lost() -> None:
    """Delete maps that no loading has: those of loadings that were killed while they were drawn."""
    used = set(StreetData.objects.values_list("map_name", flat=True))
    for name in kept().listdir("")[1]:
        is_ours = NAME.fullmatch(name) is not None
        if is_ours and name not in used and kept().get_modified_time(name) < timezone.now() - LONGEST_LOADING:
            kept().delete(name)
