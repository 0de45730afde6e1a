from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.incidents.presenters import start_page


@requires(Permission.SEE_CONSOLE)
@require_safe
def console(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/incidents/start.html", start_page.page(request.user))


@requires(Permission.SEE_CONSOLE)
@require_safe
def console_work(request: SignedInRequest) -> HttpResponse:
    """Return the list, which the page fetches every few seconds. It names nobody, so it is no entry."""
    return render(request, "registry/incidents/start_work.html", start_page.work(request.user))
