"""Pages on paper: what people came to read is not folded."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from fusus_portal import promises
from tests.browser.conftest import OpenWindow

pytestmark = pytest.mark.browser

SEEN = "all => all.filter(one => one.checkVisibility({ contentVisibilityAuto: true })).map(one => one.innerText)"


def test_printed_questions_have_their_answers(open_window: OpenWindow) -> None:
    window = open_window("visitor", script=False)
    window.open(reverse("faq"))
    answers = window.page.locator("main details p")
    assert answers.evaluate_all(SEEN) == []
    window.page.emulate_media(media="print")
    expect(answers.last).to_be_visible()
    printed = "\n".join(answers.evaluate_all(SEEN))
    asked = [promise for _topic, of_topic in promises.by_topic() for promise in of_topic]
    assert [one.key for one in asked if str(one.answer) not in printed or str(one.control) not in printed] == []
