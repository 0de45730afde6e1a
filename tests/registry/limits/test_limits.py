"""The agency's limits: each act asks the row, and the database lets none of them pass its bounds."""

import ast
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.canvasses.models import FootageRequest
from registry.canvasses.services import requests
from registry.footage.policies import Offered, check_files
from registry.incidents.policies.reasons import check_lawful, check_reason
from registry.limits.models import BOUNDS, Limits
from tests.factories import REASON, draft_of, incident_at, request_at
from tests.repo.sources import ROOT, python_files, tree

pytestmark = pytest.mark.django_db

FIRST_VALUES = {
    "SHORTEST_WINDOW",
    "LONGEST_WINDOW",
    "SMALLEST_AREA_SQUARE_MILES",
    "LARGEST_AREA_SQUARE_MILES",
    "SMALLEST_RADIUS_M",
    "LARGEST_RADIUS_M",
    "LINK_LIFE",
    "REMIND_AFTER",
    "FILES_PER_REPLY",
    "BYTES_PER_REPLY",
    "EMPTY_REASONS",
}


def set_limits(**values: Any) -> None:
    Limits.objects.update(**values)


def test_they_begin_with_the_defaults() -> None:
    limits = Limits.current()
    assert {name: getattr(limits, name) for name in BOUNDS} == {name: one.default for name, one in BOUNDS.items()}
    limits.full_clean()


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_the_database_refuses_what_lies_beyond_the_bounds(name: str) -> None:
    wide = {"first_reminder_days": 1, "second_reminder_days": 2, "link_life_days": 30, "gigabytes_per_file": 1}
    bounds = BOUNDS[name]
    step = 1 if isinstance(bounds.least, int) else type(bounds.least)("0.001")
    for value in (bounds.least - step, bounds.most + step):
        with pytest.raises(IntegrityError), transaction.atomic():
            set_limits(**wide | {name: value})


@pytest.mark.parametrize(
    "values",
    [
        {"second_reminder_days": 3},
        {"link_life_days": 7},
        {"gigabytes_per_reply": 59},
    ],
)
def test_limits_that_contradict_each_other_are_refused_twice(values: dict[str, Any]) -> None:
    limits = Limits.current()
    for name, value in values.items():
        setattr(limits, name, value)
    with pytest.raises(ValidationError) as refused:
        limits.full_clean()
    assert set(values) <= refused.value.message_dict.keys()
    with pytest.raises(IntegrityError), transaction.atomic():
        set_limits(**values)


def test_there_is_never_a_second_row() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Limits.objects.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Limits.objects.create(only=False)


def test_a_search_asks_the_limits() -> None:
    incident = incident_at()
    assert not draft_of(incident, radius_m=300).beyond_limits
    set_limits(largest_area="0.100")
    assert draft_of(incident, radius_m=300).beyond_limits
    set_limits(largest_area="0.500", longest_window_hours=1)
    assert draft_of(incident, radius_m=300).beyond_limits
    set_limits(smallest_area="0.100", shortest_window_minutes=60)
    with pytest.raises(ValidationError, match=r"smallest is 0.1 square miles"):
        draft_of(incident, radius_m=200)
    set_limits(smallest_area="0.025")
    with pytest.raises(ValidationError, match="at least 60 minutes"):
        draft_of(incident, radius_m=200, starts_at=incident.ends_at - timedelta(minutes=30))


def test_a_link_lives_as_long_as_it_did_when_it_was_sent() -> None:
    before = request_at("sent")
    set_limits(link_life_days=20)
    after = request_at("sent")
    assert before.expires_at - before.sent_at == timedelta(days=10)
    assert after.expires_at - after.sent_at == timedelta(days=20)


def test_reminders_go_as_often_and_as_late_as_the_limits_say() -> None:
    asked = request_at("sent")
    FootageRequest.objects.filter(pk=asked.pk).update(sent_at=timezone.now() - timedelta(days=4))
    set_limits(reminders=0)
    assert requests.remind_due() == 0
    set_limits(reminders=2, first_reminder_days=5)
    assert requests.remind_due() == 0
    set_limits(first_reminder_days=3)
    assert requests.remind_due() == 1


def test_a_reply_asks_the_limits() -> None:
    asked = request_at("sent")
    set_limits(files_per_reply=1, gigabytes_per_file=1, gigabytes_per_reply=1)
    limits = Limits.current()
    check_files([Offered("door.mp4", 10**9)], asked, limits)
    for files in ([Offered("door.mp4", 10**9 + 1)], [Offered("a.mp4", 1), Offered("b.mp4", 1)]):
        with pytest.raises(ValidationError):
            check_files(files, asked, limits)


def test_the_agency_adds_phrases_and_takes_none_away() -> None:
    set_limits(empty_phrases=["Neighbors saw a grey van", "leave the alley after the break-in"])
    limits = Limits.current()
    with pytest.raises(ValidationError, match="does not say why"):
        check_reason(REASON, limits=limits)
    with pytest.raises(ValidationError, match="does not say why"):
        check_reason("investigation", limits=limits)
    with pytest.raises(ValidationError, match="never asked for because of a protest"):
        check_lawful("people at the protest", field="reason")


def test_nothing_but_the_limits_reads_their_first_values() -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in python_files("registry", "fusus_portal", "integration", "shop")
        if "registry.rules" in file.read_text("utf-8")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and node.module == "registry.rules"
        if FIRST_VALUES & {alias.name for alias in node.names}
    }
    assert found == set()
