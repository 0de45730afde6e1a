"""What deputies and owners read of a clip at each of its states."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from integration.clips.models import Clip
from integration.clips.presenters import ClipLine
from integration.clips.states import ClipState
from integration.cores.models import Core, DeviceCamera
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models.files import Upload
from registry.places.models import Camera

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER = NOW + timedelta(hours=1)


def line(
    *, request: str = "sent", expires: datetime = LATER, replied: datetime | None = None, **columns: Any
) -> ClipLine:
    """Return a clip that is nowhere but here."""
    behind = DeviceCamera(camera=Camera(name="Dock"), core=Core(recorded_minutes=0))
    asked = FootageRequest(state=request, expires_at=expires, replied_at=replied)
    usual = {"camera": behind, "request": asked, "starts_at": NOW, "ends_at": LATER, "sha256": "ab"}
    return ClipLine(Clip(**{**usual, **columns}))


def upload(state: str, *, received: int = 0, sha256: str = "ab") -> Upload:
    return Upload(state=state, received=received, size=200, sha256=sha256)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("found", "for_deputies", "for_owner"),
    [
        (line(), "Waits for the owner.", "It waits for you."),
        (line(request="declined", replied=NOW), "Waits for the owner.", "It waits for you."),
        (line(request="none", replied=NOW), "The owner has no footage.", "It waits for you."),
        (line(request="withdrawn"), "Waits for the owner.", "This request is closed."),
        (
            line(request="none", replied=NOW, state="ordered", ordered_at=LATER),
            "Given by the owner",
            "The CORE sends it the next time it connects.",
        ),
        (
            line(request="none", replied=LATER, state="ordered", ordered_at=NOW),
            "The owner has no footage.",
            "The CORE sends it the next time it connects.",
        ),
        (line(expires=NOW), "Waits for the owner.", "This request is closed."),
        (line(state="ordered"), "Given by the owner", "The CORE sends it the next time it connects."),
        (line(state="sent"), "Given by the owner", "The CORE sends it the next time it connects."),
        (line(state="ordered", upload=upload("receiving", received=50)), "Given by the owner", "25 % has arrived."),
        (line(state="failed"), "The CORE has no recording of that time.", "The CORE has no recording of that time."),
        (line(state="sent", upload=upload("received")), "Given. It is among the footage", "You gave it."),
    ],
)
def test_what_is_said(found: ClipLine, for_deputies: str, for_owner: str) -> None:
    assert for_deputies in found.for_deputies()
    assert for_owner in found.for_owner()


@pytest.mark.parametrize("state", ClipState)
@pytest.mark.parametrize("request_state", RequestState)
def test_it_can_be_given_while_it_waits_and_its_request_is_open(state: ClipState, request_state: RequestState) -> None:
    may = state == "asked" and request_state in ("sent", "declined", "none", "footage")
    assert line(state=state, request=request_state).can_give is may
    assert not line(state=state, request=request_state, expires=NOW).can_give
    assert not line(state=state, request=request_state, camera=None).can_give


@pytest.mark.parametrize(
    ("given", "is_given", "agree", "progress"),
    [
        (None, False, False, ""),
        (upload("receiving", received=199), False, False, "99 % has arrived."),
        (upload("received", sha256="ab"), True, True, ""),
        (upload("received", sha256="cd"), True, False, ""),
    ],
)
def test_it_is_given_once_it_arrived_and_is_what_the_core_said(
    given: Upload | None, is_given: bool, agree: bool, progress: str
) -> None:
    found = line(upload=given)
    assert (found.is_given, found.hashes_agree, found.progress) == (is_given, agree, progress)


def test_a_camera_whose_owner_has_left_has_no_name_and_one_may_record_nothing() -> None:
    assert (line().name, line().records_nothing) == ("Dock", True)
    gone = line(camera=None)
    assert (gone.name, gone.records_nothing) == ("A camera whose owner has left", False)
    assert not line(camera=DeviceCamera(core=Core(recorded_minutes=1))).records_nothing
