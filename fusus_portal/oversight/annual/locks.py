from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual.models import AnnualText


def text(year: int, part: str, by: User) -> AnnualText:
    """Return the locked row of a part's text; create it, empty, for the first person who writes this part."""
    AnnualText.objects.get_or_create(year=year, part=part, defaults={"written_by": by})
    rows = AnnualText.objects.select_for_update(of=("self",), no_key=True).select_related("written_by")
    return rows.get(year=year, part=part)


def texts(year: int) -> dict[str, str]:
    rows = AnnualText.objects.select_for_update(no_key=True).filter(year=year).order_by("part")
    return {row.part: row.text for row in rows if row.text}
