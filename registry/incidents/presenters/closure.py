"""The page before an incident is closed: what that ends, with the numbers of now, and what stays."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry import hooks
from registry.canvasses.selectors import canvasses
from registry.incidents.models.incidents import Incident


def page(incident: Incident) -> dict[str, Any]:
    """Return what the page says. Whoever declined and whoever did not answer are one number (promise R4)."""
    return {
        "incident": incident,
        "ends": [*_of_canvasses(incident), *hooks.told_closing(incident), _of_all()],
    }


def _of_all() -> str:
    return _("Nobody can search around it, ask for footage, or add to footage that was given.")


def _of_canvasses(incident: Incident) -> list[str]:
    open_ones = canvasses.not_over(incident)
    said = []
    if open_ones.rest:
        said.append(
            ngettext(
                "%(owners)d owner has given no answer that you can see. Whoever could still answer is told that "
                "nothing is needed any more.",
                "%(owners)d owners have given no answer that you can see. Whoever could still answer is told that "
                "nothing is needed any more.",
                open_ones.rest,
            )
            % {"owners": open_ones.rest}
        )
    if open_ones.prepared:
        said.append(
            ngettext(
                "%(canvasses)d canvass is prepared and can't be sent any more.",
                "%(canvasses)d canvasses are prepared and can't be sent any more.",
                open_ones.prepared,
            )
            % {"canvasses": open_ones.prepared}
        )
    return said
