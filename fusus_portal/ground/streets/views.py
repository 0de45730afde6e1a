from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import POST, Permission, SignedInRequest, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.geo.counties import own_county
from fusus_portal.ground.serving import byte_range
from fusus_portal.ground.serving.byte_range import Portion, Unsatisfiable
from fusus_portal.ground.serving.lanes import sends_files
from fusus_portal.ground.streets import street_map as streets
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.numbers import LONGEST_TEXT

SHORTEST = 3
"""Letters to type before the first suggestions."""

A_YEAR = 365 * 24 * 60 * 60


@requires(Permission.OWN_ACCOUNT, POST)
@limit("suggest", "10/s", account_of)
def suggest(request: SignedInRequest) -> HttpResponse:
    """Return addresses that a typed text may mean, as JSON. A POST keeps the text out of access logs."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    found = finder.find_places(text) if len(text.strip()) >= SHORTEST else []
    state = own_county().state_code
    places = [
        {
            "label": each.label,
            "address": each.address,
            "city": each.city,
            "state": state,
            "zip_code": each.zip_code,
            "latitude": round(each.point.latitude, 6),
            "longitude": round(each.point.longitude, 6),
            "precision": each.precision,
            "beside": each.beside,
        }
        for each in found
    ]
    return JsonResponse({"places": places}, headers={"Cache-Control": "no-store"})


@sends_files
@public
@require_safe
def street_map(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a range of the street map's file. The file of a name never changes, so browsers may keep it."""
    if not streets.map_exists(name):
        raise Http404
    size = streets.map_storage().size(name)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": f"public, max-age={A_YEAR}, immutable", "ETag": f'"{name}"'}
    try:
        wanted = byte_range.parse_range(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, length = (wanted.first, wanted.length) if wanted else (0, size)
    headers["Content-Length"] = str(length)
    if wanted:
        headers["Content-Range"] = wanted.header
    pieces: Iterator[bytes] = Portion(streets.open_map(name), first, length) if request.method == "GET" else iter(())
    status = 206 if wanted else 200
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type="application/vnd.pmtiles")
