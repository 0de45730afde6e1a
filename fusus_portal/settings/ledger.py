"""The ledger: how often it is sealed and published, who witnesses it. The signing key is read by the sealer alone."""

from datetime import timedelta

from fusus_portal.ground import env

LEDGER_SEAL_SECONDS = 0.2
"""How long the sealer rests between two rounds."""

LEDGER_PUBLISH_SECONDS = 3600
"""What is public moves at full multiples of this, and never when something is done or seen."""

LEDGER_FILLER_SECONDS = 10.0
"""How long it takes on average until fillers come again, which are leaves without an entry. 0: never (tests)."""

LEDGER_TILES_REMEMBERED = 256
"""Tiles that a process keeps in memory, 8 KB each at most; and once more so many with what is above, 38 KB each."""


LEDGER_HEAD_FILE = env.text("LEDGER_HEAD_FILE")
"""Where the sealer notes the last head it signed, outside the database and apart from the key: it outlasts both."""

LEDGER_WITNESSES = env.words("LEDGER_WITNESSES")
"""Witnesses of the published checkpoints: `NAME+ID+KEY https://witness.example/prefix`, with commas between them."""

LEDGER_WATCHED_DISKS = env.words("LEDGER_WATCHED_DISKS", "/")
"""Directories whose disks must have room: those of the database and the uploads, where they are on this machine."""

LEDGER_KEEP = timedelta(days=env.number("LEDGER_KEEP_DAYS", 3 * 365, least=366))
"""How long typed reasons, network addresses and user agents are kept (CJIS AU-11: a year at least). Entries stay."""
