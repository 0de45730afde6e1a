from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.pages import sent_files
from fusus_portal.ground.picture_forms import posted, say_refusal, takes_picture
from registry.places import selectors, snapshot_files
from registry.places.forms.cameras import PictureForm
from registry.places.services import snapshots

SAFE_HEADERS = {**sent_files.PRIVATE, "Content-Disposition": 'inline; filename="camera.jpg"'}


@takes_picture
@requires(Permission.OWN_REGISTRATION)
@require_form
@limit("picture", "20/m", account_of)
def picture(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    form = PictureForm(*posted(request))
    say_refusal(form, "picture", request)
    if form.carry_out(snapshots.keep, camera=camera, by=request.user):
        messages.success(request, _("The picture is saved. Only you see it."))
        return redirect("camera", camera.pk)
    return render(request, "registry/places/picture.html", {"form": form, "camera": camera})


@requires(Permission.OWN_REGISTRATION)
@require_POST
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = snapshots.remove(camera=selectors.camera(request.user, pk), by=request.user)
    messages.success(request, _("The picture is deleted."))
    return redirect("camera", camera.pk)


@requires(Permission.OWN_REGISTRATION)
@require_safe
def show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    camera = selectors.camera(request.user, pk)
    try:
        content = snapshot_files.read(camera.snapshot) if camera.snapshot else b""
    except FileNotFoundError:
        content = b""
    if not content:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers=SAFE_HEADERS)
