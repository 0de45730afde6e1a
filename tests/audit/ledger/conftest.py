"""A log with entries, and a sealer that signs in as `portal_sealer`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from audit.ledger import keys, sealer
from audit.ledger.notes import Signer
from audit.log.actors import Actor, ActorKind, Subject
from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import Line, record_many
from fusus_portal.ground.database.owner import signed_in
from tests.database.clone import Clone
from tests.database.template import role_settings

ORIGIN = "portal.test/ledger"
DEPUTY = Actor(ActorKind.USER, "4a54dd6e-8a2b-4a49-a9f4-64f9e43f4f5b", role="deputy", pseudonym="Deputy K7Q2")
CAMERAS = [str(UUID(int=number)) for number in range(7)]

SealAll = Callable[[], int]


@pytest.fixture
def signer() -> Signer:
    """A signing key."""
    return keys.made(ORIGIN)


@contextmanager
def as_sealer(clone: Clone) -> Iterator[None]:
    """Sign in as the sealer for the time of a block."""
    with signed_in(role_settings(clone.server, "portal_sealer", clone.name)):
        yield


@pytest.fixture
def seal_all(portal_db: Clone, signer: Signer) -> SealAll:
    """Return what seals all that waits, from a freshly loaded edge, and returns how many entries it took."""

    def seal() -> int:
        with as_sealer(portal_db):
            keys.must_be_in_use(signer)
            _edge, taken = sealer.seal_round(sealer.load_edge(), signer)
        return taken

    return seal


def write_entries(count: int) -> list[AuditEntry]:
    """Write so many entries in one committed transaction; return them."""
    incident = str(uuid4())
    lines = [
        Line(Subject("camera", camera), camera=camera, premises_type="home", area="35203", facts={"canvass": incident})
        for camera in (CAMERAS[number % len(CAMERAS)] for number in range(count))
    ]
    with transaction.atomic():
        return record_many(
            event=Event.CAMERA_SHOWN, actor=DEPUTY, lines=lines, incident=incident, reason="Two vans left at night."
        )
