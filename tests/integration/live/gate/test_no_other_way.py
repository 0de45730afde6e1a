"""There is one address that hands out a frame of a live view. Every other one is tried, with all ids that there are."""

from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.roles import Role
from integration.critical import services as critical
from integration.live.models import ViewGrant
from integration.live.services.snapshots import StillOrder, keep_still, order_still
from integration.sharing import services as sharing
from registry.incidents.services import incidents
from tests.access.addresses import MADE_UP, Address, addresses
from tests.database.clone import Clone
from tests.factories import incident_at, person
from tests.integration.live.streaming import REASON, Scene, pieces, scene, stream_of
from tests.integration.sharing.consent import owner_of
from tests.people import sign_in

pytestmark = pytest.mark.long

STILL = b"\xff\xd8\xff\xe0" + b"what the camera saw at its owner's press"
STAFF = (Role.DEPUTY, Role.SUPERVISOR, Role.AUDITOR, Role.CLERK, Role.ADMINISTRATOR)
OWN = [address for address in addresses() if address.view.__module__.startswith("integration.")]


@pytest.fixture
def seen(portal_db: Clone) -> Scene:
    """Return a scene whose camera has a still and a running view."""
    return scene()


@pytest.fixture
def grant(seen: Scene) -> ViewGrant:
    """Return the running view of the camera."""
    begun = seen.begin()
    seen.send(stream_of(begun))
    wanted = StillOrder(uuid4(), seen.device.core.pk, seen.camera.pk, seen.camera.channel)
    order_still(wanted)
    assert keep_still(wanted, STILL)
    return begun


def found(client: Client, seen: Scene, grant: ViewGrant, where: list[Address], *methods: str) -> set[str]:
    """Return the names of the addresses whose answer holds a frame."""
    secrets = [STILL, *(piece[400:800] for piece in pieces())]
    names = set()
    for address, method in product(where, methods):
        for path in paths(address, seen, grant):
            with transaction.atomic():
                answer = getattr(client, method)(path, REMOTE_ADDR="127.0.0.1")
                body = content(answer)
                transaction.set_rollback(True)
            kind = answer.headers.get("Content-Type", "")
            if kind.startswith("video/") or any(secret in body for secret in secrets):
                names.add(address.name)
    return names


def paths(address: Address, seen: Scene, grant: ViewGrant) -> Iterator[str]:
    """Yield every path to an address that can be made of what there is."""
    ids = [seen.incident.pk, seen.camera.pk, grant.pk, seen.device.core.pk, seen.declaration.pk, grant.stream_id]
    fitting: dict[str, list[Any]] = {"uuid": ids, "int": [1, 2, 3], "slug": ["large", "frame"]}
    fitting |= {kind: ["2.ts"] for kind in ("str", "path")}
    choices = [fitting.get(kind) or [MADE_UP[kind]] for kind in address.values.values()]
    for values in product(*choices):
        yield reverse(address.name, kwargs=dict(zip(address.values, values, strict=True)))


def content(answer: HttpResponseBase) -> bytes:
    """Return the whole body of an answer, streamed or not."""
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


def test_a_deputy_who_may_see_it_gets_it_at_one_address_and_nobody_after_a_pause(seen: Scene, grant: ViewGrant) -> None:
    live = [address for address in OWN if "/live/" in address.route]
    assert found(seen.browser, seen, grant, live, "get") == {"live_segment"}
    sharing.pause_sharing(registrant=owner_of(seen.camera), by=seen.owner)
    assert found(seen.browser, seen, grant, OWN, "get") == set()


def test_the_still_that_an_owner_took_is_the_owners(seen: Scene, grant: ViewGrant) -> None:
    assert found(sign_in(seen.owner), seen, grant, OWN, "get") == {"device_snapshot_file"}


def test_broken_glass_at_another_incident_opens_no_view(seen: Scene, grant: ViewGrant) -> None:
    incidents.close(incident=seen.incident, by=seen.supervisor)
    other = incident_at(by=seen.deputy)
    helper = person(Role.DEPUTY)
    incidents.assign(incident=other, user=helper, by=seen.supervisor)
    asked = critical.ask_for_glass(incident=other, by=seen.deputy, reason=REASON)
    critical.break_glass(declaration=asked, by=helper)
    assert found(seen.browser, seen, grant, OWN, "get") == set()


@pytest.mark.parametrize("role", STAFF)
def test_no_address_at_all_gives_it_to_anybody_else(role: str, seen: Scene, grant: ViewGrant) -> None:
    assert found(sign_in(person(role)), seen, grant, addresses(), "get", "post") == set()
