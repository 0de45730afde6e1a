"""Tiles of the wall: one for each view, and the sentence of a tile without a picture."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import why_not
from integration.cores.models import PictureState
from integration.live import policies, selectors
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from integration.live.video import relays
from integration.live.video.hls import Playlist
from integration.rules import BUFFER_SECONDS, POLL_SECONDS
from registry.access_log.policies import must_have_seen
from registry.incidents.models import Incident

FIRST_PICTURE_WITHIN = timedelta(seconds=10)
"""If a CORE that was told to send sends nothing for this long, the tile says that the camera gives no picture."""


def tile_of(view: ViewGrant, others: list[str], living: list[str]) -> dict[str, Any]:
    """Return a running view as the page shows it. others: who else views it. living: addresses of the relays alive."""
    camera = view.camera.camera if view.camera else None
    return {
        "pk": view.pk,
        "note": f"owners-{view.pk}",
        "name": camera.name if camera else "",
        "place": camera.premises.registrant.name if camera else "",
        "ends": int(view.ends_at.timestamp()),
        "others": ", ".join(others) or _("nobody"),
        "relay": _relay(view, living),
        **_over(view),
    }


def refused(
    told: Iterable[dict[str, str]], incident: Incident, user: User, shown: Iterable[ViewGrant]
) -> list[dict[str, str]]:
    """Return the tiles of refused cameras (told: as `views.keep_refused` stores them), without those viewed by now."""
    there = {str(view.camera_id) for view in shown}
    waits = {UUID(each["camera"]): each for each in told if each["camera"] not in there}
    found = []
    for behind in selectors.device_cameras(waits):
        is_unseen = why_not(partial(must_have_seen, user, behind.camera, incident))
        name = _("A camera") if is_unseen else behind.camera.name
        found.append({**waits[behind.pk], "pk": str(behind.pk), "name": name})
    return found


def state_of(view: ViewGrant, others: list[str], living: list[str]) -> dict[str, Any]:
    if view.state == GrantState.RUNNING:
        ends = int(view.ends_at.timestamp())
        return {"id": str(view.pk), "over": False, "ends": ends, "others": others, "relay": _relay(view, living)}
    return {"id": str(view.pk), **_over(view)}


def refusal_of(decision: policies.Decision) -> dict[str, Any]:
    """Return a refusal for the page. again: one press can begin the view again."""
    again = policies.keeps_reason(decision.name)
    return {"sentence": decision.sentence, "change": decision.change, "again": again}


def _relay(view: ViewGrant, living: list[str]) -> str:
    return relays.of_stream(view.stream_id, living) if view.stream_id else ""


def _over(view: ViewGrant) -> dict[str, Any]:
    if view.state == GrantState.RUNNING:
        return {"over": False}
    return {"over": True, **refusal_of(policies.failed_decision(view.condition or "running"))}


def is_current(playlist: Playlist, now: datetime) -> bool:
    """True if a playlist is fresh enough to play: an old one shows the past."""
    return now.timestamp() - playlist.at <= BUFFER_SECONDS


def waits_for(view: ViewGrant, *, told_at: float, now: datetime) -> str:
    """Return the sentence on a view without a picture. told_at: when its CORE got the order, as Unix seconds, or 0."""
    behind = view.camera
    if behind is None or behind.core.told_offline_at is not None:
        return _("The CORE of this camera is offline. Its owner has been told.")
    if not told_at and now - view.began_at > timedelta(seconds=POLL_SECONDS):
        return _("The CORE has not connected yet. If it stays away, its owner is told.")
    if not told_at:
        return _("Waiting for the CORE to connect: it does so within 15 seconds.")
    if behind.picture == PictureState.LOST or now.timestamp() - told_at > FIRST_PICTURE_WITHIN.total_seconds():
        return _("The camera gives no picture. The CORE tries again.")
    return _("The CORE was told. Waiting for its first picture.")


def words() -> dict[str, str]:
    return {
        "waits": _("Waiting for the first picture."),
        "lost": _("The portal can't be reached. Trying again."),
        "nobody": _("nobody"),
        "over": _("over"),
        "shared": _("The owner shares this camera again."),
        "change": _("What would change this:"),
        "elsewhere": _("This view is shown in another window of yours now."),
        "network": _("This network holds video back, so the picture is a few seconds old."),
        "browser": _("This browser plays live video late, so the picture is a few seconds old."),
        "pieces": _("The picture is a few seconds old."),
        "behind": _("{seconds} s behind"),
        "unplayable": _(
            "This camera sends {kind}, which this browser can't play. "
            "Open this page in Safari, Chrome or Edge on a newer computer or phone."
        ),
    }
