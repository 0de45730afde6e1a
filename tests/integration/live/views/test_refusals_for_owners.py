"""Refused views as an owner reads them: their own condition, numbered, a quarter of an hour later, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from audit.log.events import Event
from audit.log.models import AuditEntry, AuditTally
from audit.log.selectors import entries_of_cameras
from integration.live.policies import CONDITIONS
from integration.live.services import gate
from integration.live.services.gate import ViewRefused
from integration.sharing import policies as sharing
from registry.access_log import services as access_log
from registry.access_log.presenters.looks import OWN_CONDITIONS
from registry.limits.models import Limits
from registry.rules import LOOKS_SETTLE
from tests.integration.critical.scenes import Scene, scene
from tests.people import sign_in
from tests.registry.access_log.delays import DELAY_REASON
from tests.registry.entries import entries_of

pytestmark = pytest.mark.usefixtures("as_committed")

make_world = scene

OTHERS = sorted({condition.name for condition in CONDITIONS} - sharing.CONDITION_NAMES)


@pytest.fixture
def there(world: Scene) -> Scene:
    """Return an incident and a connected camera, where owners read what their rules refused."""
    Limits.objects.update(shows_reasons=True, reasons_from=timezone.now())
    return world


def refuse(there: Scene, condition: str) -> AuditEntry:
    AuditTally.objects.all().delete()  # of the same minute, or it would be counted and not written
    gate.note_refusal_before(condition, by=there.deputy, camera=there.camera, incident=there.incident)
    return entries_of(Event.VIEW_REFUSED)[-1]


def read(there: Scene, *, after: timedelta = LOOKS_SETTLE + timedelta(seconds=5), **asked: str) -> str:
    with time_machine.travel(timezone.now() + after):
        browser: Client = sign_in(there.owner)
        return browser.get(reverse("looks"), asked).content.decode()


def numbers(there: Scene) -> list[int]:
    entries = entries_of_cameras([str(there.camera.camera_id)])
    return sorted(entries.values_list("camera_number", flat=True))


def test_each_condition_of_the_owners_has_its_words_and_no_other_has_any() -> None:
    assert OWN_CONDITIONS.keys() == sharing.CONDITION_NAMES


def test_the_owner_reads_who_tried_and_which_condition_of_theirs_refused_it(there: Scene) -> None:
    for condition in sorted(sharing.CONDITION_NAMES):
        refuse(there, condition)
    page = read(there)
    for condition in sharing.CONDITION_NAMES:
        assert escape(f"wanted to see this camera and was refused: {OWN_CONDITIONS[condition]}") in page
    assert there.deputy.pseudonym in page
    assert there.incident.number in page


def test_no_other_condition_is_told_or_leaves_a_gap(there: Scene) -> None:
    for condition in OTHERS:
        assert not refuse(there, condition).camera_id
    assert "was refused" not in read(there)
    refuse(there, "pause")
    assert numbers(there) == list(range(1, len(numbers(there)) + 1))


def test_a_view_that_is_refused_at_its_start_is_told(there: Scene) -> None:
    made = scene(mode="never")
    with pytest.raises(ViewRefused):
        made.view()
    assert "was refused: your rule for this camera" in read(made)


def test_a_view_that_ends_by_the_owners_pause_is_told_once(there: Scene) -> None:
    view = there.view()
    for _again in range(2):
        gate.note_refusal("pause", by=there.deputy, view=view.pk)
    (entry,) = entries_of(Event.VIEW_REFUSED)
    assert entry.camera_id == str(there.camera.camera_id)
    assert "was refused: your pause" in read(there)


def test_nothing_is_told_where_the_agency_has_not_turned_it_on(world: Scene) -> None:
    before = numbers(world)
    assert not refuse(world, "pause").camera_id
    assert numbers(world) == before


def test_its_number_is_there_at_once_and_its_content_a_quarter_of_an_hour_later(there: Scene) -> None:
    entry = refuse(there, "pause")
    early = read(there, after=timedelta(minutes=10))
    assert f"entry {entry.camera_number}" in early
    assert "was refused: your pause" not in early
    assert there.deputy.pseudonym not in early
    assert "You can read what this entry says from" in early
    assert "was refused: your pause" not in read(there, after=timedelta(minutes=10), kind="refused")
    assert "was refused: your pause" in read(there, kind="refused")


def test_its_receipt_opens_with_it(there: Scene) -> None:
    entry = refuse(there, "pause")
    address = reverse("look_receipt", args=[entry.camera_id, entry.camera_number])
    response = sign_in(there.owner).get(address)
    assert response.status_code == 403
    assert "You can read what this entry says from" in response.content.decode()


def test_a_supervisors_delay_closes_it(there: Scene) -> None:
    supervisor = there.colleague("supervisor")
    sign_in(supervisor).get(reverse("incident_live", args=[there.incident.pk]))
    entry = refuse(there, "pause")
    access_log.delay_looks(
        incident=there.incident, camera=there.camera.camera, by=supervisor, days=3, reason=DELAY_REASON
    )
    page = read(there)
    assert f"entry {entry.camera_number}" in page
    assert "was refused: your pause" not in page


def test_nobody_elses_owner_reads_it(there: Scene) -> None:
    refuse(there, "pause")
    other = scene()
    assert "was refused" not in read(other)
