import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground import look_alikes
from fusus_portal.ground.lengths import check_length
from registry.canvasses.models.purposes import NAMES_ASSEMBLY, CanvassPurpose
from registry.incidents.policies.reasons import check_lawful, check_nobody_named

LONGEST_NAME = 120

ASSEMBLY = re.compile(re.sub(r"\\[mM]", r"\\b", NAMES_ASSEMBLY), re.IGNORECASE)
"""The database's pattern in Python. Not even a church's name may contain such a word: owners read it at a glance."""


def check_name(text: str, *, field: str) -> str:
    """Return the text tidied. Raises ValidationError on `field` if it is empty or not allowed."""
    tidy = " ".join(text.split())
    if not tidy:
        raise ValidationError({field: _("Write the purpose in a few words.")})
    check_length(tidy, most=LONGEST_NAME, field=field)
    check_lawful(tidy, field=field)
    if ASSEMBLY.search(tidy) or ASSEMBLY.search(look_alikes.plain(tidy)):
        raise ValidationError({field: _("A purpose never names a protest, an assembly or other lawful activity.")})
    check_nobody_named(tidy, field=field)
    return tidy


def check_english(name: str, *, but: CanvassPurpose | None = None) -> str:
    """Return the name tidied. Raises ValidationError on "name". but: the purpose that may have it already."""
    tidy = check_name(name, field="name")
    check_once(tidy, but=but)
    return tidy


def check_spanish(name: str) -> str:
    """Return the name tidied. Raises ValidationError on "name_es"."""
    return check_name(name, field="name_es")


def check_once(name: str, *, but: CanvassPurpose | None = None) -> None:
    """Raise ValidationError on "name" if another purpose has it, retired ones included."""
    if CanvassPurpose.objects.filter(name__iexact=name).exclude(pk__in=[but.pk] if but else []).exists():
        raise ValidationError({"name": _("This purpose is on the list already.")})
