from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from shop.returns.forms.deductions import PublishForm
from shop.returns.presenters.deductions import ScheduleCard
from shop.returns.selectors import quotes
from shop.returns.services import deductions as deduction_services


@requires(Permission.ADMINISTER)
@require_form
def deductions(request: SignedInRequest) -> HttpResponse:
    form = PublishForm(request.POST or None)
    if made := form.carry_out(deduction_services.publish, by=request.user):
        messages.success(request, _("Published: version %(version)d.") % {"version": made.version})
        return redirect("deductions")
    context = {"form": form, "cards": [ScheduleCard(schedule) for schedule in quotes.versions()]}
    return render(request, "shop/returns/cases/deductions.html", context, status=422 if form.errors else 200)
