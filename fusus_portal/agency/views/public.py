"""What everyone may have of the agency's data."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fusus_portal.access import public
from fusus_portal.agency import seals

YEAR_SECONDS = 365 * 24 * 60 * 60


@public
@require_safe
@cache_control(public=True, max_age=YEAR_SECONDS, immutable=True)
def seal(request: HttpRequest, digest: str) -> HttpResponse:
    """Return the picture with this digest. Its address changes with it, so browsers may keep it."""
    if not seals.is_kept(digest):
        raise Http404
    return HttpResponse(
        seals.read(digest), content_type="image/png", headers={"Content-Disposition": 'inline; filename="seal.png"'}
    )
