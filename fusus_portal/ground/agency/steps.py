"""Forms in two steps at one address: filled in, then reviewed, then saved; and pages of limits built on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fusus_portal.ground.access import SignedInRequest
from fusus_portal.ground.agency import presenters, selectors
from fusus_portal.ground.agency.models import Bounds, OneRow

FIELD = "step"


class Step(StrEnum):
    FILL_IN = "fill-in"
    LOOK = "look"
    SAVE = "save"


def step_of(request: HttpRequest, form: forms.BaseForm) -> Step:
    """Return the step that a request leads to: a form that has errors or was sent back is filled in again."""
    if request.method != "POST" or not form.is_valid():
        return Step.FILL_IN
    wanted = request.POST.get(FIELD)
    if wanted == Step.SAVE:
        return Step.SAVE
    return Step.FILL_IN if wanted == Step.FILL_IN else Step.LOOK


def saved(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    try:
        act()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


SHOWN = 100


@dataclass(frozen=True, slots=True)
class LimitPages:
    """Pages of one row of limits. change: the service, which raises ValidationError.

    title: the page's title. heading: its history's title. kept: explains what a change leaves alone. address: the
    page's URL name; the history's has "_history" after it.
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
        context = {"heading": self.title, "form": form, "pages": self, "history": f"{self.address}_history"}
        if step is Step.LOOK:
            differences = presenters.differences(row, form.instance, model=self.model)
            context |= {"heading": _("What would change"), "differences": differences}
            return render(request, "console/admin/limits_look.html", context)
        return render(request, "console/admin/limits.html", context)

    def history(self, request: SignedInRequest) -> HttpResponse:
        return history_page(request, self.model, heading=self.heading, back=self.address, back_label=self.title)


def history_page(
    request: SignedInRequest, model: type[OneRow], *, heading: Any, back: str, back_label: Any
) -> HttpResponse:
    """Show the changes of a one-row table. back: URL name of the page that edits it."""
    changes = presenters.changes_of(selectors.history(model)[: SHOWN + 1], model=model)
    context = {"changes": changes, "heading": heading, "back": back, "back_label": back_label}
    return render(request, "console/admin/history.html", context)


class BoundedForm(forms.ModelForm[Any]):
    bounds: ClassVar[Mapping[str, Bounds]]

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, bounds in self.bounds.items():
            field = self.fields[name]
            words = {"default": bounds.default, "least": bounds.least, "most": bounds.most, "unit": bounds.unit}
            field.label = f"{field.label} ({bounds.unit})"
            field.help_text += " " + _("Default %(default)s. From %(least)s to %(most)s %(unit)s.") % words
            field.widget.attrs.update({"class": "usa-input--small", "min": bounds.least, "max": bounds.most})

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
