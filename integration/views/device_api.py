"""The device API. No CORE is in service yet, and it says so."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.access import public


@public
@csrf_exempt
@never_cache
def device_api(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Tell a CORE that none is in service; it polls again later (503)."""
    return JsonResponse({"status": "not in service", "detail": "No CORE is in service yet."}, status=503)
