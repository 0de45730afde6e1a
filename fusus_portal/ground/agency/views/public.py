from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.agency import seals, selectors
from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.presenters.documents import blocks_of, versions_of

YEAR_SECONDS = 365 * 24 * 60 * 60


@public
@require_safe
@cache_control(public=True, max_age=YEAR_SECONDS, immutable=True)
def seal(request: HttpRequest, digest: str) -> HttpResponse:
    """Return a picture by its digest. Its address never changes content, so browsers may cache it."""
    if not seals.is_kept(digest):
        raise Http404
    return HttpResponse(
        seals.read(digest), content_type="image/png", headers={"Content-Disposition": 'inline; filename="seal.png"'}
    )


@public
@require_safe
def document(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    versions, wanted = versions_of(kind), selectors.holding(kind) if number is None else number
    found = next((one for one in versions if one.document.number == wanted), None)
    if found is None:
        raise Http404
    context = {
        "version": found,
        "blocks": blocks_of(found.document.text(get_language() or "en")),
        "others": [one for one in versions if one != found],
        "title": DocumentKind(kind).label,
    }
    return render(request, "public/document.html", context)
