"""Facts of entries in words, for the page of an entry. Copies keep names and values as they were recorded."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

LABELS: Final[dict[str, Promise]] = {
    "again": gettext_lazy("a reminder of an earlier mail"),
    "alternative_es": gettext_lazy("description in Spanish"),
    "basis_points": gettext_lazy("rate in hundredths of a percent"),
    "by_rule": gettext_lazy("given by the owner's rule"),
    "bytes": gettext_lazy("size in bytes"),
    "cents": gettext_lazy("amount in cents"),
    "clips": gettext_lazy("the rule gives clips"),
    "days_before": gettext_lazy("days kept before the change"),
    "floor_days": gettext_lazy("least days kept"),
    "from_quantity": gettext_lazy("from this number of pieces on"),
    "glass": gettext_lazy("the rule allows broken glass"),
    "late": gettext_lazy("signed late"),
    "left_out": gettext_lazy("camera left out"),
    "looks": gettext_lazy("text messages about looks"),
    "monthly": gettext_lazy("summary of each month"),
    "name_es": gettext_lazy("name in Spanish"),
    "named": gettext_lazy("the public reads who released it"),
    "own_in": gettext_lazy("came in by our books, in cents"),
    "own_out": gettext_lazy("went back by our books, in cents"),
    "radius_m": gettext_lazy("radius in meters"),
    "requests": gettext_lazy("text messages about requests"),
    "sha256": gettext_lazy("fingerprint (SHA-256)"),
    "told_in": gettext_lazy("came in by the payment service, in cents"),
    "told_out": gettext_lazy("went back by the payment service, in cents"),
    "unchecked": gettext_lazy("nobody had checked the incident"),
    "usual_seconds": gettext_lazy("usual seconds"),
    "with_contact": gettext_lazy("the person may be written to"),
}
"""Names of facts that read as code."""

YES_OR_NO: Final = frozenset(
    {"again", "by_rule", "clips", "glass", "late", "looks", "monthly", "named", "requests", "unchecked", "with_contact"}
)
"""Facts that are 1 or 0 in the log, since it keeps numbers and texts only."""


def label_of(name: str) -> str | Promise:
    return LABELS.get(name, name.replace("_", " "))


def value_of(name: str, value: int | str) -> str:
    """Return "yes" or "no" for a fact that is one or the other, else the value as it was recorded."""
    if name in YES_OR_NO and value in (0, 1):
        return _("yes") if value else _("no")
    return str(value)
