"""Forms of the shop, each with right and wrong answers."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from tests.factories import person
from tests.integration.cores.devices import business_at, core_at, core_model, owner_of
from tests.people import sign_in
from tests.shop.connections import renewed
from tests.shop.orders import orders
from tests.site.wrong_answers import NO_PICTURE, SCRIPT, TOO_LARGE, Question, Upload, WrongForm, asks, picture
from tests.typed import typed

PAPER = Upload("paper.pdf", orders.PDF)


def checkout_addresses() -> WrongForm:
    """The addresses of an order and its invoice."""
    orders.tax_rate()
    buyer = business_at(user=person(Role.BUSINESS)).user
    browser = sign_in(buyer)
    browser.post(reverse("product_add", args=[orders.product().slug]), {"quantity": 1})
    return WrongForm(
        browser,
        reverse("checkout_addresses"),
        (
            asks("ship_name", "Rosa Diaz", "", "x" * 121),
            asks("ship_street", "600 20th Street North", "", "x" * 121),
            asks("ship_city", "Birmingham", ""),
            asks("ship_state", "AL", "", "XX"),
            asks("ship_zip", "35203", "", "352", "birmingham"),
            asks("bill_street", "1 Capitol Way", ""),
            asks("bill_city", "Birmingham", "", "x" * 61),
            asks("bill_state", "AL", "", "XX"),
            asks("bill_zip", "35203", "", "352"),
        ),
    )


def certificate() -> WrongForm:
    """A certificate by which no sales tax is taken."""
    today = timezone.localdate()
    return WrongForm(
        sign_in(orders.buyer_of(orders.drafted())),
        reverse("checkout_tax"),
        (
            asks("state_code", "AL", "", "XX"),
            asks("number", "EX-1", "", "x" * 41),
            asks("valid_until", today, "", "soon", today - timedelta(days=1)),
            asks("paper", PAPER, "", SCRIPT, NO_PICTURE, TOO_LARGE),
        ),
    )


def purchase_order() -> WrongForm:
    """An order by a purchase order."""
    owner = business_at()
    used = orders.submitted(orders.drafted(owner=owner)).number
    return WrongForm(
        sign_in(orders.buyer_of(orders.drafted(owner=owner))),
        reverse("checkout_purchase_order"),
        (
            asks("number", "PO-2026-1", "", "¿?", used.lower()),
            asks("limit", "1000", "", "x", "1"),
            asks("paper", PAPER, "", SCRIPT, NO_PICTURE, TOO_LARGE),
            asks("consent", "on", ""),
        ),
    )


def year_purchase_order() -> WrongForm:
    """A further year by a purchase order."""
    owner = business_at()
    year = renewed.waits_now(owner)
    used = orders.submitted(orders.drafted(owner=owner)).number
    return WrongForm(
        sign_in(owner.user),
        reverse("order_purchase_order", args=[year.number]),
        (
            asks("number", "PO-2026-1", "", "¿?", used.lower()),
            asks("limit", "1000", "", "x", "1"),
            asks("paper", PAPER, "", SCRIPT, NO_PICTURE, TOO_LARGE),
        ),
    )


def device_problem() -> WrongForm:
    """A CORE that does not work."""
    core = core_at("active")
    return WrongForm(
        sign_in(owner_of(core)),
        reverse("device_problem", args=[core.pk]),
        (
            asks("problem", "It does not start.", "", "x" * 3001),
            asks("picture", picture(), SCRIPT, NO_PICTURE, [picture()] * 7, TOO_LARGE),
        ),
    )


def product_new() -> WrongForm:
    """A product."""
    taken = orders.product().name
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_new"),
        (
            Question(
                {"kind": "core", "core_model": core_model().pk},
                ({"kind": "", "core_model": "999999"}, {"kind": "core", "core_model": ""}),
            ),
            asks("name", "Mast", "", "x" * 81, taken.upper()),
            asks("name_es", "Mástil", "", "x" * 81),
            asks("text", "It stands.", "x" * 5001),
            asks("text_es", "", "x" * 5001),
            Question(
                {"box": "A cable", "box_es": "Un cable"},
                ({"box": "A cable", "box_es": ""}, {"box": "", "box_es": "Un cable"}, {"box": "x" * 301, "box_es": ""}),
            ),
            asks("tax_code", "goods", "", "x" * 41),
        ),
        {"step": "save"},
    )


def product_change() -> WrongForm:
    """A change of a product."""
    taken, changed = orders.product(), orders.product(kind="accessory")
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_change", args=[changed.pk]),
        (
            asks("core_model", "", core_model().pk, "999999"),
            asks("name", changed.name, "", taken.name),
            asks("name_es", "Mástil", ""),
            asks("tax_code", "goods", "", "x" * 41),
        ),
        {"step": "save"},
    )


def product_price() -> WrongForm:
    """The price of a product."""
    now = timezone.now()
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_price", args=[orders.product().pk]),
        (
            asks("cents", "350", "", "0", "x", "999999"),
            asks("yearly_fee", "0", "", "-1", "999999"),
            asks("starts_at", typed(now + timedelta(days=1)), "noon", typed(now - timedelta(days=1))),
        ),
    )


def product_discount() -> WrongForm:
    """A discount for buyers of several pieces."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_discount", args=[orders.product().pk]),
        (asks("from_quantity", "5", "", "0", "x"), asks("basis_points", "10", "", "100", "0")),
    )


