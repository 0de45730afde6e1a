"""Bounds that the database holds for broken glass, past every service, and for two sessions in the same moment."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.critical import services
from integration.critical.models import DeclarationKind
from integration.live.models import ViewGrant
from integration.live.services.gate import ViewRefused
from tests.factories import person
from tests.integration.critical.scenes import REASON, Scene, glass_of, invented, scene
from tests.integration.live.gate.test_view_guard import declared, insert
from tests.registry.test_races import at_once

WEEK = timedelta(days=7)


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


def sql(statement: str, *values: str | UUID) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
class TestBySql:
    """The same bounds for SQL of the application's role, past every service."""

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
        services.end_declaration(declaration=glass, by=first.deputy)
        view.refresh_from_db()
        assert view.state == "ended"
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=words):
            sql(statement)

    def test_a_camera_that_leaves_the_registry_still_takes_its_name_from_the_view(self) -> None:
        first = scene(critical=False, verified=False)
        glass = glass_of(first)
        view = first.view()
        services.end_declaration(declaration=glass, by=first.deputy)
        first.camera.delete()
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        view.refresh_from_db()
        assert view.camera_id is None


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two sessions in the same moment; each alone would be allowed."""

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
            *(partial(services.ask_for_glass, incident=each.incident, by=asker, reason=REASON) for each in pair)
        )
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, Refused)

    def test_of_two_questions_that_one_person_confirms_at_once_one_breaks(self) -> None:
        first, helper = scene(critical=False, verified=False), person(Role.DEPUTY)
        glass_of(first, second=helper)
        pair = [invented(first) for _each in range(2)]
        asked = [services.ask_for_glass(incident=each.incident, by=each.deputy, reason=REASON) for each in pair]
        outcomes = at_once(*(partial(services.break_glass, declaration=each, by=helper) for each in asked))
        [error] = [each for each in outcomes if isinstance(each, Exception)]
        assert isinstance(error, Refused)

    def test_of_two_pairs_that_confirm_each_other_neither_waits_for_the_other(self) -> None:
        first = scene(critical=False, verified=False)
        other = invented(first)
        asked = [
            services.ask_for_glass(incident=each.incident, by=each.deputy, reason=REASON) for each in (first, other)
        ]
        outcomes = at_once(
            partial(services.break_glass, declaration=asked[0], by=other.deputy),
            partial(services.break_glass, declaration=asked[1], by=first.deputy),
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
