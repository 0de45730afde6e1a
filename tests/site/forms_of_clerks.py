"""Forms of clerks about orders, parcels and what comes back, each with right and wrong answers."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.roles import Role
from tests.factories import person
from tests.people import sign_in
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns import returned
from tests.site.wrong_answers import NO_PICTURE, TOO_LARGE, WrongForm, asks, picture

TRACKING = parcels.TRACKING


def order_check() -> WrongForm:
    """A check that came."""
    order = orders.order_at("on_account")
    taken = orders.check_payment(order, cents=100)
    today = timezone.localdate()
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("order_check", args=[order.number]),
        (
            asks("check_number", "2201", "", "x" * 41, taken.check_number),
            asks("cents", "20.00", "", "x", "0", "99999"),
            asks("received_on", today, "", today + timedelta(days=1)),
        ),
    )


def parcel_label() -> WrongForm:
    """The carrier of a parcel."""
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("parcel_label", args=[parcels.packed().pk]),
        (
            asks("carrier", "usps", "", "pigeon"),
            asks("tracking", TRACKING, "12", "x" * 61),
            asks("box", "small", "crate"),
        ),
    )


def return_label() -> WrongForm:
    """The label that was sent to an owner."""
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("return_do", args=[returned.return_at("approved").pk, "label"]),
        (asks("carrier", "usps", "", "pigeon"), asks("tracking", TRACKING, "12", "x" * 41)),
    )


def return_inspect() -> WrongForm:
    """The inspection of a parcel."""
    back = returned.return_at("received")
    assert back.schedule is not None
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("return_inspect", args=[back.pk]),
        (
            asks("parts", back.schedule.parts.earliest("position").pk, "999999"),
            asks("note", "Dusty", "x" * 401),
            asks("picture", picture(), "", NO_PICTURE, [picture()] * 9, TOO_LARGE),
        ),
    )


def return_missing() -> WrongForm:
    """A parcel without its CORE."""
    back = returned.return_at("in_transit")
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("return_missing", args=[back.pk]),
        (
            asks("serial", "FC9-1", back.core.serial, "x" * 61),
            asks("picture", picture(), "", NO_PICTURE, [picture()] * 9, TOO_LARGE),
            asks("reason", "The parcel was empty", "", "x" * 201),
        ),
    )


def order_refund() -> WrongForm:
    """Money that goes back."""
    order = parcels.bought(accessories=1)
    first, second = (str(line.pk) for line in order.lines.order_by("position"))
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("order_refund", args=[order.number]),
        (
            asks(first, "5.00", "x", "999"),
            asks(second, "1.00", "-1", "x", "999"),
            asks("reason", "Scratched", "", "x" * 201),
        ),
        {"key": str(uuid4()), "step": "save"},
    )


def order_refund_of_nothing() -> WrongForm:
    """Money that goes back, without an amount."""
    order = parcels.bought()
    return WrongForm(
        sign_in(person(Role.CLERK)),
        reverse("order_refund", args=[order.number]),
        (asks(str(order.lines.get().pk), "5.00", "", "0"), asks("reason", "Scratched", "", "x" * 201)),
        {"key": str(uuid4()), "step": "save"},
    )


FORMS = (
    order_check,
    parcel_label,
    return_label,
    return_inspect,
    return_missing,
    order_refund,
    order_refund_of_nothing,
)
