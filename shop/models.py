"""The tables of the shop."""

from shop.books.models import BookCheck, Reconciliation, Reminder, ReminderStep
from shop.catalogue.models import (
    Discount,
    MovementKind,
    Price,
    Product,
    ProductKind,
    ProductPicture,
    Reservation,
    Stock,
    StockMovement,
)
from shop.connections.models import CardChange, CardOnFile, Subscription, Term
from shop.limits.models import ShopLimits
from shop.orders.models.carts import Cart, CartLine
from shop.orders.models.invoices import CreditNote, Invoice, InvoiceLine, NumberCounter
from shop.orders.models.orders import ON_ACCOUNT, Order, OrderLine, PayMethod, PurchaseOrder
from shop.orders.models.staff_tasks import ShopTask, TaskKind
from shop.orders.models.taxes import ExemptionCertificate, TaxRate
from shop.parcels.models import Carrier, Shipment, ShipmentItem, ShippingDelay
from shop.payments.models.notices import GatewayEvent
from shop.payments.models.payments import Payment, PaymentAttempt, PaymentMethod
from shop.payments.models.refunds import Refund, RefundLine, RefundSource
from shop.returns.models import AgeStep, DeductionSchedule, PartDeduction, Return, ReturnPart, ReturnPicture
from shop.warranty.models import Claim, ClaimPicture

__all__ = [
    "ON_ACCOUNT",
    "AgeStep",
    "BookCheck",
    "CardChange",
    "CardOnFile",
    "Carrier",
    "Cart",
    "CartLine",
    "Claim",
    "ClaimPicture",
    "CreditNote",
    "DeductionSchedule",
    "Discount",
    "ExemptionCertificate",
    "GatewayEvent",
    "Invoice",
    "InvoiceLine",
    "MovementKind",
    "NumberCounter",
    "Order",
    "OrderLine",
    "PartDeduction",
    "PayMethod",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "Price",
    "Product",
    "ProductKind",
    "ProductPicture",
    "PurchaseOrder",
    "Reconciliation",
    "Refund",
    "RefundLine",
    "RefundSource",
    "Reminder",
    "ReminderStep",
    "Reservation",
    "Return",
    "ReturnPart",
    "ReturnPicture",
    "Shipment",
    "ShipmentItem",
    "ShippingDelay",
    "ShopLimits",
    "ShopTask",
    "Stock",
    "StockMovement",
    "Subscription",
    "TaskKind",
    "TaxRate",
    "Term",
]
