"""The agency's list of how long footage is kept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.access import Permission, requires
from fusus_portal.access.methods import require_form
from fusus_portal.access.requests import SignedInRequest
from registry.forms.retention import RetentionForm
from registry.selectors import evidence as known
from registry.services import retention as service


@requires(Permission.ADMINISTER)
@require_safe
def retention(request: SignedInRequest) -> HttpResponse:
    """List the categories."""
    return render(request, "registry/console/retention.html", {"categories": known.categories()})


@requires(Permission.ADMINISTER)
@require_form
def retention_new(request: SignedInRequest) -> HttpResponse:
    """Add a category."""
    form = RetentionForm(request.POST or None)
    if form.is_valid():
        try:
            service.add(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Added."))
            return redirect("retention")
    return render(request, "registry/console/retention_category.html", {"form": form})


@requires(Permission.ADMINISTER)
@require_form
def retention_category(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Change a category."""
    found = known.category(pk)
    fields: dict[str, Any] = {name: getattr(found, name) for name in ("name", "name_es", "days", "floor_days")}
    form = RetentionForm(request.POST or None, own=found, initial=fields)
    if form.is_valid():
        try:
            service.change(category=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved. Footage that is here already keeps its day."))
            return redirect("retention")
    return render(request, "registry/console/retention_category.html", {"form": form, "category": found})
