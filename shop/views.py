"""The shop's pages. Nothing is on sale yet, and they say so."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
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


@requires(Permission.FULFILMENT)
@require_safe
def fulfilment(request: HttpRequest) -> HttpResponse:
    """Say that nothing is sold yet, so nothing is to be packed."""
    return render(request, "shop/fulfilment.html")


@public
@csrf_exempt
@never_cache
def payments_webhook(request: HttpRequest) -> JsonResponse:
    """Tell a payment service that nothing is on sale; it tries again later (503)."""
    detail = "Nothing is on sale yet, so no payment is expected."
    return JsonResponse({"status": "not in service", "detail": detail}, status=503)
