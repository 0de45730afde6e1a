"""Limits of the shop. Money is in cents.

Defaults of the portal unless a source is named.
"""

from datetime import timedelta

CURRENCY = "usd"

# --- Limits of an order: an agency may set less (`ShopLimits`) ---
MOST_OF_ONE = 100
"""At most this many pieces of one product in an order. A buyer who needs more calls first."""

MOST_LINES = 20

# --- Paying ---
SESSION_LIFE = timedelta(minutes=60)
"""Time for which a payment page is open. The payment service takes 30 minutes to 24 hours."""

RESERVED_FOR = timedelta(minutes=75)
"""Stock of an unpaid order is reserved this long: longer than any payment page that was opened for it."""

LONGEST_RESERVED = timedelta(hours=24)
"""At most this long is stock reserved, however often the buyer begins to pay."""

RETRY_AFTER = timedelta(minutes=2)
"""For this long after a lost answer we only ask the payment service, and make nothing new: no call lasts longer."""

DUE_AFTER = timedelta(days=30)
"""An invoice on account is due this long after it is issued (net 30)."""

REMINDED_AFTER = {"soon": -7, "late": 1, "later": 14, "last": 30}
"""Days from an invoice's due date to each reminder. The last reminder also makes a task for staff."""

LEAST_BETWEEN_REMINDERS = timedelta(days=3)
"""At least this long between two reminders of an invoice, however late the first was."""

# --- Sending ---
SHIP_WITHIN = timedelta(days=30)
"""A bought order is sent within this, or the buyer agrees to wait or gets the money back (16 CFR 435.2)."""

SHIP_SOON = timedelta(days=7)
"""Clerks are warned this long before an order must ship."""

# --- Refunds ---
CLERK_REFUND_LIMIT = 30_000
"""At most this much is refunded by one person alone, to one buyer and in one day (CJIS AC-5).

Beyond it a second person sends the refund. The limit is below the price of the one known CORE ($350); for an order with
a cheaper CORE it is below the price of that one.
"""

# --- Prices, taxes, papers ---
ALL_BASIS_POINTS = 10_000
HIGHEST_PRICE = 10_000_000
HIGHEST_TAX = 3_000
"""Basis points. No sales tax of the United States comes near 30 %; a typing error does."""

LARGEST_PAPER = 10 * 1024**2
"""Most bytes of the scan of a purchase order or certificate."""

HELD_FOR = timedelta(days=1)
"""An uploaded scan is kept this long while its form is corrected."""

PAPER_SIDE = 4000
"""Longer side of a scan, in pixels, if it is a picture: 360 to the inch of a letter, to keep small print readable."""

PICTURE_SIDES = {"large": 1200, "small": 400}
"""Longer sides of a product's picture, in pixels."""

PICTURES_OF_ONE = 8

# --- Parcels ---
PACKED_AT_ONCE = 50
"""At most this many orders packed by one press, and parcels in one file of labels."""

# --- Keeping ---
BOOKS_KEPT = timedelta(days=7 * 365 + 2)
"""Orders, payments and invoices are kept this long after an order was placed: seven years, as tax law asks at most."""

# --- Returns ---
INSPECTED_WITHIN = 5
"""A returned CORE is inspected within this many working days of its arrival (docs/decisions/shop/returns.md)."""

PAID_OUT_WITHIN = 7
"""A return is refunded within this many working days of its inspection."""

LABEL_LIFE = timedelta(days=21)
"""A return label that is older is replaced."""

OLD_UNIT_WITHIN = timedelta(days=30)
"""The old CORE of a claim is due this long after its replacement works (docs/decisions/shop/warranty.md)."""

OLD_UNIT_REMINDED_AFTER = {"soon": -7, "late": 1}

PICTURES_OF_RETURN = 8
PICTURES_OF_CLAIM = 6
LONGEST_PROBLEM = 1000
MOST_STEPS = 24
MOST_PARTS = 20
HIGHEST_DEDUCTION = 9_000
"""Basis points of a CORE's price. No deduction for age or parts, nor their sum, is higher: something is refunded."""

# --- Further years ---
ANNOUNCED_BEFORE = timedelta(days=30)
"""The owner is told the price of the next year this long before the paid year ends."""

REMINDED_BEFORE = timedelta(days=7)
"""The owner is told the price again this long before the paid year ends."""

NOTICE_LIFE = timedelta(days=7)
"""A further year is charged no sooner than this after its first notice, however late the notice was."""

TRIED_AGAIN_AFTER = (3, 7, 14)
"""A failed charge of a further year is tried again this many days after the first failure."""

LAPSES_AFTER = timedelta(days=30)
"""A CORE stops when its year is unpaid for this long."""
