from django.http import HttpResponse
from django.shortcuts import render

from fusus_portal.ground.access import SAFE, Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.coverage import presenters, selectors


@requires(Permission.SEE_COVERAGE, SAFE)
def coverage(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/coverage/coverage.html", presenters.page(selectors.latest()))
