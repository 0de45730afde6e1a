"""Products and their stock. Administrators keep products; clerks and administrators count stock."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from integration.cores import policies as core_policies
from integration.cores.models import Core, CoreModel
from shop.catalogue import files, models, policies
from shop.catalogue.models import Discount, Price, Product, ProductKind, ProductPicture, Stock, StockMovement

PAGE_SLUGS = frozenset({"cart", "checkout", "pictures"})
"""Addresses of pages beside those of products: no product has one of them as its slug."""


def add_product(*, by: User, kind: str, details: Product) -> Product:
    """Add a product with the DETAILS of a row that is not saved. It is sold once it has a price.

    Raises Refused, and ValidationError by field.
    """
    demand(by, Permission.ADMINISTER)
    if kind not in ProductKind.values:
        raise ValidationError({"kind": _("Choose what it is.")})
    with transaction.atomic():
        product = Product(kind=kind, **_checked_columns(details, kind=kind))
        product.slug = _free_slug(product.name)
        product.save(force_insert=True)
        if product.is_shipped:
            Stock.objects.create(product=product)
        _record_product(Event.PRODUCT_ADDED, product, by, kind=kind)
    return product


def change_product(*, product: Product, by: User, details: Product) -> Product:
    """Change the details of a product; orders keep theirs. Its kind and slug stay. Raises as `add_product`."""
    with transaction.atomic():
        locked = _locked(product, by)
        wanted = _checked_columns(details, kind=locked.kind, but=locked)
        changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
        if not changed:
            return locked
        for name in changed:
            setattr(locked, name, wanted[name])
        locked.save()
        _record_product(Event.PRODUCT_CHANGED, locked, by, fields=" ".join(changed))
    return locked


def set_price(*, product: Product, by: User, cents: int, yearly_fee: int, starts_at: datetime | None = None) -> Price:
    """Set a product's price, from now or `starts_at`. Orders keep theirs. Raises Refused, ValidationError by field."""
    with transaction.atomic():
        locked = _locked(product, by)
        policies.check_cents(cents)
        policies.check_yearly_fee(yearly_fee)
        now = timezone.now()
        begins = policies.check_begin(starts_at, product=locked, now=now)
        amounts = {"cents": cents, "yearly_fee": yearly_fee}
        made = Price.objects.create(product=locked, starts_at=begins, set_by=by, set_at=now, **amounts)
        _record_product(Event.PRODUCT_PRICED, locked, by, starts_at=begins.isoformat(), **amounts)
    return made


def retire_product(*, product: Product, by: User) -> Product:
    """Stop selling a product. Doing it twice has one effect. Raises Refused."""
    return _set_retired(product, by, retired_at=timezone.now(), event=Event.PRODUCT_RETIRED)


def offer_product(*, product: Product, by: User) -> Product:
    """Sell a retired product again. Doing it twice has one effect. Raises Refused."""
    return _set_retired(product, by, retired_at=None, event=Event.PRODUCT_OFFERED)


def add_discount(*, product: Product, by: User, from_quantity: int, basis_points: int) -> Discount:
    """Add a discount, replacing one from the same number of pieces. Raises Refused, and ValidationError by field."""
    with transaction.atomic():
        locked = _locked(product, by)
        policies.check_from_quantity(from_quantity)
        policies.check_basis_points(basis_points)
        now = timezone.now()
        locked.discounts.filter(from_quantity=from_quantity, ended_at__isnull=True).update(ended_at=now)
        columns = {"from_quantity": from_quantity, "basis_points": basis_points}
        made = Discount.objects.create(product=locked, starts_at=now, **columns)
        _record_product(Event.DISCOUNT_ADDED, locked, by, discount=str(made.pk), **columns)
    return made


def end_discount(*, discount: Discount, by: User) -> Discount:
    """End a discount. Doing it twice has one effect. Raises Refused."""
    with transaction.atomic():
        product = _locked(discount.product, by)
        current = Discount.objects.get(pk=discount.pk)
        if current.ended_at is None:
            current.ended_at = timezone.now()
            current.save(update_fields=["ended_at"])
            _record_product(Event.DISCOUNT_ENDED, product, by, discount=str(current.pk))
    return current


def add_picture(
    *, product: Product, by: User, upload: File[bytes] | files.Sizes, alternative: str, alternative_es: str
) -> ProductPicture:
    """Add a picture of a product, re-encoded in each size. Raises Refused, and ValidationError by field."""
    demand(by, Permission.ADMINISTER, subject=product.subject)
    told = {"alternative": alternative, "alternative_es": alternative_es}
    longest = policies.LONGEST_ALTERNATIVE
    words = {name: policies.check_text(name, text, longest=longest) for name, text in told.items()}
    sizes = files.sizes_of(upload, sender=by.pk)
    with transaction.atomic():
        locked = _locked(product, by)
        policies.check_room(locked)
        position = (locked.pictures.aggregate(last=Max("position"))["last"] or 0) + 1
        picture = ProductPicture.objects.create(product=locked, position=position, key=files.new_key(), **words)
        _record_product(Event.PRODUCT_PICTURED, locked, by, picture=str(picture.pk))
        files.keep_picture(picture.key, sizes)
    return picture


