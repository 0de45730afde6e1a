from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.lookup import presenters, selectors
from fusus_portal.ground.lookup.typed import Typed


@requires(Permission.FIND_BY_NUMBER)
@require_safe
def lookup(request: SignedInRequest) -> HttpResponse:
    typed = Typed(request.GET.get("q", "").strip())
    hits = selectors.hits(request.user, typed)
    if len(hits) == 1:
        if hits[0].note and not hits[0].page_says_it:
            messages.warning(request, f"{hits[0].number}: {hits[0].note}")
        return redirect(hits[0].url)
    return render(request, "console/lookup/page.html", presenters.page(request.user, typed, hits))
