from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.annual.presenters import report_page
from fusus_portal.oversight.annual.selectors import reports
from fusus_portal.oversight.figures.selectors import shown as figures


@public
@require_safe
def annual_report(request: HttpRequest, year: int) -> HttpResponse:
    newest = reports.versions(year).first()
    if newest is None:
        raise NotYours(_("No such report was released."))
    return _page(request, newest)


@public
@require_safe
def annual_version(request: HttpRequest, year: int, number: int) -> HttpResponse:
    return _page(request, reports.version(year, number))


@public
@require_safe
def annual_paper(request: HttpRequest, year: int, number: int) -> HttpResponse:
    _report, content = reports.paper(year, number)
    headers = {"Content-Disposition": f'attachment; filename="annual-report-{year}-version-{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _page(request: HttpRequest, report: AnnualReport) -> HttpResponse:
    shown = figures.shown()
    context = {
        "page": report_page.released(report),
        "alarm": report_page.alarm(report, shown.doubts if shown else frozenset()),
        "report": report,
        "versions": list(reports.versions(report.year)),
    }
    return render(request, "public/annual_report.html", context)
