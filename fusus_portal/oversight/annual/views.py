"""Public pages of the annual report; pages where administrators write and release it, and auditors read the draft."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import FORM, SAFE, Permission, SignedInRequest, public, requires
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.annual import presenters, selectors, services
from fusus_portal.oversight.annual.definitions import BY_KEY, PARTS, Part
from fusus_portal.oversight.annual.forms import PartForm, ReleaseForm
from fusus_portal.oversight.annual.models import AnnualText
from fusus_portal.oversight.figures import selectors as figures


@public
@require_safe
def annual_report(request: HttpRequest, year: int, number: int | None = None) -> HttpResponse:
    report, shown = selectors.released_version(year, number), figures.public_report()
    context = {
        "page": presenters.released_page(report),
        "alarm": presenters.report_alarm(report, shown.doubts if shown else frozenset()),
        "report": report,
        "versions": list(selectors.versions_of_year(report.year)),
    }
    return render(request, "public/annual_report.html", context)


@public
@require_safe
def annual_paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    content = bytes(selectors.released_version(year, number).paper.content)
    headers = {"Content-Disposition": f'attachment; filename="annual-report-{year}-version-{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


FOLDER = "oversight/annual"


@requires(Permission.READ_ANNUAL_REPORT, SAFE)
def annual_years(request: SignedInRequest) -> HttpResponse:
    return render(request, f"{FOLDER}/years.html", presenters.years_page())


@requires(Permission.READ_ANNUAL_REPORT, SAFE)
def annual_draft(request: SignedInRequest, year: int) -> HttpResponse:
    try:
        context = presenters.draft_page(year, request.user)
    except NotYours as refused:
        return _no_year(request, refused)
    return render(request, f"{FOLDER}/draft.html", context)


@requires(Permission.WRITE_ANNUAL_REPORT, FORM)
def annual_part(request: SignedInRequest, year: int, name: str) -> HttpResponse:
    if name not in BY_KEY:
        raise Http404
    part, row = BY_KEY[name], selectors.text_of_part(year, name)
    begin = {"text": row.text, "revision": row.revision} if row else {"revision": 0}
    form = PartForm(request.POST or None, part=part, initial=begin)
    try:
        content = selectors.numbers_of_year(year, selectors.public_figures(year))
        if form.carry_out(services.write_text, year=year, part=part, by=request.user):
            messages.success(request, _("Saved as a draft: %(part)s.") % {"part": part.heading})
            return _next_part(year, part)
    except NotYours as refused:
        return _no_year(request, refused)
    theirs = _changed_meanwhile(form, year)
    context = {"form": form, "part": presenters.shown_part(part, content, ""), "year": year, "theirs": theirs}
    context |= {"law": part, "written": row if not form.is_bound else None}
    return render(request, f"{FOLDER}/part.html", context, status=422 if form.errors else 200)


@requires(Permission.WRITE_ANNUAL_REPORT, FORM)
def annual_release(request: SignedInRequest, year: int) -> HttpResponse:
    try:
        draft = presenters.draft_page(year, request.user)
    except NotYours as refused:
        return _no_year(request, refused)
    form = ReleaseForm(request.POST or None, number=draft["number"], initial={"seen": draft["mark"]})
    report = form.carry_out(services.release_report, year=year, by=request.user)
    if report:
        messages.success(request, _("Released. The hash of the PDF is in the log."))
        return redirect("annual_report", year)
    return render(request, f"{FOLDER}/release.html", {**draft, "form": form}, status=422 if form.errors else 200)


def _no_year(request: SignedInRequest, refused: NotYours) -> HttpResponse:
    return render(request, f"{FOLDER}/years.html", presenters.years_page(refused.sentence), status=404)


def _changed_meanwhile(form: PartForm, year: int) -> AnnualText | None:
    """Return somebody else's newer text, or None. The page shows it, so the form counts it as read."""
    row = selectors.text_of_part(year, form.part.key)
    if not form.is_bound or row is None or str(row.revision) == form.data.get("revision"):
        return None
    form.read_again(row.revision)
    return row


def _next_part(year: int, part: Part) -> HttpResponse:
    written = selectors.texts_of_year(year)
    after = PARTS[PARTS.index(part) + 1 :]
    waiting = next((each for each in after if each.is_required and each.key not in written), None)
    return redirect("annual_part", year, waiting.key) if waiting else redirect("annual_draft", year)
