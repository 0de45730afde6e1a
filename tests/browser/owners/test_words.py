"""Words that were wrong on a page: of a count, of files, of a promise."""

import pytest
from django.template.defaultfilters import filesizeformat
from playwright.sync_api import FilePayload, expect

from registry.canvasses.links import token_for
from registry.places.models import Camera
from tests.browser import residents
from tests.browser.conftest import OpenWindow
from tests.browser.hands import Hands
from tests.browser.mailbox import Mailbox
from tests.browser.owners.test_addresses import STREET, begins
from tests.browser.sizes import DESKTOP, HANDHELD
from tests.browser.town import HOME, streets  # noqa: F401
from tests.factories import registrant_at, request_at
from tests.registry.footage.footage import video

pytestmark = pytest.mark.browser


def test_files_that_were_chosen_are_rows_and_nothing_says_that_there_are_none(open_window: OpenWindow) -> None:
    window = open_window("owner", size=HANDHELD)
    window.open(f"/requests/{token_for(request_at('sent'))}/footage/")
    window.arrives("Give footage")
    picker = window.page.locator("input[type=file]")
    expect(picker).to_be_hidden()
    with window.page.expect_file_chooser() as choosing:
        window.press("Choose files")
    names = ["one.mp4", "two.mp4", "three.mp4"]
    choosing.value.set_files([FilePayload(name=name, mimeType="video/mp4", buffer=b"abc") for name in names])
    expect(window.page.locator(".upload__name")).to_have_text([f"{name} (3 bytes)" for name in names])
    expect(picker).to_be_hidden()


@pytest.mark.usefixtures("streets")
def test_one_place_is_counted_as_one(open_window: OpenWindow) -> None:
    window = open_window("resident", size=DESKTOP)
    begins(Hands(window))
    field = window.page.get_by_label(STREET, exact=True)
    for typed, said in ((HOME, "1 place is below."), ("9000 20th St S", "places are below.")):
        field.fill("")
        field.press_sequentially(typed)
        expect(window.page.locator(".suggestions + [role=status]")).to_contain_text(said)


def test_when_someone_may_ask_is_two_sentences_and_how_we_keep_it_the_rest(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=DESKTOP)
    window.open("/faq/")
    window.page.get_by_text("When may someone ask for my footage?").click()
    answer = window.page.locator("#R3 > p")
    expect(answer).to_have_text(
        "Only after a crime or an emergency near your camera. The incident comes from a fixed list, and a second "
        "person or our dispatch center confirms that it is real."
    )
    expect(window.page.locator("#R3 .held")).to_contain_text("at most 25 owners")


def test_the_password_is_asked_for_in_one_sentence(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=HANDHELD)
    window.open("/register/")
    expect(window.page.locator("#id_password1_helptext")).to_have_text(
        "At least 8 characters, and no password from lists of stolen ones: a short sentence works well."
    )


def test_a_phone_s_screen_reader_hears_the_names_of_the_steps(open_window: OpenWindow) -> None:
    window = open_window("visitor", size=HANDHELD)
    window.open("/register/")
    steps = window.page.get_by_role("group", name="Progress").get_by_role("listitem")
    expect(steps).to_have_count(5)
    for step, name in zip(steps.all(), ("Account", "You", "Place", "Cameras", "Check"), strict=True):
        assert name in step.inner_text()


def test_one_file_is_one_on_the_page_and_in_the_mail_that_proves_it(open_window: OpenWindow, mailbox: Mailbox) -> None:
    owner = registrant_at()
    asked = request_at("sent", registrant=owner)
    window = open_window("link", size=DESKTOP)
    window.open(f"/requests/{token_for(asked)}/footage/")
    chosen = FilePayload(name="porch.mp4", mimeType="video/mp4", buffer=video())
    window.page.locator("input[type=file]").set_input_files([chosen])
    said = filesizeformat(len(chosen["buffer"])).replace("\xa0", " ")
    expect(window.page.locator("[data-part=name]")).to_have_text(f"porch.mp4 ({said})")
    expect(window.page.locator("[data-part=state]")).to_contain_text("Here. Not given yet.", timeout=40_000)
    window.follow("Look at your files")
    window.reads("Files you don't give are deleted after 7 days, or by")
    assert "deleted then, or after" not in window.text()
    residents.looks_and_gives(window)
    until = mailbox.wait_for(owner.user.email, r"The office keeps it until (.+), longer if a court")
    window.open(f"/requests/{token_for(asked)}/receipt/")
    window.reads(until)


def test_kinds_of_cameras_are_offered_in_words_that_people_use(open_window: OpenWindow) -> None:
    owner = registrant_at()
    window = open_window("resident", size=DESKTOP)
    window.is_signed_in_as(owner.user)
    window.open(f"/profile/cameras/{Camera.objects.get(premises__registrant=owner).pk}/")
    kinds = window.page.locator("datalist option").evaluate_all("options => options.map(option => option.value)")
    assert {"Stays still", "Turns and zooms"} <= set(kinds)
    assert {"PTZ", "Fixed"} & set(kinds) == set()
