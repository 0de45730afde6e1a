"""Facts that an owner may give about a file: a camera of the request, and the start. Never asked, always offered."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from fusus_portal.ground.lifecycle import NotYours
from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.footage.models import Upload
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.places.models import Camera
from tests import typed as moments
from tests.factories import LINN_PARK, let_time_pass, north_of, registrant_at, request_at
from tests.registry.entries import entries_of
from tests.registry.footage.footage import Sender, begun, given
from tests.registry.footage.keeping import PICTURE

pytestmark = pytest.mark.django_db


def make_world() -> FootageRequest:
    """Return a request for the footage of two cameras."""
    return request_at("sent", registrant=registrant_at(cameras=2))


@pytest.fixture
def asked(world: FootageRequest) -> FootageRequest:
    return world


@pytest.fixture
def camera(asked: FootageRequest) -> Camera:
    found = asked.cameras.order_by("camera__name").first()
    assert found is not None
    return found.camera


def address(name: str, asked: FootageRequest) -> str:
    return reverse(name, args=[token_for(asked)])


def said(upload: Upload, *, camera: str = "", starts_at: str = "") -> dict[str, str]:
    return {f"{upload.pk}-camera": camera, f"{upload.pk}-starts_at": starts_at}


def typed(asked: FootageRequest, **shift: float) -> str:
    return moments.typed(asked.canvass.starts_at + timedelta(**shift))


class TestSayingWhichAndWhen:
    def test_each_file_gets_its_own(self, asked: FootageRequest, camera: Camera, visitor_client: Client) -> None:
        first, second = given(asked, content=PICTURE, name="a.jpg").upload, begun(asked, content=PICTURE, name="a.jpg")
        data = said(first, camera=str(camera.pk), starts_at=typed(asked, minutes=10)) | said(second)
        page = visitor_client.post(address("reply_files", asked), data, follow=True).content.decode()
        assert "Saved. Thank you" in page
        assert "outside the hours" not in page
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.camera, first.starts_at is None) == (camera, False)
        assert (second.camera, second.starts_at) == (None, None)
        (entry,) = entries_of(Event.FILE_DESCRIBED)
        assert entry.subject_kind == "evidence"
        visitor_client.post(address("reply_files", asked), data)
        assert len(entries_of(Event.FILE_DESCRIBED)) == 1

    def test_a_camera_of_another_request_is_refused_beside_the_field(
        self, asked: FootageRequest, visitor_client: Client
    ) -> None:
        upload = begun(asked, content=PICTURE, name="a.jpg")
        other = request_at("sent", registrant=registrant_at(north_of(LINN_PARK, 9))).cameras.get().camera_id
        for wrong in (str(other), str(uuid4()), "front door"):
            page = visitor_client.post(address("reply_files", asked), said(upload, camera=wrong)).content.decode()
            assert f'href="#id_{upload.pk}-camera"' in page
        upload.refresh_from_db()
        assert upload.camera is None
        assert not entries_of(Event.FILE_DESCRIBED)

    def test_a_time_outside_the_hours_is_a_warning_and_one_in_the_future_an_error(
        self, asked: FootageRequest, visitor_client: Client
    ) -> None:
        upload = begun(asked, content=PICTURE, name="a.jpg")
        page = visitor_client.post(
            address("reply_files", asked), said(upload, starts_at=typed(asked, hours=-2)), follow=True
        ).content.decode()
        assert "a.jpg starts outside the hours asked for." in page
        upload.refresh_from_db()
        kept = upload.starts_at
        assert kept is not None
        page = visitor_client.post(
            address("reply_files", asked), said(upload, starts_at=typed(asked, days=2))
        ).content.decode()
        assert "This is in the future." in page
        upload.refresh_from_db()
        assert upload.starts_at == kept

    def test_without_files_it_says_so(self, asked: FootageRequest, visitor_client: Client) -> None:
        assert "No files yet" in visitor_client.get(address("reply_files", asked)).content.decode()

    def test_after_the_end_it_is_too_late(self, asked: FootageRequest, visitor_client: Client) -> None:
        upload = begun(asked, content=PICTURE, name="a.jpg")
        let_time_pass(asked)
        assert visitor_client.post(address("reply_files", asked), said(upload)).status_code == 409

    def test_a_removed_file_is_not_there(self, asked: FootageRequest, visitor_client: Client) -> None:
        upload = begun(asked, content=PICTURE, name="a.jpg")
        uploads.remove(upload=upload, by=link_actor(asked))
        assert "a.jpg" not in visitor_client.get(address("reply_files", asked)).content.decode()
        with pytest.raises(NotYours):
            uploads.describe(upload=upload, camera="", starts_at=asked.canvass.starts_at, by=link_actor(asked))

    def test_it_is_in_spanish_with_help(self, visitor_client: Client) -> None:
        request = request_at("sent", registrant=registrant_at(language="es"))
        begun(request, content=PICTURE, name="a.jpg")
        for name in ("reply_files", "reply_footage", "reply_none", "reply_decline"):
            page = visitor_client.get(address(name, request)).content.decode()
            assert "¿Necesita ayuda?" in page
            assert request.number in page


class TestWhileSending:
    def test_the_form_takes_the_camera_of_its_files(
        self, asked: FootageRequest, camera: Camera, visitor_client: Client
    ) -> None:
        page = visitor_client.get(address("reply_footage", asked)).content.decode()
        assert f'<option value="{camera.pk}">' in page
        files = [
            SimpleUploadedFile("a.jpg", PICTURE, content_type="image/jpeg"),
            SimpleUploadedFile("a.jpg", PICTURE, content_type="image/jpeg"),
        ]
        visitor_client.post(address("reply_footage", asked), {"files": files, "camera": str(camera.pk)})
        assert [upload.camera for upload in Upload.objects.all()] == [camera, camera]

    def test_the_form_refuses_another_camera(self, asked: FootageRequest, visitor_client: Client) -> None:
        data = {"files": [SimpleUploadedFile("a.jpg", PICTURE, content_type="image/jpeg")], "camera": str(uuid4())}
        page = visitor_client.post(address("reply_footage", asked), data).content.decode()
        assert "Choose one of your cameras" in page
        assert not Upload.objects.exists()

    @pytest.mark.parametrize("mine", [True, False])
    def test_the_script_sends_it_along(
        self, mine: bool, asked: FootageRequest, camera: Camera, visitor_client: Client
    ) -> None:
        sender = Sender(visitor_client, asked)
        described = sender.described("a.jpg", "image/jpeg", camera=str(camera.pk if mine else uuid4()))
        answer = sender.ask("POST", "/uploads/", Upload_Length=100, Upload_Metadata=described)
        assert answer.status_code == (201 if mine else 400)
        assert [upload.camera for upload in Upload.objects.all()] == ([camera] if mine else [])

    def test_an_unfinished_file_stands_there_once_with_its_key(
        self, asked: FootageRequest, visitor_client: Client
    ) -> None:
        sender = Sender(visitor_client, asked)
        key = sender.create(100, name="a.jpg", kind="image/jpeg")["Location"].rstrip("/").split("/")[-1]
        page = visitor_client.get(address("reply_footage", asked)).content.decode()
        assert page.count(f'data-upload-key="{key}"') == 1
        assert Upload.objects.get().state == UploadState.RECEIVING


def test_the_receipt_is_there_for_the_holder_of_the_link(asked: FootageRequest, visitor_client: Client) -> None:
    assert "Nothing was received yet" in visitor_client.get(address("reply_receipt", asked)).content.decode()
    file = given(asked, content=PICTURE, name="a.jpg")
    page = visitor_client.get(address("reply_receipt", asked)).content.decode()
    assert file.number in page
    assert file.sha256 in page


def test_the_receipt_of_somebody_else_has_nothing_of_it(asked: FootageRequest, visitor_client: Client) -> None:
    file, other = given(asked, content=PICTURE, name="a.jpg"), request_at("sent")
    page = visitor_client.get(address("reply_receipt", other)).content.decode()
    assert file.number not in page
    assert file.sha256 not in page
