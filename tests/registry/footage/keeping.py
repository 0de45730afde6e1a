"""Footage whose time to keep it is over, made by letting time pass and never by moving a date."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.utils import timezone

from registry.canvasses.models import FootageRequest
from registry.footage.models import Evidence
from registry.footage.services import retention
from registry.registrants.models import Registrant
from registry.rules import DELETION_ANNOUNCED
from tests.factories import request_at
from tests.registry.footage.footage import given

PICTURE = b"\xff\xd8\xff\xe0" + bytes(96)
LONG_AGO = timedelta(days=3 * 365 + 30)
"""Longer than the standard category keeps footage."""


@contextmanager
def back_then(ago: timedelta = LONG_AGO) -> Iterator[None]:
    """Act as if it were so long ago."""
    with time_machine.travel(timezone.now() - ago):
        yield


def old_footage(
    request: FootageRequest | None = None, *, registrant: Registrant | None = None, name: str = "porch.jpg"
) -> Evidence:
    """Return a file that was given so long ago that the time to keep it is over."""
    with back_then():
        return given(request or request_at("sent", registrant=registrant), content=PICTURE, name=name)


def announced(file: Evidence | None = None) -> Evidence:
    """Return such a file whose deletion was announced in time."""
    file = file or old_footage()
    with back_then(DELETION_ANNOUNCED + timedelta(hours=1)):
        retention.announce_deletions()
    return fresh(file)


def ended(file: Evidence | None = None) -> Evidence:
    """Return such a file whose deletion has begun."""
    file = announced(file)
    retention.begin_deletions()
    return fresh(file)


def deleted(file: Evidence | None = None) -> Evidence:
    """Return the tombstone of such a file."""
    file = ended(file)
    retention.finish_deletion(evidence=file.pk)
    return fresh(file)


def fresh(file: Evidence) -> Evidence:
    """Return a file as it is now."""
    return Evidence.objects.select_related("request__incident__type", "category", "upload").get(pk=file.pk)
