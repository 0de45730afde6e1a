"""Terms of use, privacy statement, sharing agreement: what is in force, and publishing the next version."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency import selectors
from fusus_portal.ground.agency.forms.agency import DocumentForm
from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.presenters.documents import blocks_of
from fusus_portal.ground.agency.services import documents
from fusus_portal.ground.agency.steps import Step, step_of


@requires(Permission.ADMINISTER)
@require_safe
def document_list(request: SignedInRequest) -> HttpResponse:
    """Each document with all its versions."""
    lists = [
        (
            kind,
            reverse(f"{kind}_new"),
            [(one, reverse(f"{kind}_version", args=[one.number])) for one in selectors.versions(kind)],
        )
        for kind in DocumentKind
    ]
    return render(request, "console/admin/documents.html", {"lists": lists})


@privileged
@requires(Permission.ADMINISTER)
@require_form
def document_new(request: SignedInRequest, kind: str) -> HttpResponse:
    """Write the next version, look at it, publish it."""
    latest = selectors.versions(kind)[0]
    first = {"number": latest.number + 1, "text_en": latest.text_en, "text_es": latest.text_es}
    form = DocumentForm(request.POST or None, initial=first)
    step = step_of(request, form)
    if step is Step.SAVE:
        try:
            published = documents.publish(by=request.user, kind=kind, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Published as version %(number)d.") % {"number": published.number})
            return redirect("document_list")
    context = {
        "form": form,
        "kind": DocumentKind(kind),
        "number": latest.number + 1,
        "is_signed": kind == DocumentKind.SHARING,
    }
    if step is Step.LOOK:
        typed = form.cleaned_data
        context["texts"] = [("en", blocks_of(typed["text_en"])), ("es", blocks_of(typed["text_es"]))]
        return render(request, "console/admin/document_look.html", context)
    return render(request, "console/admin/document_new.html", context)
