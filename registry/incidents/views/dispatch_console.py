from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.picture_forms import takes_picture
from registry.incidents.forms.dispatch import DispatchFileForm, DispatchKeyForm
from registry.incidents.presenters import dispatch as dispatch_presenters
from registry.incidents.selectors import dispatch as dispatch_selectors
from registry.incidents.selectors import incidents
from registry.incidents.services import deliveries, dispatch_keys, dispatch_records
from registry.incidents.services.deliveries import Unwanted

FOLDER = "registry/incidents/dispatch"


@privileged
@requires(Permission.ADMINISTER)
@require_form
def dispatch_keys_page(request: SignedInRequest) -> HttpResponse:
    form = DispatchKeyForm(request.POST or None)
    if form.carry_out(dispatch_keys.propose, by=request.user):
        messages.success(request, _("Proposed. It counts when another administrator has approved it."))
        return redirect("dispatch_keys")
    return render(request, f"{FOLDER}/keys.html", {"form": form, **dispatch_presenters.keys_page(request.user)})


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def dispatch_key_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    dispatch_keys.approve(key=dispatch_selectors.key(pk), by=request.user)
    messages.success(request, _("Approved. Deliveries signed with this key count from now on."))
    return redirect("dispatch_keys")


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def dispatch_key_retire(request: SignedInRequest, pk: UUID) -> HttpResponse:
    dispatch_keys.retire(key=dispatch_selectors.key(pk), by=request.user)
    messages.success(request, _("Retired. Nothing that this key signs counts any more."))
    return redirect("dispatch_keys")


@takes_picture  # a file held in memory and bounded before its first byte; a delivery is smaller than a picture
@requires(Permission.IMPORT_DISPATCH)
@require_form
def dispatch_file(request: SignedInRequest) -> HttpResponse:
    form = DispatchFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        token = form.cleaned_data["token"]
        try:
            if "take" in request.POST:
                delivery, _results = deliveries.take(token=token, by=request.user)
                messages.success(request, _sentence(delivery.taken, delivery.refused))
                return redirect("dispatch_file")
            found = deliveries.preview(token=token, by=request.user)
        except Unwanted as unwanted:
            deliveries.refuse(unwanted=unwanted, by=request.user)
            form.add_error("file", unwanted.sentence)
        else:
            context |= {
                "rows": dispatch_presenters.rows(found),
                "token": token,
                "nothing": dispatch_presenters.nothing_taken(found),
            }
    return render(request, f"{FOLDER}/file.html", context)


@requires(Permission.VERIFY_INCIDENT)
@require_POST
def dispatch_settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    incident = incidents.one(request.user, pk)
    dispatch_records.settle(dispatch_record=dispatch_selectors.record_of(incident), by=request.user)
    return redirect("incident", pk)


def _sentence(taken: int, refused: int) -> str:
    told = ngettext("%(number)d incident taken.", "%(number)d incidents taken.", taken) % {"number": taken}
    if not refused:
        return told
    more = ngettext("%(number)d was not taken.", "%(number)d were not taken.", refused) % {"number": refused}
    return f"{told} {more}"
