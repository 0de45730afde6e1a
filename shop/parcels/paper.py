"""Labels and packing slips: a tagged PDF (PDF/UA-1) of pages of 4 by 6 inches, as label printers take them.

Importing this loads the typesetting libraries, so a view does that only when somebody asks for a PDF.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import translation

from audit.console.paper import pdf
from fusus_portal.ground.agency.selectors import words
from shop.parcels.models import Shipment
from shop.parcels.presenters import qr_code

FOLDER = "shop/parcels/paper"


def drawn(parcels: Sequence[Shipment]) -> bytes:
    """Return the PDF with a label and a packing slip for each parcel, in the given order."""
    with translation.override("en"):
        return pdf(page(parcels), render_to_string(f"{FOLDER}/paper.css"))


def page(parcels: Sequence[Shipment]) -> str:
    """Return labels and packing slips as HTML. Text for the buyer is in the language of the order."""
    sheets = [(parcel, qr_code(parcel.number)) for parcel in parcels]
    return render_to_string(f"{FOLDER}/sheets.html", {"sheets": sheets, "agency": words()})
