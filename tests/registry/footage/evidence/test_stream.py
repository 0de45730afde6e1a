"""Playing and downloading over HTTP: any part of the file, for a person with permission, and nothing that could run."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.serving import byte_range
from registry.footage import media_types, storage
from registry.footage.models import Evidence
from registry.footage.views import evidence
from registry.incidents.services import incidents
from tests.accounts.suspending import suspended
from tests.factories import person, request_at
from tests.people import sign_in
from tests.registry.entries import entries_of
from tests.registry.footage.footage import given, let_tickets_expire, video
from tests.registry.footage.keeping import PICTURE

PARTS: list[dict[str, str]] = [{}, {"Range": "bytes=0-99"}, {"Range": "bytes=100-"}, {"Range": "bytes=-1"}]
MOVED = "He works at the desk from now on."
REASON = "Look for the grey van that neighbors saw leave the alley"


@dataclass
class World:
    """A video that was given, and the browser in which a deputy said why to play it."""

    found: Evidence
    session: str


def make_kept_world() -> World:
    found = given(request_at("sent"))
    browser = sign_in(found.request.incident.opened_by)
    browser.post(reverse("evidence", args=[found.pk]), {"reason": REASON, "act": "view"})
    return World(found, browser.cookies["sessionid"].value)


@pytest.fixture
def found(kept_world: World) -> Evidence:
    """The video."""
    return kept_world.found


@pytest.fixture
def deputy(found: Evidence) -> User:
    """The deputy who works on the incident."""
    return found.request.incident.opened_by


@pytest.fixture
def browser(kept_world: World) -> Client:
    """The deputy's browser, after the deputy said why."""
    browser = Client()
    browser.cookies["sessionid"] = kept_world.session
    return browser


@pytest.fixture
def stream(found: Evidence) -> str:
    """The address of the player's video."""
    return reverse("evidence_stream", args=[found.pk])


def body(answer: Any) -> bytes:
    """Return all bytes of an answer. Its client closes it after the last, as the server would."""
    return b"".join(answer) if isinstance(answer, StreamingHttpResponse) else answer.content


