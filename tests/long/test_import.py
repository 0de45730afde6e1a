"""A former registry of 10,000 rows: brought in, brought in again, undone; nothing of it is left."""

import pytest

from audit.log.events import Event
from audit.log.models import AuditEntry
from registry.imports.models import ExternalKey, ImportInvitation
from registry.imports.states import ImportState
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.registry.imports.import_files import as_file, counts, imported, many, undone

pytestmark = pytest.mark.long

ROWS = 10_000
OWNERS, INVITED = 9_000, 1_000


def test_twice_is_once_and_undone_is_gone(portal_db: Clone) -> None:
    own = registrant_at()
    administrator, content = person("administrator"), as_file(many(ROWS))
    first = imported(content, by=administrator)
    assert (first.state, counts(first)) == (ImportState.DONE, (OWNERS, INVITED, 0, 0))
    again = imported(content, by=administrator)
    assert counts(again) == (0, 0, ROWS, 0)
    assert (Registrant.objects.count(), Camera.objects.count()) == (OWNERS + 1, OWNERS + 1)
    assert AuditEntry.objects.filter(event=Event.REGISTRANT_IMPORTED).count() == OWNERS
    done = undone(first)
    assert (done.state, done.kept) == (ImportState.UNDONE, 0)
    assert undone(again).kept == 0
    assert list(Registrant.objects.all()) == [own]
    assert not ImportInvitation.objects.exists()
    assert not ExternalKey.objects.exists()
    for model in (Registrant, Premises, Camera):
        assert model.history.count() == 1
