"""Carts of visitors. Nothing is reserved, and nothing is logged."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from shop.catalogue.models import Product
from shop.catalogue.selectors import offered_price
from shop.limits.models import ShopLimits
from shop.orders import policies
from shop.orders.models.orders import Cart, CartLine, Order
from shop.orders.selectors import orders
from shop.orders.selectors.quotes import is_about, rows_of


def open_for(*, user: User | None, browser: str) -> Cart:
    """Return the cart of an account or browser; create it the first time. Two tabs at once get the same cart."""
    known = orders.cart_of(user=user, browser=browser)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Cart.objects.create(user=user, browser="" if user else orders.browser_digest(browser))
    except IntegrityError:
        found = orders.cart_of(user=user, browser=browser)
        if found is None:
            raise
        return found


def put(*, cart: Cart, product: Product, quantity: int) -> CartLine:
    """Set how many pieces of a product are in a cart, at the current price. Nothing is reserved.

    Raises ValidationError on "quantity" for more than an order may hold or are left, or if the product is not sold.
    """
    limits = ShopLimits.current()
    policies.check_quantity(quantity, most=limits.most_of_one)
    price = offered_price(product)
    if price is None:
        raise ValidationError({"quantity": _("This is not sold now.")})
    policies.check_stock(quantity, free=price.product.free, name=product.local_name)
    with transaction.atomic():
        locked = _locked(cart)
        lines = {line.product_id: line for line in locked.lines.all()}
        line = lines.get(product.pk)
        if line is None:
            if len(lines) >= limits.most_lines:
                sentence = _("A cart holds at most %(most)d products.") % {"most": limits.most_lines}
                raise ValidationError({"quantity": sentence})
            line = CartLine(cart=locked, product=product, seen_cents=price.cents, seen_fee=price.yearly_fee)
        # The seen price stays: another quantity does not accept another price.
        line.quantity = quantity
        line.save()
    return line


def take_out(*, cart: Cart, product: Product) -> None:
    """Remove a product from a cart. Doing it twice has one effect."""
    with transaction.atomic():
        _locked(cart).lines.filter(product=product).delete()


def accept_prices(*, cart: Cart) -> None:
    """Mark the current prices as seen, and remove products that are not sold any more: the visitor was shown both."""
    with transaction.atomic():
        for row in rows_of(_locked(cart)):
            if row.price is None or not row.is_sold:
                row.line.delete()
            elif row.has_changed:
                row.line.seen_cents, row.line.seen_fee = row.price.cents, row.price.yearly_fee
                row.line.save(update_fields=["seen_cents", "seen_fee"])


def merge_after_sign_in(*, browser: str, user: User) -> Cart | None:
    """Move a browser's cart into the account's after a sign-in. For a product in both, keep the larger quantity.

    Returns the account's cart, None if there is neither cart.
    """
    brought = orders.cart_of(user=None, browser=browser)
    if brought is None:
        return orders.cart_of(user=user, browser="")
    with transaction.atomic():
        own, limits = _locked(open_for(user=user, browser="")), ShopLimits.current()
        held = {line.product_id: line for line in own.lines.all()}
        for line in _locked(brought).lines.all():
            mine = held.get(line.product_id)
            if mine is not None:
                mine.quantity = min(max(mine.quantity, line.quantity), limits.most_of_one)
                mine.save(update_fields=["quantity"])
            elif len(held) < limits.most_lines:
                line.cart = own
                line.save(update_fields=["cart"])
                held[line.product_id] = line
        brought.delete()
    return own


def empty_for_order(*, order: Order, user: User) -> None:
    """Empty the cart of an account whose locked order is placed, inside the caller's transaction.

    Raises ValidationError on "prices" if the cart differs from the order: nobody orders what another tab has changed.
    """
    cart = orders.cart_of(user=user, browser="")
    if not is_about(order, rows_of(_locked(cart)) if cart else []):
        raise ValidationError({"prices": policies.cart_changed_sentence()})
    CartLine.objects.filter(cart=cart).delete()


def _locked(cart: Cart) -> Cart:
    """Lock a cart by writing the time of its change."""
    cart.changed_at = timezone.now()
    if not Cart.objects.filter(pk=cart.pk).update(changed_at=cart.changed_at):
        raise ValidationError(_("This cart is gone. Please start again."))
    return cart
