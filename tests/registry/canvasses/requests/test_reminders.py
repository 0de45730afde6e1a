"""Reminders: by themselves, at most two, to those who have not answered, and out of the deputies' sight (R4)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from registry.canvasses import policies
from registry.canvasses.links import link_actor
from registry.canvasses.models import Canvass, FootageRequest
from registry.canvasses.services import canvasses, requests
from registry.canvasses.tasks import remind
from registry.footage.models import Upload
from registry.footage.states import UploadState
from registry.incidents.models import Incident
from registry.limits.models import Limits
from registry.rules import LINK_LIFE, REMIND_AFTER, REMINDERS
from tests.factories import LINN_PARK, canvass_at, draft_of, incident_at, north_of, registrant_at, request_at
from tests.registry.canvasses.many import register_many
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
FIRST, SECOND = REMIND_AFTER


def make_world() -> FootageRequest:
    """Return a request that waits for its answer, far from Linn Park."""
    far = north_of(LINN_PARK, 5_000)
    registrant_at(far)
    canvass = draft_of(incident_at(far))
    canvasses.send(canvass=canvass, by=canvass.created_by)
    return FootageRequest.objects.select_related("incident__opened_by", "registrant__user").get()


@pytest.fixture
def request_sent(world: FootageRequest) -> FootageRequest:
    return world


def let_wait(requests_sent: FootageRequest | Canvass, waited: timedelta) -> None:
    """Move a request, or those of a canvass, into the past, as if they had been sent so long ago."""
    one = isinstance(requests_sent, FootageRequest)
    found = FootageRequest.objects.filter(**{"pk" if one else "canvass": requests_sent.pk})
    for request in found:
        shift = timezone.now() - waited - request.sent_at
        found.filter(pk=request.pk).update(
            sent_at=request.sent_at + shift,
            expires_at=request.expires_at + shift,
            reminded_at=request.reminded_at and request.reminded_at + shift,
        )


def reminded(request: FootageRequest) -> int:
    """Return how many reminders of a request were written; its row, its entries and its messages agree."""
    request.refresh_from_db()
    written = Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER, subject_id=str(request.pk)).count()
    assert written == request.reminders == len(entries_of(Event.REQUEST_REMINDED, request))
    return written


def test_the_clock_runs_it() -> None:
    assert remind.name in {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}


def test_two_reminders_go_after_three_days_and_after_seven(request_sent: FootageRequest) -> None:
    assert (timedelta(days=3), timedelta(days=7), 2) == (FIRST, SECOND, REMINDERS)
    for waited, so_far in [
        (FIRST - MINUTE, 0),
        (FIRST, 1),
        (FIRST + MINUTE, 1),
        (SECOND - MINUTE, 1),
        (SECOND + MINUTE, 2),
        (LINK_LIFE - MINUTE, 2),
    ]:
        let_wait(request_sent, waited)
        remind()
        assert reminded(request_sent) == so_far, waited


def test_one_that_went_late_keeps_its_distance_from_the_next(request_sent: FootageRequest) -> None:
    let_wait(request_sent, SECOND + MINUTE)
    assert [remind(), remind()] == [1, 0]
    let_wait(request_sent, LINK_LIFE - MINUTE)
    assert (remind(), reminded(request_sent)) == (0, 1)


def test_the_owner_is_written_to_in_their_language_by_the_clock(resident: User) -> None:
    request = request_at("sent", registrant=registrant_at(user=resident, language="es"))
    let_wait(request, FIRST)
    remind()
    message = Message.objects.get(kind=MessageKind.FOOTAGE_REMINDER)
    assert (message.to, message.language) == (resident.email, "es")
    assert message.context == {"request": str(request.pk), "reminder": 1}
    (entry,) = entries_of(Event.REQUEST_REMINDED, request)
    assert (entry.actor_kind, entry.actor_id, entry.incident_id) == (
        "task",
        requests.REMINDER,
        str(request.incident_id),
    )
    assert entry.facts == {"reminder": 1}


@pytest.mark.parametrize("state", ["footage", "none", "declined", "withdrawn", "expired"])
def test_nobody_is_reminded_whose_request_does_not_wait(state: str) -> None:
    request = request_at(state)
    let_wait(request, FIRST)
    assert (remind(), reminded(request)) == (0, 0)


def test_nobody_is_reminded_whose_link_is_dead_before_the_schedule_ends_it(request_sent: FootageRequest) -> None:
    let_wait(request_sent, LINK_LIFE + MINUTE)
    assert (remind(), reminded(request_sent)) == (0, 0)


def test_nobody_is_reminded_whose_file_waits_for_its_check(request_sent: FootageRequest) -> None:
    let_wait(request_sent, FIRST)
    upload = Upload.objects.create(
        request=request_sent, name="porch.jpg", size=5, given_at=timezone.now(), state=UploadState.CHECKING
    )
    assert remind() == 0
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.REFUSED)
    assert remind() == 1


@pytest.mark.parametrize("ended", ["canvass", "incident"])
def test_nobody_is_reminded_for_what_is_closed(request_sent: FootageRequest, ended: str) -> None:
    """Closing withdraws what waits; the reminder does not rely on it."""
    let_wait(request_sent, FIRST)
    by, now = request_sent.incident.opened_by, timezone.now()
    if ended == "canvass":
        Canvass.objects.filter(pk=request_sent.canvass_id).update(state="closed", closed_by=by, closed_at=now)
    else:
        Incident.objects.filter(pk=request_sent.incident_id).update(state="closed", closed_by=by, closed_at=now)
    assert remind() == 0


@pytest.mark.parametrize("answer", [requests.give, requests.answer_none, requests.decline])
def test_an_answer_takes_back_a_reminder_that_has_not_left(request_sent: FootageRequest, answer: object) -> None:
    let_wait(request_sent, FIRST)
    remind()
    assert callable(answer)
    answer(request=request_sent, by=link_actor(request_sent))
    assert not Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER).exists()


def test_one_act_reminds_only_of_what_is_due() -> None:
    due, young = request_at("sent"), request_at("sent")
    let_wait(due, FIRST)
    assert remind() == 1
    assert (reminded(due), reminded(young)) == (1, 0)


def test_it_works_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "REMINDED_AT_ONCE", 2)
    let_wait(canvass_at("sent", cameras=5), FIRST)
    assert [remind(), remind()] == [5, 0]
    assert len(entries_of(Event.REQUEST_REMINDED)) == 5


@pytest.mark.parametrize("owners", [1, 60])
def test_the_queries_do_not_depend_on_how_many_are_reminded(owners: int) -> None:
    register_many(owners)
    let_wait(canvass_at("sent", cameras=0), FIRST)
    with CaptureQueriesContext(connection) as captured:
        assert remind() == owners
    assert len([row for row in captured if "SAVEPOINT" not in row["sql"]]) <= 9


@pytest.mark.parametrize(
    ("number", "gone", "ends", "asked", "follows"),
    [
        (2, 1, 10, None, True),
        (2, 2, 10, None, False),
        (1, 1, 10, None, False),
        (1, 2, 10, None, False),
        (2, 1, 8, None, True),
        (2, 1, 7, None, False),
        (2, 1, 10, 5, True),
        (2, 1, 10, 6, False),
    ],
)
def test_a_reminder_promises_another_only_where_one_follows(
    number: int, gone: int, ends: int, asked: int | None, follows: bool
) -> None:
    """ends, asked: days after the request. The first reminder came after three days."""
    sent_at = timezone.now()
    request = FootageRequest(
        sent_at=sent_at,
        reminded_at=sent_at + FIRST,
        expires_at=sent_at + timedelta(days=ends),
        asked_after_all_at=None if asked is None else sent_at + timedelta(days=asked),
    )
    limits = Limits(reminders=number, first_reminder_days=FIRST.days, second_reminder_days=SECOND.days)
    assert policies.has_further_reminder(request, gone, limits) is follows


def test_a_decline_after_the_first_ends_them(request_sent: FootageRequest) -> None:
    let_wait(request_sent, FIRST)
    remind()
    requests.decline(request=request_sent, by=link_actor(request_sent))
    let_wait(request_sent, SECOND + MINUTE)
    assert remind() == 0


def test_a_deputy_sees_nothing_of_reminders(deputy: User, deputy_client: Client) -> None:
    canvass = canvass_at("sent", cameras=2, by=deputy)
    pages = [
        reverse("canvass", args=[canvass.pk]),
        reverse("canvass_replies", args=[canvass.pk]),
        reverse("incident", args=[canvass.incident_id]),
        reverse("console"),
    ]
    let_wait(canvass, FIRST)
    before = [_visible(deputy_client, page) for page in pages]
    assert remind() == 2
    assert [_visible(deputy_client, page) for page in pages] == before
    assert not Message.objects.filter(kind=MessageKind.FOOTAGE_REMINDER, to=deputy.email).exists()


@pytest.mark.parametrize("declines", [True, False])
def test_the_log_of_an_incident_tells_a_deputy_no_difference_between_declined_and_silent(
    declines: bool, deputy: User, deputy_client: Client
) -> None:
    canvass = canvass_at("sent", cameras=1, incident=incident_at(by=deputy))
    request = FootageRequest.objects.get(canvass=canvass)
    page = reverse("incident_log", args=[canvass.incident_id])
    before = _visible(deputy_client, page)
    if declines:
        requests.decline(request=request, by=link_actor(request))
    let_wait(request, FIRST)
    assert remind() == (0 if declines else 1)
    assert _visible(deputy_client, page) == before


@pytest.mark.parametrize(
    "written",
    [{"reminders": 1}, {"reminders": REMINDERS + 1, "reminded_at": timezone.now}, {"reminded_at": timezone.now}],
)
def test_the_database_holds_at_most_two_each_with_its_time(
    request_sent: FootageRequest, written: dict[str, object]
) -> None:
    values = {name: value() if callable(value) else value for name, value in written.items()}
    with pytest.raises(IntegrityError, match="request_reminders_have_time"), transaction.atomic():
        FootageRequest.objects.filter(pk=request_sent.pk).update(**values)


def _visible(client: Client, page: str) -> str:
    """Return a page as it is read: without the token, new on each."""
    lines = client.get(page).content.decode().splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)
