"""The cart of a request: of an account, or of a browser by a random key in its session."""

import secrets
from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest

from fusus_portal.ground.access import session_rows
from shop.orders.models.carts import Cart, CartLine
from shop.orders.selectors.carts import CartRow, rows_in, rows_of
from shop.orders.services import carts

KEY: Final = "cart"


def cart_of(request: HttpRequest) -> Cart | None:
    """Return the visitor's cart, if there is one. Its lines from before a sign-in move to the account's cart."""
    browser = str(request.session.get(KEY, ""))
    if not request.user.is_authenticated:
        return carts.find(user=None, browser=browser)
    if not browser:
        return carts.find(user=request.user, browser="")
    del request.session[KEY]
    return carts.bring_along(browser=browser, user=request.user)


def rows_for(request: HttpRequest) -> Sequence[CartRow]:
    """Return the lines of the visitor's cart. Only the lines are read: they imply the cart."""
    browser = str(request.session.get(KEY, ""))
    if not request.user.is_authenticated:
        return rows_in(CartLine.objects.filter(cart__browser=carts.digest_of(browser))) if browser else []
    return rows_of(cart_of(request)) if browser else rows_in(CartLine.objects.filter(cart__user=request.user))


def open_cart(request: HttpRequest) -> Cart:
    browser = str(request.session.get(KEY, ""))
    if request.user.is_authenticated:
        return (cart_of(request) if browser else None) or carts.open_for(user=request.user, browser="")
    if not browser:
        session_rows.make_sure(request.session)
        browser = request.session[KEY] = secrets.token_urlsafe(32)
    return carts.open_for(user=None, browser=browser)
