"""Pages of an owner and an auditor after live views: axe finds nothing, and each fits a phone."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.pictures import re_encode
from integration.clips.models import Clip
from integration.live.services import snapshots as snapshot_services
from integration.watch_hours import services
from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.clips.clipping import WHY, sent
from tests.integration.critical.scenes import scene
from tests.integration.live.watching import viewed
from tests.sealed_log import SealedLog

pytestmark = [pytest.mark.browser, pytest.mark.long]

PATIENCE_MS = 20_000
"""The page is loaded again after 5 seconds."""


def test_a_still_picture_comes_without_script(open_window: OpenWindow, portal_db: Clone) -> None:
    there = scene()
    snapshot_services.take(behind=there.camera, by=there.owner)
    window = open_window("owner", size=PHONE, script=False)
    window.is_signed_in_as(there.owner)
    window.open(reverse("device_snapshot", args=[there.camera.core_id, there.camera.pk]))
    window.reads("This page shows it as soon as it is here.")
    [wanted] = snapshot_services.ordered_stills(there.camera.core_id)
    made = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(made, "JPEG")
    snapshot_services.keep_still(wanted, made.getvalue())
    expect(window.page.locator("img.snapshot")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_owner_reads_each_minute_and_sees_a_picture(
    open_window: OpenWindow, sealed_log: SealedLog, size: Size
) -> None:
    there = scene()
    viewed(there, minutes=4)
    viewed(there, minutes=2)
    sealed_log.seal_and_publish()
    snapshot_services.take(behind=there.camera, by=there.owner)
    window = open_window("owner", size=size)
    window.is_signed_in_as(there.owner)
    now = reverse("device_snapshot", args=[there.camera.core_id, there.camera.pk])
    window.open(now)
    window.looks()
    [wanted] = snapshot_services.ordered_stills(there.camera.core_id)
    made = io.BytesIO()
    Image.effect_noise((1280, 720), 60).save(made, "JPEG")
    sent = ContentFile(made.getvalue())
    snapshot_services.keep_still(wanted, re_encode(sent, longest_side=1920, format="JPEG", sender=wanted.core))
    expect(window.page.locator("img.snapshot")).to_be_visible(timeout=PATIENCE_MS)
    window.looks()
    assert window.page.locator("img.snapshot").evaluate("image => image.naturalWidth") == 1280
    for name, arguments in (
        ("looks", []),
        ("sharing_rule", [there.camera.pk]),
        ("device", [there.camera.core_id]),
        ("device_place", [there.camera.core_id]),
        ("transparency", []),
    ):
        window.open(reverse(name, args=arguments))
        for folded in ("[data-details] > summary", "summary:text('Receipts, minute by minute')"):
            for summary in window.page.locator(folded).all():
                summary.click()
        window.looks()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_an_auditor_reads_the_hours(open_window: OpenWindow, sealed_log: SealedLog, size: Size) -> None:
    there = scene()
    viewed(there, minutes=4)
    services.flag()
    window = open_window("auditor", size=size)
    window.is_signed_in_as(person(Role.AUDITOR))
    window.open(reverse("watch_hours"))
    window.looks()


@pytest.mark.parametrize("how", [{"size": DESKTOP, "script": True}, {"size": PHONE, "script": False}])
def test_a_deputy_asks_for_a_clip_and_its_owner_gives_it(how: dict[str, Any], open_window: OpenWindow) -> None:
    there = scene()
    deputy = open_window("deputy", **how)
    deputy.is_signed_in_as(there.deputy)
    deputy.open(reverse("incident_live", args=[there.incident.pk]))
    deputy.page.get_by_role("link", name="Ask for a recorded clip").click()
    deputy.looks()
    deputy.page.get_by_label("Purpose").select_option(label="Identify a vehicle")
    deputy.page.get_by_label("Reason").fill(WHY)
    deputy.press("Ask the owner")
    deputy.looks()
    assert "Waits for the owner." in deputy.page.content()
    owner = open_window("owner", **how)
    owner.is_signed_in_as(there.owner)
    owner.open(reverse("own_clips"))
    owner.looks()
    owner.page.get_by_role("link", name=there.incident.number).click()
    owner.looks()
    owner.press("Have it sent to me")
    owner.looks()
    sent(Clip.objects.get())
    owner.page.reload()
    owner.press("Play it")
    owner.looks()
    owner.press("Give this clip")
    owner.looks()
    assert Clip.objects.get().given_at
    owner.open(reverse("sharing_rule", args=[there.camera.pk]))
    owner.looks()
    owner.open(reverse("own_request", args=[Clip.objects.get().request_id]))
    owner.looks()
