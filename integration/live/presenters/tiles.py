"""What the page of live views says: one tile for each, and what a tile without a picture waits for."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from integration.cores.models import PictureState
from integration.live.models import ViewGrant
from integration.live.policies import gate
from integration.live.states import GrantState
from integration.live.video.playlists import Playlist
from integration.rules import BUFFER_SECONDS

FIRST_PICTURE_WITHIN = timedelta(seconds=10)
"""A CORE that was told and has sent nothing for so long gets nothing from its camera."""


def tile_of(view: ViewGrant, others: list[str]) -> dict[str, Any]:
    """Return a running view as the page shows it. ends: in seconds of Unix."""
    camera = view.camera.camera if view.camera else None
    return {
        "pk": view.pk,
        "note": f"owners-{view.pk}",
        "name": camera.name if camera else "",
        "place": camera.premises.registrant.name if camera else "",
        "ends": int(view.ends_at.timestamp()),
        "others": ", ".join(others) or _("nobody"),
    }


def state_of(view: ViewGrant, others: list[str]) -> dict[str, Any]:
    """Return what a page is told of a view that it shows."""
    if view.state == GrantState.RUNNING:
        return {"id": str(view.pk), "over": False, "ends": int(view.ends_at.timestamp()), "others": others}
    decision = gate.failed(view.condition or "running")
    return {"id": str(view.pk), "over": True, "sentence": decision.sentence, "change": decision.change}


def is_current(playlist: Playlist, now: datetime) -> bool:
    """Tell whether there is something to see: a playlist that grew old shows what was, and not what is."""
    return now.timestamp() - playlist.at <= BUFFER_SECONDS


def waits_for(view: ViewGrant, *, told_at: float, now: datetime) -> str:
    """Return what a view without a picture waits for. told_at: when its CORE was told, in seconds of Unix, or 0."""
    behind = view.camera
    if behind is None or behind.core.told_offline_at is not None:
        return _("The CORE of this camera is offline. Its owner has been told.")
    if not told_at:
        return _("Waiting for the CORE to connect: it does so within 15 seconds.")
    if behind.picture == PictureState.LOST or now.timestamp() - told_at > FIRST_PICTURE_WITHIN.total_seconds():
        return _("The camera gives no picture. The CORE tries again.")
    return _("The CORE was told. Waiting for its first picture.")


def words() -> dict[str, str]:
    """Return the words that the page's script needs."""
    return {
        "waits": _("Waiting for the first picture."),
        "lost": _("The portal can't be reached. Trying again."),
        "nobody": _("nobody"),
        "over": _("over"),
        "change": _("What would change this:"),
        "elsewhere": _("This view is shown in another window of yours now."),
    }
