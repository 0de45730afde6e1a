"""Files of the shop: pictures of products for everybody; scans from businesses for them and for staff.

`open_x` raises Http404 if the file is gone.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple, TypeAlias
from uuid import UUID

import filetype
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fusus_portal.ground.pictures import Format, in_sizes, re_encode
from shop.rules import HELD_FOR, LARGEST_PAPER, PAPER_SIDE, PICTURE_SIDES

PAPERS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""File types allowed for the scan of a purchase order or certificate, found by the first bytes (ASVS 5.2.2)."""

PICTURES: dict[str, Format] = {"jpg": "JPEG", "png": "PNG"}

SNIFFED = 512


Sizes: TypeAlias = dict[str, bytes]
"""A re-encoded picture: WebP bytes by the name of the size."""


class CheckedPaper(NamedTuple):
    key: str
    content: bytes


def check_paper(upload: "File[bytes] | CheckedPaper | None", *, sender: UUID) -> CheckedPaper:
    """Return a scan that may be kept, re-encoded if it is a picture. A CheckedPaper is returned as it is.

    Call it before the transaction (fusus_portal/ground/pictures). Raises ValidationError on "paper".
    """
    if isinstance(upload, CheckedPaper):
        return upload
    if upload is None:
        raise ValidationError({"paper": _("Choose the file.")})
    if (upload.size or 0) > LARGEST_PAPER:
        sentence = _("This file is too large. The limit is %(limit)s.") % {"limit": filesizeformat(LARGEST_PAPER)}
        raise ValidationError({"paper": sentence})
    upload.seek(0)
    content = upload.read()
    kind = filetype.guess(content[:SNIFFED])
    ending = PAPERS.get(kind.mime) if kind else None
    if ending is None:
        raise ValidationError({"paper": _("Send a PDF, or a picture as JPEG or PNG.")})
    if ending in PICTURES:
        with _refusals_on("paper"):
            content = re_encode(upload, longest_side=PAPER_SIDE, format=PICTURES[ending], sender=sender)
    return CheckedPaper(f"{new_key()}.{ending}", content)


@contextmanager
def _refusals_on(field: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as wrong:
        raise ValidationError({field: wrong.messages}) from wrong


def keep_paper(key: str, content: bytes) -> None:
    storages["papers"].save(key, ContentFile(content))


def open_paper(key: str) -> "File[bytes]":
    return _opened(storages["papers"], key)


def discard_paper(key: str) -> None:
    storages["papers"].delete(key)


def type_of(key: str) -> str:
    return next(kind for kind, ending in PAPERS.items() if key.endswith(f".{ending}"))


def sizes_of(upload: "File[bytes] | Sizes", *, sender: UUID) -> Sizes:
    """Return a picture re-encoded in each size; Sizes are returned as they are. Raises ValidationError on "picture".

    Call it before the transaction (fusus_portal/ground/pictures).
    """
    if isinstance(upload, dict):
        return upload
    with _refusals_on("picture"):
        made = in_sizes(upload, longest_sides=list(PICTURE_SIDES.values()), format="WEBP", sender=sender)
    return dict(zip(PICTURE_SIDES, made, strict=True))


def new_key() -> str:
    """Return a file name of 128 random bits: no sender chooses the name of a file."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def keep_picture(key: str, sizes: Sizes, storage: Storage | None = None) -> None:
    for size, content in sizes.items():
        (storage or storages["products"]).save(picture_name(key, size), ContentFile(content))


def keep_inspected(keys: Iterable[str], encoded: Iterable[Sizes]) -> None:
    """Write pictures of a returned CORE, in each size, where only staff and the CORE's owner see them."""
    for key, sizes in zip(keys, encoded, strict=True):
        keep_picture(key, sizes, storages["papers"])


def open_inspected(key: str, size: str) -> "File[bytes]":
    """Open a picture of a returned CORE for reading."""
    return _opened(storages["papers"], picture_name(key, size))


def open_picture(key: str, size: str) -> "File[bytes]":
    return _opened(storages["products"], picture_name(key, size))


def discard_picture(key: str) -> None:
    for size in PICTURE_SIDES:
        storages["products"].delete(picture_name(key, size))


def picture_name(key: str, size: str) -> str:
    return f"{key}-{size}.webp"


def _opened(storage: Storage, name: str) -> "File[bytes]":
    try:
        return storage.open(name, "rb")
    except FileNotFoundError as gone:
        raise Http404 from gone


HELD_FOLDER = "held"
HELD_SALT = "shop.held_papers"


def hold_paper(paper: CheckedPaper, *, name: str, sender: UUID) -> str:
    """Store a scan for a day because its form had another error, so that nobody has to choose the file again.

    An account holds one at a time, in a file that only this account can name. Returns the signed token for its form.
    """
    place = f"{HELD_FOLDER}/{salted_hmac(HELD_SALT, str(sender), algorithm='sha256').hexdigest()}"
    storages["papers"].delete(place)
    told = {
        "place": storages["papers"].save(place, ContentFile(paper.content)),
        "ending": PurePath(paper.key).suffix,
        "digest": hashlib.sha256(paper.content).hexdigest(),
        "name": name,
    }
    return signing.dumps(told, salt=_held_salt(sender))


def find_held_paper(token: str, *, sender: UUID) -> tuple[CheckedPaper, str] | None:
    """Return the held scan of a token with its name, None if it is another account's, too old, or replaced."""
    with suppress(signing.BadSignature, FileNotFoundError):
        told = signing.loads(token, salt=_held_salt(sender), max_age=HELD_FOR)
        with storages["papers"].open(told["place"], "rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() == told["digest"]:
            return CheckedPaper(f"{new_key()}{told['ending']}", content), told["name"]
    return None


def release_held_paper(token: str, *, sender: UUID) -> None:
    with suppress(signing.BadSignature):
        storages["papers"].delete(signing.loads(token, salt=_held_salt(sender))["place"])


def discard_held_before(moment: datetime) -> int:
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = storages["papers"].listdir(HELD_FOLDER)[1]
    old = [name for name in names if storages["papers"].get_modified_time(f"{HELD_FOLDER}/{name}") < moment]
    for name in old:
        storages["papers"].delete(f"{HELD_FOLDER}/{name}")
    return len(old)


def _held_salt(sender: UUID) -> str:
    return f"{HELD_SALT}:{sender}"
