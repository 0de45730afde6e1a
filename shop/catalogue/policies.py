"""Rules of the catalogue. `check_x` raises ValidationError on the field "x", unless its docstring differs."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import check_length
from integration.cores.models import CoreModel
from shop.catalogue.models import LONGEST_FACT, LONGEST_NAME, LONGEST_TEXT, MovementKind, Product, ProductKind
from shop.rules import ALL_BASIS_POINTS, HIGHEST_PRICE, MOST_OF_ONE, PICTURES_OF_ONE

LONGEST_ALTERNATIVE = 160
LARGEST_CHANGE = 100_000
BY_HAND = (MovementKind.RECEIVED, MovementKind.CORRECTED, MovementKind.SCRAPPED)
"""Movements of stock that staff record. Parcels record the others."""


def check_text(field: str, text: str, *, longest: int = LONGEST_NAME, needed: bool = True) -> str:
    """Return a text with single spaces. Raises ValidationError on `field` if it is missing or too long."""
    tidy = " ".join(text.split())
    if needed and not tidy:
        raise ValidationError({field: _("Please fill this in.")})
    check_length(tidy, most=longest, field=field)
    return tidy


def check_description(field: str, text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return a description line by line, with single spaces. Raises ValidationError on `field` if it is too long."""
    tidy = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    check_length(tidy, most=longest, field=field)
    return tidy


def check_fact(fact: str, text: str, text_es: str) -> tuple[str, str]:
    """Return a product's fact in both languages, tidied. Raises ValidationError on the language that is missing."""
    tidy = check_text(fact, text, longest=LONGEST_FACT, needed=False)
    tidy_es = check_text(f"{fact}_es", text_es, longest=LONGEST_FACT, needed=False)
    if bool(tidy) != bool(tidy_es):
        missing = f"{fact}_es" if tidy else fact
        raise ValidationError({missing: _("Please say it in both languages, or leave both empty.")})
    return tidy, tidy_es


def check_name(name: str, *, but: Product | None = None) -> str:
    """Return a product's name, tidied. but: the product itself. Raises ValidationError on "name" if another has it."""
    tidy = check_text("name", name)
    if Product.objects.filter(name__iexact=tidy).exclude(pk__in=[but.pk] if but else []).exists():
        raise ValidationError({"name": _("There is a product of this name already.")})
    return tidy


def check_core_model(kind: str, model: CoreModel | None) -> None:
    if (kind == ProductKind.CORE) != (model is not None):
        raise ValidationError({"core_model": _("A CORE has its kind of CORE, and nothing else has one.")})


def check_cents(cents: int) -> None:
    if not 0 < cents <= HIGHEST_PRICE:
        sentence = _("A price is above $0 and at most $%(highest)d.") % {"highest": HIGHEST_PRICE // 100}
        raise ValidationError({"cents": sentence})


def check_yearly_fee(cents: int) -> None:
    if not 0 <= cents <= HIGHEST_PRICE:
        sentence = _("A yearly fee is at least $0 and at most $%(highest)d.") % {"highest": HIGHEST_PRICE // 100}
        raise ValidationError({"yearly_fee": sentence})


def check_begin(starts_at: datetime | None, *, product: Product, now: datetime) -> datetime:
    """Return the start of a price, `now` if none is given. Raises ValidationError on "starts_at"."""
    begins = starts_at or now
    if begins < now or product.prices.filter(starts_at=begins).exists():
        raise ValidationError({"starts_at": _("A price begins now or later, and one at a time.")})
    return begins


def check_from_quantity(pieces: int) -> None:
    if not 1 <= pieces <= MOST_OF_ONE:
        sentence = _("A discount starts at 1 to %(most)d of one product.") % {"most": MOST_OF_ONE}
        raise ValidationError({"from_quantity": sentence})


def check_basis_points(basis_points: int) -> None:
    if not 0 < basis_points < ALL_BASIS_POINTS:
        raise ValidationError({"basis_points": _("A discount is above 0 % and below 100 %.")})


def check_room(product: Product) -> None:
    """Raise ValidationError on "picture" if the product has as many pictures as it may have."""
    if product.pictures.count() >= PICTURES_OF_ONE:
        sentence = _("A product has at most %(most)d pictures.") % {"most": PICTURES_OF_ONE}
        raise ValidationError({"picture": sentence})


def check_kind(kind: str) -> None:
    if kind not in BY_HAND:
        raise ValidationError({"kind": _("Choose why there is more or less.")})


def check_change(change: int, *, free: int) -> None:
    if change == 0 or abs(change) > LARGEST_CHANGE:
        raise ValidationError({"change": _("Write how many more there are, or how many fewer with a minus.")})
    if free + change < 0:
        sentence = _("Only %(free)d are free; the others are sold already.") % {"free": free}
        raise ValidationError({"change": sentence})


def check_direction(kind: str, change: int) -> None:
    """Raise ValidationError on "change" if pieces are received but become fewer, or scrapped but become more."""
    if (kind == MovementKind.RECEIVED and change < 0) or (kind == MovementKind.SCRAPPED and change > 0):
        raise ValidationError({"change": _("What is received is more, and what is scrapped is fewer.")})


def check_note(note: str, *, kind: str) -> str:
    """Return the note on a movement of stock. Raises ValidationError on "note". kind: "" if not known yet."""
    return check_text("note", note, longest=200, needed=kind != MovementKind.RECEIVED)
