"""Pages of a reviewer of figures, and the report as files: JSON for programs, CSV for tables."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, Permission, SignedInRequest, public, requires
from fusus_portal.ground.pages.acts import ActPage, Way
from fusus_portal.ground.tables import BYTE_ORDER_MARK, csv_lines
from fusus_portal.oversight.figures import presenters, selectors, services
from fusus_portal.oversight.figures.forms import DelayForm, NoteForm, ReleaseForm


@public
@require_safe
def report_json(request: HttpRequest) -> HttpResponse:
    document = presenters.report_document(selectors.public_report(), selectors.figure_reviews())
    return JsonResponse(document, json_dumps_params={"indent": 1, "ensure_ascii": False})


@public
@require_safe
def report_csv(request: HttpRequest) -> HttpResponse:
    lines = "".join(csv_lines(presenters.report_rows(selectors.public_report())))
    headers = {"Content-Disposition": 'attachment; filename="report.csv"'}
    return HttpResponse(BYTE_ORDER_MARK + lines, content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.RELEASE_FIGURES, FORM)
def figures(request: SignedInRequest) -> HttpResponse:
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.carry_out(services.release_figures, by=request.user):
        messages.success(request, _("Released. The public reads the figures, and when they were reviewed."))
        return redirect("figures")
    context = {"heading": _("Public figures"), "form": form, "page": presenters.review_page()}
    return render(request, "oversight/figures/review.html", context, status=422 if form.errors else 200)


@requires(Permission.RELEASE_FIGURES, FORM)
def figures_delay(request: SignedInRequest) -> HttpResponse:
    form = DelayForm(request.POST or None)
    if form.carry_out(services.delay_figures, by=request.user):
        messages.success(request, _("Newer days are held back. The public reads why, and until when."))
        return redirect("figures")
    intro = _(
        "Days that are counted from now on are shown on the day that you choose, at most 30 days from now, "
        "or with the next release. What is public stays. The public reads why."
    )
    page = ActPage(title=_("Hold back newer days"), intro=intro, label=_("Hold them back"), way=_way())
    return page.answer(request, form, status=422 if form.errors else 200)


@requires(Permission.RELEASE_FIGURES, FORM)
def figures_note(request: SignedInRequest) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if form.carry_out(services.note_figures, by=request.user):
        messages.success(request, _("The note is beside the figures."))
        return redirect("figures")
    intro = _("The public reads it beside the figures, with your role and the date. It stays.")
    page = ActPage(title=_("Add a note"), intro=intro, label=_("Add the note"), way=_way())
    return page.answer(request, form, status=422 if form.errors else 200)


def _way() -> Way:
    return Way(reverse("figures"), _("Public figures"))
