from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.console.copies import files
from audit.console.copies.contents import Form
from audit.console.forms import SearchForm, TakeForm, searched
from audit.console.services import copies, prints
from fusus_portal.ground.access import Permission, requires
from fusus_portal.ground.access.requests import SignedInRequest, require_form
from fusus_portal.ground.serving.lanes import sends_files


@sends_files
@requires(Permission.AUDIT)
@require_form
def take(request: SignedInRequest) -> HttpResponseBase:
    search = SearchForm(request.GET)
    wanted, form = search.wanted(), TakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and search.is_valid():
        try:
            if form.cleaned_data["form"] == Form.PAPER:
                asked = prints.ask(wanted=wanted, query=searched(request.GET), by=request.user.actor)
                return redirect("audit_print", asked.pk)
            taken = copies.take(wanted=wanted, form=Form(form.cleaned_data["form"]), by=request.user.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            name = f'attachment; filename="{files.name_of(taken.form, taken.entries, timezone.now())}.zip"'
            return StreamingHttpResponse(
                files.written(taken), content_type="application/zip", headers={"Content-Disposition": name}
            )
    context = {"form": form, "said": wanted.said(), "query": searched(request.GET)}
    return render(request, "audit/console/copies/take.html", context, status=422 if form.errors else 200)


@requires(Permission.AUDIT)
@require_safe
def log_print(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(request, "audit/console/copies/print.html", {"print": prints.own(pk=pk, by=request.user.actor)})


@requires(Permission.AUDIT)
@require_safe
def print_progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    return render(
        request, "audit/console/copies/print_progress.html", {"print": prints.own(pk=pk, by=request.user.actor)}
    )


@sends_files
@requires(Permission.AUDIT)
@require_safe
def print_file(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    made = prints.own(pk=pk, by=request.user.actor)
    file = prints.take(pk=pk, by=request.user.actor)
    name = f"{files.name_of(Form.PAPER, made.entries, made.asked_at)}.pdf"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")
