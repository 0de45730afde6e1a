"""An invoice on paper: a tagged PDF (PDF/UA-1), in the language in which the order was placed.

Importing this loads the libraries that set type, so a view does that only when somebody asks for a sheet.
"""

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from audit.console.paper import OWN, OwnFonts
from fusus_portal.agency.selectors import words
from shop.models import Invoice
from shop.presenters.invoices import paper_of


def drawn(invoice: Invoice) -> bytes:
    """Return the sheet."""
    with translation.override(invoice.language):
        context = {**paper_of(invoice), "agency": words()}
        page = render_to_string("shop/public/orders/invoice.html", context)
        style = render_to_string("integration/public/paper.css", {}) + render_to_string(
            "shop/public/orders/invoice.css"
        )
    fonts, fetcher = FontConfiguration(), OwnFonts()
    sheet = CSS(string=style, font_config=fonts, url_fetcher=fetcher, base_url=OWN)
    html = HTML(string=page, url_fetcher=fetcher, base_url=OWN)
    return bytes(html.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1"))
