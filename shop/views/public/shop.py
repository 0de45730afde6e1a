"""The shop's public pages. Nothing is on sale yet, and they say so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, public, requires


@public
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """Say that no CORE is on sale yet, and what will be shown before anyone pays."""
    return render(request, "public/shop.html")


@requires(Permission.OWN_ORDERS)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Say that there are no orders, because nothing is on sale yet."""
    return render(request, "public/orders.html")
