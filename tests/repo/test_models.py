"""The database holds what must be true of every row: who with when, states in their list, amounts above zero."""

from typing import ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps
from django.utils import timezone

from tests.repo import model_rules

pytestmark = pytest.mark.django_db

HELD_OTHERWISE = {
    "Declaration.declared_at without declared_by": "declaration_declared_by_somebody",
    "Declaration.ended_at without ended_by": "declaration_ended_by_somebody",
    "Incident.opened_at without opened_by": "incident_opened_by_source",
    "RoleChange.approved_at without approved_by": "role_change_names_both_people",
    "RoleChange.proposed_at without proposed_by": "role_change_names_both_people",
    "Suspension.confirmed_at without confirmed_by": "suspension_names_both_people",
    "Suspension.suspended_at without suspended_by": "suspension_names_both_people",
}
"""Times without a person. An operator at the server may act for an administrator, and dispatch for the person who opens
an incident or declares it critical; a declaration that nobody ended was ended by the clock, or with the incident.

The constraint named holds that nobody else may.
"""

LEDGER_KINDS = {"AuditDetail.kind"}
"""Written by one function of the ledger from its own list, insert-only, and read back by digest alone."""


def test_who_never_stands_without_when_nor_when_without_who() -> None:
    loose = {half for model in model_rules.own_models() for half in model_rules.loose_pairs(model)}
    assert loose == set(HELD_OTHERWISE)


def test_only_an_operator_stands_in_for_an_administrator() -> None:
    model = apps.get_model("accounts", "RoleChange")
    check = model_rules.conditions(model)["role_change_names_both_people"]
    alone, someone = {"by_operator": False, "approved_at": timezone.now()}, model_rules.SOMEBODY
    assert model_rules.holds(model, check, **alone, approved_by=someone, proposed_by=someone)
    assert not model_rules.holds(model, check, **alone, approved_by=None, proposed_by=someone)
    assert not model_rules.holds(model, check, **alone, approved_by=someone, proposed_by=None)


def test_only_dispatch_opens_an_incident_without_a_person() -> None:
    model = apps.get_model("registry", "Incident")
    check = model_rules.conditions(model)["incident_opened_by_source"]
    assert model_rules.holds(model, check, source="person", opened_by=model_rules.SOMEBODY)
    assert model_rules.holds(model, check, source="dispatch", opened_by=None)
    assert not model_rules.holds(model, check, source="person", opened_by=None)
    assert not model_rules.holds(model, check, source="dispatch", opened_by=model_rules.SOMEBODY)


def test_only_dispatch_declares_without_a_person_and_only_the_clock_ends_so() -> None:
    model = apps.get_model("integration", "Declaration")
    checks = model_rules.conditions(model)
    by_somebody, ended = checks["declaration_declared_by_somebody"], checks["declaration_ended_by_somebody"]
    for kind, who, is_held in (
        ("type", None, True),
        ("supervisor", model_rules.SOMEBODY, True),
        ("supervisor", None, False),
        ("type", model_rules.SOMEBODY, False),
    ):
        assert model_rules.holds(model, by_somebody, kind=kind, declared_by=who, beyond_limits=False) == is_held
    for end, who, is_held in (
        ("over", None, True),
        ("ended", model_rules.SOMEBODY, True),
        ("ended", None, False),
        ("closed", model_rules.SOMEBODY, False),
    ):
        assert model_rules.holds(model, ended, end=end, ended_by=who) == is_held


def test_states_and_kinds_are_in_their_list() -> None:
    loose = {column for model in model_rules.own_models() for column in model_rules.loose_states(model)}
    assert loose == LEDGER_KINDS


def test_amounts_are_above_zero() -> None:
    assert [column for model in model_rules.own_models() for column in model_rules.loose_amounts(model)] == []


@isolate_apps("registry")
def test_a_rule_of_tables_sees_what_it_is_there_for() -> None:
    class Loose(models.Model):
        state = models.CharField(choices={"a": "A"})
        price = models.IntegerField()
        paid_by = models.IntegerField(null=True)
        paid_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "registry"

    class Tight(models.Model):
        state = models.CharField(choices={"a": "A"})
        price = models.IntegerField()
        paid_by = models.IntegerField(null=True)
        paid_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "registry"
            constraints: ClassVar = [
                models.CheckConstraint(condition=Q(state__in=["a"]), name="listed"),
                models.CheckConstraint(condition=Q(price__gt=0), name="above"),
                models.CheckConstraint(
                    condition=Q(paid_by=None, paid_at=None) | ~Q(paid_by=None) & ~Q(paid_at=None), name="pair"
                ),
            ]

    rules = (model_rules.loose_pairs, model_rules.loose_states, model_rules.loose_amounts)
    assert [len(rule(Loose)) for rule in rules] == [2, 1, 1]
    assert [rule(Tight) for rule in rules] == [[], [], []]
