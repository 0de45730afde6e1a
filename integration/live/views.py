"""Pages of live cameras, and the wall of live views. Its playlists and pieces are sent only if the gate allows each."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from fusus_portal.ground.access import FORM, POST, SAFE, Permission, SignedInRequest, refusals, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.permissions import has
from fusus_portal.ground.access.source import address_of, sign_in_of
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import NotYours, Refused, Stale
from fusus_portal.ground.serving.lanes import urgent
from integration.cores import selectors as cores
from integration.critical import selectors as critical
from integration.critical.presenters import critical_until
from integration.live import passes, policies, presenters, selectors, tiles
from integration.live.forms import StopForm, ViewForm
from integration.live.services import offers, snapshots, streams, views
from integration.live.services.gate import Look, ViewRefused
from integration.live.video import connection, hls as video, relays, store
from integration.rules import GRID, POLL_SECONDS, SNAPSHOT_KEPT
from registry.incidents import selectors as incidents
from registry.incidents.models import Incident
from registry.incidents.presenters.incidents import with_marks
from registry.limits.models import Limits
from registry.places.views import SAFE_HEADERS

REFUSED = "live_refused"


def keep_refused(request: SignedInRequest, incident: UUID, refused: Iterable[tuple[UUID, str, str]]) -> None:
    told = [{"camera": str(camera), "sentence": sentence, "change": change} for camera, sentence, change in refused]
    until = time.time() + selectors.TOLD_FOR.total_seconds()
    request.session[REFUSED] = {"incident": str(incident), "until": until, "told": told}


def kept_refused(request: SignedInRequest, incident: UUID) -> list[dict[str, Any]]:
    found = request.session.get(REFUSED, {})
    is_now = found.get("incident") == str(incident) and found["until"] > time.time()
    return list(found["told"]) if is_now else []


FOLDER = "integration/live/console"
NOTHING_KEPT = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def viewer_of(request: HttpRequest) -> views.Viewer:
    return views.Viewer(network=address_of(request), session=bytes.fromhex(sign_in_of(request)))


def _pass_of(request: SignedInRequest) -> str:
    return passes.Pass(request.user.pk, address_of(request), sign_in_of(request), get_language() or "").signed()


@urgent
@requires(Permission.VIEW_LIVE, SAFE)
def live_watch(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    shown = selectors.views_on_wall(request.user, incident)
    others = selectors.other_viewers(shown)
    living = relays.living()
    context = {
        "incident": incident,
        "until": critical_until(critical.in_force(incident)),
        "tiles": [tiles.tile_of(view, others[view.pk], living) for view in shown],
        "refused": tiles.refused(kept_refused(request, pk), incident, request.user, shown),
        "viewer": request.user.pseudonym,
        "pass": _pass_of(request),
        "zone": settings.TIME_ZONE,
        "words": tiles.words(),
        "owners_read": Limits.current().shows_reasons,
    }
    return render(request, f"{FOLDER}/watch.html", context)


@urgent
@requires(Permission.VIEW_LIVE, SAFE)
def live_state(request: SignedInRequest, pk: UUID) -> JsonResponse:
    incident = incidents.incident(request.user, pk)
    lately = selectors.own_recent_views(request.user, incident)
    others = selectors.other_viewers(lately)
    living = relays.living()
    told = [tiles.state_of(view, others[view.pk], living) for view in lately]
    until = critical_until(critical.in_force(incident))
    again = offers.shared_again(incident=incident, ended=_ids(request.GET.get("waits", "")), by=request.user)
    said = {"now": timezone.now().timestamp(), "until": until, "pass": _pass_of(request), "views": told}
    return _json({**said, "again": [str(each) for each in again]})


def _ids(text: str) -> list[UUID]:
    """Return the ids of views in a list of them, and skip everything else."""
    found = []
    for each in text.split(",")[:GRID]:
        with suppress(ValueError):
            found.append(UUID(each))
    return found


@urgent
@requires(Permission.VIEW_LIVE, SAFE, background=True)
def live_playlist(request: SignedInRequest, grant: UUID) -> HttpResponse:
    look = _look(request, grant)
    if not look.decision or look.stream is None:
        return _refusal(look)
    now = timezone.now()
    try:
        streams.want_hls(look.stream)
        newest = store.read_playlist(look.stream)
        if newest is None or not tiles.is_current(newest, now):
            told_at = store.told_at(look.stream)
            sentence = tiles.waits_for(selectors.own_view(request.user, grant), told_at=told_at, now=now)
            return _json({"sentence": sentence}, HTTPStatus.NOT_FOUND)
    except connection.LiveUnavailable:
        return _away()
    return HttpResponse(video.write(newest), content_type="application/vnd.apple.mpegurl", headers=dict(NOTHING_KEPT))


@urgent
@requires(Permission.VIEW_LIVE, SAFE, background=True)
def live_segment(request: SignedInRequest, grant: UUID, number: int) -> HttpResponseBase:
    look = _look(request, grant)
    if not look.decision or look.stream is None:
        return _refusal(look)
    try:
        body = store.read_segment(look.stream, number)
        if body is None:
            return _json({"sentence": _("This piece of video is gone.")}, HTTPStatus.NOT_FOUND)
        store.count_sent(grant, len(body))
    except connection.LiveUnavailable:
        return _away()
    return HttpResponse(body, content_type="video/mp2t", headers=dict(NOTHING_KEPT))


@urgent
@requires(Permission.VIEW_LIVE, POST)
def live_end(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = selectors.own_view(request.user, grant)
    views.end(grant=view, by=request.user)
    return _done(request, view.incident_id, {})


@urgent
@requires(Permission.VIEW_LIVE, POST)
def live_extend(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = selectors.own_view(request.user, grant)
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
@requires(Permission.VIEW_LIVE, POST)
def live_again(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = selectors.own_view(request.user, grant)
    try:
        begun = offers.begin_again(grant=view, by=request.user, **viewer_of(request))
    except (ValidationError, ViewRefused, Stale) as error:
        if not _wants_json(request):
            raise
        return _json({"sentence": sentence_of(request, error)}, HTTPStatus.CONFLICT)
    return _done(request, view.incident_id, {"view": str(begun.pk)})


@urgent
@requires(Permission.VIEW_LIVE, POST)
def live_leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """End all of one's own views of an incident. Pages don't call this when they close: they just stop asking."""
    incident = incidents.incident(request.user, pk)
    for view in selectors.own_running_views(request.user, incident):
        views.end(grant=view, by=request.user)
    return _done(request, pk, {})


def _look(request: SignedInRequest, grant: UUID) -> Look:
    return views.ask(grant=grant, user=request.user, **viewer_of(request))


def _refusal(look: Look) -> HttpResponse:
    if look.is_away:
        return _away(look.decision.sentence)
    return _json(tiles.refusal_of(look.decision), HTTPStatus.FORBIDDEN)


def _away(sentence: str = "") -> HttpResponse:
    """Say that nothing can be shown just now. The view has not ended, and its page asks again automatically."""
    response = _json(
        {"sentence": sentence or _("Live view is not available right now.")}, HTTPStatus.SERVICE_UNAVAILABLE
    )
    response["Retry-After"] = refusals.SCRIPT_AGAIN_SECONDS
    return response


def sentence_of(request: HttpRequest, error: ValidationError | ViewRefused | Stale) -> str:
    """Return the sentence of a refusal, after its entry is written."""
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


@requires(Permission.VIEW_LIVE, SAFE)
def live(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/now.html", _now(request.user))


@requires(Permission.VIEW_LIVE, SAFE)
def live_now(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/now_lists.html", _now(request.user))


def _now(user: User) -> dict[str, Any]:
    mine = list(incidents.incidents_of(user))
    declared = critical.in_force_of(mine, now=timezone.now())
    context: dict[str, Any] = {
        "incidents": with_marks((incident for incident in mine if incident.pk in declared), user),
        "views": selectors.running_views().filter(deputy=user),
    }
    if has(user.role, Permission.OVERSEE_LIVE):
        context["watched"] = presenters.view_lines(offers.show_running(by=user), user)
    return context


@urgent
@requires(Permission.OVERSEE_LIVE, FORM)
def live_stop(request: SignedInRequest, grant: UUID) -> HttpResponse:
    view = selectors.visible_view(request.user, grant)
    policies.may_stop_view(request.user, policies.must_be_running(view, of=view))
    form = StopForm(request.POST or None)
    if form.carry_out(views.stop, grant=view, by=request.user):
        messages.success(request, _("Ended. The viewer's page says so, and so does the message to the owner."))
        return redirect("live")
    context = {"view": view, "form": form, "facts": presenters.view_facts(view)}
    return render(request, f"{FOLDER}/stop.html", context)


@requires(Permission.VIEW_LIVE, SAFE)
def incident_live(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show the connected cameras inside the declared circle, and no others. Each leaves an entry."""
    incident = incidents.incident(request.user, pk)
    return _offers(request, incident, ViewForm(room=selectors.room_for_views(request.user, incident)))


