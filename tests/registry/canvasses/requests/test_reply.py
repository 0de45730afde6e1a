"""The page behind a request's link: no account, three equal answers, and no effect by opening."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from audit.log.models import AuditEntry
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.canvasses.states import RequestState
from registry.footage.models import Upload
from registry.footage.states import UploadState
from tests.factories import closed_for_good, let_time_pass, registrant_at, request_at
from tests.registry.footage.footage import chosen, given, ready

pytestmark = pytest.mark.django_db

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 400
PAGES = ["reply", "reply_none", "reply_decline", "reply_footage", "reply_give"]


def make_world() -> FootageRequest:
    """Return a request that waits for its answer."""
    return request_at("sent")


@pytest.fixture
def asked(world: FootageRequest) -> FootageRequest:
    return world


def address(name: str, asked: FootageRequest) -> str:
    return reverse(name, args=[token_for(asked)])


def state_of(asked: FootageRequest) -> str:
    return FootageRequest.objects.values_list("state", flat=True).get(pk=asked.pk)


def test_it_says_what_happened_who_asks_and_how_to_check(asked: FootageRequest, visitor_client: Client) -> None:
    page = visitor_client.get(address("reply", asked)).content.decode()
    deputy = asked.canvass.sent_by
    assert deputy is not None
    told = [asked.number, asked.incident.number, "Burglary", "Linn Park, 20th Street North", "Camera 1"]
    told += [deputy.pseudonym, deputy.call_back_number, "205-555-0100"]
    assert [one for one in told if one not in page] == []
    assert deputy.email not in page


@pytest.mark.parametrize("state", ["sent", "none", "footage"])
def test_it_needs_at_most_eight_queries(
    state: str, visitor_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    link = address("reply", request_at(state))
    with django_assert_max_num_queries(8):
        visitor_client.get(link)


def test_it_offers_three_answers_of_one_kind(asked: FootageRequest, visitor_client: Client) -> None:
    page = visitor_client.get(address("reply", asked)).content.decode()
    buttons = re.findall(r'<a\s+class="(usa-button[^"]*)"\s+href="(/requests/[^"]+)"', page)
    assert [link for _look, link in buttons] == [address(name, asked) for name in ["reply_footage", *PAGES[1:3]]]
    assert len({look for look, _link in buttons}) == 1


def test_it_shows_only_the_owners_own_cameras(visitor_client: Client) -> None:
    neighbor = registrant_at()
    asked = request_at("sent", registrant=registrant_at(cameras=2))
    assert neighbor.requests.exists()
    places = visitor_client.get(address("reply", asked)).context["page"].places
    assert [place["label"] for place in places] == ["Camera 1", "Camera 2"]


@pytest.mark.parametrize("name", PAGES)
def test_opening_has_no_effect(name: str, asked: FootageRequest, visitor_client: Client) -> None:
    entries, messages = AuditEntry.objects.count(), Message.objects.count()
    assert visitor_client.get(address(name, asked)).status_code == 200
    assert visitor_client.head(address(name, asked)).status_code == 200
    assert state_of(asked) == RequestState.SENT
    assert (AuditEntry.objects.count(), Message.objects.count()) == (entries, messages)


@pytest.mark.parametrize("name", PAGES)
def test_the_link_is_kept_by_nobody(name: str, asked: FootageRequest, visitor_client: Client) -> None:
    for answer in [visitor_client.get(address(name, asked)), visitor_client.get(reverse(name, args=["x" * 51]))]:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "state", "told"),
    [
        ("reply_none", RequestState.NONE, "Thank you for looking"),
        ("reply_decline", RequestState.DECLINED, "Your answer is noted"),
    ],
)
class TestAnswering:
    def test_it_counts_and_says_what_comes_next(
        self, name: str, state: str, told: str, asked: FootageRequest, visitor_client: Client
    ) -> None:
        page = visitor_client.post(address(name, asked), follow=True).content.decode()
        assert state_of(asked) == state
        assert told in page
        assert "We send no personal news about how an incident ends." in page
        entry = AuditEntry.objects.latest("id")
        assert (entry.actor_kind, entry.subject_id) == ("link", str(asked.pk))

    def test_only_an_answer_without_footage_is_told_to_the_deputy(
        self, name: str, state: str, told: str, asked: FootageRequest, visitor_client: Client
    ) -> None:
        visitor_client.post(address(name, asked))
        replies = Message.objects.filter(kind=MessageKind.FOOTAGE_REPLY).count()
        assert replies == (1 if state == RequestState.NONE else 0)

    def test_a_second_tab_changes_nothing(
        self, name: str, state: str, told: str, asked: FootageRequest, visitor_client: Client
    ) -> None:
        visitor_client.post(address(name, asked))
        assert visitor_client.post(address(name, asked)).status_code == 302
        late = visitor_client.get(address(name, asked))
        assert late.status_code == 409
        assert "You have already answered this request" in late.content.decode()
        assert visitor_client.get(address("reply_decline", asked)).status_code == 409
        assert visitor_client.get(address("reply_footage", asked)).status_code == 200
        assert state_of(asked) == state


class TestGivingFootage:
    def test_a_plain_form_brings_files(self, asked: FootageRequest, visitor_client: Client) -> None:
        files = [SimpleUploadedFile("door.mp4", MP4, "video/mp4"), SimpleUploadedFile("alley.mp4", MP4, "video/mp4")]
        page = visitor_client.post(address("reply_footage", asked), {"files": files}, follow=True).content.decode()
        assert set(Upload.objects.values_list("name", "state")) == {
            ("door.mp4", UploadState.READY),
            ("alley.mp4", UploadState.READY),
        }
        assert "Look at your files" in page
        assert "door.mp4" in page
        assert "alley.mp4" in page

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            (SimpleUploadedFile("notes.txt", b"hello", "text/plain"), "not a video or picture"),
            (SimpleUploadedFile("fake.mp4", b"MZ" + b"\x00" * 600, "video/mp4"), "not a video or picture"),
        ],
    )
    def test_a_refused_type_is_named_and_nothing_is_kept(
        self, file: SimpleUploadedFile, sentence: str, asked: FootageRequest, visitor_client: Client
    ) -> None:
        page = visitor_client.post(address("reply_footage", asked), {"files": [file]}).content.decode()
        assert sentence in page
        assert not Upload.objects.exists()
        assert state_of(asked) == RequestState.SENT

    def test_files_that_were_given_are_thanked_for_before_they_are_checked(
        self, asked: FootageRequest, visitor_client: Client
    ) -> None:
        chosen(ready(asked, content=MP4))
        page = visitor_client.get(address("reply", asked)).content.decode()
        assert "Your files are here" in page
        assert "Being checked" in page
        assert "I would rather not" not in page

    def test_a_received_file_is_shown_with_its_proof(self, asked: FootageRequest, visitor_client: Client) -> None:
        file = given(asked, content=MP4)
        for name in ["reply", "reply_footage"]:
            page = visitor_client.get(address(name, asked)).content.decode()
            assert [
                told for told in [file.number, hashlib.sha256(MP4).hexdigest(), "Kept until"] if told not in page
            ] == []

    def test_no_file_is_said_so(self, asked: FootageRequest, visitor_client: Client) -> None:
        page = visitor_client.post(address("reply_footage", asked)).content.decode()
        assert "Choose at least one file" in page

    def test_more_can_be_added_after_the_first(self, visitor_client: Client) -> None:
        answered = request_at("footage")
        assert "Add more files" in visitor_client.get(address("reply", answered)).content.decode()
        assert visitor_client.get(address("reply_footage", answered)).status_code == 200

    def test_the_page_gives_the_script_its_addresses(self, asked: FootageRequest, visitor_client: Client) -> None:
        page = visitor_client.get(address("reply_footage", asked)).content.decode()
        assert 'data-endpoint="/uploads/"' in page
        assert 'data-status="/uploads/{id}/status/"' in page
        assert f'data-token="{token_for(asked)}"' in page


class TestALinkThatWorksNoMore:
    @pytest.mark.parametrize("name", PAGES)
    def test_expired(self, name: str, asked: FootageRequest, visitor_client: Client) -> None:
        let_time_pass(asked)
        answer = visitor_client.get(address(name, asked))
        assert answer.status_code == 409
        assert "This link has expired" in answer.content.decode()
        assert visitor_client.post(address(name, asked)).status_code in {405, 409}

    @pytest.mark.parametrize("name", PAGES)
    def test_withdrawn(self, name: str, asked: FootageRequest, visitor_client: Client) -> None:
        link = address(name, asked)
        closed_for_good(asked.incident)
        answer = visitor_client.get(link)
        assert answer.status_code == 409
        assert "This request was withdrawn" in answer.content.decode()

    @pytest.mark.parametrize("name", PAGES)
    def test_forged(self, name: str, asked: FootageRequest, visitor_client: Client) -> None:
        token = token_for(asked)
        forged = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]
        assert visitor_client.get(reverse(name, args=[forged])).status_code == 404
        assert state_of(asked) == RequestState.SENT


class TestLanguage:
    @pytest.fixture
    def asked_in_spanish(self, db: None) -> FootageRequest:
        return request_at("sent", registrant=registrant_at(language="es"))

    def test_it_is_the_owners(self, asked_in_spanish: FootageRequest, visitor_client: Client) -> None:
        page = visitor_client.get(address("reply", asked_in_spanish)).content.decode()
        assert '<html lang="es">' in page

    def test_the_reader_can_switch(self, asked_in_spanish: FootageRequest, visitor_client: Client) -> None:
        visitor_client.cookies["django_language"] = "en"
        page = visitor_client.get(address("reply", asked_in_spanish)).content.decode()
        assert '<html lang="en">' in page

    @pytest.mark.parametrize("name", PAGES)
    def test_a_link_that_works_no_more_says_so_in_it_too(
        self, name: str, asked_in_spanish: FootageRequest, visitor_client: Client
    ) -> None:
        let_time_pass(asked_in_spanish)
        answer = visitor_client.get(address(name, asked_in_spanish))
        assert answer.status_code == 409
        assert '<html lang="es">' in answer.content.decode()
        assert "Este enlace venció" in answer.content.decode()
