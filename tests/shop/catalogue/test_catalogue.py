"""Products as administrators keep them, and what is refused."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from audit.log.events import Event
from fusus_portal.ground.lifecycle import Refused, Stale
from integration.cores.services import cores
from shop.catalogue import files, policies, services
from shop.catalogue.models import Product
from shop.orders.models.orders import ShopTask, TaskKind
from shop.orders.services import orders as order_services, taxes
from shop.rules import LARGEST_PAPER, PICTURES_OF_ONE
from tests.factories import person
from tests.integration.cores.devices import core_model
from tests.registry.entries import entries_of
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db

VISIT = Product(name="Visit", name_es="Visita", tax_code="services", text="  We  come.\n\n And look. ")


def picture(side: int = 1600) -> "ContentFile[bytes]":
    file = BytesIO()
    Image.new("RGB", (side, side // 2), "navy").save(file, format="JPEG", exif=b"Exif\x00\x00secret")
    return ContentFile(file.getvalue(), name="core.jpg")


def fields_of(error: BaseException) -> set[str]:
    assert isinstance(error, ValidationError)
    return set(error.message_dict)


def test_a_service_has_no_stock_and_its_words_are_tidy() -> None:
    visit = services.add_product(by=person("administrator"), kind="service", details=VISIT)
    assert (visit.slug, visit.text) == ("visit", "We come.\n\nAnd look.")
    assert not visit.is_shipped
    error = orders.refused(lambda: services.change_stock(product=visit, by=person("clerk"), kind="received", change=1))
    assert fields_of(error) == {"kind"}


def test_addresses_of_products_never_clash() -> None:
    by = person("administrator")
    slugs = [
        services.add_product(
            by=by, kind="service", details=Product(name=name, name_es="Visita", tax_code="services")
        ).slug
        for name in ("Visit", "Visit!", "Visit?")
    ]
    assert slugs == ["visit", "visit-2", "visit-3"]


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        ("boat", VISIT, "kind"),
        ("core", VISIT, "core_model"),
        ("service", Product(name="", name_es="Visita", tax_code="services"), "name"),
        ("service", Product(name="Visit", name_es="V" * 81, tax_code="services"), "name_es"),
        ("service", Product(name="Visit", name_es="Visita", tax_code=""), "tax_code"),
        ("service", Product(name="Visit", name_es="Visita", tax_code="services", text="x" * 2001), "text"),
    ],
)
def test_what_can_not_be_a_product_is_refused_by_field(kind: str, details: Product, field: str) -> None:
    error = orders.refused(lambda: services.add_product(by=person("administrator"), kind=kind, details=details))
    assert fields_of(error) == {field}
    assert not Product.objects.exists()


def test_a_name_is_given_once_and_saying_the_same_again_is_no_act() -> None:
    by = person("administrator")
    visit = services.add_product(by=by, kind="service", details=VISIT)
    assert fields_of(orders.refused(lambda: services.add_product(by=by, kind="service", details=VISIT))) == {"name"}
    services.change_product(product=visit, by=by, details=VISIT)
    assert not entries_of(Event.PRODUCT_CHANGED)


def test_a_kind_of_core_that_is_received_no_more_gets_no_new_product() -> None:
    by, model = person("administrator"), core_model()
    cores.retire_model(model=model, by=by)
    details = Product(name="Old CORE", name_es="CORE viejo", tax_code="goods", core_model=model)
    assert isinstance(orders.refused(lambda: services.add_product(by=by, kind="core", details=details)), Stale)


@pytest.mark.parametrize(("cents", "fee", "fields"), [(0, 0, {"cents"}), (5, -1, {"yearly_fee"})])
def test_nothing_is_free_and_no_fee_is_below_zero(cents: int, fee: int, fields: set[str]) -> None:
    sold, by = orders.product(priced=False), person("administrator")
    error = orders.refused(lambda: services.set_price(product=sold, by=by, cents=cents, yearly_fee=fee))
    assert fields_of(error) == fields


@pytest.mark.parametrize(("quantity", "points"), [(0, 500), (101, 500), (5, 0), (5, 10_000)])
def test_a_discount_is_some_of_the_price_for_some_pieces(quantity: int, points: int) -> None:
    sold, by = orders.product(), person("administrator")
    orders.refused(lambda: services.add_discount(product=sold, by=by, from_quantity=quantity, basis_points=points))
    assert not sold.discounts.exists()


def test_a_discount_replaces_the_one_for_as_many() -> None:
    sold, by = orders.product(), person("administrator")
    for points in (2_000, 500):
        services.add_discount(product=sold, by=by, from_quantity=5, basis_points=points)
    assert sold.discounts.get(ended_at__isnull=True).basis_points == 500


def test_a_discount_holds_from_one_piece_to_a_hundred_and_nearly_takes_all() -> None:
    sold, by = orders.product(), person("administrator")
    for quantity, points in ((1, 1), (100, 9_999)):
        services.add_discount(product=sold, by=by, from_quantity=quantity, basis_points=points)
    assert sold.discounts.count() == 2


def judged(kind: str, change: int) -> str:
    """Judge what is written of a change where five are free, as the service does."""
    policies.check_kind(kind)
    policies.check_change(change, free=5)
    policies.check_direction(kind, change)
    return policies.check_note("Shelf 3", kind=kind)


@pytest.mark.parametrize(
    ("kind", "change"), [("received", 1), ("received", 100_000), ("scrapped", -5), ("corrected", -5), ("corrected", 1)]
)
def test_so_much_is_moved_by_hand(kind: str, change: int) -> None:
    assert judged(kind, change) == "Shelf 3"


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("received", 100_001, "change"),
        ("received", 0, "change"),
        ("received", -1, "change"),
        ("scrapped", 1, "change"),
        ("scrapped", -6, "change"),
        ("corrected", 0, "change"),
        ("corrected", -100_001, "change"),
        ("shipped", 1, "kind"),
    ],
)
def test_no_more_is_moved_by_hand_than_lies_there(kind: str, change: int, field: str) -> None:
    error = orders.refused(lambda: judged(kind, change))
    assert fields_of(error) == {field}


def test_a_picture_is_encoded_anew_in_each_size_without_what_hid_in_it() -> None:
    sold, by = orders.product(), person("administrator")
    kept = services.add_picture(product=sold, by=by, upload=picture(), alternative="A box", alternative_es="Una caja")
    sizes = {}
    for size in ("large", "small"):
        with files.open_picture(kept.key, size) as file:
            content = file.read()
        assert b"secret" not in content
        with Image.open(BytesIO(content)) as image:
            sizes[size] = (image.format, image.size)
    assert sizes == {"large": ("WEBP", (1200, 600)), "small": ("WEBP", (400, 200))}


def test_a_picture_says_what_it_shows_is_one_and_there_are_only_some() -> None:
    sold, by = orders.product(), person("administrator")

    def add(upload: "ContentFile[bytes]", words: str) -> object:
        return services.add_picture(product=sold, by=by, upload=upload, alternative=words, alternative_es="Una caja")

    assert fields_of(orders.refused(lambda: add(picture(40), " "))) == {"alternative"}
    assert fields_of(orders.refused(lambda: add(ContentFile(b"no picture", name="a.jpg"), "A box"))) == {"picture"}
    for _number in range(PICTURES_OF_ONE):
        add(picture(40), "A box")
    assert fields_of(orders.refused(lambda: add(picture(40), "A box"))) == {"picture"}


def test_a_paper_is_a_pdf_or_a_picture_and_not_too_large() -> None:
    order = orders.drafted()
    for upload in (None, ContentFile(b"MZ\x90\x00", name="a.pdf"), ContentFile(b"%PDF" * LARGEST_PAPER, name="b.pdf")):
        with pytest.raises(ValidationError, match="paper"):
            files.check_paper(upload, sender=order.pk)
    paper = orders.submitted(order).paper
    assert files.type_of(paper) == "application/pdf"
    assert orders.read(paper) == orders.PDF


def test_rates_are_checked_by_field_and_end_once() -> None:
    by, day = person("administrator"), date(2026, 1, 1)

    def add(**changes: object) -> object:
        wanted: dict[str, object] = {"state": "AL", "tax_code": "goods", "basis_points": 900, "starts_on": day}
        return taxes.add(by=by, **(wanted | changes))  # type: ignore[arg-type]

    assert fields_of(orders.refused(lambda: add(state="ZZ"))) == {"state_code"}
    assert fields_of(orders.refused(lambda: add(basis_points=3001, zip_prefix="x"))) == {"basis_points", "zip_prefix"}
    assert fields_of(orders.refused(lambda: add(ends_on=day))) == {"ends_on"}
    rate = orders.tax_rate()
    assert fields_of(orders.refused(add)) == {"starts_on"}
    assert fields_of(orders.refused(lambda: taxes.end(rate=rate, by=by, ends_on=rate.starts_on))) == {"ends_on"}
    taxes.end(rate=rate, by=by, ends_on=day)
    assert add() is not None


def test_only_staff_keep_the_shop() -> None:
    sold = orders.product()
    for role in ("clerk", "deputy", "business"):
        by = person(role)
        with pytest.raises(Refused):
            services.retire_product(product=sold, by=by)
    with pytest.raises(Refused):
        services.change_stock(product=sold, by=person("deputy"), kind="received", change=1)


def test_a_task_is_opened_once_and_settled_once() -> None:
    for _time in range(2):
        order_services.open_task(kind=TaskKind.DIFFERENCE, about="re_1", facts={})
    task, by = ShopTask.objects.get(), person("clerk")
    assert fields_of(orders.refused(lambda: order_services.settle_task(task=task, by=by, note=" "))) == {"note"}
    order_services.settle_task(task=task, by=by, note="Called the bank")
    assert isinstance(orders.refused(lambda: order_services.settle_task(task=task, by=by, note="Again")), Stale)
    order_services.open_task(kind=TaskKind.DIFFERENCE, about="re_1", facts={})
    assert ShopTask.objects.count() == 2
