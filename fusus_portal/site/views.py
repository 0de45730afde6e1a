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
from fusus_portal.oversight.annual import selectors as annual
from fusus_portal.oversight.figures import presenters, selectors as figures
from fusus_portal.oversight.review.presenters.transparency import public_section
from fusus_portal.site import promised
from integration.rules import VIEW_LIFE
from registry.rules import UNVERIFIED_OWNERS

THEME_KEPT_SECONDS = 60 * 60


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html", {"promised": presenters.home_figures(figures.public_totals())})


@public
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    context = {"owners": UNVERIFIED_OWNERS, "minutes": VIEW_LIFE // timedelta(minutes=1)}
    return render(request, "public/how_it_works.html", context)


@public
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    context = {"topics": promised.by_topic(), "anchors": presenters.figure_anchors(figures.public_totals())}
    return render(request, "public/faq.html", context)


@public
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    published, shown = publication.published(), figures.public_report()
    known = keys.known() if published else []
    log_address = absolute(reverse("ledger_checkpoint")).removesuffix("/checkpoint")
    context = {
        "figures": presenters.public_page(shown, figures.figure_reviews() if shown else []),
        "held": figures.current_delay() if shown and not shown.demo else None,
        "published": published,
        "places": presenters.log_places(published.size) if published else "",
        "often": publication.how_often(),
        "first_public": times.localized_moment(publication.public_from(timezone.now())),
        "weekly": public_section(),
        "annual": annual.newest_versions(),
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

    Pages add the revision of the agency's data to the address: a change shows at once although browsers cache the file.
    """
    row = agency.shown()
    colors = {"primary": row.color_primary, "accent": row.color_accent}
    return render(request, "theme.css", colors, content_type="text/css; charset=utf-8")