def offsets(size: int) -> Iterator[tuple[int, int]]:
    """Return first and last bytes of ranges all over a file, at the borders of pieces too."""
    for first in (0, 1, 255, size // 3, byte_range.PIECE - 1, byte_range.PIECE, size // 2, size - 2, size - 1):
        for length in (1, 2, 1000, byte_range.PIECE, size):
            if first < size:
                yield first, min(first + length - 1, size - 1)


class TestPlaying:
    def test_the_whole_file_comes_in_pieces(self, browser: Client, stream: str, found: Evidence) -> None:
        answer = browser.get(stream)
        assert answer.status_code == 200
        assert answer["Content-Length"] == str(len(video()))
        assert answer["Accept-Ranges"] == "bytes"
        assert hashlib.sha256(body(answer)).hexdigest() == found.sha256

    def test_each_range_is_answered_with_exactly_its_bytes(self, browser: Client, stream: str) -> None:
        content = video()
        for first, last in offsets(len(content)):
            answer = browser.get(stream, headers={"Range": f"bytes={first}-{last}"})
            assert answer.status_code == 206
            assert answer["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
            assert answer["Content-Length"] == str(last - first + 1)
            assert body(answer) == content[first : last + 1]

    def test_the_last_bytes_can_be_asked_for(self, browser: Client, stream: str) -> None:
        answer = browser.get(stream, headers={"Range": "bytes=-500"})
        assert (answer.status_code, body(answer)) == (206, video()[-500:])

    def test_an_open_range_is_answered_in_portions(
        self, browser: Client, stream: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evidence, "LARGEST_ANSWER", 1000)
        answer = browser.get(stream, headers={"Range": "bytes=100-"})
        assert answer["Content-Range"] == f"bytes 100-1099/{len(video())}"
        assert body(answer) == video()[100:1100]

    def test_a_range_behind_the_end_is_refused(self, browser: Client, stream: str) -> None:
        answer = browser.get(stream, headers={"Range": f"bytes={len(video())}-"})
        assert answer.status_code == 416
        assert answer["Content-Range"] == f"bytes */{len(video())}"

    @pytest.mark.parametrize("header", ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2"])
    def test_a_range_that_it_need_not_understand_gives_the_whole(
        self, browser: Client, stream: str, header: str
    ) -> None:
        answer = browser.get(stream, headers={"Range": header})
        assert (answer.status_code, body(answer)) == (200, video())

    def test_if_range_holds_for_the_same_file_only(self, browser: Client, stream: str, found: Evidence) -> None:
        same = browser.get(stream, headers={"Range": "bytes=0-9", "If-Range": f'"{found.sha256}"'})
        assert same["ETag"] == f'"{found.sha256}"'
        assert (same.status_code, body(same)) == (206, video()[:10])
        other = browser.get(stream, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
        assert (other.status_code, body(other)) == (200, video())

    def test_head_tells_the_size_and_sends_nothing(self, browser: Client, stream: str) -> None:
        answer = browser.head(stream, headers={"Range": "bytes=0-9"})
        assert (answer.status_code, answer["Content-Length"], answer.content) == (206, "10", b"")

    def test_nothing_that_it_sends_can_run_or_be_kept(self, browser: Client, stream: str, found: Evidence) -> None:
        answer = browser.get(stream)
        body(answer)
        assert answer["Content-Type"] == "video/mp4"
        assert answer["Content-Disposition"] == f'inline; filename="{found.number}.mp4"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"

    def test_what_no_browser_plays_is_handed_out_as_a_file(
        self, browser: Client, stream: str, found: Evidence, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(media_types.MEDIA_TYPES, found.content_type, media_types.MEDIA_TYPES["video/x-msvideo"])
        answer = browser.get(stream)
        body(answer)
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"] == f'attachment; filename="{found.number}.avi"'

    def test_the_file_is_closed_when_the_player_goes_away(
        self, browser: Client, stream: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened: list[BinaryIO] = []
        real = storage.stored

        def noted(key: str) -> BinaryIO:
            opened.append(real(key))
            return opened[-1]

        monkeypatch.setattr(storage, "stored", noted)
        answer: Any = browser.get(stream)
        next(iter(answer))
        assert not opened[0].closed
        answer.close()
        assert opened[0].closed

    def test_many_ranges_are_one_view(self, browser: Client, stream: str, found: Evidence) -> None:
        for first in range(0, 5000, 500):
            body(browser.get(stream, headers={"Range": f"bytes={first}-{first + 499}"}))
        assert len(entries_of(Event.EVIDENCE_VIEWED, found)) == 1


@pytest.mark.django_db(transaction=True)
class TestDownloading:
    @pytest.fixture
    def found(self) -> Evidence:
        """A video that was given just now."""
        return given(request_at("sent"))

    @pytest.fixture
    def browser(self, deputy: User) -> Client:
        """The deputy's browser."""
        return sign_in(deputy)

    @pytest.mark.parametrize("act", ["view", "download"])
    def test_it_opens_for_a_reason(self, browser: Client, found: Evidence, act: str) -> None:
        browser.post(reverse("evidence", args=[found.pk]), {"reason": REASON, "act": act})
        assert AuditEntry.objects.filter(event=f"registry:evidence:{act}").exists()

    def test_it_is_a_deliberate_act_with_an_entry_and_a_name(self, browser: Client, found: Evidence) -> None:
        page = browser.post(reverse("evidence", args=[found.pk]), {"reason": REASON, "act": "download"}, follow=True)
        assert page.redirect_chain == [(reverse("evidence_download", args=[found.pk]), 302)]
        assert page["Content-Disposition"] == f'attachment; filename="{found.number}.mp4"'
        assert page["Content-Type"] == "application/octet-stream"
        assert body(page) == video()
        assert len(entries_of(Event.EVIDENCE_DOWNLOADED, found)) == 1

    def test_one_that_broke_off_goes_on(self, browser: Client, found: Evidence) -> None:
        body(browser.post(reverse("evidence", args=[found.pk]), {"reason": REASON, "act": "download"}, follow=True))
        answer = browser.get(reverse("evidence_download", args=[found.pk]), headers={"Range": "bytes=1000-"})
        assert (answer.status_code, body(answer)) == (206, video()[1000:])


class TestWithoutLeave:
    @pytest.mark.parametrize("name", ["evidence_stream", "evidence_download"])
    def test_nothing_comes_before_the_reason(self, deputy: User, found: Evidence, name: str) -> None:
        before = len(entries_of(Event.EVIDENCE_VIEWED))
        answer = sign_in(deputy).get(reverse(name, args=[found.pk]), headers={"Range": "bytes=0-0"})
        assert answer.status_code == 403
        assert "Open it again" in answer.content.decode()
        assert len(entries_of(Event.EVIDENCE_VIEWED)) == before

    def test_leave_to_play_is_none_to_download(self, browser: Client, stream: str, found: Evidence) -> None:
        assert browser.get(reverse("evidence_download", args=[found.pk])).status_code == 403

    def test_after_ten_minutes_it_ends(self, browser: Client, stream: str) -> None:
        body(browser.get(stream))
        assert let_tickets_expire() == 1
        assert browser.get(stream).status_code == 403

    def test_another_sign_in_of_the_same_person_has_none(self, deputy: User, stream: str) -> None:
        assert sign_in(deputy).get(stream).status_code == 403

    def test_a_copied_session_entry_is_no_leave(self, browser: Client, stream: str) -> None:
        other = sign_in(person(Role.SUPERVISOR))
        session = other.session
        session["footage_tickets"] = browser.session["footage_tickets"]
        session.save()
        assert other.get(stream).status_code == 403

    def test_nor_is_it_for_a_colleague_who_may_look_with_a_reason_of_their_own(
        self, browser: Client, stream: str, found: Evidence, deputy: User
    ) -> None:
        colleague = person(Role.DEPUTY)
        incidents.assign(incident=found.request.incident, user=colleague, by=person(Role.SUPERVISOR))
        other = sign_in(colleague)
        session = other.session
        session["footage_tickets"] = browser.session["footage_tickets"]
        session.save()
        for part in PARTS:
            assert other.get(stream, headers=part).status_code == 403

    def test_a_ticket_is_for_one_file(self, browser: Client, stream: str, found: Evidence, deputy: User) -> None:
        other = given(request_at("sent", by=deputy), content=PICTURE, name="yard.jpg")
        session = browser.session
        (kept,) = session["footage_tickets"].values()
        session["footage_tickets"] = {f"{Event.EVIDENCE_VIEWED} {other.pk}": kept}
        session.save()
        for part in PARTS:
            assert browser.get(reverse("evidence_stream", args=[other.pk]), headers=part).status_code == 403

    def test_after_signing_out_neither_its_cookie_nor_its_ticket_gets_a_byte(
        self, browser: Client, stream: str, deputy: User
    ) -> None:
        body(browser.get(stream))
        cookie, kept = browser.cookies["sessionid"].value, browser.session["footage_tickets"]
        browser.post(reverse("account_logout"))
        thief = Client()
        thief.cookies["sessionid"] = cookie
        again = sign_in(deputy)
        session = again.session
        session["footage_tickets"] = kept
        session.save()
        for part in PARTS:
            assert thief.get(stream, headers=part).status_code == 302  # to the sign-in
            assert again.get(stream, headers=part).status_code == 403

    def test_after_another_role_it_gets_no_further_part(self, browser: Client, stream: str, deputy: User) -> None:
        body(browser.get(stream, headers=PARTS[1]))
        first, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
        change = role_changes.propose(kind="change_role", account=deputy, reason=MOVED, by=first, role=Role.CLERK)
        role_changes.approve(change=change, by=second)
        for part in PARTS:
            assert browser.get(stream, headers=part).status_code in {302, 403}

    def test_who_is_suspended_gets_no_further_part(self, browser: Client, stream: str, deputy: User) -> None:
        body(browser.get(stream, headers=PARTS[1]))
        suspended(deputy)
        for part in PARTS:
            assert browser.get(stream, headers=part).status_code == 302

    def test_who_was_taken_off_the_incident_finds_nothing(
        self, browser: Client, stream: str, found: Evidence, deputy: User
    ) -> None:
        incidents.unassign(incident=found.request.incident, user=deputy, by=person(Role.SUPERVISOR))
        assert browser.get(stream).status_code == 404

    def test_a_deputy_of_another_incident_finds_nothing(self, stream: str) -> None:
        assert sign_in(person(Role.DEPUTY)).get(stream).status_code == 404

    @pytest.mark.parametrize("role", [Role.RESIDENT, Role.AUDITOR, Role.CLERK, Role.ADMINISTRATOR])
    def test_other_roles_are_refused(self, stream: str, role: Role) -> None:
        assert sign_in(person(role)).get(stream).status_code == 403
