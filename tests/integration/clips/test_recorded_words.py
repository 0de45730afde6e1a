"""How much recording a CORE says it keeps, as read by its owner and by a deputy who would ask for a clip in vain."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.pages import times
from integration.clips import policies, services as clip_services
from integration.clips.models import Clip
from integration.cores.models import Core
from tests.integration.clips.clipping import asked, core_of, device_of
from tests.integration.critical.scenes import Scene, scene
from tests.integration.device_api.calling import call, healthy
from tests.people import sign_in

pytestmark = pytest.mark.django_db

make_world = scene
NOTHING = "This CORE keeps no recording, so it can send no clip."


@pytest.fixture
def there(world: Scene) -> Scene:
    """Return a critical incident beside a shared camera."""
    return world


def says(there: Scene, **said: Any) -> int:
    """Let the CORE report; return how it is answered."""
    status: int = call(device_of(there), "health", healthy(**said)).status_code
    return status


def pages(there: Scene, clip: Clip) -> dict[str, str]:
    """Return the pages that could say how much the CORE keeps."""
    deputy, owner = sign_in(there.deputy), sign_in(there.owner)
    ask = reverse("clip_ask", args=[there.incident.pk, there.camera.pk])
    return {
        "ask": deputy.get(ask).content.decode(),
        "own device": owner.get(reverse("device", args=[there.camera.core_id])).content.decode(),
        "own clip": owner.get(reverse("own_clip", args=[clip.pk])).content.decode(),
    }


def test_one_that_keeps_none_says_so_on_each_page(there: Scene) -> None:
    clip = asked(there)
    assert says(there, recorded_minutes=0) == 200
    assert core_of(there).recorded_minutes == 0
    found = pages(there, clip)
    assert {name for name, page in found.items() if NOTHING in page} == {"ask", "own device"}
    # What would only fail is not offered: the owner may have the footage elsewhere.
    assert "The CORE has no recording of that time any more." in found["own clip"]
    assert "Have it sent to me" not in found["own clip"]
    request = Clip.objects.get().request
    assert (
        "Your CORE can send" not in sign_in(there.owner).get(reverse("own_request", args=[request.pk])).content.decode()
    )


def test_one_that_keeps_some_says_how_much(there: Scene) -> None:
    clip = asked(there)
    assert says(there, recorded_minutes=900) == 200
    found = pages(there, clip)
    assert {name for name, page in found.items() if "the last 900 minutes" in page} == {"ask", "own device"}
    assert not any(NOTHING in page for page in found.values())
    assert "Have it sent to me" in found["own clip"]
    request = Clip.objects.get().request
    assert "Your CORE can send" in sign_in(there.owner).get(reverse("own_request", args=[request.pk])).content.decode()


def test_one_of_an_earlier_make_says_nothing_and_nothing_is_said(there: Scene) -> None:
    says(there, recorded_minutes=90)
    assert says(there) == 200
    assert core_of(there).recorded_minutes is None
    found = pages(there, asked(there))
    assert not any(words in page for page in found.values() for words in (NOTHING, "the last 90 minutes"))


@pytest.mark.parametrize("wrong", [-1, 527_041, "60", None, True, 1.5])
def test_what_is_no_number_of_minutes_is_refused(there: Scene, wrong: object) -> None:
    assert says(there, recorded_minutes=wrong) == 400
    assert not Core.objects.filter(recorded_minutes__isnull=False).exists()


ENDED_AN_HOUR_AGO = "The CORE keeps the last 30 minutes, and the incident was over before them."


def form_of(there: Scene) -> Any:
    """Return the form by which a deputy asks, and the page around it."""
    page = sign_in(there.deputy).get(reverse("clip_ask", args=[there.incident.pk, there.camera.pk]))
    return page.context["form"], page.content.decode()


def going() -> Scene:
    """Return a critical incident that began an hour ago and goes on."""
    return scene(starts_at=timezone.now() - timedelta(hours=1), ends_at=None)


def test_the_form_offers_the_minutes_that_the_core_keeps_of_an_incident_that_goes_on() -> None:
    with time_machine.travel(timezone.now().replace(second=30), tick=False):
        there = going()
        says(there, recorded_minutes=20)
        now = timezone.now().replace(second=0, microsecond=0)
        form, page = form_of(there)
        kept = times.window(now - timedelta(minutes=19), now)
        assert f"Choose at most 60 minutes of {kept}." in page
        assert form.initial == {"starts_at": now - timedelta(minutes=10), "ends_at": now}
        first, last = timezone.localtime(now - timedelta(minutes=19)), timezone.localtime(now)
        # Nothing bounds the minutes if clocks were changed in between.
        is_one_clock = first.utcoffset() == last.utcoffset()
        assert (f'min="{first:%Y-%m-%dT%H:%M}"' in page) == is_one_clock
        # The last minutes are taken, what the CORE has lost is not.
        assert asked(there, **form.initial).state == "asked"
        with pytest.raises(ValidationError, match="Choose at most 60 minutes of") as lost:
            asked(there, starts_at=now - timedelta(minutes=21), ends_at=now)
        assert lost.value.messages == [f"Choose at most 60 minutes of {kept}."]


def test_the_minutes_are_those_it_reported_last_and_it_is_asked_nothing() -> None:
    there = going()
    says(there, recorded_minutes=20)
    for minutes, offered in ((20, 20), (45, 45), (600, 60)):
        Core.objects.update(recorded_minutes=minutes)
        found = policies.minutes_kept(there.incident, core_of(there), timezone.now())
        assert found is not None
        assert offered - 1 <= (found.ends_at - found.starts_at).total_seconds() / 60 <= offered
    assert clip_services.orders_for(core_of(there)) == []


def test_an_incident_that_was_over_before_them_has_no_form_and_no_clip_is_asked_for(there: Scene) -> None:
    says(there, recorded_minutes=30)
    page = form_of(there)[1]
    assert ENDED_AN_HOUR_AGO in page
    assert "Ask the owner" not in page
    with pytest.raises(ValidationError, match=ENDED_AN_HOUR_AGO):
        asked(there)
    assert not Clip.objects.exists()


def test_one_that_has_just_begun_is_asked_about_in_a_minute() -> None:
    there = scene(starts_at=timezone.now(), ends_at=None)
    assert "The incident has just begun. Ask in a minute." in form_of(there)[1]
