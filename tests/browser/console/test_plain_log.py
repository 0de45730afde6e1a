"""Names of things in the log: the same words to auditors, clerks and owners."""

import pytest
from django.db import transaction
from django.urls import reverse

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.roles import Role
from registry.places.models import Camera
from tests.browser.conftest import OpenWindow
from tests.database.clone import Clone
from tests.factories import person, registrant_at
from tests.integration.cores.devices import core_at

pytestmark = pytest.mark.browser


def test_a_core_that_is_activated_says_so_itself(portal_db: Clone, open_window: OpenWindow) -> None:
    core = core_at("active")
    auditor, clerk = open_window("auditor"), open_window("clerk")
    auditor.is_signed_in_as(person(Role.AUDITOR))
    auditor.open(f"{reverse('audit')}?word={core.serial}")
    auditor.reads("CORE activated")
    clerk.is_signed_in_as(person(Role.CLERK))
    clerk.open(reverse("core", args=[core.pk]))
    clerk.reads("CORE activated")
    for window in (auditor, clerk):
        text = window.page.locator("main").text_content() or ""
        assert [words for words in ("activated a CORE", "CORE CORE", "another of these") if words in text] == []


def test_a_camera_that_was_offered_was_shown_as_available(portal_db: Clone, open_window: OpenWindow) -> None:
    owner, deputy = registrant_at(), person(Role.DEPUTY)
    camera = Camera.objects.get(premises__registrant=owner)
    with transaction.atomic():
        record(event=Event.VIEW_OFFERED, actor=deputy.actor, subject=camera.subject, camera=str(camera.pk))
    home, auditor = open_window("owner"), open_window("auditor")
    home.is_signed_in_as(owner.user)
    home.open(reverse("looks"))
    auditor.is_signed_in_as(person(Role.AUDITOR))
    auditor.open(f"{reverse('audit')}?event={Event.VIEW_OFFERED.value}")
    for window in (home, auditor):
        window.reads("was shown this camera in the list of cameras nearby")
        assert "could be viewed live" not in (window.page.locator("main").text_content() or "")
