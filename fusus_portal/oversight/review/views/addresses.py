from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.oversight.review.forms import AddressForm
from fusus_portal.oversight.review.presenters.address_page import address_page
from fusus_portal.oversight.review.selectors import weeks
from fusus_portal.oversight.review.services import addresses


@privileged
@requires(Permission.ADMINISTER)
@require_form
def review_addresses(request: SignedInRequest) -> HttpResponse:
    form = AddressForm(request.POST or None)
    if form.carry_out(addresses.propose, by=request.user):
        messages.success(request, _("Proposed. It counts when another administrator approves it."))
        return redirect("review_addresses")
    context = address_page(weeks.addresses(), request.user) | {"form": form}
    return render(request, "oversight/review/addresses.html", context, status=422 if form.errors else 200)


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def review_address_approve(request: SignedInRequest, pk: UUID) -> HttpResponse:
    addresses.approve(address=weeks.address(pk), by=request.user)
    messages.success(request, _("Approved. The alarm goes there from now on."))
    return redirect("review_addresses")


@privileged
@requires(Permission.ADMINISTER)
@require_POST
def review_address_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    addresses.cancel(address=weeks.address(pk), by=request.user)
    messages.success(request, _("Canceled. Nothing changes."))
    return redirect("review_addresses")
