from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency.sections import all_sections


@requires(Permission.ADMINISTER)
@require_safe
def administration(request: SignedInRequest) -> HttpResponse:
    cards = [(section, section.note()) for section in all_sections()]
    return render(request, "console/admin/hub.html", {"cards": cards})
