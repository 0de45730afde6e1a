"""What the command and the processes of pytest that it starts say to each other."""

from typing import Final

ORDER: Final = "MUTANT_ORDER"
"""Names the file with one order."""

ORDERS: Final = "MUTANT_ORDERS"
"""Names the socket over which orders come one after the other."""

OUTCOME: Final = "outcome.json"
STOOD_STILL: Final = -1
STALLED_SECONDS: Final = 180
"""Beyond the longest limit of a test: for what the limit itself can't end."""
