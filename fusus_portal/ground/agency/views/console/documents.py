from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import Permission, privileged, requires
from fusus_portal.ground.access.methods import require_form
from fusus_portal.ground.access.requests import SignedInRequest
from fusus_portal.ground.agency import selectors
from fusus_portal.ground.agency.forms.agency import DocumentForm
from fusus_portal.ground.agency.models import DocumentKind
from fusus_portal.ground.agency.models.documents import WORDS_NOTICE
from fusus_portal.ground.agency.presenters.documents import blocks_of, published_as, versions_of
from fusus_portal.ground.agency.services import documents
from fusus_portal.ground.agency.steps import Step, step_of


@requires(Permission.ADMINISTER)
@require_safe
def document_list(request: SignedInRequest) -> HttpResponse:
    lists = [(kind, reverse(f"{kind}_new"), versions_of(kind)) for kind in DocumentKind]
    return render(request, "console/admin/documents.html", {"lists": lists})


@privileged
@requires(Permission.ADMINISTER)
@require_form
def document_new(request: SignedInRequest, kind: str) -> HttpResponse:
    latest = selectors.versions(kind)[0]
    first = {name: getattr(latest, name) for name in ("text_en", "text_es", "names_glass")}
    is_signed = kind == DocumentKind.SHARING
    form = DocumentForm(request.POST or None, initial={**first, "number": latest.number + 1}, is_signed=is_signed)
    step = step_of(request, form)
    if step is Step.SAVE:
        try:
            published = documents.publish(by=request.user, kind=kind, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, published_as(published))
            return redirect("document_list")
    context = {
        "form": form,
        "kind": DocumentKind(kind),
        "number": latest.number + 1,
        "is_signed": is_signed,
        "notice": WORDS_NOTICE.days,
    }
    if step is Step.LOOK:
        typed = form.cleaned_data
        context["texts"] = [("en", blocks_of(typed["text_en"])), ("es", blocks_of(typed["text_es"]))]
        return render(request, "console/admin/document_look.html", context)
    return render(request, "console/admin/document_new.html", context)