@requires(Permission.VIEW_LIVE, POST)
def live_start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    form = ViewForm(request.POST, room=selectors.room_for_views(request.user, incident))
    form.is_valid()
    cameras = selectors.device_cameras(form.chosen)
    if form.chosen and not cameras:
        raise NotYours(_("There is no such camera."), subject=incident.subject)
    if form.errors.keys() - {"reason"}:
        return _offers(request, incident, form, status=422)
    try:
        answers = views.start_wall(
            incident=incident,
            cameras=cameras,
            by=request.user,
            reason=form.cleaned_data.get("reason", ""),
            more=form.cleaned_data["more"],
            **viewer_of(request),
        )
    except ValidationError as error:
        if not form.errors:
            form.add_error(None, error)
        return _offers(request, incident, form, status=422)
    keep_refused(request, pk, _refused_cameras(request, answers))
    return redirect("live_watch", pk)


def _offers(request: SignedInRequest, incident: Incident, form: ViewForm, *, status: int = 200) -> HttpResponse:
    if form.errors.keys() & {"reason"}:
        form.fields["reason"].widget.attrs["autofocus"] = True
    context = presenters.offers_page(*offers.show(incident=incident, by=request.user), request.user, form=form)
    return render(request, f"{FOLDER}/offers.html", context, status=status)


