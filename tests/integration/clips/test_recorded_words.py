"""What a CORE says of its recordings, and who reads it: its owner, and whoever would ask for a clip in vain."""

from typing import Any

import pytest
from django.urls import reverse

from integration.clips.models import Clip
from integration.cores.models import Core
from tests.integration.clips.clipping import asked, core_of, device_of
from tests.integration.critical.scenes import Scene, scene
from tests.integration.device_api.calling import call, healthy
from tests.people import sign_in

pytestmark = pytest.mark.django_db
NOTHING = "This CORE keeps no recording, so it can send no clip."


@pytest.fixture
def there() -> Scene:
    """Return a critical incident beside a shared camera."""
    return scene()


def says(there: Scene, **said: Any) -> int:
    """Let the CORE report; return how it is answered."""
    status: int = call(device_of(there), "health", healthy(**said)).status_code
    return status


def pages(there: Scene) -> dict[str, str]:
    """Return the pages that could say something of it."""
    clip = asked(there)
    deputy, owner = sign_in(there.deputy), sign_in(there.owner)
    ask = reverse("clip_ask", args=[there.incident.pk, there.camera.pk])
    return {
        "ask": deputy.get(ask).content.decode(),
        "own device": owner.get(reverse("device", args=[there.camera.core_id])).content.decode(),
        "own clip": owner.get(reverse("own_clip", args=[clip.pk])).content.decode(),
    }


def test_one_that_keeps_none_says_so_on_each_page(there: Scene) -> None:
    assert says(there, recorded_minutes=0) == 200
    assert core_of(there).recorded_minutes == 0
    found = pages(there)
    assert {name for name, page in found.items() if NOTHING in page} == {"ask", "own device", "own clip"}
    # What would only fail is not offered: the owner may have the footage elsewhere.
    assert "Give this clip" not in found["own clip"]
    request = Clip.objects.get().request
    assert (
        "Your CORE can send" not in sign_in(there.owner).get(reverse("own_request", args=[request.pk])).content.decode()
    )


def test_one_that_keeps_some_says_how_much(there: Scene) -> None:
    assert says(there, recorded_minutes=90) == 200
    found = pages(there)
    assert {name for name, page in found.items() if "the last 90 minutes" in page} == {"ask", "own device"}
    assert not any(NOTHING in page for page in found.values())
    assert "Give this clip" in found["own clip"]
    request = Clip.objects.get().request
    assert "Your CORE can send" in sign_in(there.owner).get(reverse("own_request", args=[request.pk])).content.decode()


def test_one_of_an_earlier_make_says_nothing_and_nothing_is_said(there: Scene) -> None:
    says(there, recorded_minutes=90)
    assert says(there) == 200
    assert core_of(there).recorded_minutes is None
    assert not any(words in page for page in pages(there).values() for words in (NOTHING, "the last 90 minutes"))


@pytest.mark.parametrize("wrong", [-1, 527_041, "60", None, True, 1.5])
def test_what_is_no_number_of_minutes_is_refused(there: Scene, wrong: object) -> None:
    assert says(there, recorded_minutes=wrong) == 400
    assert not Core.objects.filter(recorded_minutes__isnull=False).exists()
