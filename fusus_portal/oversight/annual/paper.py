"""A released report as a tagged PDF (PDF/UA-1). Only a release imports this: it loads the libraries that set type."""

from django.template.loader import render_to_string
from django.utils import translation

from audit.console.copies.paper import pdf
from fusus_portal.ground.agency.models import Agency
from fusus_portal.oversight.annual.models import AnnualReport
from fusus_portal.oversight.annual.presenters import report_page


def drawn(report: AnnualReport) -> bytes:
    with translation.override("en"):
        context = {"page": report_page.released(report), "office": Agency.current().name}
        page = render_to_string("oversight/annual/paper.html", context)
        return pdf(page, render_to_string("oversight/annual/paper.css", {}))
