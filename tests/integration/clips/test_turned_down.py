"""Answers without footage and mails that asked: also those of a release that did not note when."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from itertools import product

import pytest
from django.db import connection
from django.db.migrations import RunSQL
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.models import Message
from integration.clips import policies, selectors, services
from integration.clips.models import Clip
from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.canvasses.states import TOLD, WITHOUT_FOOTAGE, RequestState
from registry.footage.models import Upload
from registry.footage.selectors import uploads_of
from registry.footage.services import uploads
from registry.footage.states import UploadState
from registry.limits.models import Limits
from tests.factories import canvass_at
from tests.integration.clips.clipping import asked, core_of, sent
from tests.integration.clips.test_clips_and_canvasses import SILENT, arrived, told, with_rule
from tests.integration.clips.test_rule_and_owner import (
    asks_waiting,
    deputys_list,
    failed,
    file_at,
    late,
    mails_delivered,
    make_world as two_cameras,
    owners_pages,
    second_camera,
)
from tests.integration.critical.scenes import Scene
from tests.registry.canvasses.many import register_many
from tests.registry.entries import entries_of

pytestmark = pytest.mark.django_db

make_world = two_cameras

WAITS_TOO = "waits for you too"
HOUR = timedelta(hours=1)


def migrate(module: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module(module).KNOWN)


def answered_before(clip: Clip, state: str) -> None:
    """Write an answer as a release does that knows no `turned_down_at`."""
    FootageRequest.objects.filter(pk=clip.request_id).update(state=state, replied_at=timezone.now())


def forgotten(clip: Clip) -> None:
    """Forget when an owner was asked after all, as a release does that knows no `asked_after_all_at`."""
    FootageRequest.objects.filter(pk=clip.request_id).update(asked_after_all_at=None)
    mails_delivered()


@pytest.mark.parametrize("state", WITHOUT_FOOTAGE)
def test_an_answer_holds_that_a_release_without_the_column_wrote(world: Scene, state: str) -> None:
    by_rule, core = asked(world), core_of(world)
    by_hand = services.fetch(clip=asked(second_camera(world), after=20), by=world.owner)
    services.begin(core=core, clip=by_hand.pk, size=3, sha256="ab" * 32)
    answered_before(by_hand, state)
    assert [order["id"] for order in services.orders_for(core)] == [str(by_rule.pk)]
    arrived(by_rule)
    by_hand.request.refresh_from_db()
    assert by_hand.request.state == "footage"
    assert services.orders_for(core) == []
    with pytest.raises(NotYours):
        services.begin(core=core, clip=by_hand.pk, size=3, sha256="ab" * 32)
    uploads.sweep()
    assert not Upload.objects.filter(is_apart=True).exclude(state=UploadState.REMOVED).exists()


def test_rows_and_the_database_agree_on_each_answer_without_footage(world: Scene) -> None:
    core, clip = core_of(world), services.fetch(clip=asked(second_camera(world)), by=world.owner)
    now, request = timezone.now(), FootageRequest.objects.filter(pk=clip.request_id)
    file_at(clip, UploadState.READY)
    Upload.objects.update(touched_at=now)
    Clip.objects.filter(pk=clip.pk).update(ordered_at=now)
    moments = (now - HOUR, now, now + HOUR)
    answers = [(RequestState.SENT, None), *product((*WITHOUT_FOOTAGE, RequestState.FOOTAGE), moments)]
    assert {state for state, _moment in answers} >= set(TOLD)
    for (state, replied_at), turned_down_at in product(answers, (None, *moments)):
        request.update(state=state, replied_at=replied_at, turned_down_at=turned_down_at)
        found = selectors.of_requests([clip.request_id]).get()
        is_turned_down = policies.is_turned_down(found)
        assert selectors.ordered(core).exists() != is_turned_down, (state, replied_at, turned_down_at)
        assert bool(uploads_of(found.request).get().is_turned_down) == is_turned_down, (
            state,
            replied_at,
            turned_down_at,
        )


@pytest.mark.parametrize("state", WITHOUT_FOOTAGE)
def test_answers_from_before_the_column_are_known(world: Scene, state: str) -> None:
    clip = asked(world)
    answered_before(clip, state)
    migrate("registry.migrations.0025_turned_down_before")
    clip.request.refresh_from_db()
    assert clip.request.turned_down_at == clip.request.replied_at is not None


@pytest.mark.parametrize(
    "module",
    [
        "registry.migrations.0024_turned_down",
        "registry.migrations.0025_turned_down_before",
        "registry.migrations.0026_asked_after_all",
        "integration.migrations.0012_asked_after_all",
    ],
)
def test_no_row_is_filled_under_the_lock_of_a_new_column(module: str) -> None:
    operations = import_module(module).Migration.operations
    assert len({isinstance(operation, RunSQL) for operation in operations}) == 1


@pytest.mark.parametrize("cause", ["failed", "further"])
def test_who_was_asked_after_all_before_the_column_is_asked_by_no_second_mail(world: Scene, cause: str) -> None:
    Limits.objects.update(reminders=0)
    clip = asked(world)
    if cause == "failed":
        failed(clip)
    further = asked(second_camera(world), after=20) if cause == "further" else None
    forgotten(clip)
    migrate("integration.migrations.0012_asked_after_all")
    clip.refresh_from_db()
    assert clip.request.asked_after_all_at == (further.asked_at if further else clip.over_at)
    assert (requests.remind_due(), asks_waiting()) == (0, 0)


def test_who_was_never_asked_before_the_column_is_asked_once(world: Scene) -> None:
    Limits.objects.update(reminders=0)
    clip = asked(world)
    forgotten(clip)
    with late(clip):
        migrate("integration.migrations.0012_asked_after_all")
        assert [requests.remind_due(), requests.remind_due()] == [1, 0]


def queries_to_ask(owners: int, *, first: int) -> int:
    """Register owners, let their rules have given in vain, and count the queries in which the clock asks them."""
    register_many(owners, first=first)
    canvass = canvass_at("sent", cameras=0)
    mails_delivered()
    failure = {"state": "failed", "by_rule": True, "ordered_at": timezone.now(), "over_at": timezone.now()}
    window = {"starts_at": canvass.starts_at, "ends_at": canvass.starts_at + timedelta(minutes=5)}
    shared = {"incident": canvass.incident, "asked_by": canvass.created_by, "reason": "The door.", **failure, **window}
    Clip.objects.bulk_create(Clip(request=request, **shared) for request in canvass.requests.all())
    before = len(entries_of(Event.REQUEST_REMINDED))
    with CaptureQueriesContext(connection) as captured:
        assert requests.remind_due() == canvass.requests.count() >= owners
    assert asks_waiting() == len(entries_of(Event.REQUEST_REMINDED)) - before == canvass.requests.count()
    return len([row for row in captured if "SAVEPOINT" not in row["sql"]])


def test_the_queries_do_not_depend_on_how_many_are_asked() -> None:
    Limits.objects.update(reminders=0)
    assert queries_to_ask(1, first=0) == queries_to_ask(60, first=1)


def test_a_mail_about_a_clip_is_taken_back_once_its_owner_gives_it_and_no_other(world: Scene) -> None:
    first = asked(world)
    mails_delivered()
    arrived(first)
    with_rule(world, SILENT)
    further = asked(world, after=40)
    assert asks_waiting() == 1
    further = sent(services.fetch(clip=further, by=world.owner))
    arrived(services.give(clip=further, by=world.owner))
    assert asks_waiting() == 0
    assert told() == [world.deputy.email, world.deputy.email]
    assert Message.objects.filter(kind=MessageKind.FOOTAGE_RECEIVED).exists()


@pytest.mark.parametrize("answer", [requests.decline, requests.answer_none])
@pytest.mark.parametrize("is_ordered", [False, True])
def test_no_page_says_that_what_was_turned_down_waits_until_it_is_ordered_again(
    world: Scene, answer: Callable[..., FootageRequest], is_ordered: bool
) -> None:
    by_rule, by_hand = asked(world), asked(second_camera(world), after=20)
    if is_ordered:
        services.fetch(clip=by_hand, by=world.owner)
    answer(request=by_hand.request, by=world.owner)
    arrived(by_rule)
    pages = owners_pages(by_hand)
    assert not any(WAITS_TOO in page for page in pages.values())
    assert reverse("own_clip", args=[by_hand.pk]) in pages["link"]
    assert "Waits for the owner." in deputys_list(world)
    services.fetch(clip=by_hand, by=world.owner)
    assert {name for name, page in owners_pages(by_hand).items() if WAITS_TOO in page} == set(pages)
