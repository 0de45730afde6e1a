"""What clerks pack, ship and receive. Nothing is sold yet, and the page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment(request: HttpRequest) -> HttpResponse:
    """Say that nothing is sold yet, so nothing is to be packed."""
    return render(request, "shop/fulfilment.html")
