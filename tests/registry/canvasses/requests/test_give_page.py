"""The page on which an owner looks at files, takes one out, and gives the others. It works without script."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from fusus_portal.ground.pages import times
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.footage.models import Preview, Upload
from registry.footage.services import custody, uploads
from registry.footage.states import UploadState
from tests.factories import registrant_at, request_at
from tests.registry.footage.footage import chosen, ready

pytestmark = pytest.mark.django_db

REFRESH = '<meta http-equiv="refresh"'
RELOAD = "data-reload"


def make_world() -> FootageRequest:
    """Return a request for the footage of two cameras."""
    return request_at("sent", registrant=registrant_at(cameras=2))


@pytest.fixture
def asked(world: FootageRequest) -> FootageRequest:
    return world


def address(asked: FootageRequest, name: str = "reply_give") -> str:
    return reverse(name, args=[token_for(asked)])


def page_of(asked: FootageRequest, name: str = "reply_give") -> str:
    return Client().get(address(asked, name)).content.decode()


def looked_at(asked: FootageRequest, name: str = "porch.mp4") -> Upload:
    upload = ready(asked, name=name)
    assert uploads.make_preview(upload=upload.pk)
    return upload


def fields(page: str) -> list[str]:
    return re.findall(r'<input type="hidden" name="file" value="([^"]+)"', page)


def state_of(upload: Upload) -> str:
    return str(Upload.objects.values_list("state", flat=True).get(pk=upload.pk))


def test_it_shows_picture_name_size_length_and_start(asked: FootageRequest) -> None:
    upload = looked_at(asked)
    page = page_of(asked)
    still = reverse("reply_still", args=[token_for(asked), upload.pk])
    shown = [f'src="{still}"', "porch.mp4", "KB, 2 s", "The file does not say when it starts.", "Give this file"]
    assert [what for what in shown if what not in page] == []
    until = times.day(asked.expires_at)
    assert f"Files you don&#x27;t give are deleted after 7 days, or by {until} if that is sooner." in page
    answer = Client().get(still)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "no-store")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(BytesIO(answer.content)).format == "JPEG"


def test_it_says_when_a_file_starts_by_the_camera_and_then_by_the_owner(asked: FootageRequest) -> None:
    upload = looked_at(asked)
    Preview.objects.update(recorded_at=asked.canvass.starts_at)
    assert "by the camera&#x27;s clock." in page_of(asked)
    known = timezone.localtime(asked.canvass.starts_at).strftime("%Y-%m-%dT%H:%M")
    assert f'value="{known}' in page_of(asked, "reply_files")
    uploads.describe(upload=upload, camera="", starts_at=asked.canvass.starts_at, by=link_actor(asked))
    assert "as you said." in page_of(asked)


def test_the_number_on_the_button_is_true_and_these_files_are_given(asked: FootageRequest) -> None:
    first, second = looked_at(asked, "a.mp4"), looked_at(asked, "b.mp4")
    page = page_of(asked)
    assert "Give these 2 files" in page
    assert set(fields(page)) == {str(first.pk), str(second.pk)}
    late = looked_at(asked, "c.mp4")
    answer = Client().post(address(asked), {"file": fields(page), "give": "all"})
    assert answer["Location"] == address(asked, "reply")
    assert [state_of(each) for each in (first, second, late)] == ["checking", "checking", "ready"]
    assert fields(page_of(asked)) == [str(late.pk)]
    assert "One file is here and not given yet." in page_of(asked, "reply")


def test_one_can_be_taken_out(asked: FootageRequest) -> None:
    first, second = looked_at(asked, "a.mp4"), looked_at(asked, "b.mp4")
    page = Client().post(address(asked), {"take_out": str(first.pk), "file": [str(second.pk)]}, follow=True)
    assert "a.mp4 was removed and deleted." in page.content.decode()
    assert [state_of(each) for each in (first, second)] == ["removed", "ready"]
    assert "Give this file" in page.content.decode()
    page = Client().post(address(asked), {"file": [str(first.pk), str(second.pk)]})
    assert page.status_code == 422
    assert "Your files have changed." in page.content.decode()
    assert state_of(second) == "ready"


def test_nothing_to_give_is_said_so(asked: FootageRequest) -> None:
    assert "No files to look at" in page_of(asked)
    answer = Client().post(address(asked))
    assert (answer.status_code, "There is no file to give yet." in answer.content.decode()) == (422, True)


def test_files_of_others_are_not_there(asked: FootageRequest) -> None:
    other = looked_at(request_at("sent"))
    for pk in (str(other.pk), str(uuid4()), "porch"):
        assert Client().post(address(asked), {"take_out": pk}).status_code == 404
    assert Client().post(address(asked), {"file": "porch"}).status_code == 404
    assert Client().get(reverse("reply_still", args=[token_for(asked), other.pk])).status_code == 404
    assert state_of(other) == "ready"


def test_a_picture_is_shown_until_the_file_is_given(asked: FootageRequest) -> None:
    upload = looked_at(asked)
    chosen(upload)
    assert Client().get(reverse("reply_still", args=[token_for(asked), upload.pk])).status_code == 404


def test_it_waits_for_the_picture_and_loads_again_until_it_is_there(asked: FootageRequest) -> None:
    upload = ready(asked)
    page = page_of(asked)
    assert REFRESH in page
    assert RELOAD in page
    assert "Give this file" not in page
    uploads.make_preview(upload=upload.pk)
    page = page_of(asked)
    assert REFRESH not in page
    assert RELOAD not in page
    assert "Give this file" in page


def test_a_worker_that_is_away_keeps_nobody_from_giving(asked: FootageRequest) -> None:
    ready(asked)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        page = page_of(asked)
    assert REFRESH not in page
    assert "We can't show a picture of this file." in page
    assert "Give this file" in page


def test_the_answer_loads_again_until_the_file_is_checked_and_no_longer(asked: FootageRequest) -> None:
    upload = chosen(looked_at(asked))
    page = page_of(asked, "reply")
    assert "Your files are here" in page
    assert REFRESH in page
    assert RELOAD in page
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert REFRESH not in page_of(asked, "reply")
    custody.receive(upload=upload.pk)
    page = page_of(asked, "reply")
    assert "Thank you for your footage" in page
    assert REFRESH not in page


def test_an_owner_who_answers_otherwise_is_told_that_the_files_go(asked: FootageRequest) -> None:
    looked_at(asked)
    for name in ("reply_none", "reply_decline"):
        assert "The files that you have not given are deleted then." in page_of(asked, name)
    requests.decline(request=asked, by=link_actor(asked))
    assert "not given yet" not in page_of(asked, "reply")
    assert "No files to look at" in page_of(asked)
    upload = looked_at(asked)
    assert "One file is here and not given yet." in page_of(asked, "reply")
    Client().post(address(asked), {"file": str(upload.pk)})
    assert state_of(upload) == UploadState.CHECKING
    page = page_of(asked, "reply")
    assert "Your files are here" in page
    assert "Did you change your mind?" not in page


def test_it_is_in_the_owners_spanish() -> None:
    asked = request_at("sent", registrant=registrant_at(language="es"))
    looked_at(asked, "a.mp4")
    looked_at(asked, "b.mp4")
    page = page_of(asked)
    assert "Vea sus archivos" in page
    assert "Dar estos 2 archivos" in page
