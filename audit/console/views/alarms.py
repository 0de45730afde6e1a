from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.console.forms import SettleForm
from audit.console.presenters.alarms import alarm_of, alarms_page
from audit.ledger import services
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form


@requires(Permission.AUDIT)
@require_safe
def alarms(request: SignedInRequest) -> HttpResponse:
    return render(request, "audit/console/alarms/alarms.html", alarms_page())


@requires(Permission.AUDIT)
@require_form
def settle(request: SignedInRequest, alarm: int) -> HttpResponse:
    found = alarm_of(alarm)
    form = SettleForm(request.POST or None)
    if form.is_valid():
        services.settle_alarm(alarm=alarm, by=request.user.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("Settled."))
        return redirect("audit_alarms")
    return render(request, "audit/console/alarms/alarm.html", {"alarm": found, "form": form})
