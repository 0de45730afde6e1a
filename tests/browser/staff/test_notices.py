"""Notices on a device: turned on and shown, not allowed, and without script.

Headless Chromium reaches no browser maker, so the page answers `subscribe` here. Permission, the script that shows
notices, and the notice itself are the browser's own.
"""

import json
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.push.models import PushSubscription
from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window
from tests.peers.push import Device

pytestmark = pytest.mark.browser

MAKER = "https://fcm.googleapis.com/wp/abc"
SCRIPT = "/account/notices/script/"
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/account/notices/script/");
  return (await registration.getNotifications()).map((notice) => [notice.title, notice.body]);
}"""


@pytest.fixture(scope="module")
def chromium(chromium: Browser) -> Iterator[Browser]:
    """Run the whole program: the engine alone shows no notices.

    It keeps the machine's own time on the days, since its waits never end where libfaketime leads its clock.
    """
    path = shutil.which("chromium")
    browser = chromium.browser_type.launch(
        executable_path=path,
        channel=None if path else "chromium",
        args=ARGUMENTS,
        env={name: value for name, value in os.environ.items() if name != "LD_PRELOAD"},
    )
    yield browser
    browser.close()


def answers(window: Window, device: Device) -> None:
    """Let the browser say what a maker would have told it."""
    said = {"endpoint": device.said["endpoint"], "keys": {"p256dh": device.said["p256dh"], "auth": device.said["auth"]}}
    window.context.add_init_script(
        f"PushManager.prototype.subscribe = async () => ({{ toJSON: () => ({json.dumps(said)}) }});"
    )


def test_a_deputy_turns_them_on_reads_one_and_turns_them_off(open_window: OpenWindow, deputy: User) -> None:
    window, device = open_window("deputy"), Device(MAKER, "")
    answers(window, device)
    window.context.grant_permissions(["notifications"], origin=window.url)
    window.is_signed_in_as(deputy)
    window.open("/account/")
    window.arrives("My account")
    window.page.get_by_role("link", name="Turn them on or off").click()
    window.arrives("Notices on this device")
    window.page.get_by_role("button", name="Turn on").click()
    expect(window.page.get_by_role("button", name="Turn off")).to_be_visible()
    window.looks()
    assert PushSubscription.objects.get().endpoint == MAKER
    is_delivered(window)
    assert window.page.evaluate(SHOWN) == [["Something waits for you in the portal.", ""]]
    window.page.get_by_role("button", name="Turn off").click()
    expect(window.page.get_by_role("button", name="Turn on")).to_be_visible()
    assert not PushSubscription.objects.exists()


def is_delivered(window: Window) -> None:
    """Deliver a notice to the browser's script, as its maker would; what it says is not what is shown."""
    tools = window.context.new_cdp_session(window.page)
    known: list[dict[str, str]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    tools.send("ServiceWorker.enable")
    for _try in range(50):
        if known:
            break
        window.page.wait_for_timeout(100)
    [registration] = known
    assert registration["scopeURL"] == f"{window.url}{SCRIPT}"
    told = {"origin": window.url, "registrationId": registration["registrationId"], "data": "A man with a gun"}
    tools.send("ServiceWorker.deliverPushMessage", told)
    window.page.wait_for_function(f"async () => (await ({SHOWN})()).length > 0")


def test_a_browser_that_does_not_allow_them_says_how(open_window: OpenWindow, deputy: User) -> None:
    window = open_window("deputy")
    window.is_signed_in_as(deputy)
    window.open("/account/notices/")
    window.page.get_by_role("button", name="Turn on").click()
    expect(window.page.get_by_text("The browser does not let the portal show notices.")).to_be_visible()
    window.looks()
    assert not PushSubscription.objects.exists()


def test_without_script_the_page_says_what_is_missing(open_window: OpenWindow, deputy: User) -> None:
    window = open_window("deputy", script=False)
    window.is_signed_in_as(deputy)
    window.open("/account/notices/")
    expect(window.page.get_by_text("Turning notices on needs JavaScript.")).to_be_visible()
    expect(window.page.get_by_role("button", name="Turn on")).to_be_hidden()
