from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.lookup.finders import Typed, finders_of, hits_of


def _heading(typed: Typed, *, is_found: bool) -> str:
    if is_found:
        return _("Several things have this number")
    if typed.is_too_long:
        return _("That is longer than any number here")
    if not typed.text:
        return _("Find by number")
    return _("Nothing that you may open has this number")


@requires(Permission.FIND_BY_NUMBER, SAFE)
def lookup(request: SignedInRequest) -> HttpResponse:
    """Show a thing by its number. The page reads the same for unknown numbers and other people's rows."""
    typed = Typed(request.GET.get("q", "").strip())
    hits = hits_of(request.user, typed)
    if len(hits) == 1:
        [(_kind, found)] = hits
        if found.note and not found.page_says_it:
            messages.warning(request, f"{found.number}: {found.note}")
        return redirect(found.url)
    context = {
        "looked_up": "" if typed.is_too_long else typed.text,
        "hits": hits,
        "heading": _heading(typed, is_found=bool(hits)),
        "understood": [(each.kind, each.example()) for each in finders_of(request.user)],
    }
    return render(request, "console/lookup/page.html", context)
