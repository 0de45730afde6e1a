"""The numbers that the shop is held to. Money is in cents.

Defaults of the portal unless a source is named.
"""

from datetime import timedelta

CURRENCY = "usd"

# --- What may be bought at once: an agency may set less (`ShopLimits`) ---
MOST_OF_ONE = 100
"""Pieces of one product in an order. For more, people should talk first."""

MOST_LINES = 20

# --- Paying ---
SESSION_LIFE = timedelta(minutes=60)
"""A payment page ends after this. The gateway takes 30 minutes to 24 hours."""

RESERVED_FOR = timedelta(minutes=75)
"""How long stock is reserved for an unpaid order: longer than any payment page that was opened for it."""

LONGEST_RESERVED = timedelta(hours=24)
"""Stock is reserved no longer than this, however often the buyer begins to pay."""

RETRY_AFTER = timedelta(minutes=2)
"""After a lost answer we only look at the gateway for this long, and make nothing new: no call lasts longer."""

DUE_AFTER = timedelta(days=30)
"""When an invoice on account is due (net 30)."""

REMINDED_AFTER = {"soon": -7, "late": 1, "later": 14, "last": 30}
"""Days from an invoice's due date to each reminder. The last one also makes a task for staff."""

LEAST_BETWEEN_REMINDERS = timedelta(days=3)
"""The next reminder waits at least this long, however late the one before was."""

# --- Sending ---
SHIP_WITHIN = timedelta(days=30)
"""After it was bought, an order is sent, or the buyer agrees to wait or gets the money back (16 CFR 435.2)."""

SHIP_SOON = timedelta(days=7)
"""So long before that day clerks see that it comes near."""

# --- Refunds ---
CLERK_REFUND_LIMIT = 30_000
"""One person alone gives back so much at most, to one buyer and in one day; beyond it a second person does (CJIS AC-5).

Below the price of the one known CORE ($350). Of an order of a cheaper one it is less than that one costs.
"""

# --- Prices, taxes, papers ---
ALL_BASIS_POINTS = 10_000
HIGHEST_PRICE = 10_000_000
HIGHEST_TAX = 3_000
"""Basis points. No sales tax of the United States comes near 30 %; a slip of the pen does."""

LARGEST_PAPER = 10 * 1024**2
"""Bytes of a purchase order or certificate."""

HELD_FOR = timedelta(days=1)
"""How long a paper is held whose form has to be corrected."""

PAPER_SIDE = 4000
"""Longer side in points of a paper that is a picture: 360 to the inch of a letter, so that small print can be read."""

PICTURE_SIDES = {"large": 1200, "small": 400}
"""Longer sides in points of a product's picture."""

PICTURES_OF_ONE = 8

# --- Parcels ---
PACKED_AT_ONCE = 50
"""Orders that one press packs, and parcels of one file of labels."""

# --- Keeping ---
BOOKS_KEPT = timedelta(days=7 * 365 + 2)
"""Orders, payments and invoices stay so long after an order was placed: seven years, as tax law asks at most."""

# --- Returns ---
INSPECTED_WITHIN = 5
"""Working days after a parcel came (docs/decisions/shop/returns.md)."""

PAID_OUT_WITHIN = 7
"""Working days after the inspection was due at the latest."""

LABEL_LIFE = timedelta(days=21)
"""An older label is replaced."""

OLD_UNIT_WITHIN = timedelta(days=30)
"""When the old CORE is due, once the new one works (docs/decisions/shop/returns.md)."""

OLD_UNIT_REMINDED_AFTER = {"soon": -7, "late": 1}

PICTURES_OF_RETURN = 8
PICTURES_OF_CLAIM = 6
LONGEST_PROBLEM = 1000
MOST_STEPS = 24
MOST_PARTS = 20
HIGHEST_DEDUCTION = 9_000
"""Basis points. No step, part or sum takes more, so that something is always refunded."""

# --- Further years ---
ANNOUNCED_BEFORE = timedelta(days=30)
"""How long before the paid year ends the owner is told the price of the next."""

REMINDED_BEFORE = timedelta(days=7)
"""How long before it ends they are told again."""

NOTICE_LIFE = timedelta(days=7)
"""Nothing is charged earlier than this after the first notice, however late it was."""

TRIED_AGAIN_AFTER = (3, 7, 14)
"""Days after the first charge that did not go through."""

LAPSES_AFTER = timedelta(days=30)
"""A CORE stops when its year is unpaid for this long."""
