"""An owner reads what became of own footage, and a supervisor and an administrator decide how long it is kept."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fusus_portal.ground.accounts.roles import Role
from registry.canvasses.links import token_for
from registry.footage.models import Evidence
from registry.footage.services import retention
from registry.registrants.models import Registrant
from tests.browser.conftest import OpenWindow
from tests.browser.residents import slows_down
from tests.browser.sizes import DESKTOP, PHONE, Size
from tests.database.clone import Clone
from tests.factories import REASON, person, registrant_at, request_at
from tests.registry.footage.footage import given, video
from tests.registry.footage.keeping import PICTURE, deleted, old_footage

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Old:
    """Footage given long ago: a file on hold, and the tombstone of another file."""

    registrant: Registrant
    held: Evidence
    stone: Evidence


@pytest.fixture
def old(portal_db: Clone, language: str) -> Old:
    """Return old footage. It is given before the portal runs, whose worker would receive it as of today."""
    registrant = registrant_at(user=person(language=language), language=language, cameras=2)
    held = old_footage(registrant=registrant)
    retention.place_hold(incident=held.request.incident, reason=REASON, by=person(Role.SUPERVISOR))
    return Old(registrant, held, deleted(old_footage(registrant=registrant)))


@pytest.fixture
def language() -> str:
    """Return the language of the owner who gave the footage."""
    return "en"


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "language"),
    [pytest.param(PHONE, "es", marks=pytest.mark.long), (DESKTOP, "en")],
    ids=["phone-es", "desktop-en"],
)
def test_an_owner_reads_the_list_and_what_became_of_each_file(
    size: Size, language: str, old: Old, open_window: OpenWindow
) -> None:
    request = request_at("sent", registrant=old.registrant)
    given(request, content=PICTURE, name="porch.jpg")
    request_at("sent", registrant=old.registrant)
    window = open_window("owner", size=size, language=language)
    window.is_signed_in_as(old.registrant.user)
    window.open("/profile/")
    window.follow("See my requests")
    window.arrives("My footage requests")
    for footage, tag in ((old.held, "On hold"), (old.stone, "Deleted")):
        window.open(f"/profile/requests/{footage.request_id}/")
        window.arrives(footage.request.number)
        window.reads(tag)
    window.follow("Receipt to print or save")
    window.arrives("Receipt for footage")
    window.open(f"/requests/{token_for(request)}/footage/")
    window.page.locator("main").get_by_role(
        "link", name=window.says("Say which camera, and when it starts (optional)")
    ).first.click()
    window.arrives("Which camera, and when?")
    window.page.get_by_label(window.says("Camera")).select_option(label="Camera 2")
    early = timezone.localtime(request.canvass.starts_at - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    window.page.locator("input[type=datetime-local]").fill(early)
    window.press("Save")
    window.reads("Saved. Thank you, this helps.")
    window.reads(
        window.says("%(name)s starts outside the hours asked for. That is fine if it runs into them.", name="porch.jpg")
    )
    window.looks()


@pytest.mark.long
def test_a_supervisor_and_an_administrator_keep_footage(old: Old, open_window: OpenWindow) -> None:
    supervisor = person(Role.SUPERVISOR)
    request = request_at("sent", registrant=registrant_at(cameras=2))
    file, beside = (given(request, content=PICTURE, name=name) for name in ("porch.jpg", "yard.jpg"))
    office = open_window("supervisor", size=DESKTOP, language="en")
    office.is_signed_in_as(supervisor)
    office.open(f"/console/incidents/{request.incident_id}/evidence/")
    office.arrives("Footage of")
    office.page.get_by_role("link", name=file.number).click()
    office.arrives(file.number)
    office.reads(beside.number)
    office.follow("Legal hold")
    office.arrives("Legal hold on file")
    office.fill("Reason", REASON)
    office.press("Place the hold")
    office.reads("The hold is in force.")
    office.looks()
    office.page.get_by_role("link", name="Lift it").click()
    office.arrives("Lift a legal hold")
    office.open(f"/console/evidence/{file.pk}/category/")
    office.arrives("How long is this file kept?")
    office.open(f"/console/evidence/{old.stone.pk}/")
    office.arrives(old.stone.number)
    office.reads("This file was deleted on")
    administration = open_window("administrator", size=DESKTOP, language="en")
    administration.is_signed_in_as(person(Role.ADMINISTRATOR))
    administration.open("/console/admin/")
    administration.follow("How long footage is kept")
    administration.arrives("How long footage is kept")
    administration.follow("Add a category")
    administration.arrives("New category")


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.long)], ids=["script", "no-script"])
def test_two_of_three_files_are_given_after_a_look(open_window: OpenWindow, script: bool) -> None:
    request = request_at("sent", registrant=registrant_at(cameras=2))
    window = open_window("link", size=PHONE, language="en", script=script)
    window.open(f"/requests/{token_for(request)}/footage/")
    files = [{"name": name, "mimeType": "video/mp4", "buffer": video()} for name in ("a.mp4", "b.mp4", "c.mp4")]
    window.page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    if script:
        here = window.page.locator("[data-part=state]", has_text="Here. Not given yet.")
        expect(here).to_have_count(3, timeout=40_000)
        window.follow("Look at your files")
    else:
        window.press("Send the files")
    expect(window.button("Give these 3 files")).to_be_visible(timeout=30_000)
    window.arrives("Look at your files")
    expect(window.page.locator(".upload img")).to_have_count(3)
    expect(window.page.locator(".upload").first).to_contain_text("2 s")
    assert not Evidence.objects.exists()
    window.button("Remove: b.mp4").click()
    window.reads("b.mp4 was removed and deleted.")
    window.press("Give these 2 files")
    expect(window.page.locator("h1")).to_contain_text("Thank you for your footage", timeout=40_000)
    assert set(Evidence.objects.values_list("name", flat=True)) == {"a.mp4", "c.mp4"}
    window.looks()


def test_after_a_reload_an_unfinished_file_stands_on_the_page_once(open_window: OpenWindow) -> None:
    request = request_at("sent", registrant=registrant_at(cameras=2))
    window = open_window("link", size=PHONE, language="en")
    window.open(f"/requests/{token_for(request)}/footage/")
    window.arrives("Give footage")
    slows_down(window, bytes_a_second=400_000)
    recording = {"name": "door.mp4", "mimeType": "video/mp4", "buffer": video() + bytes(1_000_000)}
    choose = window.page.locator("input[type=file]")
    choose.set_input_files(recording)  # type: ignore[arg-type]
    window.page.wait_for_function("() => document.querySelector('progress')?.value > 0")
    window.page.on("dialog", lambda dialog: dialog.accept())
    window.page.reload()
    row = window.page.locator(".upload", has_text="door.mp4")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Choose this file again")
    window.looks()
    window.page.locator("input[type=file]").set_input_files(recording)  # type: ignore[arg-type]
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Here. Not given yet.", timeout=40_000)
