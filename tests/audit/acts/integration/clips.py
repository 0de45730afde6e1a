"""Acts about clips of connected cameras."""

import hashlib

from audit.log.events import Event
from integration.clips import services
from tests.audit.acts import Act, calls
from tests.integration.clips.clipping import asked, core_of, fetched, footage, sent, wanted_of
from tests.integration.critical.scenes import scene


@calls(services.ask, Event.CLIP_ASKED)
def ask() -> Act:
    """A deputy asks."""
    there = scene()
    wanted = wanted_of(there)
    return lambda: services.ask(incident=there.incident, camera=there.camera, by=there.deputy, **wanted)


@calls(services.fetch, Event.CLIP_ORDERED)
def fetch() -> Act:
    """The owner has it sent."""
    there = scene()
    clip = asked(there)
    return lambda: services.fetch(clip=clip, by=there.owner)


@calls(services.look, Event.CLIP_LOOKED)
def look() -> Act:
    """The owner looks at it."""
    there = scene()
    clip = sent(fetched(there))
    return lambda: services.look(clip=clip, by=there.owner)


@calls(services.give, Event.CLIP_GIVEN)
def give() -> Act:
    """The owner gives it."""
    there = scene()
    clip = sent(fetched(there))
    return lambda: services.give(clip=clip, by=there.owner)


@calls(services.begin, Event.UPLOAD_STARTED)
def begin() -> Act:
    """The CORE begins to send it."""
    there = scene()
    clip, content = fetched(there), footage()
    core, sha256 = core_of(there), hashlib.sha256(content).hexdigest()
    return lambda: services.begin(core=core, clip=clip.pk, size=len(content), sha256=sha256)


@calls(services.fail, Event.CLIP_FAILED)
def fail() -> Act:
    """The CORE has no such recording."""
    there = scene()
    clip, core = fetched(there), core_of(there)
    return lambda: services.fail(core=core, clip=clip.pk)
