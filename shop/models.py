"""The tables of the shop."""

from shop.models.book_checks import BookCheck
from shop.models.cards import CardChange, CardOnFile
from shop.models.carts import Cart, CartLine
from shop.models.catalogue import Discount, Price, Product, ProductKind, ProductPicture
from shop.models.deductions import AgeStep, DeductionSchedule, PartDeduction
from shop.models.events import GatewayEvent, ShopTask, TaskKind
from shop.models.invoices import CreditNote, Invoice, InvoiceLine, NumberCounter
from shop.models.limits import ShopLimits
from shop.models.orders import ON_ACCOUNT, Order, OrderLine, PayMethod, PurchaseOrder
from shop.models.payments import Payment, PaymentAttempt, PaymentMethod
from shop.models.reconciliation import Reconciliation
from shop.models.refunds import Refund, RefundLine, RefundSource
from shop.models.reminders import Reminder, ReminderStep
from shop.models.returns import Return, ReturnPart, ReturnPicture
from shop.models.shipments import Carrier, Shipment, ShipmentItem, ShippingDelay
from shop.models.stock import MovementKind, Reservation, Stock, StockMovement
from shop.models.taxes import ExemptionCertificate, TaxRate
from shop.models.terms import Subscription, Term
from shop.models.warranty import Claim, ClaimPicture

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
