"""What the office wrote of a year, and the versions that were released."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.oversight.annual.models import AnnualPaper, AnnualReport, AnnualText
from fusus_portal.oversight.annual.rules import YEARS_SHOWN


def texts(year: int) -> dict[str, AnnualText]:
    """Return what is written for a year, by part; parts without a text left out."""
    rows = AnnualText.objects.filter(year=year).exclude(text="").select_related("written_by")
    return {row.part: row for row in rows}


def text(year: int, part: str) -> AnnualText | None:
    """Return what is written in a part, None before the first time."""
    return AnnualText.objects.filter(year=year, part=part).select_related("written_by").first()


def versions(year: int) -> QuerySet[AnnualReport]:
    """Return the released versions of a year, latest first."""
    return AnnualReport.objects.filter(year=year).select_related("released_by").order_by("-number")


def version(year: int, number: int) -> AnnualReport:
    """Return a released version. Raises NotYours where there is none."""
    found = versions(year).filter(number=number).first()
    if found is None:
        raise NotYours(_("No such report was released."))
    return found


def paper(year: int, number: int) -> tuple[AnnualReport, bytes]:
    """Return a released version and its PDF. Raises NotYours where there is none."""
    report = version(year, number)
    return report, bytes(AnnualPaper.objects.get(report=report).content)


def released() -> dict[int, int]:
    """Return the number of the newest version by year, latest year first. One query."""
    rows = AnnualReport.objects.order_by("-year", "-number").distinct("year")
    return dict(rows.values_list("year", "number")[:YEARS_SHOWN])
