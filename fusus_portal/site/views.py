"""Pages for everyone. Each needs no more than the table of promises and the agency's own data."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from audit.ledger import keys, publication
from fusus_portal.ground.access import public
from fusus_portal.ground.agency import selectors as agency
from fusus_portal.ground.notifications.addresses import absolute
from fusus_portal.ground.pages import times
from fusus_portal.oversight.annual.selectors import reports as annual
from fusus_portal.oversight.figures.presenters import public_page, words
from fusus_portal.oversight.figures.selectors import shown as figures
from fusus_portal.oversight.review.presenters.public import public_section
from fusus_portal.site import promised
from integration.rules import VIEW_LIFE
from registry.rules import UNVERIFIED_OWNERS

THEME_KEPT_SECONDS = 60 * 60


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what this is, and offer the two doors."""
    return render(request, "public/home.html", {"promised": public_page.on_home(figures.shown_totals())})


@public
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Explain who can see what, when, and what is impossible."""
    context = {"owners": UNVERIFIED_OWNERS, "minutes": VIEW_LIFE // timedelta(minutes=1)}
    return render(request, "public/how_it_works.html", context)


@public
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """Answer what people ask, from the table of promises."""
    context = {"topics": promised.by_topic(), "anchors": public_page.anchors(figures.shown_totals())}
    return render(request, "public/faq.html", context)


@public
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Show the figures that are released, and how anybody checks the log that they come from."""
    published, shown = publication.published(), figures.shown()
    known = keys.known() if published else []
    log_address = absolute(reverse("ledger_checkpoint")).removesuffix("/checkpoint")
    context = {
        "figures": public_page.page(shown, figures.reviews() if shown else []),
        "held": figures.delay_now() if shown and not shown.demo else None,
        "published": published,
        "places": words.places(published.size) if published else "",
        "often": publication.how_often(),
        "first_public": times.localized_moment(publication.public_from(timezone.now())),
        "weekly": public_section(),
        "annual": annual.released(),
        "key": known[0] if known else None,
        "commands": [
            "pip install cryptography",
            f"python3 verifier.py {log_address}",
            f"python3 verifier.py FILE.tlog-proof --key {log_address}/key",
        ],
    }
    return render(request, "public/transparency.html", context)


@public
@require_safe
@cache_control(public=True, max_age=THEME_KEPT_SECONDS)
def theme_css(request: HttpRequest) -> HttpResponse:
    """Return the agency's colors as a stylesheet: the content policy allows no inline style.

    Pages name it with the row's revision, so a change shows at once although browsers keep it.
    """
    row = agency.shown()
    colors = {"primary": row.color_primary, "accent": row.color_accent}
    return render(request, "theme.css", colors, content_type="text/css; charset=utf-8")
