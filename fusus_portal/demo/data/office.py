"""Work of the office: paperwork, agencies of other counties, figures and reports, and weekly reviews. All invented."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.notifications import policies as text_policies
from fusus_portal.ground.notifications.models import TextNumber
from fusus_portal.ground.notifications.services import text_numbers
from fusus_portal.oversight.annual import selectors as annual, services as annual_services
from fusus_portal.oversight.annual.definitions import REQUIRED
from fusus_portal.oversight.figures import selectors as figures, services as figure_services
from fusus_portal.oversight.review import week
from fusus_portal.oversight.review.models import ReviewWeek
from fusus_portal.oversight.review.services import explanations, reviews as review_services
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


YEAR_TEXT = "Nothing of this kind happened. This report was written for a demo."
YEAR_TEXTS = {
    "sharing": "Two recordings went to the district attorney's office, each under a subpoena for one case.",
    "sources": "Doorbells, porches and shop fronts. The portal was used with the reports of the dispatch center.",
    "complaints": "One resident asked why her camera was found twice. We called her and explained both searches.",
    "effectiveness": "Footage that owners gave showed a van's plate in one of four burglaries.",
    "cost": "One deputy of the crime unit works with the portal for a day each week. The county's budget pays for it.",
}


def release_year(*, administrator: User) -> None:
    """Release the annual report of last year, once. The sealer must have published before: `demo.tasks` asks again."""
    year = timezone.localdate().year - 1
    if annual.versions_of_year(year).exists() or year not in annual.reportable_years():
        return
    for part in REQUIRED:
        text = YEAR_TEXTS.get(part.key, YEAR_TEXT)
        annual_services.write_text(year=year, part=part, by=administrator, text=text, revision=0)
    texts = {key: row.text for key, row in annual.texts_of_year(year).items()}
    content = annual.numbers_of_year(year, annual.public_figures(year))
    seen = annual_services.mark_of_draft(content, texts, 1)
    annual_services.release_report(year=year, by=administrator, seen=seen)


def turn_texts_on(*, owner: Registrant) -> None:
    """Turn text messages on for a neighbor, once, so that the demo's phone is not empty."""
    if not settings.TEXT_URL or TextNumber.objects.exists():
        return
    number = text_numbers.ask(by=owner.user, number=owner.phone, requests=True, looks=True)
    text_numbers.confirm(by=owner.user, code=text_policies.code_of(number))


REVIEW_QUESTION = "How did you choose this area? Please say which witness or report led you there."

NOTE = "Nobody could say afterward which report this goes back to."
FOLLOW_UP = "Supervisors remind their shifts to note the report before they act."


EXPLANATION = "A witness called the dispatch center. The search began at the corner that the witness named."


def add_review(*, auditor: User, deputy: User, reviewer: User) -> None:
    """Add two weekly reviews, once: last week's, in which nobody did anything, is signed; this week's has begun.

    Their seeds were drawn late, not before the weeks began, and the public page says so.
    """
    if ReviewWeek.objects.exists():
        return
    this = week.of(timezone.now())
    for before in (this.previous().previous(), this.previous()):
        review_services.seed_weeks(now=before.begin)
    review_services.draw_weeks(now=this.end + timedelta(hours=1))
    review_services.sign_week(week=ReviewWeek.objects.get(begins_at=this.previous().begin), by=auditor)
    reviewed = ReviewWeek.objects.get(begins_at=this.begin)
    _want_explained(reviewed, auditor=auditor, reviewer=reviewer)
    card = reviewed.cards.filter(account=deputy).first()
    if card is None:
        return
    review_services.open_card(card=card, by=auditor)
    review_services.ask_question(card=card, by=auditor, text=REVIEW_QUESTION)
    for number, other in enumerate(reviewed.cards.exclude(pk=card.pk).order_by("place")[:3]):
        review_services.open_card(card=other, by=auditor)
        if number:
            review_services.say_fine(card=other, by=auditor)
        else:
            due_on = timezone.localdate() + timedelta(days=14)
            review_services.make_finding(card=other, by=auditor, note=NOTE, follow_up=FOLLOW_UP, due_on=due_on)


def _want_explained(reviewed: ReviewWeek, *, auditor: User, reviewer: User) -> None:
    """Let the reviewer from outside mark two cards that they can read; the auditor explains one, the other waits."""
    for number, card in enumerate(review_services.queue_of(week=reviewed, by=reviewer).cards[:2]):
        review_services.open_card(card=card, by=reviewer)
        wanted = explanations.want(card=card, by=reviewer)
        if number == 0:
            review_services.open_card(card=card, by=auditor)
            explanations.explain(explanation=wanted, by=auditor, text=EXPLANATION)
