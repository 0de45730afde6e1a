import time
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, requires
from fusus_portal.ground.lifecycle import Refused, Stale
from fusus_portal.ground.serving.lanes import sends_files
from integration.clips import policies, selectors, services
from integration.clips.forms import ClipForm
from integration.clips.models import Clip
from integration.clips.presenters import ClipLine
from integration.cores.policies import is_offline
from integration.cores.presenters import recording_length
from integration.live import selectors as live
from integration.live.services import gate as gate_services
from registry.footage import storage
from registry.footage.views.evidence import LARGEST_ANSWER, ranged_response
from registry.incidents import selectors as incidents

CONSOLE = "integration/clips/console"
OWN = "integration/clips/own"
LOOK = "look"
LOOK_SECONDS = 10 * 60
"""Seconds for which the owner may play a clip after each entry of a look."""

ACTS: Final[dict[str, tuple[Callable[..., Clip], Any]]] = {
    "fetch": (services.fetch, gettext_lazy("The CORE is told. It sends the clip to you the next time it connects.")),
    LOOK: (services.look, ""),
    "give": (services.give, gettext_lazy("Given. Thank you.")),
}


@requires(Permission.VIEW_LIVE, SAFE)
def incident_clips(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.incident(request.user, pk)
    lines = [ClipLine(clip) for clip in selectors.of_incident(incident)]
    return render(request, f"{CONSOLE}/list.html", {"incident": incident, "lines": lines})


@requires(Permission.VIEW_LIVE, FORM)
def clip_ask(request: SignedInRequest, pk: UUID, camera: UUID) -> HttpResponse:
    incident, found = incidents.incident(request.user, pk), live.device_camera(camera)
    gate_services.must_see(deputy=request.user, camera=found, incident=incident, now=timezone.now())
    policies.must_be_verified(incident)
    core = found.core
    form = ClipForm(request.POST or None, incident=incident, core=core)
    if form.carry_out(services.ask, incident=incident, camera=found, by=request.user):
        messages.success(request, _("Asked. The owner gives it or not. You will be told when it arrives."))
        return redirect("incident_clips", pk)
    context = {
        "incident": incident,
        "name": found.camera.name,
        "form": form,
        "recorded": recording_length(core.recorded_minutes) if core.recorded_minutes is not None else "",
        "is_offline": is_offline(core, timezone.now()),
        "why_not": policies.why_no_minutes(incident, core, timezone.now()),
    }
    return render(request, f"{CONSOLE}/ask.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES, SAFE)
def own_clips(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{OWN}/list.html", {"lines": [ClipLine(clip) for clip in selectors.own(request.user)]})


@requires(Permission.OWN_DEVICES, FORM)
def own_clip(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show a clip to its owner, who may fetch, play and give it. Any other answer is on the page of its request."""
    clip = selectors.own_one(request.user, pk)
    act = request.POST.get("act", "")
    if act in ACTS:
        done, said = ACTS[act]
        done(clip=clip, by=request.user)
        if act == LOOK:
            request.session[f"{LOOK}:{pk}"] = time.time() + LOOK_SECONDS
        if said:
            messages.success(request, said)
        return redirect("own_clip", pk)
    line = ClipLine(clip)
    context = {"line": line, "plays": line.is_here and _is_looked_at(request, clip)}
    return render(request, f"{OWN}/one.html", context)


@require_safe
@sends_files
@requires(Permission.OWN_DEVICES)
def own_clip_stream(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    clip = selectors.own_one(request.user, pk)
    policies.must_be(clip, policies.Stage.HERE, timezone.now())
    if not _is_looked_at(request, clip) or clip.upload is None:
        raise Refused(_("The ten minutes are over. Press “Play it” again."), subject=clip.subject)
    upload = clip.upload
    answer = ranged_response(
        request, partial(_opened, clip), size=upload.size, tag=str(upload.pk), largest=LARGEST_ANSWER
    )
    answer["Content-Type"] = "video/mp4"
    answer["Content-Disposition"] = 'inline; filename="clip.mp4"'
    return answer


def _is_looked_at(request: SignedInRequest, clip: Clip) -> bool:
    return bool(request.session.get(f"{LOOK}:{clip.pk}", 0) > time.time())


def _opened(clip: Clip) -> BinaryIO:
    try:
        return storage.arriving(clip.upload_id).open("rb")  # type: ignore[arg-type]
    except FileNotFoundError as error:
        raise Stale(str(policies.SAID[policies.Stage.GONE]), subject=clip.subject) from error
