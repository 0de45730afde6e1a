"""The numbers that integration is held to. Defaults of the portal unless a source is named."""

from datetime import timedelta

# --- Activating a CORE ---
CODE_TRIES = 5
"""Wrong codes until a code ends (CHECK of the database)."""

CODE_LIFE = timedelta(days=60)
"""A code that is not used ends after this; a clerk issues another."""

# --- Talking to a CORE ---
POLL_IDLE_SECONDS = 15
POLL_COVERED_SECONDS = 1
"""When a CORE comes back: once a second while a declaration covers one of its cameras."""

TOKEN_LIFE = timedelta(hours=24)
TOKEN_OVERLAP = timedelta(minutes=10)
"""A token is exchanged daily; the one before works so long beside the new one, in case its answer was lost."""

TOKEN_LONGEST = timedelta(days=30)
"""A token that is never exchanged ends after this; the device signs in with its key again."""

SEEN_EVERY = timedelta(seconds=10)
"""That a CORE was heard of is written down at most so often."""

LARGEST_DRIFT = timedelta(seconds=60)
"""A CORE whose clock is off by more is told the time, and nothing else."""

OFFLINE_AFTER = timedelta(minutes=15)
"""An active CORE that has not been heard of for so long is offline: its owner and the clerks are told."""

MOST_CAMERAS = 16
"""Cameras behind one CORE, whatever its model says."""

# --- Sharing ---
LONGEST_SHARE = timedelta(hours=8)
"""The owner's own "share now" lasts at most so long."""

AGREEMENT_LIFE = timedelta(days=365)
"""A signed agreement is renewed after this."""

AGREEMENT_KEPT = timedelta(days=3 * 365)
"""So long after its end an agreement stays whose business has left, as long as the log does."""

AGREEMENT_RENEWAL_NOTICE = timedelta(days=30)
"""So long before it ends its signer is told."""
