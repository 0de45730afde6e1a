"""What everyone may have of the agency's data: its seal, its terms of use, its other documents."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.agency import seals, selectors
from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.presenters.documents import blocks_of

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


@public
@require_safe
def document(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    """Show the version in force, or an older one by its number."""
    versions = list(selectors.versions(kind))
    found = versions[0] if number is None else next((one for one in versions if one.number == number), None)
    if found is None:
        raise Http404
    context = {
        "document": found,
        "blocks": blocks_of(found.text(get_language() or "en")),
        "is_in_force": found == versions[0],
        "others": [(one, reverse(f"{kind}_version", args=[one.number])) for one in versions if one != found],
        "title": DocumentKind(kind).label,
    }
    return render(request, "public/document.html", context)
