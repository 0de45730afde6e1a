"""Promise B4 over HTTP: a reason comes first and is checked, by somebody who works on an incident that is real."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import Canvass
from registry.footage.models import Evidence
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from tests.factories import REASON, person, request_at
from tests.people import sign_in
from tests.registry.canvasses.test_canvass_pages import drawn
from tests.registry.footage.footage import given

pytestmark = pytest.mark.django_db

EMPTY = [
    "",
    "investigation",
    "Police business.",
    "test",
    "n/a",
    "asdf asdf asdf asdf asdf",
    "investigación",
    "En investigación",
    "ASUNTO OFICIAL",
    "necesito la grabación",
    "prueba",
    "no aplica",
    "seguimiento, seguimiento",
    "For the ongoing police investigation of this case",
    "We need the footage to investigate the crime, please",
    "Necesitamos las grabaciones para la investigación policial",
    "qwer uiop zxcv lkjh poiu",
    "aaaaaaaa bbbbbbbb cccccccc",
]


@dataclass
class World:
    """A deputy, an incident near a camera, and a video that was given to the deputy."""

    deputy: User
    incident: Incident
    item: Evidence


def make_world() -> World:
    deputy = person("deputy")
    item = given(request_at("sent", by=deputy))
    return World(deputy, item.request.incident, item)


@pytest.fixture
def browser(world: World) -> Client:
    """Return the browser of the deputy."""
    return sign_in(world.deputy)


class TestASearch:
    @pytest.fixture(autouse=True)
    def _address(self, world: World, browser: Client) -> None:
        self.incident, self.browser = world.incident, browser
        self.before = self.searches()

    def searches(self) -> int:
        """Return how many cameras were found so far."""
        return AuditEntry.objects.filter(event="registry:camera:find").count()

    def searched(self) -> bool:
        return self.searches() > self.before

    def search(self, browser: Client | None = None, **changes: str) -> Any:
        """Return the answer to a search around the incident."""
        address = reverse("canvass_new", args=[self.incident.pk])
        return (browser or self.browser).post(address, drawn(self.incident, **changes))

    def test_it_begins_with_a_reason_that_the_log_keeps(self) -> None:
        assert self.search().status_code == 302
        assert self.searched()
        assert AuditDetail.objects.filter(kind="reason", text=REASON).exists()

    def test_a_phrase_that_says_nothing_finds_nothing(self, subtests: pytest.Subtests) -> None:
        before = Canvass.objects.count()
        for reason in EMPTY:
            with subtests.test(reason=reason):
                assert self.search(reason=reason).context["form"].errors["reason"]
                assert Canvass.objects.count() == before
                assert not self.searched()

    def test_a_lawful_assembly_is_no_reason(self, subtests: pytest.Subtests) -> None:
        for reason in (
            "Ver quién fue a la protesta del sábado",
            "Who came to the vigil downtown",
            "Which cars left the protest/rally at noon",
            "Faces from protest_march_2026 near the bank",
            "Who stood at the pro\N{ZERO WIDTH SPACE}test by the bank",
            "Who painted signs for the Women's March downtown",
            "Which activists came out of the union hall",
        ):
            with subtests.test(reason=reason):
                errors = self.search(reason=reason).context["form"].errors
                assert "lawful activity" in " ".join(errors["reason"])
                assert not self.searched()

    def test_what_only_sounds_like_one_is(self, subtests: pytest.Subtests) -> None:
        for reason in (
            "The robber fled in March toward 20th Street with a red bag",
            "Same man as in the March 5 burglary, grey hood",
            "El coche rojo se puso en marcha hacia el norte",
            "A man in a marching band jacket broke the window",
            "Possible view of the getaway car",
        ):
            with subtests.test(reason=reason):
                self.before = self.searches()
                self.search(reason=reason)
                assert self.searched()

    def test_a_repeat_of_the_fields_above_is_no_reason(self) -> None:
        said = f"{self.incident.number} {self.incident.type.name} {self.incident.place}"
        assert self.search(reason=said).context["form"].errors["reason"]
        assert not self.searched()

    def test_it_wants_an_incident_that_exists(self) -> None:
        answer = self.browser.post(reverse("canvass_new", args=[uuid4()]), drawn(self.incident))
        assert (answer.status_code, self.searched()) == (404, False)

    def test_it_wants_an_incident_that_is_open(self, world: World) -> None:
        incidents.close(incident=self.incident, by=world.deputy)
        assert (self.search().status_code, self.searched()) == (409, False)

    def test_it_wants_somebody_who_is_assigned(self, deputy_client: Client, supervisor_client: Client) -> None:
        assert self.search(deputy_client).status_code == 404
        assert self.search(supervisor_client).status_code == 403
        assert not self.searched()


class TestALookAtFootage:
    """With a reason it opens: tests/registry/footage/evidence/test_stream.py."""

    def test_a_phrase_that_says_nothing_opens_nothing(
        self, world: World, browser: Client, subtests: pytest.Subtests
    ) -> None:
        address = reverse("evidence", args=[world.item.pk])
        for reason in EMPTY:
            with subtests.test(reason=reason):
                answer = browser.post(address, {"reason": reason, "act": "view"})
                assert answer.context["form"].errors["reason"]
                assert not AuditEntry.objects.filter(event="registry:evidence:view").exists()
                assert browser.get(reverse("evidence_stream", args=[world.item.pk])).status_code in {403, 404}

    def test_somebody_who_is_not_assigned_finds_none(self, world: World, deputy_client: Client) -> None:
        answer = deputy_client.post(reverse("evidence", args=[world.item.pk]), {"reason": REASON, "act": "view"})
        assert answer.status_code == 404
