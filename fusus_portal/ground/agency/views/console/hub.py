"""The page from which administrators reach everything that they keep."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency.sections import Section, all_sections


@dataclass(frozen=True, slots=True)
class Card:
    """A section, with what waits there now."""

    section: Section
    url: str
    note: str


@requires(Permission.ADMINISTER)
@require_safe
def administration(request: SignedInRequest) -> HttpResponse:
    """What administrators keep."""
    cards = [Card(section, reverse(section.url_name), section.note()) for section in all_sections()]
    return render(request, "console/admin/hub.html", {"cards": cards})
