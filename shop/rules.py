"""The numbers that the shop is held to. Money is in cents.

Defaults of the portal unless a source is named.
"""

from datetime import timedelta

CURRENCY = "usd"

# --- What may be bought at once: an agency may set less (`ShopLimits`) ---
MOST_OF_ONE = 100
"""Pieces of one product in an order. More is a purchase that somebody should talk about first."""

MOST_LINES = 20

# --- Paying ---
SESSION_LIFE = timedelta(minutes=60)
"""A payment page ends after this. The gateway takes 30 minutes to 24 hours."""

RESERVED_FOR = timedelta(minutes=75)
"""So long the stock of an order waits for its payment: longer than any payment page that was opened for it."""

LONGEST_RESERVED = timedelta(hours=24)
"""However often somebody begins to pay, stock waits for them no longer."""

RETRY_AFTER = timedelta(minutes=2)
"""So long after an answer was lost nothing is made anew at the gateway, only looked for: longer than any call lasts."""

DUE_AFTER = timedelta(days=30)
"""An invoice on account is due (net 30)."""

REMINDED_AFTER = {"soon": -7, "late": 1, "later": 14, "last": 30}
"""Days from the day by which an invoice is due to each of its reminders. At the last one staff have a task."""

LEAST_BETWEEN_REMINDERS = timedelta(days=3)
"""However late a reminder is written, the next one waits for so long."""

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

PAPER_SIDE = 4000
"""Longer side in points of a paper that is a picture: 360 to the inch of a letter, so that small print can be read."""

PICTURE_SIDES = {"large": 1200, "small": 400}
"""Longer sides in points of a product's picture."""

PICTURES_OF_ONE = 8

# --- Keeping ---
BOOKS_KEPT = timedelta(days=7 * 365 + 2)
"""Orders, payments and invoices stay so long after an order was placed: seven years, as tax law asks at most."""

# --- Returns ---
INSPECTED_WITHIN = 5
"""Working days after a parcel came (docs/decisions/returns.md)."""

PAID_OUT_WITHIN = 7
"""Working days after the inspection was due at the latest."""

LABEL_LIFE = timedelta(days=21)
"""A label that is older is replaced by another one."""

OLD_UNIT_WITHIN = timedelta(days=30)
"""So long after the other CORE works the old one is due (docs/decisions/returns.md)."""

OLD_UNIT_REMINDED_AFTER = {"soon": -7, "late": 1}

PICTURES_OF_RETURN = 8
PICTURES_OF_CLAIM = 6
LONGEST_PROBLEM = 1000
MOST_STEPS = 24
MOST_PARTS = 20
HIGHEST_DEDUCTION = 9_000
"""Basis points. Something always goes back: no step, part or sum takes more."""

# --- Further years ---
ANNOUNCED_BEFORE = timedelta(days=30)
"""So long before the paid year ends its owner is told what the next one costs."""

REMINDED_BEFORE = timedelta(days=7)
"""And so long before for the second time."""

NOTICE_LIFE = timedelta(days=7)
"""Nothing is charged before the first notice has been out for so long, however late it went."""

TRIED_AGAIN_AFTER = (3, 7, 14)
"""Days after the first charge that did not go through."""

LAPSES_AFTER = timedelta(days=30)
"""A year that nobody has paid for so long stops its CORE."""
