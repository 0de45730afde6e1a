"""Steps of clips."""

import hashlib

from integration.clips import services
from integration.clips.states import CLIP, ClipState as State
from registry.canvasses.services import requests
from tests.integration.clips.clipping import asked, core_of, fetched, footage, sent
from tests.integration.critical.scenes import scene
from tests.lifecycle.drivers import Taken, drives, take


@drives(CLIP, State.ASKED, State.ORDERED, "business")
def fetch(role: str) -> Taken:
    """The owner has it sent."""
    there = scene()
    clip = asked(there)
    return take(clip, lambda: services.fetch(clip=clip, by=there.owner))


@drives(CLIP, State.SENT, State.ORDERED, "business")
def fetch_again(role: str) -> Taken:
    """The owner, who would rather not give what came, has it sent again."""
    there = scene()
    clip = sent(fetched(there))
    requests.decline(request=clip.request, by=there.owner)
    return take(clip, lambda: services.fetch(clip=clip, by=there.owner))


@drives(CLIP, State.ORDERED, State.SENT, "device")
def send(role: str) -> Taken:
    """The CORE sends it."""
    there = scene()
    clip, core, content = fetched(there), core_of(there), footage()
    services.begin(core=core, clip=clip.pk, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    return take(clip, lambda: services.append(core=core, clip=clip.pk, offset=0, piece=content))


@drives(CLIP, State.ORDERED, State.FAILED, "device")
def fail(role: str) -> Taken:
    """It has no such recording."""
    there = scene()
    clip, core = fetched(there), core_of(there)
    return take(clip, lambda: services.fail(core=core, clip=clip.pk))
