from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.annual.models import AnnualPaper, AnnualReport, AnnualText
from fusus_portal.oversight.annual.rules import YEARS_SHOWN


def texts(year: int) -> dict[str, AnnualText]:
    rows = AnnualText.objects.filter(year=year).exclude(text="").select_related("written_by")
    return {row.part: row for row in rows}


def text(year: int, part: str) -> AnnualText | None:
    return AnnualText.objects.filter(year=year, part=part).select_related("written_by").first()


def versions(year: int) -> QuerySet[AnnualReport]:
    return AnnualReport.objects.filter(year=year).select_related("released_by").order_by("-number")


def version(year: int, number: int) -> AnnualReport:
    found = versions(year).filter(number=number).first()
    if found is None:
        raise NotYours(_("No such report was released."))
    return found


def paper(year: int, number: int) -> tuple[AnnualReport, bytes]:
    report = version(year, number)
    return report, bytes(AnnualPaper.objects.get(report=report).content)


def released() -> dict[int, int]:
    """Return the newest version's number by year, latest year first. One query."""
    rows = AnnualReport.objects.order_by("-year", "-number").distinct("year")
    return dict(rows.values_list("year", "number")[:YEARS_SHOWN])