def _refused_cameras(request: SignedInRequest, answers: list[views.Answer]) -> Iterator[tuple[UUID, str, str]]:
    """Yield each refused camera with its sentences. If only one camera was chosen, raise its refusal instead."""
    for camera, refused in answers:
        if isinstance(refused, ViewRefused):
            if len(answers) == 1:
                said = f"{refused.sentence} {refused.change}".strip()
                raise Refused(said, subject=refused.subject) from refused
            yield camera.pk, refused.sentence, refused.change
        elif isinstance(refused, Stale) and len(answers) == 1:
            raise refused
        elif isinstance(refused, Exception):
            yield camera.pk, sentence_of(request, refused), ""


@requires(Permission.OWN_DEVICES, FORM)
@limit("snapshot", "10/m", account_of)
def device_snapshot(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    found = cores.own_connected(request.user, pk, behind)
    if request.method == "POST":
        snapshots.take(behind=found, by=request.user)
        return redirect("device_snapshot", pk, behind)
    context = {
        "behind": found,
        "kept": snapshots.of_camera(found),
        "is_on_its_way": snapshots.is_on_its_way(found),
        "minutes": SNAPSHOT_KEPT // timedelta(minutes=1),
        "seconds": POLL_SECONDS,
    }
    return render(request, "integration/live/snapshot.html", context)


@requires(Permission.OWN_DEVICES, SAFE)
def device_snapshot_file(request: SignedInRequest, pk: UUID, behind: UUID) -> HttpResponse:
    kept = snapshots.of_camera(cores.own_connected(request.user, pk, behind))
    if kept is None:
        raise Http404
    return HttpResponse(kept.jpeg, content_type="image/jpeg", headers=SAFE_HEADERS)
