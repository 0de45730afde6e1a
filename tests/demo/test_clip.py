"""The clip of the demo: asked for once, and left out where somebody who tried the demo paused the camera."""

import pytest

from fusus_portal.demo.data import live
from integration.clips.models import Clip
from integration.sharing import services as sharing
from registry.incidents.models import Incident
from tests.integration.live.streaming import scene
from tests.integration.sharing.consent import owner_of


@pytest.mark.django_db
def test_a_demo_whose_camera_is_paused_goes_on_without_a_clip() -> None:
    seen = scene()
    Incident.objects.filter(pk=seen.incident.pk).update(number=f"{live.CRITICAL_NUMBERS}01")
    owner = owner_of(seen.camera)
    sharing.pause_sharing(registrant=owner, by=owner.user)
    live.send_clip(deputy=seen.deputy, owner=owner)
    assert not Clip.objects.exists()
    sharing.resume_sharing(registrant=owner, by=owner.user)
    live.send_clip(deputy=seen.deputy, owner=owner)
    assert Clip.objects.get().state == "ordered"
