from django.http import HttpResponse
from django.shortcuts import render

from fusus_portal.ground.access import SAFE, Permission, SignedInRequest, requires
from registry.coverage import presenters, selectors


@requires(Permission.SEE_COVERAGE, SAFE)
def coverage(request: SignedInRequest) -> HttpResponse:
    return render(request, "registry/coverage/coverage.html", presenters.page(selectors.latest()))
