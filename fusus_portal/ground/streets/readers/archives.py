import struct
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Final
from zipfile import Path as PathInZip

from django.utils.translation import gettext as _

from .rows import Readable, Unreadable, shown

MOST_UNPACKED: Final = 4 << 30
"""Unpacked bytes of a zip file."""

MOST_RATIO: Final = 200
"""Largest ratio of unpacking: tables full of blanks reach 170, only bombs 1,000."""

SMALL: Final = 64 << 20
"""Bytes below which any ratio is allowed."""

MOST_DIRECTORY: Final = 1 << 20
"""Bytes of a zip file's directory, some ten thousand names. It is read whole."""

PIECE: Final = 1 << 20
_END: Final = struct.Struct("<4s8xLL2x")
_LARGE_END: Final = struct.Struct("<4s36xQQ")
_LOCATOR: Final = 20
_LONGEST_COMMENT: Final = 1 << 16


def held(path: Path, kinds: list[set[str]]) -> Readable:
    """Return the first member of the first kind found, else the zip file. Raises Unreadable for too much in it."""
    _check_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        _check_sizes(path, members)
        for kind in kinds:
            found = [each.filename for each in members if Path(each.filename).suffix.lower() in kind]
            if found:
                return zipfile.Path(path, found[0])
    return path


def unpacked(member: PathInZip, ending: str) -> IO[bytes] | None:
    """Return the member with the same stem and another ending as a nameless file, or None."""
    archive = member.root
    name = next((each for each in archive.namelist() if _is_beside(each, member, ending)), None)
    if name is None:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the reader of the shapefile closes it
    try:
        with archive.open(name) as packed:
            while piece := packed.read(PIECE):
                file.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _is_beside(name: str, member: PathInZip, ending: str) -> bool:
    stem, _dot, _kind = member.at.rpartition(".")
    return name.rpartition(".")[0] == stem and name.lower().endswith(ending)


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if sum(each.file_size for each in members) > MOST_UNPACKED:
        raise Unreadable(_("%(name)s holds more than 4 GB. Load its files one by one.") % {"name": shown(path.name)})
    whole = path.stat().st_size
    for each in members:
        if each.file_size > max(SMALL, min(each.compress_size, whole) * MOST_RATIO):
            told = {"name": shown(path.name), "file": shown(each.filename), "times": MOST_RATIO}
            raise Unreadable(
                _(
                    "%(file)s in %(name)s unpacks to more than %(times)d times its size, as no file of addresses does. "
                    "Download it again."
                )
                % told
            )


def _check_directory(path: Path) -> None:
    """Raise Unreadable if the directory alone would fill the memory (APPNOTE.TXT 4.3.16 and 4.3.14)."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR - _LARGE_END.size))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        return  # zipfile reports that it is no zip file
    _signature, length, _offset = _END.unpack_from(tail, at)
    large_at = at - _LOCATOR - 56
    if large_at >= 0 and tail[large_at : large_at + 4] == b"PK\x06\x06":
        _signature, length, _offset = _LARGE_END.unpack_from(tail, large_at)
    if length > MOST_DIRECTORY:
        raise Unreadable(_("%(name)s holds too many files. Load its files one by one.") % {"name": shown(path.name)})
