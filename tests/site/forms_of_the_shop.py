"""Forms of the shop, each with right and wrong answers."""

from django.urls import reverse

from fusus_portal.accounts.roles import Role
from tests.factories import person
from tests.integration.devices import business_at
from tests.people import sign_in
from tests.shop import orders as made
from tests.site.wrong_answers import WrongForm, asks


def checkout_addresses() -> WrongForm:
    """Where an order goes, and where the invoice."""
    made.tax_rate()
    buyer = business_at(user=person(Role.BUSINESS)).user
    browser = sign_in(buyer)
    browser.post(reverse("product_add", args=[made.product().slug]), {"quantity": 1})
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


FORMS = (checkout_addresses, tax_rate)
