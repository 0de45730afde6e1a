"""Promises that are kept by what is not there."""

import re

from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from fusus_portal.ground.notifications.kinds import Audience, all_kinds

WAYS_IN = re.compile(r"stream|rtsp|onvif|password|credential|secret|token|url|host|(^|_)ip(_|$)|port(_|$)|device_key")
OF_PAYMENT = re.compile(r"price|fee|amount|paid|payment|cost|card_number")
OUTCOMES = re.compile(r"outcome|result|verdict|arrest|charge|suspect|solved|conviction")


def columns_of(*names: str) -> set[str]:
    found: list[type[models.Model]] = [apps.get_model("registry", name) for name in names]
    return {str(field.column) for model in found for field in model._meta.concrete_fields}


def test_the_registry_has_no_place_for_a_way_into_a_camera() -> None:
    columns = columns_of("Registrant", "Premises", "Camera")
    assert {"name", "make", "model", "latitude"} <= columns
    assert [column for column in columns if WAYS_IN.search(column)] == []


def test_the_registry_has_no_place_for_a_payment() -> None:
    models_of_registry = [model.__name__ for model in apps.get_app_config("registry").get_models()]
    assert [column for column in columns_of(*models_of_registry) if OF_PAYMENT.search(column)] == []


def test_no_address_of_the_registry_is_about_payment() -> None:
    addresses = [address for address in addresses_of(get_resolver()) if address.startswith(("register/", "profile/"))]
    assert "register/check/" in addresses
    assert [address for address in addresses if re.search(r"pay|checkout|order|cart", address)] == []


def test_no_message_to_the_public_has_room_for_how_an_incident_ended() -> None:
    public = {kind.name: kind.variables for kind in all_kinds() if kind.audience is Audience.PUBLIC}
    assert public
    assert {kind: [v for v in variables if OUTCOMES.search(v)] for kind, variables in public.items()} == {
        kind: [] for kind in public
    }


def addresses_of(resolver: URLResolver, prefix: str = "") -> list[str]:
    found: list[str] = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(address)
        else:
            found += addresses_of(entry, address)
    return found
