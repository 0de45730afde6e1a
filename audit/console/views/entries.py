from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from audit.console.forms import searched_before
from audit.console.presenters.entry_page import entry_page
from audit.console.services import entries
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest


@requires(Permission.AUDIT)
@require_safe
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    found = entries.open_entry(pk=pk, by=request.user.actor)
    return render(request, "audit/console/entry/entry.html", entry_page(found, search=searched_before(request.GET)))


@requires(Permission.AUDIT)
@require_POST
def entry_check(request: SignedInRequest, pk: int) -> HttpResponse:
    found, verdict = entries.check_entry(pk=pk, by=request.user.actor)
    return render(
        request, "audit/console/entry/entry.html", entry_page(found, verdict, search=searched_before(request.GET))
    )
