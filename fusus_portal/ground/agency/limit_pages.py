"""Pages of limits, one row for each app, whose views carry the marks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency import selectors
from fusus_portal.ground.agency.models import OneRow
from fusus_portal.ground.agency.presenters import history
from fusus_portal.ground.agency.steps import Step, saved, step_of

SHOWN = 100


@dataclass(frozen=True, slots=True)
class LimitPages:
    """Pages of one row of limits.

    change: the service, which raises ValidationError. title, heading: of the page and of its history. intro: explains
    the limits. kept: explains what a change leaves alone. address: URL name of the page; its history is
    "<name>_history".
    """

    model: Any
    form: Any
    change: Callable[..., object]
    address: str
    title: Any
    heading: Any
    intro: Any
    kept: Any

    def page(self, request: SignedInRequest) -> HttpResponse:
        row = self.model.current()
        form = self.form(request.POST or None, instance=self.model.current(), initial={"revision": row.revision})
        step = step_of(request, form)
        if step is Step.SAVE and saved(form, lambda: self.change(by=request.user, **form.values())):
            messages.success(request, _("Saved. These limits count from the next act on."))
            return redirect("admin")
        context = {"form": form, "pages": self, "history": f"{self.address}_history"}
        if step is Step.LOOK:
            differences = history.differences(row, form.instance, model=self.model)
            return render(request, "console/admin/limits_look.html", {**context, "differences": differences})
        return render(request, "console/admin/limits.html", context)

    def history(self, request: SignedInRequest) -> HttpResponse:
        return history_page(request, self.model, heading=self.heading, back=self.address, back_label=self.title)


def history_page(
    request: SignedInRequest, model: type[OneRow], *, heading: Any, back: str, back_label: Any
) -> HttpResponse:
    """Show the changes of a one-row table. back: URL name of the page that edits it."""
    changes = history.changes_of(selectors.history(model)[: SHOWN + 1], model=model)
    context = {"changes": changes, "heading": heading, "back": back, "back_label": back_label}
    return render(request, "console/admin/history.html", context)
