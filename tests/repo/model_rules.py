"""Rules of tables: what the database itself must hold, whatever the code does. They ask the constraints' conditions."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from tests.repo.sources import PACKAGES

STATES = {"state", "status", "kind", "category"}
AMOUNTS = ("amount", "price", "cents", "size", "radius_m")
NOWHERE = "no such value"
SOMEBODY = UUID(int=1)


def own_models() -> list[type[models.Model]]:
    """Return the tables that the portal defines itself, without the row histories kept beside them."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in PACKAGES and not hasattr(model, "history_object")
    ]


def fields_of(model: type[models.Model]) -> "dict[str, models.Field[Any, Any]]":
    """Return a table's own columns by name."""
    return {field.name: field for field in model._meta.concrete_fields}


def pairs(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield `x_by` and `x_at` where at least one of them may be empty."""
    fields = fields_of(model)
    for name, by in fields.items():
        at = fields.get(f"{name.removesuffix('_by')}_at")
        if name.endswith("_by") and at is not None and (by.null or at.null):
            yield name, at.name


def refuses(model: type[models.Model], **values: Any) -> bool:
    """Tell whether a CHECK that speaks of these columns alone refuses the values."""
    return any(
        not holds(model, condition, **values)
        for condition in conditions(model).values()
        if condition.referenced_base_fields <= values.keys()
    )


def conditions(model: type[models.Model]) -> dict[str, models.Q]:
    """Return the conditions of a table's CHECKs by name."""
    return {
        constraint.name: constraint.condition
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q)
    }


def holds(model: type[models.Model], condition: models.Q, **values: Any) -> bool:
    """Ask the database whether a condition is true of these values."""
    fields = fields_of(model)
    typed = {name: models.Value(value, fields[name]) for name, value in values.items()}
    return bool(condition.check(typed))


def loose_pairs(model: type[models.Model]) -> list[str]:
    """Return pairs of columns that the database lets half fill: "Incident.verified_at without verified_by"."""
    now, found = timezone.now(), []
    for by, at in pairs(model):
        if not refuses(model, **{by: SOMEBODY, at: None}) and fields_of(model)[at].null:
            found.append(f"{model.__name__}.{by} without {at}")
        if not refuses(model, **{by: None, at: now}):
            found.append(f"{model.__name__}.{at} without {by}")
    return found


def loose_states(model: type[models.Model]) -> list[str]:
    """Return columns with a closed list of values that the database doesn't hold to it."""
    return [
        f"{model.__name__}.{name}"
        for name, field in fields_of(model).items()
        if name in STATES and field.choices and not refuses(model, **{name: NOWHERE})
    ]


def loose_amounts(model: type[models.Model]) -> list[str]:
    """Return amounts that the database lets be zero or less."""
    numbers = (models.IntegerField, models.DecimalField, models.FloatField)
    return [
        f"{model.__name__}.{name}"
        for name, field in fields_of(model).items()
        if name.endswith(AMOUNTS) and isinstance(field, numbers)
        if not (refuses(model, **{name: 0}) and refuses(model, **{name: -1}))
    ]
