"""The page before an incident is closed: what that ends, with the numbers of now, and what stays."""

from typing import Any

from django.utils.translation import gettext as _

from registry import hooks
from registry.incidents.models.incidents import Incident


def page(incident: Incident) -> dict[str, Any]:
    """Return what the page says."""
    return {
        "incident": incident,
        "ends": [*hooks.told_closing(incident), _of_all()],
    }


def _of_all() -> str:
    return _("Nobody can search around it, ask for footage, or add to footage that was given.")
