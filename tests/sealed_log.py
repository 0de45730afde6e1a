"""A log that is sealed and published whenever a test says so. Its sealer signs in as `portal_sealer`."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.ledger import keys, publication, sealer
from audit.ledger.models import Publication
from audit.ledger.notes import Signer
from audit.ledger.tree.leaves import new_fillers as fillers_of_now
from tests.audit.ledger.conftest import ORIGIN, as_sealer
from tests.database.clone import Clone


class SealedLog:
    """The log of this test's database, with the key that signs it."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone
        self.signer: Signer = keys.made(ORIGIN)

    def seal(self, *, fillers: int = 0) -> int:
        """Seal all that waits, with so many fillers, from a freshly loaded edge; return how many entries that were."""
        with as_sealer(self.clone):
            keys.must_be_in_use(self.signer)
            made = fillers_of_now(fillers)
            _edge, taken = sealer.seal_round(sealer.load_edge(), self.signer, fillers=made, fillers_alone=True)
        return taken

    def publish(self, *, hour: datetime | None = None) -> Publication | None:
        """Publish the tree as it stood at an hour; without one, as it stands now."""
        with as_sealer(self.clone):
            return publication.publish(hour=hour or datetime.now(UTC) + timedelta(hours=1))

    def seal_and_publish(self, *, fillers: int = 0) -> None:
        """Bring all entries before the public."""
        self.seal(fillers=fillers)
        self.publish()


@pytest.fixture
def sealed_log(portal_db: Clone) -> SealedLog:
    """Return the log, empty or not, with nothing sealed yet. For tests that commit."""
    return SealedLog(portal_db)
