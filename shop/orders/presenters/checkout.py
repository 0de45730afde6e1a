from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from registry.people.models import Registrant
from shop.catalogue.money import dollars
from shop.connections.policies import a_year_after
from shop.orders.models.orders import Order
from shop.orders.presenters import totals
from shop.orders.selectors.quotes import yearly_of
from shop.rules import ANNOUNCED_BEFORE, DUE_AFTER, REMINDED_BEFORE, SHIP_WITHIN

STEPS = [
    gettext_lazy("Your business"),
    gettext_lazy("Addresses"),
    gettext_lazy("Sales tax"),
    gettext_lazy("How to pay"),
    gettext_lazy("Check and confirm"),
]


@dataclass(frozen=True, slots=True)
class Who:
    heading: str
    text: str
    doors: list[tuple[str, str]]


def who_is(user: User | None, registrant: Registrant | None) -> Who | None:
    """Return the step that comes before buying, None for a registered business."""
    back = urlencode({"next": reverse("checkout")})
    if user is None:
        return Who(
            _("Who is buying?"),
            _("COREs are sold to businesses with an account. Your cart is kept."),
            [
                (_("Sign in"), f"{reverse('account_login')}?{back}"),
                (_("Create an account for a business"), f"{reverse('account_signup')}?{back}"),
            ],
        )
    if user.role != Role.BUSINESS:
        return Who(
            _("Only businesses can buy COREs"),
            _("You are signed in with another kind of account. Sign out, and create one for your business."),
            [(_("Back to the shop"), reverse("shop"))],
        )
    if registrant is None:
        return Who(
            _("Register your business first"),
            _(
                "A CORE connects cameras of a registered place. Registering takes about three minutes, and your cart "
                "is kept."
            ),
            [(_("Register your business"), reverse("register"))],
        )
    return None


def page(step: int, **more: Any) -> dict[str, Any]:
    days = {"ship_within": SHIP_WITHIN.days, "due_after": DUE_AFTER.days}
    return {"steps": STEPS, "current": step, **days, **more}


def summary(order: Order, *, method: str | None = None) -> dict[str, Any]:
    return {
        "lines": totals.lines_of(order),
        "totals": totals.totals(order, method=method),
        "addresses": totals.addresses(order),
    }


def fee_terms(order: Order) -> list[str]:
    """Return the terms of the yearly fee that must be shown before payment (15 USC 8403)."""
    yearly = yearly_of(order)
    if not yearly:
        return []
    earliest = date_format(a_year_after(timezone.localdate()))
    return [
        _("The yearly fee is %(fee)s in total, plus sales tax.") % {"fee": dollars(yearly)},
        _("It is first due one year after a CORE is activated, so not before %(day)s.") % {"day": earliest},
        _("We write to you %(first)d days and %(second)d days before. It renews each year until you cancel.")
        % {"first": ANNOUNCED_BEFORE.days, "second": REMINDED_BEFORE.days},
        _("You can cancel on the page of the CORE with two clicks, at any time and for any reason."),
    ]
