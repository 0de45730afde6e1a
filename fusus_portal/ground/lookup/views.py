from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup import selectors
from fusus_portal.ground.lookup.finders import Typed
from fusus_portal.ground.lookup.selectors import Hit


def _page(by: User, typed: Typed, hits: list[Hit]) -> dict[str, Any]:
    """Return the context of the search page; it reads the same for unknown numbers and other people's rows."""
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


@requires(Permission.FIND_BY_NUMBER, SAFE)
def lookup(request: SignedInRequest) -> HttpResponse:
    typed = Typed(request.GET.get("q", "").strip())
    hits = selectors.hits(request.user, typed)
    if len(hits) == 1:
        if hits[0].note and not hits[0].page_says_it:
            messages.warning(request, f"{hits[0].number}: {hits[0].note}")
        return redirect(hits[0].url)
    return render(request, "console/lookup/page.html", _page(request.user, typed, hits))
