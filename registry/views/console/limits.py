"""The agency's limits: changed, looked at, saved; and what they were before."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, privileged, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from fusus_portal.agency import selectors
from fusus_portal.agency.presenters import history
from fusus_portal.agency.steps import Step, step_of
from registry.forms.limits import LimitsForm
from registry.models import Limits
from registry.services import limits

SHOWN = 100
"""Changes on the page of the history."""


@privileged
@requires(Permission.ADMINISTER)
@require_form
def limits_page(request: SignedInRequest) -> HttpResponse:
    """Change the limits, look at what would differ, save."""
    row = Limits.current()
    form = LimitsForm(request.POST or None, instance=Limits.current(), initial={"revision": row.revision})
    step = step_of(request, form)
    if step is Step.SAVE:
        try:
            limits.change(by=request.user, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
            step = Step.FILL_IN
        else:
            messages.success(request, _("Saved. These limits count from the next act on."))
            return redirect("admin")
    if step is Step.LOOK:
        differences = history.differences(row, form.instance, model=Limits)
        return render(request, "console/admin/limits_look.html", {"form": form, "differences": differences})
    return render(request, "console/admin/limits.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_safe
def limits_history(request: SignedInRequest) -> HttpResponse:
    """Say what was changed, when and by whom."""
    rows = selectors.history(Limits)[: SHOWN + 1]
    context = {
        "changes": history.changes_of(rows, model=Limits),
        "heading": _("What changed in the limits"),
        "back": "limits",
        "back_label": _("Limits"),
    }
    return render(request, "console/admin/history.html", context)
