"""Steps of clips."""

import hashlib

from integration.clips import services
from integration.clips.states import CLIP
from integration.clips.states import ClipState as State
from tests.integration.clips.clipping import asked, core_of, footage, given
from tests.integration.critical.scenes import scene
from tests.lifecycle.drivers import Taken, drives, take


@drives(CLIP, State.ASKED, State.ORDERED, "business")
def give(role: str) -> Taken:
    """The owner gives it."""
    there = scene()
    clip = asked(there)
    return take(clip, lambda: services.give(clip=clip, by=there.owner))


@drives(CLIP, State.ORDERED, State.SENT, "device")
def send(role: str) -> Taken:
    """The CORE sends it."""
    there = scene()
    clip, core, content = given(there), core_of(there), footage()
    services.begin(core=core, clip=clip.pk, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    return take(clip, lambda: services.append(core=core, clip=clip.pk, offset=0, piece=content))


@drives(CLIP, State.ORDERED, State.FAILED, "device")
def fail(role: str) -> Taken:
    """It has no such recording."""
    there = scene()
    clip, core = given(there), core_of(there)
    return take(clip, lambda: services.fail(core=core, clip=clip.pk))
