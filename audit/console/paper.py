"""A search of the log as a tagged PDF (PDF/UA-1), with the checkpoint over its entries."""

import re
from datetime import UTC
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse, URLFetchingError

from audit.console.entry import rows_of
from audit.console.models import LogPrint
from audit.ledger.models import Checkpoint
from audit.log.models import AuditEntry

OWN_FONTS = "portal:"
"""An address that begins so in the style sheet means a file of static/fonts."""

FONT_NAME = re.compile(r"[a-z-]+\.woff2")


class OwnFonts(URLFetcher):  # type: ignore[misc]
    """Fetches the portal's own fonts for the library that draws PDFs, and no other file or address."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Return a font's file. Raises URLFetchingError for any other address; the PDF is then drawn without it."""
        name = url.removeprefix(OWN_FONTS)
        found = finders.find(f"fonts/{name}") if url.startswith(OWN_FONTS) and FONT_NAME.fullmatch(name) else None
        if not isinstance(found, str):
            raise URLFetchingError(f"not a font of the portal: {url}")
        return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": "font/woff2"})


def drawn(asked: LogPrint) -> bytes:
    with translation.override("en"):
        page = render_to_string("audit/console/copies/paper.html", paper_context(asked))
        style = render_to_string("audit/console/copies/paper.css", {})
    return pdf(page, style)


def pdf(page: str, style: str) -> bytes:
    """Return a page of HTML as a tagged PDF in the portal's own fonts. style: its CSS, below that of all papers."""
    fonts, fetcher = FontConfiguration(), OwnFonts()
    sheet = CSS(
        string=render_to_string("paper.css") + style, font_config=fonts, url_fetcher=fetcher, base_url=OWN_FONTS
    )
    html = HTML(string=page, url_fetcher=fetcher, base_url=OWN_FONTS)
    return bytes(html.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"))


def paper_context(asked: LogPrint) -> dict[str, Any]:
    entries = AuditEntry.objects.filter(id__in=asked.entries).order_by("-id")
    newest, oldest = asked.entries[0], asked.entries[-1]
    zone = f"{_('Local times:')} {timezone.get_current_timezone_name()}"
    return {
        "rows": rows_of(entries),
        "facts": [
            (_("Searched for"), asked.said or _("Everything")),
            (_("Entries"), f"{len(asked.entries)}, {oldest} \N{EN DASH} {newest}"),
            (_("Printed"), f"{asked.asked_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC. {zone}"),
        ],
        "newest": newest,
        "oldest": oldest,
        "checkpoint": Checkpoint.objects.filter(size=asked.checkpoint).first(),
    }
