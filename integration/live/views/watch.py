"""The wall of live views, its playlists and its pieces of video, each after asking the gate."""

from http import HTTPStatus
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, refusals, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.access.source import address_of, sign_in_of
from fusus_portal.ground.lifecycle import Stale
from fusus_portal.ground.serving.lanes import urgent
from integration.critical import selectors
from integration.critical.presenters import critical_until
from integration.live import passes
from integration.live.presenters import tiles
from integration.live.selectors import live_views
from integration.live.services import streams, views, walls
from integration.live.services.gate import Look, ViewRefused
from integration.live.video import playlists, relays, store
from integration.live.video.connection import LiveUnavailable
from integration.live.views import refused_tiles
from registry.incidents import selectors as incidents
from registry.limits.models import Limits

FOLDER = "integration/live/console"
NOTHING_KEPT = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Viewer(TypedDict):
    network: str
    session: bytes


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the caller's address and sign-in. A view works only from there."""
    return Viewer(network=address_of(request), session=bytes.fromhex(sign_in_of(request)))


def _pass_of(request: SignedInRequest) -> str:
    return passes.Pass(request.user.pk, address_of(request), sign_in_of(request), get_language() or "").signed()


@urgent
@requires(Permission.VIEW_LIVE)
@require_safe
def watch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    shown = live_views.on_wall(request.user, incident)
    others = live_views.others_at(shown)
    living = relays.living()
    context = {
        "incident": incident,
        "until": critical_until(selectors.in_force(incident)),
        "tiles": [tiles.tile_of(view, others[view.pk], living) for view in shown],
        "refused": tiles.refused(refused_tiles.kept(request, pk), incident, request.user, shown),
        "viewer": request.user.pseudonym,
        "pass": _pass_of(request),
        "zone": settings.TIME_ZONE,
        "words": tiles.words(),
        "owners_read": Limits.current().shows_reasons,
    }
    return render(request, f"{FOLDER}/watch.html", context)


@urgent
@requires(Permission.VIEW_LIVE)
@require_safe
def state(request: SignedInRequest, pk: UUID) -> JsonResponse:
    incident = incidents.incident(request.user, pk)
    lately = live_views.own_lately(request.user, incident)
    others = live_views.others_at(lately)
    living = relays.living()
    told = [tiles.state_of(view, others[view.pk], living) for view in lately]
    until = critical_until(selectors.in_force(incident))
    return _json({"now": timezone.now().timestamp(), "until": until, "pass": _pass_of(request), "views": told})


@urgent
@requires(Permission.VIEW_LIVE, background=True)
@require_safe
def playlist(request: SignedInRequest, grant: UUID) -> HttpResponse:
    look = _asked(request, grant)
    if not look.decision or look.stream is None:
        return _refused(look)
    now = timezone.now()
    try:
        streams.want_hls(look.stream)
        newest = store.read_playlist(look.stream)
        if newest is None or not tiles.is_current(newest, now):
            told_at = store.told_at(look.stream)
            sentence = tiles.waits_for(live_views.own_one(request.user, grant), told_at=told_at, now=now)
            return _json({"sentence": sentence}, HTTPStatus.NOT_FOUND)
    except LiveUnavailable:
        return _away()
    return HttpResponse(
        playlists.write(newest), content_type="application/vnd.apple.mpegurl", headers=dict(NOTHING_KEPT)
    )


@urgent
@requires(Permission.VIEW_LIVE, background=True)
@require_safe
def segment(request: SignedInRequest, grant: UUID, number: int) -> HttpResponseBase:
    look = _asked(request, grant)
    if not look.decision or look.stream is None:
        return _refused(look)
    try:
        body = store.read_segment(look.stream, number)
        if body is None:
            return _json({"sentence": _("This piece of video is gone.")}, HTTPStatus.NOT_FOUND)
        store.count_sent(grant, len(body))
    except (LiveUnavailable, store.LiveFull):
        return _away()
    return HttpResponse(body, content_type="video/mp2t", headers=dict(NOTHING_KEPT))


@urgent
@requires(Permission.VIEW_LIVE)
@require_POST
def end(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = live_views.own_one(request.user, grant)
    views.end(grant=view, by=request.user)
    return _done(request, view.incident_id, {})


@urgent
@requires(Permission.VIEW_LIVE)
@require_POST
def extend(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = live_views.own_one(request.user, grant)
    try:
        extended = views.extend(grant=view, by=request.user, reason=request.POST.get("reason", ""))
    except (ValidationError, ViewRefused, Stale) as error:
        if _wants_json(request):
            return _json({"sentence": sentence_of(request, error)}, HTTPStatus.CONFLICT)
        if not isinstance(error, ValidationError):
            raise
        messages.error(request, sentence_of(request, error))
        return redirect("live_watch", view.incident_id)
    return _done(request, view.incident_id, {"ends": int(extended.ends_at.timestamp())})


@urgent
@requires(Permission.VIEW_LIVE)
@require_POST
def again(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = live_views.own_one(request.user, grant)
    try:
        begun = walls.begin_again(grant=view, by=request.user, **viewer_of(request))
    except (ValidationError, ViewRefused, Stale) as error:
        if not _wants_json(request):
            raise
        return _json({"sentence": sentence_of(request, error)}, HTTPStatus.CONFLICT)
    return _done(request, view.incident_id, {"view": str(begun.pk)})


@urgent
@requires(Permission.VIEW_LIVE)
@require_POST
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End all of one's own views of an incident. A closed page sends nothing; it just stops asking."""
    incident = incidents.incident(request.user, pk)
    for view in live_views.own_running(request.user, incident):
        views.end(grant=view, by=request.user)
    return _done(request, pk, {})


def _asked(request: SignedInRequest, grant: UUID) -> Look:
    return views.ask(grant=grant, user=request.user, **viewer_of(request))


def _refused(look: Look) -> HttpResponse:
    if look.is_away:
        return _away(look.decision.sentence)
    return _json(tiles.refusal_of(look.decision), HTTPStatus.FORBIDDEN)


def _away(sentence: str = "") -> HttpResponse:
    """Say that nothing is shown. The page asks again automatically: the view has not ended."""
    response = _json(
        {"sentence": sentence or _("Live view is not available right now.")}, HTTPStatus.SERVICE_UNAVAILABLE
    )
    response["Retry-After"] = refusals.SCRIPT_AGAIN_SECONDS
    return response


def sentence_of(request: HttpRequest, error: ValidationError | ViewRefused | Stale) -> str:
    """Return the sentence of a refusal, once it has its entry."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    refusals.answer(request, error)
    return error.sentence


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _done(request: HttpRequest, incident: UUID, said: dict[str, Any]) -> HttpResponse:
    return _json(said) if _wants_json(request) else redirect("live_watch", pk=incident)


def _json(said: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    return JsonResponse(said, status=status, headers=dict(NOTHING_KEPT))
