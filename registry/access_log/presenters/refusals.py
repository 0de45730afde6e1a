from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.log.models import AuditEntry

OWN: Final[dict[str, str | Promise]] = {
    "agreement": _("you have no sharing agreement in force"),
    "pause": _("your pause"),
    "mode": _("your rule for this camera"),
    "shared now": _("you were not sharing it"),
    "hours": _("the hours that you chose"),
    "glass agreement": _("your sharing agreement does not name broken glass"),
    "glass": _("your rule for this camera does not allow broken glass"),
}
"""The owner's conditions of the view gate, by their names in entries."""


def refused(entry: AuditEntry) -> str:
    """Return the sentence of a refused view: with the owner's own condition, and never another one."""
    why = OWN.get(str(entry.facts.get("condition", "")))
    if why is None:
        return entry.sentence
    return _now("wanted to see this camera and was refused: %(why)s") % {"why": why}