def product_stock() -> WrongForm:
    """A change of a product's stock."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_stock", args=[orders.product(on_hand=3).pk]),
        (
            asks("kind", "corrected", "", "stolen"),
            asks("change", "-2", "", "0", "-4"),
            asks("note", "Counted anew", "x" * 201),
        ),
    )


def counted_product() -> WrongForm:
    """A change of a product's stock, on the clerks' page."""
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("fulfilment_stock", args=[orders.product(on_hand=3).pk]),
        (
            asks("kind", "corrected", "", "stolen"),
            asks("change", "-2", "", "0", "-4"),
            asks("note", "Counted anew", "", "x" * 201),
        ),
    )


def product_scrapped() -> WrongForm:
    """Pieces of a product that are thrown away."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_stock", args=[orders.product(on_hand=3).pk]),
        (asks("change", "-2", "0", "2", "-4"), asks("note", "Fell down", "", "x" * 201)),
        {"kind": "scrapped"},
    )


def product_picture() -> WrongForm:
    """A picture of a product."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("catalogue_picture", args=[orders.product().pk]),
        (
            asks("picture", picture(), "", SCRIPT, NO_PICTURE, TOO_LARGE),
            asks("alternative", "A CORE", "", "x" * 161),
            asks("alternative_es", "Un CORE", "", "x" * 161),
        ),
    )


def deductions() -> WrongForm:
    """Deductions for a CORE that comes back."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("deductions"),
        (
            asks("lowest", "15", "", "5", "101"),
            asks("steps", "12 30", "12", "1.5 30", "12 95", "12 30\n24 20"),
            asks("parts", "Cable | Cable | 5", "Cable | 5", "Cable | Cable | x", "Cable | Cable | 95", " | Cable | 5"),
        ),
    )


def shop_limits() -> WrongForm:
    """The limits of the shop."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("shop_limits"),
        (
            asks("most_of_one", "10", "", "0"),
            asks("most_lines", "20", "x", "99999"),
            asks("clerk_refund_dollars", "100", "", "99999"),
        ),
        {"revision": 1, "step": "save"},
    )


def tax_rate() -> WrongForm:
    """A rate of sales tax."""
    return WrongForm(
        sign_in(person(Role.ADMINISTRATOR)),
        reverse("tax_rates"),
        (
            asks("state_code", "AL", "", "XX"),
            asks("zip_prefix", "352", "ab", "3520345"),
            asks("tax_code", "goods", "", "x" * 41),
            asks("basis_points", "9.25", "", "99", "-1"),
            asks("ends_on", "2028-01-01", "x", "2026-01-01"),
        ),
        {"starts_on": "2027-01-01"},
    )


FORMS = (
    checkout_addresses,
    certificate,
    purchase_order,
    year_purchase_order,
    device_problem,
    product_new,
    product_change,
    product_price,
    product_discount,
    product_stock,
    counted_product,
    product_scrapped,
    product_picture,
    deductions,
    shop_limits,
    tax_rate,
)
