"""Years that nobody has paid, as clerks see them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.requests import SignedInRequest
from shop.presenters import owing as pages


@requires(Permission.FULFILMENT)
@require_safe
def years_owing(request: SignedInRequest) -> HttpResponse:
    """List them, with why they were not charged and when their COREs stop."""
    context = {"rows": pages.owing(), "unheard": pages.unheard()}
    return render(request, "shop/console/owing.html", context)
