from typing import Any

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup import selectors
from fusus_portal.ground.lookup.selectors import Hit
from fusus_portal.ground.lookup.typed import Typed


def page(by: User, typed: Typed, hits: list[Hit]) -> dict[str, Any]:
    """Return the page's context; it reads the same for unknown numbers and other people's rows."""
    return {
        "looked_up": "" if typed.is_too_long else typed.text,
        "hits": hits,
        "heading": _heading(typed, hits),
        "understood": [(each.kind, each.example()) for each in selectors.finders_of(by)],
    }


def _heading(typed: Typed, hits: list[Hit]) -> str:
    if hits:
        return _("Several things have this number")
    if typed.is_too_long:
        return _("That is longer than any number here")
    if not typed.text:
        return _("Find by number")
    return _("Nothing that you may open has this number")
