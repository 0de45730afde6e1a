"""A business cancels the connection of its CORE, at once or with the year that is paid, and nobody asks why."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from integration.selectors import cores as known_cores
from shop.presenters.subscriptions import SubscriptionCard
from shop.selectors import subscriptions as known
from shop.services import subscriptions as services

NOW = "now"


@requires(Permission.OWN_DEVICES)
@never_cache
@require_form
def device_cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show both ways to cancel, and take the one whose button is pressed."""
    core = known_cores.own_one(request.user, pk)
    found = known.own_of(request.user, core)
    if request.method == "POST":
        if request.POST.get("when") == NOW:
            services.cancel_now(core=core, by=request.user)
            messages.success(request, _("It has ended. Nobody sees anything through this CORE any more."))
        else:
            services.cancel_with_year(core=core, by=request.user)
            messages.success(request, _("Canceled. All goes on until the year that you paid is over."))
        return redirect("device", pk)
    context = {"core": core, "card": SubscriptionCard(found)}
    return render(request, "shop/public/subscriptions/cancel.html", context)


@requires(Permission.OWN_DEVICES)
@require_POST
def device_uncancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep a connection after all."""
    services.keep(core=known_cores.own_one(request.user, pk), by=request.user)
    messages.success(request, _("It goes on as before."))
    return redirect("device", pk)
