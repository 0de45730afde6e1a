"""Leaving the registry in the shop (promise R12): nothing more is bought, and the books stay."""

from functools import partial

from django.db import transaction

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.roles import Role
from registry.people.models import Registrant
from shop.catalogue import files
from shop.connections.models import CardOnFile
from shop.connections.services import cards
from shop.orders import locks
from shop.orders.models.orders import ExemptionCertificate, Order, PayMethod
from shop.orders.services import orders
from shop.orders.states import OrderState
from shop.payments.services import payments

OWNER = str(Role.BUSINESS)
ENDS = (OrderState.AWAITING_PAYMENT, OrderState.AWAITING_APPROVAL, OrderState.PAID, OrderState.ON_ACCOUNT)
"""Nothing of the order is shipped."""


def end_for_leaver(registrant: Registrant, actor: Actor) -> None:
    """Cancel the unshipped orders of a locked registration, inside the transaction by which it leaves.

    Payments are refunded in full. Drafts and unused certificates are deleted. The cart is deleted with its account.
    """
    Order.objects.filter(registrant=registrant, state=OrderState.DRAFT).delete()
    open_orders = Order.objects.filter(registrant=registrant, state__in=ENDS).order_by("pk")
    # The bill for an old CORE stays owed until the CORE comes.
    open_orders = open_orders.exclude(method=PayMethod.CHARGE)
    for pk in list(open_orders.values_list("pk", flat=True)):
        order = locks.order(pk)
        if order.state in ENDS:
            orders.end(order=order, by=actor, role=OWNER, waits=False)
            transaction.on_commit(partial(payments.close_pages, order=order))
    # After the orders: a settlement locks its order before the card.
    for card in CardOnFile.objects.filter(registrant=registrant):
        transaction.on_commit(partial(cards.forget_there, card.method))
        record(event=Event.CARD_REMOVED, actor=actor, subject=registrant.subject)
        card.delete()
    unused = ExemptionCertificate.objects.filter(registrant=registrant, order__isnull=True)
    for certificate in unused:
        transaction.on_commit(partial(files.discard_paper, certificate.paper))
    unused.delete()
