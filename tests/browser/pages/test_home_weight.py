"""The home page, measured in a browser that has never seen it."""

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import OpenWindow
from tests.browser.sizes import DESKTOP, PHONE, Size

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_weighs_at_most_150_kilobytes_in_all(open_window: OpenWindow, size: Size) -> None:
    window = open_window("visitor", size=size)
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    window.page.on("response", note)
    window.open("/")
    window.page.wait_for_load_state("networkidle")
    assert len(answers) > 3
    weights = {answer.url: len(answer.body()) for answer in answers}
    assert sum(weights.values()) <= MOST_BYTES, weights
