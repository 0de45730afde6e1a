import re
from typing import Final

from django.utils.translation import get_language, gettext, gettext_lazy as _

TITLES: Final = {
    "Deputy": _("Deputy"),
    "Supervisor": _("Supervisor"),
    "Auditor": _("Auditor"),
    "Clerk": _("Clerk"),
    "Administrator": _("Administrator"),
    "Reviewer": _("Reviewer"),
}
"""Roles of the agency in English, the first word of badge pseudonyms."""

BADGE: Final = re.compile(rf"({'|'.join(TITLES)}) ([A-Z]\d[A-Z]\d)")
BLOCK: Final = re.compile(r"(\d+) block (?:of )?(.+)|cuadra (\d+) de (.+)", re.IGNORECASE)


def local(english: str, spanish: str) -> str:
    """Return one of two texts by the active language; the English one if the Spanish is empty."""
    return spanish if spanish and (get_language() or "").startswith("es") else english


def written(name: str) -> str:
    """Return a badge pseudonym ("Deputy K7Q2") or block ("2000 block of 11th Ave S") translated, other names as is."""
    if badge := BADGE.fullmatch(name):
        return f"{TITLES[badge[1]]} {badge[2]}"
    if block := BLOCK.fullmatch(name):
        number, street = block[1] or block[3], block[2] or block[4]
        return gettext("%(number)d block of %(street)s") % {"number": int(number), "street": street}
    return name
