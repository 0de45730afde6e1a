"""A request of any kind that waits for a second person falls with the asker's role or account."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.forms import model_to_dict

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.lifecycle import Refused
from integration.critical import services
from registry.canvasses.services import approvals
from registry.imports.services import exports
from registry.incidents.models import Assignment
from registry.incidents.services import dispatch
from tests.database.operator import as_operator
from tests.factories import canvass_at, person
from tests.integration.critical.scenes import REASON, scene
from tests.registry.incidents.dispatching import Sender

FALLEN = "may no longer ask for it"
LARGE_M = 700.0


@dataclass(frozen=True)
class Pending:
    """Something that waits: who asked, what it is, and how a second person allows it."""

    asker: User
    row: models.Model
    allow: Callable[[], object]

    def now(self) -> dict[str, Any]:
        """Return the row as it is."""
        self.row.refresh_from_db()
        return model_to_dict(self.row) | {"state": getattr(self.row, "state", "")}


def a_key() -> Pending:
    key, second = Sender(approved=False).key, person(Role.ADMINISTRATOR)
    return Pending(key.proposed_by, key, lambda: dispatch.approve_key(key=key, by=second))


def a_copy() -> Pending:
    first, second = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    export = exports.propose(reason="We move to another portal in May.", by=first)
    return Pending(first, export, lambda: exports.approve(export=export, by=second))


def a_canvass() -> Pending:
    canvass, second = canvass_at("waiting"), person(Role.SUPERVISOR)
    return Pending(canvass.created_by, canvass, lambda: approvals.grant(canvass=canvass, by=second))


def a_large_declaration() -> Pending:
    made, second = scene(critical=False), person(Role.SUPERVISOR)
    waiting = made.declare(radius_m=LARGE_M)
    return Pending(made.supervisor, waiting, lambda: services.second_declaration(declaration=waiting, by=second))


def a_glass() -> Pending:
    made = scene(critical=False)
    second = made.colleague()
    waiting = services.ask_for_glass(incident=made.incident, by=made.deputy, reason=REASON)
    return Pending(made.deputy, waiting, lambda: services.break_glass(declaration=waiting, by=second))


KINDS = [a_key, a_copy, a_canvass, a_large_declaration, a_glass]


def loses(asker: User, **what: Any) -> None:
    with as_operator():
        User.objects.filter(pk=asker.pk).update(**what)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "lost", [{"role": "clerk"}, {"is_active": False, "disabled_at": "2026-01-01T00:00Z"}], ids=["role", "account"]
)
def test_it_falls_with_the_askers_role_and_account(kind: Callable[[], Pending], lost: dict[str, Any]) -> None:
    pending = kind()
    before = pending.now()
    loses(pending.asker, **lost)
    with pytest.raises(Refused, match=FALLEN):
        pending.allow()
    assert pending.now() == before


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_lock_takes_nothing_from_it(kind: Callable[[], Pending]) -> None:
    pending = kind()
    User.objects.filter(pk=pending.asker.pk).update(locked_at="2026-01-01T00:00Z")
    pending.allow()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [a_canvass, a_glass])
def test_it_falls_when_the_asker_is_taken_off_the_incident(kind: Callable[[], Pending]) -> None:
    pending = kind()
    Assignment.objects.filter(user=pending.asker).delete()
    with pytest.raises(Refused, match=FALLEN):
        pending.allow()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_it_waits_for_what_is_done_to_the_asker(kind: Callable[[], Pending]) -> None:
    pending, begun = kind(), threading.Event()

    def allow() -> str:
        begun.set()
        try:
            pending.allow()
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            loses(pending.asker, role="clerk")
            answer = pool.submit(allow)
            begun.wait()
            assert not wait([answer], timeout=0.5).done
        assert FALLEN in answer.result()
