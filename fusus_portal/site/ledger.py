"""The ledger's public addresses. Checkpoints are not published yet, and they say so."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from fusus_portal.access import public


@public
@never_cache
def not_published(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Tell a verifier that there is nothing to verify yet (503)."""
    text = "The ledger's checkpoints, tiles and key are not published yet.\n"
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
