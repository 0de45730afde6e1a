"""Acts about clips of connected cameras."""

import hashlib

from audit.events import Event
from integration.services import clips
from tests.audit.acts import Act, calls
from tests.integration.clipping import asked, core_of, footage, given, wanted_of
from tests.integration.scenes import scene


@calls(clips.ask, Event.CLIP_ASKED)
def ask() -> Act:
    """A deputy asks."""
    there = scene()
    wanted = wanted_of(there)
    return lambda: clips.ask(incident=there.incident, camera=there.camera, by=there.deputy, wanted=wanted)


@calls(clips.give, Event.CLIP_GIVEN)
def give() -> Act:
    """The owner gives it."""
    there = scene()
    clip = asked(there)
    return lambda: clips.give(clip=clip, by=there.owner)


@calls(clips.begin, Event.UPLOAD_STARTED)
def begin() -> Act:
    """The CORE begins to send it."""
    there = scene()
    clip, content = given(there), footage()
    core, sha256 = core_of(there), hashlib.sha256(content).hexdigest()
    return lambda: clips.begin(core=core, clip=clip.pk, size=len(content), sha256=sha256)


@calls(clips.fail, Event.CLIP_FAILED)
def fail() -> Act:
    """The CORE has no such recording."""
    there = scene()
    clip, core = given(there), core_of(there)
    return lambda: clips.fail(core=core, clip=clip.pk)
