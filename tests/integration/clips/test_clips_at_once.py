"""A clip and a canvass of the same moment: each commits for itself."""

import pytest

from registry.canvasses.models import FootageRequest
from tests.integration.clips.clipping import asked
from tests.integration.clips.test_clips_and_canvasses import canvass, neighbor_of, with_rule
from tests.integration.critical.scenes import scene
from tests.registry.test_races import at_once


@pytest.mark.django_db(transaction=True)
def test_a_clip_and_a_canvass_at_once_ask_an_owner_once() -> None:
    there = with_rule(scene())
    neighbor_of(there)
    clip, sent = at_once(lambda: asked(there), lambda: canvass(there))
    request = FootageRequest.objects.get(registrant=there.registrant)
    assert clip.request == request
    assert clip.by_rule == (request.canvass_id != sent.pk)
