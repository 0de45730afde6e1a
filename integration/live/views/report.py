"""The figures of the public report about live view, as a file."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from audit.ledger import publication
from fusus_portal.ground.access import public
from fusus_portal.ground.tables.archive import BYTE_ORDER_MARK, Cell, csv_lines
from integration.live.selectors.report import LiveFigures, figures


@public
@require_safe
def live_report_file(request: HttpRequest) -> HttpResponse:
    """Hand over each figure with the checkpoint that it was counted from. Names are English in every language."""
    found = figures(publication.published())
    lines = "".join(csv_lines(_rows(found) if found else []))
    headers = {"Content-Disposition": 'attachment; filename="live-view.csv"'}
    return HttpResponse(BYTE_ORDER_MARK + lines, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(found: LiveFigures) -> list[dict[str, Cell]]:
    counted: list[tuple[str, str, Cell]] = [
        ("seconds", "all", found.seconds),
        ("views", "all", found.views),
        ("incidents", "all", found.incidents),
        *(("seconds", area, seconds) for area, seconds in found.areas.items()),
    ]
    proof: dict[str, Cell] = {"checkpoint_size": found.size, "checkpoint_root": found.root}
    month = f"{found.month:%Y-%m}"
    return [{"month": month, "figure": figure, "area": area, "number": n, **proof} for figure, area, n in counted]
