"""Sentences about a clip for deputies and owners, at each of its states."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from integration.clips.models import Clip
from integration.clips.presenters import ClipLine
from integration.clips.states import ClipState
from integration.cores.models import Core, DeviceCamera
from integration.rules import CLIP_WAITS
from registry.canvasses.models import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models import Upload
from registry.incidents.models import Incident
from registry.places.models import Camera

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.get_default_timezone())
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(hours=1)


def line(
    *,
    request: str = "sent",
    expires: datetime = LATER,
    replied: datetime | None = None,
    turned_down: datetime | None = None,
    kept: int | None = None,
    settled: datetime | None = None,
    disconnected: datetime | None = None,
    **columns: Any,
) -> ClipLine:
    """Return a clip that is not saved. kept: minutes that its CORE says it keeps. settled: when its incident was.

    turned_down: when its owner answered without footage, though footage came later.
    """
    behind = DeviceCamera(camera=Camera(name="Dock"), core=Core(recorded_minutes=kept), removed_at=disconnected)
    otherwise = replied if request in {"declined", "none"} else turned_down
    asked = FootageRequest(state=request, expires_at=expires, replied_at=replied, turned_down_at=otherwise)
    usual = {
        "incident": Incident(settled_at=settled),
        "camera": behind,
        "request": asked,
        "starts_at": NOW,
        "ends_at": LATER,
        "sha256": "ab",
    }
    return ClipLine(Clip(**{**usual, **columns}))


def upload(state: str, *, received: int = 0, sha256: str = "ab", given_at: datetime | None = None) -> Upload:
    return Upload(state=state, received=received, size=200, sha256=sha256, given_at=given_at, touched_at=NOW)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


WAITS, GONE = "Waits for the owner.", "The CORE has no recording of that time any more."
ORDERED: dict[str, Any] = {"state": "ordered", "ordered_at": NOW}
SENT: dict[str, Any] = {"state": "sent", "ordered_at": NOW}
BY_RULE: dict[str, Any] = {**ORDERED, "by_rule": True}
FAILED: dict[str, Any] = {"state": "failed", "ordered_at": NOW, "by_rule": True}
LATE: dict[str, Any] = {**BY_RULE, "ordered_at": NOW - CLIP_WAITS}
RULE_FAILED = "The owner's rule gave it, but it did not arrive. It waits for the owner."
NOT_IN_TIME = "Your rule gave it, but the CORE did not send it in time."
TURNED_DOWN: dict[str, Any] = {"request": "declined", "replied": LATER}
LOST: dict[str, Any] = {"kept": 30, "starts_at": EARLIER, "ends_at": NOW - timedelta(minutes=30)}
ARRIVED = "You answered without footage, so the clip that had arrived is deleted."
DELETED = f"{ARRIVED} You can still have it sent to you."
NOT_SENT = "You answered without footage, so the clip is not sent. You can still have it sent to you."


@pytest.mark.parametrize(
    ("found", "for_deputies", "for_owner"),
    [
        (line(), WAITS, "It waits for you."),
        (line(request="declined", replied=NOW), WAITS, "It waits for you."),
        (line(request="none", replied=NOW), "The owner has no footage.", "It waits for you."),
        (line(request="withdrawn"), WAITS, "This request is closed."),
        (line(expires=NOW), WAITS, "This request is closed."),
        (line(settled=NOW), WAITS, "This request is closed."),
        (line(request="none", replied=NOW, settled=NOW), "The owner has no footage.", "This request is closed."),
        (line(disconnected=NOW), WAITS, "This request is closed."),
        (line(**ORDERED, disconnected=NOW), WAITS, "This request is closed."),
        (line(**SENT, upload=upload("ready"), disconnected=NOW), WAITS, "It is here. Nobody else sees it"),
        # What its owner looks at is theirs alone: deputies read what they read of silence.
        (line(**ORDERED), WAITS, "The CORE sends it to you the next time it connects."),
        (line(**ORDERED, upload=upload("receiving", received=50)), WAITS, "25 % has arrived."),
        (line(**SENT, upload=upload("ready")), WAITS, "It is here. Nobody else sees it"),
        (line(**SENT, upload=upload("ready"), **TURNED_DOWN), WAITS, DELETED),
        (line(**SENT, upload=upload("removed"), **TURNED_DOWN), WAITS, DELETED),
        (line(**ORDERED, **TURNED_DOWN), WAITS, NOT_SENT),
        (line(**ORDERED, request="footage", turned_down=LATER), WAITS, NOT_SENT),
        (line(**ORDERED, request="footage", turned_down=EARLIER), WAITS, "The CORE sends it to you the next time"),
        (line(**SENT, upload=upload("ready"), request="footage", turned_down=LATER), WAITS, DELETED),
        (line(**SENT, upload=upload("removed"), **TURNED_DOWN, **LOST), GONE, f"{ARRIVED} {GONE}"),
        # What was given and lost in its check waits again.
        (line(**SENT, upload=upload("refused", given_at=LATER)), WAITS, "It waits for you."),
        (line(state="failed", ordered_at=NOW), WAITS, GONE),
        (line(kept=30, starts_at=EARLIER, ends_at=NOW - timedelta(minutes=30)), GONE, GONE),
        (line(kept=30, starts_at=EARLIER, ends_at=NOW - timedelta(minutes=29)), WAITS, "It waits for you."),
        (line(**BY_RULE), "Given by the owner", "Your rule gave it. The CORE sends it"),
        (
            line(**BY_RULE, settled=NOW),
            "Given by the owner, but it never",
            "Your rule gave it, but the CORE",
        ),
        (line(**BY_RULE, upload=upload("receiving", received=50)), "Given by the owner", "25 % has arrived."),
        (line(**BY_RULE, request="none", replied=LATER), "Given by the owner, and on", "Your rule gave it."),
        (line(**BY_RULE, request="declined", replied=LATER), "Given by the owner, and on", "Your rule gave it."),
        (line(**FAILED), RULE_FAILED, "So we ask you for the footage."),
        (line(**FAILED, **TURNED_DOWN), RULE_FAILED, GONE),
        (line(**FAILED, request="footage"), GONE, GONE),
        (line(**FAILED, settled=NOW), GONE, GONE),
        (line(**LATE), RULE_FAILED, "So we ask you for the footage."),
        (line(**LATE, **TURNED_DOWN), RULE_FAILED, NOT_IN_TIME),
        (line(**LATE, request="none", replied=LATER), "The owner has no footage.", NOT_IN_TIME),
        (line(**LATE, request="footage"), "Given by the owner, but it never", NOT_IN_TIME),
        (line(**LATE, expires=NOW), "Given by the owner, but it never", NOT_IN_TIME),
        (line(**BY_RULE, disconnected=NOW), RULE_FAILED, "So we ask you for the footage."),
        (line(**SENT, upload=upload("checking", given_at=LATER)), "Given by the owner", "You gave it."),
        (
            line(**SENT, upload=upload("checking", given_at=LATER), request="none", replied=NOW),
            "Given by the owner",
            "You gave it.",
        ),
        (line(**SENT, upload=upload("received", given_at=LATER)), "Given. It is among the footage", "You gave it."),
    ],
)
def test_what_is_said(found: ClipLine, for_deputies: str, for_owner: str) -> None:
    assert for_deputies in found.for_deputies()
    assert for_owner in found.for_owner()


@pytest.mark.parametrize("state", ClipState)
@pytest.mark.parametrize("request_state", RequestState)
def test_it_is_sent_while_it_waits_and_its_request_is_open(state: ClipState, request_state: RequestState) -> None:
    may = state == "asked" and request_state in ("sent", "declined", "none", "footage")
    at = None if state == "asked" else NOW
    assert line(state=state, request=request_state, ordered_at=at).can_fetch is (
        may or (state == "sent" and request_state in ("sent", "declined", "none", "footage"))
    )
    assert not line(state=state, request=request_state, expires=NOW, ordered_at=at).can_fetch
    assert not line(state=state, request=request_state, camera=None, ordered_at=at).can_fetch


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (line(kept=30), "keeps this recording until about June 15, 2026, 12:30 p.m. CDT. Then it overwrites it."),
        (line(kept=30, **ORDERED), "until about June 15, 2026, 12:30 p.m. CDT."),
        (line(kept=30, starts_at=EARLIER), "By its last report, the CORE is overwriting this recording now."),
    ],
)
def test_an_owner_reads_until_when_the_core_has_it(found: ClipLine, said: str) -> None:
    assert said in found.for_owner()
    assert found.overwritten


@pytest.mark.parametrize(
    "found",
    [
        line(),
        line(kept=30, **SENT, upload=upload("ready")),
        line(kept=30, **BY_RULE),
        line(kept=30, settled=NOW),
        line(**LOST),
    ],
)
def test_nothing_is_said_of_that_once_it_decides_nothing(found: ClipLine) -> None:
    assert "last report" not in found.for_owner()


def test_an_owner_reads_that_the_core_is_offline_while_it_is_to_send() -> None:
    away = {"state": "active", "seen_at": NOW - timedelta(minutes=40)}
    for columns, is_said in ((ORDERED, True), (BY_RULE, True), ({}, False), (LATE, False)):
        found = line(**columns)
        assert found.clip.camera is not None
        assert "offline since" not in found.for_owner()
        for name, value in away.items():
            setattr(found.clip.camera.core, name, value)
        said = "The CORE has been offline since June 15, 2026, 11:20 a.m. CDT, and sends the clip once it is back."
        assert (said in found.for_owner()) is is_said


def test_deputies_read_the_time_as_on_other_pages() -> None:
    assert line().window == "June 15, 2026, 12:00 p.m. to 1:00 p.m. CDT"


def test_an_order_that_its_core_never_hears_of_ends() -> None:
    lapsed = NOW - CLIP_WAITS
    assert line(state="ordered", ordered_at=lapsed).can_fetch
    assert not line(state="ordered", ordered_at=lapsed + timedelta(seconds=1)).can_fetch


def test_what_is_not_given_is_deleted_at_the_end_of_the_request_or_after_a_week() -> None:
    here = upload("ready")
    assert line(**SENT, upload=here).deleted_at == "June 15, 2026, 1 p.m. CDT"
    assert line(**SENT, upload=here, expires=NOW + timedelta(days=9)).deleted_at == "June 22, 2026, noon CDT"
    assert not line(**SENT, upload=upload("received", given_at=NOW)).deleted_at


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


def test_a_camera_whose_owner_has_left_has_no_name() -> None:
    assert line().name == "Dock"
    assert line(camera=None).name == "A camera whose owner has left"
