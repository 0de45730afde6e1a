"""The history of somebody's own record."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.people.models import Registrant
from registry.people.presenters.own_history import lines_of
from registry.people.selectors import own_history
from registry.people.views.profile import registered

LINES_A_PAGE = 25


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_safe
@registered
def history(request: SignedInRequest, registrant: Registrant) -> HttpResponse:
    """Show what changed in the person's own record, when, and by whom, newest first, page by page."""
    page = Paginator(own_history.versions_of(registrant), LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(own_history.load(page.object_list), reader=request.user)
    return render(request, "registry/people/profile/history.html", {"page": page, "lines": lines})
