"""A note beside the field for a reason tells the deputy where the owner reads it."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.limits.models import Limits
from tests.integration.critical.scenes import Scene, scene
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

TOLD = "Owners read this."


def pages(there: Scene) -> Iterator[tuple[str, str]]:
    """Yield each page of live view and clips with a field for a reason, by its name."""
    browser = sign_in(there.deputy)
    addresses = {
        "incident_live": reverse("incident_live", args=[there.incident.pk]),
        "clip_ask": reverse("clip_ask", args=[there.incident.pk, there.camera.pk]),
    }
    for name, address in addresses.items():
        yield name, browser.get(address).content.decode()
    # A refused form says it again.
    yield (
        "live_start",
        browser.post(reverse("live_start", args=[there.incident.pk]), {"only": str(there.camera.pk)}).content.decode(),
    )
    there.view()
    yield "live_watch", browser.get(reverse("live_watch", args=[there.incident.pk])).content.decode()


def test_it_is_said_where_owners_read_it() -> None:
    Limits.objects.update(shows_reasons=True, reasons_from=timezone.now())
    assert {name for name, page in pages(scene()) if TOLD in page} == NAMES


def test_it_is_not_said_where_they_do_not() -> None:
    assert {name for name, page in pages(scene()) if TOLD not in page} == NAMES


NAMES = {"incident_live", "clip_ask", "live_start", "live_watch"}
