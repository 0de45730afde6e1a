"""Two who agree, and incidents that never were: the glass shows a camera once a day, and a person twice a week."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.cores.models import DeviceCamera
from integration.critical import worklist
from integration.critical.models import Declaration, DeclarationKind
from integration.critical.services import break_glass, declarations
from integration.live.models import ViewGrant
from integration.live.services import offers, walls
from integration.live.services.gate import ViewRefused
from integration.live.video import decisions
from registry.incidents.services import incidents
from tests.factories import incident_at, person
from tests.integration.critical.scenes import (
    AGAIN,
    NETWORK,
    REASON,
    SESSION,
    Scene,
    checked,
    checked_on_line,
    scene,
)
from tests.integration.live.gate.test_view_guard import declared, insert
from tests.people import sign_in
from tests.registry.test_races import at_once

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SECOND = timedelta(seconds=1)
SEEN = "under another broken glass"
TWICE = "twice in 7 days"


def after(span: timedelta) -> time_machine.travel:
    return time_machine.travel(timezone.now() + span, tick=False)


def invented(made: Scene, *, by: User | None = None) -> Scene:
    """Return another incident that nobody has verified, at the same camera."""
    deputy = by or person(Role.DEPUTY)
    return Scene(deputy, made.supervisor, incident_at(by=deputy, verified=False), made.camera)


def glass_of(made: Scene, *, second: User | None = None) -> Declaration:
    """Break the glass; the second person need not work on the incident."""
    asked = break_glass.ask(incident=made.incident, by=made.deputy, reason=REASON)
    made.declaration = break_glass.confirm(declaration=asked, by=second or person(Role.DEPUTY))
    return made.declaration


def refused(view: Callable[[], object]) -> str:
    """Return the name of the condition that refuses a view."""
    with pytest.raises(ViewRefused) as error:
        view()
    return error.value.condition


@pytest.mark.django_db
class TestOneCamera:
    """A camera that was viewed under one glass is closed to any other for a day."""

    def test_two_deputies_do_not_see_it_under_one_invented_incident_after_another(self) -> None:
        first = scene(critical=False, verified=False)
        second, third = invented(first), invented(first)
        glass_of(first, second=second.deputy)
        assert checked(first.view())
        for each, partner in ((second, first.deputy), (third, person(Role.DEPUTY))):
            glass_of(each, second=partner)
            assert refused(each.view) == "another glass"
        assert ViewGrant.objects.count() == 1

    def test_its_own_views_go_on_and_begin_again(self) -> None:
        first = scene(critical=False, verified=False)
        glass_of(first)
        view = first.view()
        other = invented(first)
        glass_of(other)
        refused(other.view)
        assert checked(view)
        assert checked_on_line(view)
        assert checked(first.view(by=first.colleague(), reason=AGAIN))

    def test_a_camera_that_nobody_viewed_is_open_to_the_next_glass(self) -> None:
        first = scene(critical=False, verified=False)
        glass_of(first)
        other = invented(first)
        glass_of(other)
        assert checked(other.view())

    def test_the_day_counts_from_when_it_was_last_seen(self) -> None:
        first = scene(critical=False, verified=False)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            ended = glass_of(first).ends_at
            first.view()
            assert ended is not None
            clock.move_to(ended + DAY - SECOND)
            other = invented(first)
            glass_of(other)
            assert refused(other.view) == "another glass"
            clock.move_to(ended + DAY)
            assert checked(other.view())

    @pytest.mark.parametrize("verified", [True, False])
    def test_a_supervisors_word_opens_it(self, *, verified: bool) -> None:
        first = scene(critical=False, verified=verified)
        glass_of(first)
        first.view()
        other = invented(first)
        glass_of(other)
        refused(other.view)
        incidents.verify(incident=other.incident, by=person(Role.SUPERVISOR))
        other.declare(reason=AGAIN)
        assert checked(other.view())

    def test_the_page_and_the_wall_say_why_and_what_would_open_it(self) -> None:
        first = scene(critical=False, verified=False)
        glass_of(first)
        first.view()
        other = invented(first)
        glass_of(other)
        [offer] = offers.show(incident=other.incident, by=other.deputy).offers
        assert offer.decision.name == "another glass"
        page = sign_in(other.deputy).get(reverse("incident_live", args=[other.incident.pk])).text
        assert SEEN in page
        assert "A supervisor verifies the incident and declares it critical." in page
        [begun] = walls.start(
            incident=other.incident,
            cameras=[other.camera],
            by=other.deputy,
            reason=REASON,
            network=NETWORK,
            session=SESSION,
        )
        assert isinstance(begun.refused, ViewRefused)
        assert SEEN in begun.refused.sentence

    def test_a_view_that_should_never_have_begun_is_not_served(self) -> None:
        """Whatever made it so, here a camera of another device row: the gate asks again for each piece of video."""
        first, other = scene(critical=False, verified=False), scene(critical=False, verified=False)
        for made in (first, other):
            glass_of(made)
        first.view()
        view = other.view()
        assert checked(view)
        assert checked_on_line(view)
        rows = DeviceCamera.objects.filter(pk=first.camera.pk)
        rows.update(camera=other.camera.camera, removed_at=timezone.now())
        decisions.forget([view.pk])
        assert checked(view).name == "another glass"
        decisions.forget([view.pk])
        assert checked_on_line(view).name == "another glass"


@pytest.mark.django_db
class TestOnePerson:
    """A person asks or confirms twice in a week, over all incidents."""

    def test_a_third_question_is_refused(self) -> None:
        first = scene(critical=False, verified=False)
        asker = first.deputy
        glass_of(first)
        glass_of(invented(first, by=asker))
        third = invented(first, by=asker)
        with pytest.raises(Refused, match=TWICE):
            break_glass.ask(incident=third.incident, by=asker, reason=REASON)
        with after(WEEK):
            later = invented(first, by=asker)
            assert glass_of(later)

    def test_a_third_word_is_refused_whoever_asks(self) -> None:
        first, helper = scene(critical=False, verified=False), person(Role.SUPERVISOR)
        for made in (first, invented(first)):
            glass_of(made, second=helper)
        third = invented(first)
        asked = break_glass.ask(incident=third.incident, by=third.deputy, reason=REASON)
        for act in (break_glass.read, break_glass.confirm):
            with pytest.raises(Refused, match=TWICE):
                act(declaration=asked, by=helper)
        assert break_glass.confirm(declaration=asked, by=person(Role.DEPUTY))

    def test_asking_and_confirming_count_together(self) -> None:
        first = scene(critical=False, verified=False)
        two = (first.deputy, person(Role.DEPUTY))
        glass_of(first, second=two[1])
        glass_of(invented(first, by=two[1]), second=two[0])
        for asker in two:
            with pytest.raises(Refused, match=TWICE):
                break_glass.ask(incident=invented(first, by=asker).incident, by=asker, reason=REASON)

    def test_what_waits_counts_and_what_nobody_confirmed_does_not(self) -> None:
        """At night a colleague may sleep through the question: whoever asked for nothing has broken nothing."""
        first = scene(critical=False, verified=False)
        asker = first.deputy
        questions = [
            break_glass.ask(incident=made.incident, by=asker, reason=REASON)
            for made in (first, invented(first, by=asker))
        ]
        third = invented(first, by=asker)
        with pytest.raises(Refused, match=TWICE):
            break_glass.ask(incident=third.incident, by=asker, reason=REASON)
        declarations.decline(declaration=questions[0], by=asker)
        assert break_glass.ask(incident=third.incident, by=asker, reason=REASON)

    def test_the_pages_say_so_before_anything_is_typed_and_nobody_is_asked_in_vain(self) -> None:
        first = scene(critical=False, verified=False)
        asker = first.deputy
        glass_of(first)
        glass_of(invented(first, by=asker))
        third, waiting = invented(first, by=asker), invented(first)
        asked = break_glass.ask(incident=waiting.incident, by=waiting.deputy, reason=REASON)
        browser = sign_in(asker)
        for name, pk in (("glass_ask", third.incident.pk), ("glass_confirm", asked.pk)):
            answer = browser.get(reverse(name, args=[pk]))
            assert answer.status_code == 403
            assert TWICE in answer.text
        assert TWICE in browser.get(reverse("incident", args=[third.incident.pk])).text
        assert worklist.to_second(asker) == []
        assert len(worklist.to_second(person(Role.DEPUTY))) == 1


def glass_row(made: Scene, *two: User, **more: Any) -> dict[str, Any]:
    """Return the columns of glass that two people broke just now, as SQL would write them."""
    now = timezone.now()
    return {
        "kind": DeclarationKind.BREAK_GLASS,
        "declared_by": two[0],
        "seconded_by": two[1],
        "seconded_at": now,
        "starts_at": now,
        "first_at": now,
        "ends_at": now + timedelta(minutes=29),
        "justify_by": now + WEEK,
    } | more


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
class TestBySql:
    """The same as the application's role of the database, past every service."""

    def test_no_view_under_another_glass(self) -> None:
        first = scene(critical=False, verified=False)
        glass_of(first)
        first.view()
        other = invented(first)
        glass_of(other)
        soon = timezone.now() + timedelta(minutes=20)
        with pytest.raises(DatabaseError, match="closed to any other glass"):
            insert(other, ends_at=soon)
        insert(first, ends_at=soon, deputy_id=first.colleague().pk)

    def test_no_third_glass_of_one_person(self) -> None:
        first, two = scene(critical=False, verified=False), (person(Role.DEPUTY), person(Role.DEPUTY))
        for number in range(3):
            made = invented(first, by=two[number % 2])
            row = glass_row(made, made.deputy, two[1 - number % 2])
            if number < 2:
                declared(made, **row)
                continue
            with pytest.raises(DatabaseError, match="twice in 7 days"):
                declared(made, **row)
            early = timezone.now() - timedelta(days=3)
            for moment in (early, timezone.now() + timedelta(days=3)):
                moved = {"starts_at": moment, "first_at": moment, "ends_at": moment + timedelta(minutes=29)}
                with pytest.raises(DatabaseError, match="twice in 7 days"):
                    declared(made, **row | moved)
            with pytest.raises(DatabaseError, match="twice in 7 days"):
                declared(made, **row | dict.fromkeys(("starts_at", "first_at", "ends_at")), state="proposed")

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("DELETE FROM integration_viewgrant", "stays"),
            ("DELETE FROM integration_declaration", "stays"),
            ("UPDATE integration_viewgrant SET camera_id = NULL", "its camera"),
        ],
    )
    def test_what_was_seen_under_glass_is_not_forgotten(self, statement: str, words: str) -> None:
        first = scene(critical=False, verified=False)
        glass = glass_of(first)
        view = first.view()
        declarations.end(declaration=glass, by=first.deputy)
        view.refresh_from_db()
        assert view.state == "ended"
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=words):
            sql(statement)

    def test_a_camera_that_leaves_the_registry_still_takes_its_name_from_the_view(self) -> None:
        first = scene(critical=False, verified=False)
        glass = glass_of(first)
        view = first.view()
        declarations.end(declaration=glass, by=first.deputy)
        first.camera.delete()
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        view.refresh_from_db()
        assert view.camera_id is None


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two sessions in the same moment, each of which alone would be allowed."""

    def test_of_two_glasses_that_reach_for_one_camera_one_sees_it(self) -> None:
        first = scene(critical=False, verified=False)
        other = invented(first)
        for made in (first, other):
            glass_of(made)
        outcomes = at_once(first.view, other.view)
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, ViewRefused)
        assert error.condition == "another glass"
        assert ViewGrant.objects.count() == 1

    def test_of_two_questions_of_one_person_the_second_is_the_third(self) -> None:
        first = scene(critical=False, verified=False)
        asker = first.deputy
        glass_of(first)
        pair = [invented(first, by=asker) for _each in range(2)]
        outcomes = at_once(
            *(partial(break_glass.ask, incident=each.incident, by=asker, reason=REASON) for each in pair)
        )
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, Refused)

    def test_of_two_questions_that_one_person_confirms_at_once_one_breaks(self) -> None:
        first, helper = scene(critical=False, verified=False), person(Role.DEPUTY)
        glass_of(first, second=helper)
        pair = [invented(first) for _each in range(2)]
        asked = [break_glass.ask(incident=each.incident, by=each.deputy, reason=REASON) for each in pair]
        outcomes = at_once(*(partial(break_glass.confirm, declaration=each, by=helper) for each in asked))
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, Refused)

    def test_of_two_pairs_that_confirm_each_other_neither_waits_for_the_other(self) -> None:
        first = scene(critical=False, verified=False)
        other = invented(first)
        asked = [break_glass.ask(incident=each.incident, by=each.deputy, reason=REASON) for each in (first, other)]
        outcomes = at_once(
            partial(break_glass.confirm, declaration=asked[0], by=other.deputy),
            partial(break_glass.confirm, declaration=asked[1], by=first.deputy),
        )
        assert [each.state for each in outcomes] == ["in_force", "in_force"]

    @pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
    def test_of_two_sessions_by_sql_one_writes_its_view(self, level: str) -> None:
        first = scene(critical=False, verified=False)
        other = invented(first)
        for made in (first, other):
            glass_of(made)
        soon = timezone.now() + timedelta(minutes=20)

        def write(made: Scene) -> UUID:
            with transaction.atomic():
                sql(f"SET TRANSACTION ISOLATION LEVEL {level}")
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM integration_viewgrant")
                insert(made, ends_at=soon)
            return made.incident.pk

        outcomes = at_once(partial(write, first), partial(write, other))
        written = [each for each in outcomes if isinstance(each, UUID)]
        assert len(written) == ViewGrant.objects.count() == (1 if level == "READ COMMITTED" else 0)

    def test_of_two_sessions_by_sql_one_writes_the_last_glass_of_a_person(self) -> None:
        first, helper = scene(critical=False, verified=False), person(Role.DEPUTY)
        glass_of(first, second=helper)
        pair = [invented(first) for _each in range(2)]
        outcomes = at_once(*(partial(declared, each, **glass_row(each, each.deputy, helper)) for each in pair))
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, DatabaseError)
