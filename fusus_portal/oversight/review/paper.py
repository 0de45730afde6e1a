"""The signed review of a week as tagged PDFs. Only `sign_week` imports this: it loads the libraries for PDFs."""

from datetime import UTC
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.console.paper import pdf
from audit.ledger import publication
from audit.ledger.models import Checkpoint
from fusus_portal.ground.pages import times
from fusus_portal.oversight.review import selectors
from fusus_portal.oversight.review.models import ReviewWeek
from fusus_portal.oversight.review.presenters import weeks
from fusus_portal.oversight.review.presenters.questions import finding_for_reader
from fusus_portal.oversight.review.presenters.readers import Reader, week_name


def drawn(week: ReviewWeek) -> bytes:
    """Return the PDF of a signed week. It says what the page says before the signature, and names only pseudonyms."""
    with translation.override("en"):
        page = render_to_string("oversight/review/paper.html", _context(week))
        return pdf(page, render_to_string("audit/console/copies/paper.css", {}))


def drawn_for_council(week: ReviewWeek) -> bytes:
    """Return the PDF of a signed week that a council can read: it names nobody, no place and no incident."""
    with translation.override("en"):
        page = render_to_string("oversight/review/council.html", weeks.council_page(week, list(selectors.cards(week))))
        return pdf(page, render_to_string("oversight/review/council.css", {}))


def _context(week: ReviewWeek) -> dict[str, Any]:
    if week.signed_by is None:
        raise RuntimeError("somebody signs")
    cards, reader = list(selectors.cards(week)), Reader(week, is_inside=True)
    checkpoint = Checkpoint.objects.order_by("-size").first()
    signed = f"{week.signed_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if week.signed_at else ""
    zone = f"{_('Local times:')} {timezone.get_current_timezone_name()}"
    return {
        "week": week,
        "name": week_name(week),
        **weeks.signature_of(week, cards, week.signed_by),
        "findings": [finding_for_reader(card.finding, reader) for card in cards if hasattr(card, "finding")],
        "facts": [
            (_("Signed"), f"{week.signed_by.pseudonym}, {signed}. {zone}"),
            (_("Sample"), weeks.seeded_sentence(week)),
            (_("Seed"), week.seed),
            (_("Its SHA-256"), week.seed_hash),
        ],
        "checkpoint": checkpoint,
        "public_from": times.moment(publication.public_from(checkpoint.at)) if checkpoint else "",
    }
