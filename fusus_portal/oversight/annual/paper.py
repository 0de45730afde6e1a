"""A released annual report as a tagged PDF (PDF/UA-1). Only a release imports this: it loads the libraries for PDFs."""

from django.template.loader import render_to_string
from django.utils import translation

from audit.console.paper import pdf
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.annual import presenters
from fusus_portal.oversight.annual.models import AnnualReport


def drawn(report: AnnualReport) -> bytes:
    with translation.override("en"):
        context = {"page": presenters.released_page(report), "office": Agency.current().name}
        page = render_to_string("oversight/annual/paper.html", context)
        return pdf(page, render_to_string("oversight/annual/paper.css", {}))
