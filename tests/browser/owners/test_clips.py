"""A clip from both sides: asked for within the minutes that there are, looked at first, then given or not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from fusus_portal.ground.pages.fields import TYPED
from fusus_portal.ground.pages.times import localized_moment
from integration.clips.models import Clip
from integration.cores.models import Core
from registry.canvasses.links import token_for
from registry.footage.models import Upload
from registry.footage.services import custody, uploads
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import PHONE
from tests.browser.window import Window
from tests.integration.clips.clipping import WHY, sent
from tests.integration.critical.scenes import Scene, scene
from tests.peers.portal import Portal

pytestmark = pytest.mark.browser

KEPT_MINUTES = 20
WAITS = "Waits for the owner."


@pytest.fixture
def there(web: Portal) -> Scene:
    """Return an incident that goes on since an hour, beside a camera whose CORE keeps the last twenty minutes."""
    made = scene(starts_at=timezone.now() - timedelta(hours=1), ends_at=None)
    Core.objects.filter(pk=made.camera.core_id).update(recorded_minutes=KEPT_MINUTES)
    return made


def asks(deputy: Window, there: Scene) -> Clip:
    """Let the deputy ask for the minutes that the form proposes; return the clip."""
    deputy.open(reverse("clip_ask", args=[there.incident.pk, there.camera.pk]))
    deputy.looks()
    first = deputy.page.get_by_label("Recording from").get_attribute("min")
    now = timezone.now()
    reached = [timezone.localtime(now - timedelta(minutes=KEPT_MINUTES - back)) for back in range(3)]
    # Nothing bounds the minutes if clocks were changed in between.
    is_one_clock = reached[0].utcoffset() == timezone.localtime(now).utcoffset()
    assert first in ([f"{each:{TYPED}}" for each in reached] if is_one_clock else [None])
    deputy.reads("Choose at most 60 minutes of")
    # What is older than that is refused with the sentence that the form says before.
    proposed = deputy.page.get_by_label("Recording from").input_value()
    long_ago = timezone.localtime(now - timedelta(minutes=50))
    deputy.page.get_by_label("Recording from").fill(f"{long_ago:{TYPED}}")
    deputy.page.get_by_label("Purpose").select_option(label="Identify a vehicle")
    deputy.page.get_by_label("Reason").fill(WHY)
    deputy.press("Ask the owner")
    expect(deputy.page.locator(".usa-error-message").first).to_contain_text("Choose at most 60 minutes of")
    deputy.page.get_by_label("Recording from").fill(proposed)
    deputy.press("Ask the owner")
    deputy.reads(WAITS)
    return Clip.objects.get()


def fetches(owner: Window, clip: Clip) -> Clip:
    """Let the owner have it sent, and the CORE send it; return it as it is then."""
    owner.open(reverse("own_clip", args=[clip.pk]))
    owner.reads("It waits for you. The CORE sends it to you first, and nobody else sees it.")
    owner.looks()
    owner.press("Have it sent to me")
    owner.reads("The CORE sends it to you the next time it connects. Nobody else sees it.")
    there = sent(Clip.objects.select_related("camera").get(pk=clip.pk))
    assert there.upload is not None
    uploads.make_preview(upload=there.upload.pk)
    owner.page.reload()
    owner.reads("It is here. Nobody else sees it, and no deputy knows of it, until you give it.")
    owner.press("Play it")
    expect(owner.page.locator("video")).to_be_visible()
    owner.looks()
    return there


def test_a_deputy_asks_and_the_owner_looks_and_gives(open_window: OpenWindow, there: Scene) -> None:
    deputy, owner = open_window("deputy"), open_window("owner", size=PHONE)
    deputy.may_answer, owner.may_answer = {422}, {206}
    deputy.is_signed_in_as(there.deputy)
    owner.is_signed_in_as(there.owner)
    clip = fetches(owner, asks(deputy, there))
    deputy.page.reload()
    deputy.reads(WAITS)
    owner.press("Give this clip")
    owner.reads("You gave it.")
    assert clip.upload is not None
    custody.receive(upload=clip.upload.pk)
    deputy.page.reload()
    deputy.reads("Given. It is among the footage of the incident.")
    owner.page.reload()
    owner.reads("The CORE and the portal computed the same fingerprint")
    owner.reads(localized_moment(clip.starts_at))


def test_another_looks_and_would_rather_not(open_window: OpenWindow, there: Scene) -> None:
    deputy, owner = open_window("deputy"), open_window("owner")
    deputy.may_answer = {422}
    deputy.is_signed_in_as(there.deputy)
    owner.is_signed_in_as(there.owner)
    clip = fetches(owner, asks(deputy, there))
    owner.open(reverse("reply_decline", args=[token_for(clip.request)]))
    owner.page.locator("main form button").first.click()
    owner.reads("Your answer is noted")
    uploads.sweep()
    assert Upload.objects.get().state == "removed"
    deputy.page.reload()
    deputy.reads(WAITS)


def test_one_whose_minutes_the_core_has_lost_is_told_by_one_sentence(open_window: OpenWindow, there: Scene) -> None:
    deputy, owner = open_window("deputy"), open_window("owner")
    deputy.may_answer, owner.may_answer = {422}, {409}
    deputy.is_signed_in_as(there.deputy)
    owner.is_signed_in_as(there.owner)
    clip = asks(deputy, there)
    owner.open(reverse("own_clip", args=[clip.pk]))
    Core.objects.update(recorded_minutes=0)
    gone = "The CORE has no recording of that time any more."
    owner.press("Have it sent to me")
    owner.reads(gone)
    for address in (reverse("own_clip", args=[clip.pk]), reverse("own_clips")):
        owner.open(address)
        owner.reads(gone)
    deputy.page.reload()
    deputy.reads(gone)