def remove_picture(*, picture: ProductPicture, by: User) -> None:
    """Remove a picture of a product. Doing it twice has one effect. Raises Refused."""
    with transaction.atomic():
        product = _locked(picture.product, by)
        gone, _each = ProductPicture.objects.filter(pk=picture.pk).delete()
        if gone:
            _record_product(Event.PRODUCT_PICTURE_REMOVED, product, by, picture=str(picture.pk))
            transaction.on_commit(partial(files.discard_picture, picture.key))


def _locked(product: Product, by: User) -> Product:
    demand(by, Permission.ADMINISTER, subject=product.subject)
    return Product.objects.select_for_update(no_key=True).get(pk=product.pk)


def _set_retired(product: Product, by: User, *, retired_at: datetime | None, event: Event) -> Product:
    with transaction.atomic():
        locked = _locked(product, by)
        if (locked.retired_at is None) != (retired_at is None):
            locked.retired_at = retired_at
            locked.save(update_fields=["retired_at"])
            _record_product(event, locked, by)
    return locked


def _checked_columns(details: Product, *, kind: str, but: Product | None = None) -> dict[str, object]:
    wanted: dict[str, object] = {name: getattr(details, name) for name in models.DETAILS}
    wanted["name"] = policies.check_name(details.name, but=but)
    for name in ("name_es", "tax_code"):
        wanted[name] = policies.check_text(name, str(wanted[name]), longest=40 if name == "tax_code" else 80)
    for name in ("text", "text_es"):
        wanted[name] = policies.check_description(name, str(wanted[name]))
    for fact in models.FACTS:
        said = policies.check_fact(fact, *(str(wanted[name]) for name in (fact, f"{fact}_es")))
        wanted[fact], wanted[f"{fact}_es"] = said
    policies.check_core_model(kind, details.core_model)
    if details.core_model is not None and (but is None or but.core_model_id != details.core_model.pk):
        core_policies.must_be_current(CoreModel.objects.select_for_update(no_key=True).get(pk=details.core_model.pk))
    return wanted


def _free_slug(name: str) -> str:
    """Return an unused slug: the last part of a product's address, which never changes."""
    base = slugify(name)[:50] or "product"
    taken = PAGE_SLUGS | set(Product.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in free if slug not in taken)


def _record_product(event: Event, product: Product, by: User, **facts: int | str) -> None:
    record(event=event, actor=by.actor, subject=product.subject, facts={"name": product.name, **facts})


def change_stock(*, product: Product, by: User, kind: str, change: int, note: str = "") -> Stock:
    """Record that stock was received, corrected or scrapped, by hand. Raises ValidationError by field, Refused."""
    demand(by, Permission.ADMINISTER, Permission.FULFILMENT, subject=product.subject)
    with transaction.atomic():
        locked = lock_stocks([product.pk]).get(product.pk)
        if locked is None:
            raise ValidationError({"kind": _("This is not kept in stock.")})
        policies.check_kind(kind)
        policies.check_change(change, free=locked.free)
        policies.check_direction(kind, change)
        tidy = policies.check_note(note, kind=kind)
        StockMovement.objects.create(stock=locked, kind=kind, change=change, note=tidy, staff=by)
        facts: dict[str, int | str] = {"kind": kind, "change": change}
        record(event=Event.STOCK_CHANGED, actor=by.actor, subject=product.subject, facts=facts)
        locked.refresh_from_db()
    return locked


def lock_stocks(products: Iterable[UUID]) -> dict[UUID, Stock]:
    """Lock the stock of products, in the order of stock ids, not of the cart. Returns it by product id."""
    rows = Stock.objects.select_for_update(no_key=True).filter(product__in=list(products)).order_by("pk")
    return {stock.product_id: stock for stock in rows}


def move_core(
    stock: Stock, core: Core, by: User, *, kind: str, change: int, note: str, order: UUID | None = None
) -> None:
    """Record that a locked CORE leaves or enters a locked stock. order: id of its order, None for a replacement."""
    StockMovement.objects.create(stock=stock, kind=kind, change=change, note=note, order_id=order, core=core, staff=by)
    facts: dict[str, int | str] = {"kind": str(kind), "change": change, "core": core.serial}
    record(event=Event.STOCK_CHANGED, actor=by.actor, subject=stock.product.subject, facts=facts)
