"""Pictures sent by people and COREs: decoded, and encoded anew so that nothing else of the file remains.

A small file can cost a processor minutes: a process with limits decodes it (docs/decisions/ground/pictures.md).
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fusus_portal.ground.database.files import give_back
from fusus_portal.ground.pictures import child

Format = Literal["PNG", "JPEG", "WEBP"]

BUSY = child.BUSY
"""Error code of a temporary refusal: the same picture may be sent again soon."""

LARGEST_BYTES = 10 * 1024**2


def re_encode(upload: File[bytes], *, longest_side: int, format: Format, sender: UUID) -> bytes:  # noqa: A002
    """Return the picture as a new file, its longer side at most `longest_side` pixels. Raises as `in_sizes`."""
    [made] = in_sizes(upload, longest_sides=[longest_side], format=format, sender=sender)
    return made


def in_sizes(
    upload: File[bytes],
    *,
    longest_sides: Sequence[int],
    format: Format,  # noqa: A002
    sender: UUID,
) -> list[bytes]:
    """Return the picture as new files, upright, one for each longer side in pixels.

    sender: the account or CORE; each has one picture decoded at a time. Call it before the transaction: it gives the
    database connection back. Raises ValidationError, without a field; code BUSY if it may be sent again soon.
    """
    if (upload.size or 0) > LARGEST_BYTES:
        raise ValidationError(too_large(), code="too_large")
    give_back()
    with child.turn_of(sender):
        answer, made = child.decode(upload, sides=list(longest_sides), into=format)
    if answer.get("refused"):
        raise _refusal(answer)
    return made


def too_large() -> str:
    return _("This picture is too large. The limit is %(limit)s.") % {"limit": filesizeformat(LARGEST_BYTES)}


def _refusal(answer: dict[str, Any]) -> ValidationError:
    why = answer["refused"]
    sentences = {
        "points": _("This picture has too many points. The limit is %(millions)d megapixels.")
        % {"millions": answer.get("most", 0) // 1_000_000},
        "moves": _("This picture moves. Send a still one."),
        "no_picture": _("This file is not a picture that can be read. Send a JPEG, PNG or WebP file."),
    }
    too_much = _("This picture takes too long to read. Open it in another program, save it as JPEG, and send that.")
    return ValidationError(sentences.get(why, too_much), code=why)
