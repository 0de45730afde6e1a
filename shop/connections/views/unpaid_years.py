"""Years that nobody has paid, as clerks see them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.requests import SignedInRequest
from shop.connections.presenters import unpaid_years


@requires(Permission.FULFILMENT)
@require_safe
def years_owing(request: SignedInRequest) -> HttpResponse:
    """List them, with why they were not charged and when their COREs stop."""
    context = {"rows": unpaid_years.owing(), "unheard": unpaid_years.unheard()}
    return render(request, "shop/connections/unpaid_years.html", context)
