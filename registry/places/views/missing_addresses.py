"""Addresses that the county's data lacks, for administrators. A list names none; each look is an entry."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.pages import maps
from fusus_portal.ground.streets import selectors as streets
from fusus_portal.ground.streets.services import corrections
from registry.places import selectors
from registry.places.forms.missing_addresses import MissingAddressForm, initial_of
from registry.places.services import missing_addresses as services

MOST = 100
"""Places of one page; the next ones follow when these are done."""


@requires(Permission.ADMINISTER)
@require_safe
def missing_addresses(request: SignedInRequest) -> HttpResponse:
    """List the places by ZIP code and day alone, and the addresses that staff added."""
    places = selectors.unlisted()
    context = {"places": places[:MOST], "count": places.count(), "added": streets.added()[:MOST]}
    return render(request, "registry/places/missing/list.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def missing_address(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show one address with its pin, after the entry of the look."""
    return _page(request, pk)


@requires(Permission.ADMINISTER)
@require_POST
def missing_address_add(request: SignedInRequest, pk: UUID) -> HttpResponse:
    form = MissingAddressForm(request.POST)
    if not form.carry_out(services.add, premises=selectors.unlisted_premises(pk), by=request.user):
        return _page(request, pk, form)
    messages.success(request, _("Added. It is found from now on, and stays when you load new files."))
    return redirect("missing_addresses")


@requires(Permission.ADMINISTER)
@require_POST
def missing_address_accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    services.accept(premises=selectors.unlisted_premises(pk), by=request.user)
    messages.success(request, _("Noted. The address is not suggested to anybody."))
    return redirect("missing_addresses")


@requires(Permission.ADMINISTER)
@require_POST
def added_address_take_out(request: SignedInRequest, pk: int) -> HttpResponse:
    corrections.take_out(added=streets.added_address(pk), by=request.user)
    messages.success(request, _("Removed. It is not found any more."))
    return redirect("missing_addresses")


def _page(request: SignedInRequest, pk: UUID, form: MissingAddressForm | None = None) -> HttpResponse:
    premises = services.read(premises=selectors.unlisted_premises(pk), by=request.user)
    context = {
        "premises": premises,
        "form": form or MissingAddressForm(initial=initial_of(premises)),
        "map": maps.ground(),
        "center": maps.pair(premises.point),
    }
    return render(request, "registry/places/missing/address.html", context, status=422 if form else 200)
