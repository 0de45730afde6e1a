"""The ledger: sealing, publication, witnesses. Only the sealer reads the signing key."""

from datetime import timedelta

from fusus_portal.ground import env

LEDGER_SEAL_SECONDS = 0.2
LEDGER_PUBLISH_SECONDS = 3600
"""Seconds between publications, which come at full multiples of this, never because something was done or seen."""

LEDGER_FILLER_SECONDS = 10.0
"""Mean seconds between two rounds of fillers, which are leaves without an entry. 0: none (tests)."""

LEDGER_TILES_REMEMBERED = 256
"""Tiles that a process keeps in memory, 8 KB each at most; and as many with the hashes above them, 38 KB each."""


LEDGER_HEAD_FILE = env.text("LEDGER_HEAD_FILE")
"""File with the last head that the sealer signed, outside the database and apart from the key, to outlast both."""

LEDGER_WITNESSES = env.words("LEDGER_WITNESSES")
"""Witnesses of the published checkpoints: `NAME+ID+KEY https://witness.example/prefix`, separated by commas."""

LEDGER_WATCHED_DISKS = env.words("LEDGER_WATCHED_DISKS", "/")
"""Directories whose disks are checked for room: those of the database and the uploads, if on this machine."""

LEDGER_KEEP = timedelta(days=env.number("LEDGER_KEEP_DAYS", 3 * 365, least=366))
"""Typed reasons, network addresses, user agents are deleted after this (CJIS AU-11: a year at least). Entries stay."""
