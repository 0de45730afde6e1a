from collections.abc import Iterator

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, privileged, public, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.geo.counties import own_county
from fusus_portal.ground.geo.points import Point
from fusus_portal.ground.held_files import refusal
from fusus_portal.ground.serving.byte_range import Portion, Unsatisfiable, parse_range
from fusus_portal.ground.serving.lanes import sends_files, takes_files
from fusus_portal.ground.streets import presenters, selectors, services, street_map as streets
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.finder.numbers import LONGEST_TEXT
from fusus_portal.ground.streets.forms import StreetFilesForm, takes_street_files

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


@requires(Permission.OWN_ACCOUNT, POST)
@limit("suggest", "10/s", account_of)
def around(request: SignedInRequest) -> HttpResponse:
    """Return the words for a spot of the map and the house numbers around it, as JSON. A POST leaves it in no log."""
    try:
        point = Point(*(float(request.POST.get(name, "")) for name in ("latitude", "longitude")))
    except ValueError:
        return HttpResponseBadRequest()
    return JsonResponse(presenters.around(point), headers={"Cache-Control": "no-store"})


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
        wanted = parse_range(request.headers.get("Range", ""), size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    first, length = (wanted.first, wanted.length) if wanted else (0, size)
    headers["Content-Length"] = str(length)
    if wanted:
        headers["Content-Range"] = wanted.header
    pieces: Iterator[bytes] = Portion(streets.open_map(name), first, length) if request.method == "GET" else iter(())
    status = 206 if wanted else 200
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type="application/vnd.pmtiles")


@takes_files
@takes_street_files
@requires(Permission.ADMINISTER, FORM)
def street_list(request: SignedInRequest) -> HttpResponse:
    form = StreetFilesForm(request.POST or None, request.FILES or None)
    if data := form.carry_out(services.upload_files, by=request.user):
        return redirect("street_data", data.pk)
    if why := refusal(request):
        form.errors["uploaded"] = form.error_class([why])
    lines = presenters.lines_of(selectors.loadings())
    context = {"heading": _("Streets and addresses"), "form": form, "lines": lines}
    return render(request, "console/admin/streets.html", context)


@requires(Permission.ADMINISTER, SAFE)
def street_data(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "console/admin/street_data.html", presenters.page(selectors.loading(pk)))


@requires(Permission.ADMINISTER, SAFE)
def street_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    return render(request, "console/admin/street_progress.html", presenters.how_far(selectors.loading(pk)))


@privileged
@requires(Permission.ADMINISTER, POST)
def street_use(request: SignedInRequest, pk: int) -> HttpResponse:
    data = services.use_load(data=selectors.loading(pk), by=request.user)
    messages.success(request, _("In use. What was in use before is kept to go back to."))
    return redirect("street_data", data.pk)


@requires(Permission.ADMINISTER, POST)
def street_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    services.discard_load(data=selectors.loading(pk), by=request.user)
    messages.success(request, _("Discarded. What people search has not changed."))
    return redirect("street_list")
