"""Letters on paper: one page a place, in English and Spanish, addressed to the resident without a name.

The address is printed in the county's words: an owner could type anything under the office's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from audit.console.copies.paper import pdf
from fusus_portal.ground.agency.selectors import words
from fusus_portal.ground.geo.geocoding import Address
from fusus_portal.ground.notifications.addresses import absolute
from registry.letters.models import Letter
from registry.people.models import LANGUAGES
from registry.rules import LETTER_LIFE

FOLDER = "registry/letters"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. link: of the form for the code. picture: a QR code of the link with the code."""

    address: Address
    code: str
    link: str
    picture: SafeString


@dataclass(frozen=True, slots=True)
class Written:
    """A letter to draw. address: in the county's words."""

    letter: Letter
    address: Address
    code: str


def drawn(letters: Iterable[Written]) -> bytes:
    return pdf(page(letters), render_to_string(f"{FOLDER}/paper.css", {}))


def page(letters: Iterable[Written]) -> str:
    sheets = [_sheet(written.address, written.code) for written in letters]
    said = {"agency": words(), "today": timezone.now(), "days": LETTER_LIFE.days}
    return render_to_string(f"{FOLDER}/paper.html", {"sheets": sheets, "languages": LANGUAGES, **said})


def _sheet(address: Address, code: str) -> Sheet:
    scanned = absolute(reverse("place_code_scanned", args=[code]))
    return Sheet(address, code, absolute(reverse("place_code")), _picture(scanned))


def _picture(text: str) -> SafeString:
    drawing = segno.make(text, error="m").svg_inline(scale=3, border=2, lineclass=None)
    return mark_safe(drawing.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308  (drawn here, of our own)
