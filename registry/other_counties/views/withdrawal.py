"""What a person let us pass on about another county: theirs to take back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest
from registry.other_counties import selectors
from registry.other_counties.services import leads


@requires(Permission.OWN_REGISTRATION)
@never_cache
@require_POST
def withdraw(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Close one of the person's own leads; what it named is deleted."""
    lead = leads.withdraw(lead=selectors.own_lead(request.user, pk), by=request.user)
    messages.success(request, _("Taken back: %(number)s. Nobody writes to you about it.") % {"number": lead.reference})
    return redirect("profile")
