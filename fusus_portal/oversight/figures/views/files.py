"""The report as files: JSON for programs, CSV for tables. Names are English in every language, and never change."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from fusus_portal.ground.access import public
from fusus_portal.ground.tables import BYTE_ORDER_MARK, csv_lines
from fusus_portal.oversight.figures.presenters import files
from fusus_portal.oversight.figures.selectors import shown


@public
@require_safe
def report_json(request: HttpRequest) -> HttpResponse:
    document = files.document(shown.shown(), shown.reviews())
    return JsonResponse(document, json_dumps_params={"indent": 1, "ensure_ascii": False})


@public
@require_safe
def report_csv(request: HttpRequest) -> HttpResponse:
    lines = "".join(csv_lines(files.rows(shown.shown())))
    headers = {"Content-Disposition": 'attachment; filename="report.csv"'}
    return HttpResponse(BYTE_ORDER_MARK + lines, content_type="text/csv; charset=utf-8", headers=headers)
