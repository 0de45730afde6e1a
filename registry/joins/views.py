from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.evened import evened
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from registry.incidents.selectors import incidents
from registry.joins import presenters, selectors, services
from registry.joins.forms import JoinForm


@requires(Permission.ASK_TO_JOIN)
@require_form
@evened
def join(request: SignedInRequest) -> HttpResponse:
    """Ask to join by number. The answer is the same if the incident exists or not."""
    form = JoinForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if asked := form.carry_out(services.ask, by=request.user):
        said = _("Asked about %(number)s. If somebody on that incident says yes, you find it on your start page.")
        messages.success(request, said % {"number": asked.number})
        return redirect("join")
    return render(request, "registry/joins/join.html", {"form": form, **presenters.page(request.user)})


@requires(Permission.OPEN_INCIDENT)
@require_POST
def join_admit(request: SignedInRequest, pk: UUID, question: UUID) -> HttpResponse:
    asked = selectors.one(incidents.one(request.user, pk), question)
    joined = services.admit(question=asked, by=request.user)
    messages.success(request, _("%(name)s works on this incident now.") % {"name": joined.asked_by.name})
    return redirect("incident", pk)


@requires(Permission.OPEN_INCIDENT)
@require_POST
def join_decline(request: SignedInRequest, pk: UUID, question: UUID) -> HttpResponse:
    asked = selectors.one(incidents.one(request.user, pk), question)
    services.decline(question=asked, by=request.user)
    messages.success(request, _("Declined. Whoever asked is not told."))
    return redirect("incident", pk)
