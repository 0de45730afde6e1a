"""The rows of addresses of the shop. See `urls`."""

from tests.access.who import ADMINISTRATOR, BUSINESS, CLERK, EVERYONE, GIVERS, Row

PUBLIC = (
    *("shop", "cart", "cart_accept", "cart_change", "cart_remove", "checkout"),
    *("product", "product_add", "product_picture", "payments_webhook"),
)
BUYERS = (
    *("checkout_addresses", "checkout_tax", "checkout_payment", "checkout_card", "checkout_purchase_order"),
    *("orders", "order", "order_cancel", "order_agree", "order_pay", "order_paid", "order_paid_state"),
    *("order_arrived", "order_code", "order_invoice", "order_credit_note"),
    *("order_purchase_order", "device_reconnect"),
    *("payment_method", "payment_method_change", "payment_method_saved", "payment_method_remove"),
)
CLERKS = (
    *(
        "fulfilment",
        "fulfilment_orders",
        "fulfilment_order",
        "fulfilment_cancel",
        "fulfilment_done",
        "order_pack",
        "order_delay",
        "order_check",
        "orders_pack",
        "parcel_sheets",
        "fulfilment_invoice",
        "fulfilment_credit_note",
        "fulfilment_stock",
    ),
    *("parcel", "parcel_scan", "parcel_put", "parcel_label", "parcel_sheet", "parcel_hand_over", "parcel_take_out"),
    *("parcel_act", "purchase_order", "purchase_order_approve", "purchase_order_paper"),
    *("exemption", "exemption_approve", "exemption_paper"),
    "order_refund",
    *("differences", "differences_compare", "difference", "years_owing"),
)
KEEPERS = (
    *("catalogue", "catalogue_new", "catalogue_product", "catalogue_change", "catalogue_price", "catalogue_stock"),
    *("catalogue_discount", "catalogue_discount_end", "catalogue_picture", "catalogue_picture_remove"),
    *("catalogue_act", "tax_rates", "tax_rate_end", "shop_limits", "shop_limits_history"),
)

GIVING_BACK = ("refunds_waiting", "refund_send", "refund_cancel", "refund_check")
READERS = ("books", "books_file", "books_compare")

ROWS: dict[str, Row] = {
    **{name: Row(frozenset({"clerk", "supervisor", "auditor", "administrator"})) for name in READERS},
    **{name: Row(EVERYONE) for name in PUBLIC},
    **{name: Row(BUSINESS) for name in BUYERS},
    **{name: Row(CLERK) for name in CLERKS},
    **{name: Row(GIVERS) for name in GIVING_BACK},
    **{name: Row(ADMINISTRATOR) for name in KEEPERS},
}
