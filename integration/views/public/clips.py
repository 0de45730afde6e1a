"""Clips that a business was asked for: each given by one press, or answered as any footage request."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from integration.presenters.clips import ClipLine
from integration.selectors import clips as known
from integration.services import clips

FOLDER = "integration/public/clips"


@requires(Permission.OWN_DEVICES)
@never_cache
@require_safe
def own_clips(request: SignedInRequest) -> HttpResponse:
    """List the clips that the business was asked for."""
    return render(request, f"{FOLDER}/list.html", {"lines": [ClipLine(clip) for clip in known.own(request.user)]})


@requires(Permission.OWN_DEVICES)
@never_cache
@require_form
def own_clip(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one of them, and give it by one press; any other answer stands on the page of its request."""
    clip = known.own_one(request.user, pk)
    if request.method == "POST":
        clips.give(clip=clip, by=request.user)
        messages.success(request, _("Given. The CORE sends it when it calls the next time."))
        return redirect("own_clip", pk)
    return render(request, f"{FOLDER}/one.html", {"line": ClipLine(clip)})
