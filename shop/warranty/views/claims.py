from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.limits import account_of, limit
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.picture_forms import posted, say_refusal, takes_picture
from integration.cores import selectors as core_selectors
from shop.returns.views.returns import hand_out
from shop.warranty import selectors
from shop.warranty.forms import ProblemForm
from shop.warranty.presenters import ClaimCard, old_unit_words
from shop.warranty.services import claims

FOLDER = "shop/warranty/own"


@takes_picture
@requires(Permission.OWN_DEVICES)
@require_form
@limit("warranty", "20/h", account_of)
def device_problem(request: SignedInRequest, pk: UUID) -> HttpResponse:
    core = core_selectors.own_one(request.user, pk)
    form = ProblemForm(*posted(request), by=request.user)
    say_refusal(form, "picture", request)
    if opened := form.carry_out(claims.open_claim, core=core, by=request.user):
        messages.success(request, _("Thank you. We will review it and write to you."))
        return redirect("warranty_claim", opened.pk)
    context = {"core": core, "form": form, "old_unit": old_unit_words()}
    return render(request, f"{FOLDER}/open.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_DEVICES)
@require_safe
def claim(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, f"{FOLDER}/one.html", {"card": ClaimCard(selectors.own_one(request.user, pk))})


@requires(Permission.OWN_DEVICES)
@require_safe
def claim_picture(request: SignedInRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
    return hand_out(selectors.picture(selectors.own_one(request.user, pk), picture).key)
