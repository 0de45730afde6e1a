"""Work of the office: paperwork, agencies of other counties, released figures, and a weekly review. All invented."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.figures import selectors as figures, services as figure_services
from fusus_portal.oversight.review import week
from fusus_portal.oversight.review.models import ReviewWeek
from fusus_portal.oversight.review.services import reviews as review_services
from registry.imports.models import RegistryExport
from registry.imports.parser.columns import guess_columns
from registry.imports.services import exports, imports
from registry.other_counties import services as other_counties
from registry.other_counties.models import CountyAgency, OutreachLead
from registry.other_counties.services import AgencyDetails
from registry.registrants.models import Registrant

FORMER_REGISTRY = Path(__file__).with_name("former_registry.csv")


def begin_paperwork(*, administrator: User) -> None:
    if RegistryExport.objects.exists():
        return
    exports.propose(reason="The yearly review by the county commission", by=administrator)
    batch = imports.upload(content=FORMER_REGISTRY.read_bytes(), encoding="utf-8", by=administrator)
    imports.check(batch=batch, columns=guess_columns(batch.header), points="rooftop", by=administrator)
    row = Agency.objects.get()
    agency.change_agency(
        by=administrator,
        revision=row.revision,
        name_es="la Oficina del Sheriff del Condado de Jefferson",
        email="cameras@demo.example",
        payee="Jefferson County Treasurer",
        check_address="716 Richard Arrington Jr Blvd N, Birmingham, AL 35203",
        return_address="2200 8th Avenue N, Birmingham, AL 35203",
    )


SHELBY = "01117"
AGENCIES = [
    AgencyDetails(SHELBY, "Shelby County Sheriff (demo)", "205-555-0171", "", "https://shelby.example/cameras"),
    AgencyDetails("01009", "Blount County Sheriff (demo)", "205-555-0172", "cameras@blount.example", ""),
    AgencyDetails("01115", "St. Clair County Sheriff (demo)", "205-555-0173", "", "https://stclair.example/cameras"),
    AgencyDetails("01125", "Tuscaloosa County Sheriff (demo)", "205-555-0174", "", ""),
    AgencyDetails("01127", "Walker County Sheriff (demo)", "205-555-0175", "cameras@walker.example", ""),
]


def add_other_counties(*, administrator: User, people: list[Registrant]) -> None:
    known = set(CountyAgency.objects.values_list("county_fips", flat=True))
    for details in AGENCIES:
        if details.county_fips not in known:
            other_counties.add_agency(by=administrator, details=details)
    if not OutreachLead.objects.exists():
        for each, county, with_contact in zip(people[-2:], ("01007", SHELBY), (True, False), strict=True):
            with transaction.atomic():
                other_counties.open_lead(
                    registrant=each, county_fips=county, with_contact=with_contact, actor=each.user.actor
                )


def release_figures(*, administrator: User) -> None:
    if figures.last_release() is None:
        figure_services.release_figures(by=administrator)


REVIEW_QUESTION = "How did you choose this area? Please say which witness or report led you there."


def add_review(*, auditor: User, deputy: User) -> None:
    """Add a weekly review, once. Its seed was drawn in the week itself, not before it, and the public page says so."""
    if ReviewWeek.objects.exists():
        return
    this = week.of(timezone.now())
    review_services.seed_weeks(now=this.previous().begin)
    review_services.draw_weeks(now=this.end + timedelta(hours=1))
    reviewed = ReviewWeek.objects.get(begins_at=this.begin)
    card = reviewed.cards.filter(account=deputy).first()
    if card is not None:
        review_services.open_card(card=card, by=auditor)
        review_services.ask_question(card=card, by=auditor, text=REVIEW_QUESTION)
