"""Acts about clips of connected cameras."""

import hashlib

from audit.log.events import Event
from integration.clips import services
from tests.audit.acts import Act, calls
from tests.integration.clips.clipping import asked, core_of, footage, given, wanted_of
from tests.integration.critical.scenes import scene


@calls(services.ask, Event.CLIP_ASKED)
def ask() -> Act:
    """A deputy asks."""
    there = scene()
    wanted = wanted_of(there)
    return lambda: services.ask(incident=there.incident, camera=there.camera, by=there.deputy, **wanted)


@calls(services.give, Event.CLIP_GIVEN)
def give() -> Act:
    """The owner gives it."""
    there = scene()
    clip = asked(there)
    return lambda: services.give(clip=clip, by=there.owner)


@calls(services.begin, Event.UPLOAD_STARTED)
def begin() -> Act:
    """The CORE begins to send it."""
    there = scene()
    clip, content = given(there), footage()
    core, sha256 = core_of(there), hashlib.sha256(content).hexdigest()
    return lambda: services.begin(core=core, clip=clip.pk, size=len(content), sha256=sha256)


@calls(services.fail, Event.CLIP_FAILED)
def fail() -> Act:
    """The CORE has no such recording."""
    there = scene()
    clip, core = given(there), core_of(there)
    return lambda: services.fail(core=core, clip=clip.pk)
