"""Names by which the command gives orders to the processes of pytest that it starts, and gets their outcome."""

from typing import Final

ORDER: Final = "MUTANT_ORDER"
"""Variable of the environment that names the file with one order."""

ORDERS: Final = "MUTANT_ORDERS"
"""Variable of the environment that names the socket over which orders come one after the other."""

OUTCOME: Final = "outcome.json"
STOOD_STILL: Final = -1
STALLED_SECONDS: Final = 180
"""Beyond the longest limit of a test: for what the limit itself can't end."""
