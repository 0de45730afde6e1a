"""Rules of taxes. A `check_...` raises ValidationError on the field of its name, unless its docstring differs."""

import re
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.geo.geocoding import AddressNotFound, check_zip_code
from fusus_portal.ground.lifecycle import Stale, check_all
from shop.orders.models.orders import ZIP_CODE, PurchaseOrder
from shop.orders.models.taxes import STATE, ZIP_PREFIX, ExemptionCertificate
from shop.rules import HIGHEST_TAX

_CODES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI
SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
US_STATES = frozenset(_CODES.split())
"""Two-letter codes of the states, the district and the territories (USPS)."""


def must_be_undecided(paper: "ExemptionCertificate | PurchaseOrder") -> None:
    if paper.approved_at is not None or paper.declined_at is not None:
        raise Stale(_("Somebody has decided on this already."), subject=paper.subject)


def check_state(field: str, code: str) -> str:
    """Return the two letters of a state. Raises ValidationError on its field."""
    tidy = code.strip().upper()
    if not re.fullmatch(STATE, tidy) or tidy not in US_STATES:
        raise ValidationError({field: _("Write the two letters of the state, for example AL.")})
    return tidy


def check_zip(field: str, zip_code: str, state: str = "") -> None:
    """Raise ValidationError on its field if a ZIP code is not in use, or not in the state: it decides the tax.

    state: its two letters, "" if it is not known yet.
    """
    if not re.fullmatch(ZIP_CODE, zip_code.strip()):
        raise ValidationError({field: _("Write the five digits of the ZIP code.")})
    try:
        check_zip_code(zip_code, state=state)
    except AddressNotFound as error:
        raise ValidationError({field: str(error.sentence)}) from error


def check_rate(*, zip_prefix: str, basis_points: int, starts_on: date, ends_on: date | None) -> None:
    """Raise ValidationError by field, with all errors of a rate."""
    check_all(
        partial(check_zip_prefix, zip_prefix),
        partial(check_basis_points, basis_points),
        partial(check_days, starts_on, ends_on),
    )


def check_zip_prefix(zip_prefix: str) -> None:
    if not re.fullmatch(ZIP_PREFIX, zip_prefix):
        sentence = _("Write the first digits of the ZIP codes, or nothing for the whole state.")
        raise ValidationError({"zip_prefix": sentence})


def check_basis_points(basis_points: int) -> None:
    if not 0 <= basis_points <= HIGHEST_TAX:
        sentence = _("A rate is at least 0 %% and at most %(most)d %%.") % {"most": HIGHEST_TAX // 100}
        raise ValidationError({"basis_points": sentence})


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Raise ValidationError on "ends_on" unless a rate ends after it begins."""
    if ends_on is not None and ends_on <= starts_on:
        raise ValidationError({"ends_on": _("It ends after it begins.")})


def check_valid_until(day: date | None, *, today: date) -> date:
    """Return the last day of a certificate. Raises ValidationError on "valid_until" if it has expired."""
    if day is None or day < today:
        raise ValidationError({"valid_until": _("This certificate has expired. Send one that is valid.")})
    return day
