"""A business's own returns: how far each is, what goes back for it, and by when."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, public, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.pages import sent_files
from integration.cores import selectors
from integration.rules import CODE_LIFE
from shop.catalogue import files
from shop.parcels.forms import PlaceForm
from shop.returns.presenters import deductions
from shop.returns.presenters.returns import ReturnCard, pace_words
from shop.returns.selectors import quotes
from shop.returns.selectors import returns as return_selectors
from shop.returns.services import returns as return_services

FOLDER = "shop/returns/own"


@public
@require_safe
def return_terms(request: HttpRequest) -> HttpResponse:
    """Say what is deducted from a returned CORE, before anybody buys one."""
    schedule = quotes.schedule_at(timezone.now())
    context = {"card": deductions.ScheduleCard(schedule) if schedule else None, "pace": pace_words()}
    return render(request, f"{FOLDER}/terms.html", context)


@requires(Permission.OWN_DEVICES)
@require_safe
def returns(request: SignedInRequest) -> HttpResponse:
    """List them."""
    return render(
        request, f"{FOLDER}/list.html", {"cards": [ReturnCard(back) for back in return_selectors.own(request.user)]}
    )


@requires(Permission.OWN_DEVICES)
@require_safe
def own_return(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one of them."""
    return render(request, f"{FOLDER}/one.html", {"card": ReturnCard(return_selectors.own_one(request.user, pk))})


@requires(Permission.OWN_DEVICES)
@require_POST
def return_request(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask for the money of a CORE that is coming back already."""
    core = selectors.own_one(request.user, pk)
    back = return_services.request(core=core, by=request.user)
    if back is None:
        messages.info(request, _("This CORE was not bought here, so there is nothing to refund."))
        return redirect("device", pk)
    messages.success(request, _("Your return has started. This page says what comes next."))
    return redirect("return", back.pk)


@requires(Permission.OWN_DEVICES)
@require_POST
def return_sent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record that the carrier has the parcel."""
    return_services.send(back=return_selectors.own_one(request.user, pk), by=request.user)
    messages.success(request, _("Thank you. We will write to you when the parcel is here."))
    return redirect("return", pk)


@requires(Permission.OWN_DEVICES)
@require_form
def return_keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep the CORE; the answer shows its new code, once."""
    back = return_selectors.own_one(request.user, pk)
    if back.registrant is None:
        raise Http404
    form = PlaceForm(request.POST or None, registrant=back.registrant)
    if issued := form.carry_out(return_services.withdraw, back=back, by=request.user):
        context = {"core": issued.core, "code": issued.code, "days": CODE_LIFE.days}
        return render(request, f"{FOLDER}/code.html", context)
    return render(request, f"{FOLDER}/keep.html", {"card": ReturnCard(back), "form": form})


@requires(Permission.OWN_DEVICES)
@require_safe
def return_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    """Hand out a picture of the inspection to the CORE's owner."""
    return hand_out(return_selectors.picture(return_selectors.own_one(request.user, pk), picture).key)


def hand_out(key: str) -> HttpResponseBase:
    """Return a picture of a CORE that may be seen."""
    with files.open_inspected(key, "large") as opened:
        return HttpResponse(opened.read(), content_type="image/webp", headers=sent_files.PRIVATE)
