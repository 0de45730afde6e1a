"""The limits of the shop: changed, looked at, saved; and what they were before."""

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
from shop.forms.limits import ShopLimitsForm
from shop.models import ShopLimits
from shop.services import limits

SHOWN = 100
"""Changes on the page of the history."""


@privileged
@requires(Permission.ADMINISTER)
@require_form
def shop_limits(request: SignedInRequest) -> HttpResponse:
    """Change the limits, look at what would differ, save."""
    row = ShopLimits.current()
    form = ShopLimitsForm(request.POST or None, instance=ShopLimits.current(), initial={"revision": row.revision})
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
        differences = history.differences(row, form.instance, model=ShopLimits)
        return render(request, "shop/admin/limits_look.html", {"form": form, "differences": differences})
    return render(request, "shop/admin/limits.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_safe
def shop_limits_history(request: SignedInRequest) -> HttpResponse:
    """Say what was changed, when and by whom."""
    rows = selectors.history(ShopLimits)[: SHOWN + 1]
    context = {
        "changes": history.changes_of(rows, model=ShopLimits),
        "heading": _("What changed in the limits of the shop"),
        "back": "shop_limits",
        "back_label": _("Limits of the shop"),
    }
    return render(request, "console/admin/history.html", context)
