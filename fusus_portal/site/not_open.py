"""Addresses of machines whose part is not in service yet. They say so instead of keeping silent."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.access import public

UNAVAILABLE: Final = 503


@public
@csrf_exempt
@never_cache
def device_api(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Tell a CORE that no CORE is in service."""
    return _answer("No CORE is in service yet.")


@public
@csrf_exempt
@never_cache
def payments_webhook(request: HttpRequest) -> JsonResponse:
    """Tell a payment service that nothing is on sale; it will try again later."""
    return _answer("Nothing is on sale yet, so no payment is expected.")


@public
@never_cache
def ledger(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Tell a verifier that checkpoints are not published yet."""
    text = "The ledger's checkpoints, tiles and key are not published yet.\n"
    return HttpResponse(text, status=UNAVAILABLE, content_type="text/plain; charset=utf-8")


def _answer(detail: str) -> JsonResponse:
    return JsonResponse({"status": "not in service", "detail": detail}, status=UNAVAILABLE)
