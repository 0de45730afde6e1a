"""A sharing agreement on paper (PDF/UA-1). Import it only on request: it loads the libraries that set type."""

from django.template.loader import render_to_string
from django.utils import translation

from audit.console.paper import pdf
from integration.sharing.models import SharingAgreement
from integration.sharing.presenters import paper_of


def drawn(agreement: SharingAgreement, *, of_its_end: bool) -> bytes:
    """Return the PDF. of_its_end: draw the proof that the agreement has ended, in place of the agreement."""
    with translation.override(agreement.language):
        page = render_to_string("integration/sharing/paper.html", paper_of(agreement, of_its_end=of_its_end))
        return pdf(page, render_to_string("integration/sharing/paper.css", {}))
