"""A sharing agreement on paper: a tagged PDF (PDF/UA-1), in the language in which it was signed.

Importing this loads the libraries that set type, so a view does that only when somebody asks for a sheet.
"""

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from audit.console.copies.paper import OWN, OwnFonts
from integration.sharing.models import SharingAgreement
from integration.sharing.presenters import paper_of


def drawn(agreement: SharingAgreement, *, of_its_end: bool) -> bytes:
    """Return the sheet. of_its_end: the proof that it is over, in place of the agreement."""
    with translation.override(agreement.language):
        context = paper_of(agreement, of_its_end=of_its_end)
        page = render_to_string("integration/sharing/paper.html", context)
        style = render_to_string("integration/sharing/paper.css", {})
    fonts, fetcher = FontConfiguration(), OwnFonts()
    sheet = CSS(string=style, font_config=fonts, url_fetcher=fetcher, base_url=OWN)
    html = HTML(string=page, url_fetcher=fetcher, base_url=OWN)
    return bytes(html.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"))
