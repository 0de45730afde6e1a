"""Settings of a sealer that a test starts as a process: that of the portal's processes, and in a hurry."""

from .portal_settings import *  # noqa: F403

LEDGER_SEAL_SECONDS = 0.02
