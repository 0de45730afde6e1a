"""Promise B4 over HTTP: a reason comes first and is checked, by somebody who works on an incident that is real."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.log.models import AuditDetail, AuditEntry
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import Canvass
from registry.footage.models import Evidence
from registry.incidents.services import incidents
from tests.database.clone import Clone
from tests.factories import REASON, incident_at, registrant_at, request_at
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


def searched() -> bool:
    return AuditEntry.objects.filter(event="registry:camera:find").exists()


class TestASearch:
    def test_it_begins_with_a_reason_that_the_log_keeps(self, deputy: User, deputy_client: Client) -> None:
        registrant_at()
        incident = incident_at(by=deputy)
        assert deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident)).status_code == 302
        assert searched()
        assert AuditDetail.objects.filter(kind="reason", text=REASON).exists()

    @pytest.mark.parametrize("reason", EMPTY)
    def test_a_phrase_that_says_nothing_finds_nothing(self, deputy: User, deputy_client: Client, reason: str) -> None:
        incident = incident_at(by=deputy)
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, reason=reason))
        assert answer.context["form"].errors["reason"]
        assert not Canvass.objects.exists()
        assert not searched()

    @pytest.mark.parametrize(
        "reason",
        [
            "Ver quién fue a la protesta del sábado",
            "Who came to the vigil downtown",
            "Which cars left the protest/rally at noon",
            "Faces from protest_march_2026 near the bank",
            "Who stood at the pro\N{ZERO WIDTH SPACE}test by the bank",
            "Who painted signs for the Women's March downtown",
            "Which activists came out of the union hall",
        ],
    )
    def test_a_lawful_assembly_is_no_reason(self, deputy: User, deputy_client: Client, reason: str) -> None:
        incident = incident_at(by=deputy)
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, reason=reason))
        assert "lawful activity" in " ".join(answer.context["form"].errors["reason"])
        assert not searched()

    @pytest.mark.parametrize(
        "reason",
        [
            "The robber fled in March toward 20th Street with a red bag",
            "Same man as in the March 5 burglary, grey hood",
            "El coche rojo se puso en marcha hacia el norte",
            "A man in a marching band jacket broke the window",
            "Possible view of the getaway car",
        ],
    )
    def test_what_only_sounds_like_one_is(self, deputy: User, deputy_client: Client, reason: str) -> None:
        registrant_at()
        incident = incident_at(by=deputy)
        deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, reason=reason))
        assert searched()

    def test_a_repeat_of_the_fields_above_is_none(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        said = f"{incident.number} {incident.type.name} {incident.place}"
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, reason=said))
        assert answer.context["form"].errors["reason"]
        assert not searched()

    def test_it_wants_an_incident_that_exists(self, deputy: User, deputy_client: Client) -> None:
        answer = deputy_client.post(reverse("canvass_new", args=[uuid4()]), drawn(incident_at(by=deputy)))
        assert (answer.status_code, searched()) == (404, False)

    def test_it_wants_an_incident_that_is_open(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy)
        incidents.close(incident=incident, by=deputy)
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
        assert (answer.status_code, searched()) == (409, False)

    def test_it_wants_somebody_who_is_assigned(
        self, deputy: User, other_deputy_client: Client, supervisor_client: Client
    ) -> None:
        incident = incident_at(by=deputy)
        address = reverse("canvass_new", args=[incident.pk])
        assert other_deputy_client.post(address, drawn(incident)).status_code == 404
        assert supervisor_client.post(address, drawn(incident)).status_code == 403
        assert not searched()


class TestALookAtFootage:
    @pytest.fixture
    def item(self, portal_db: Clone, deputy: User) -> Evidence:
        """A video that was given to the deputy."""
        return given(request_at("sent", by=deputy))

    @pytest.mark.parametrize("act", ["view", "download"])
    def test_it_opens_for_a_reason(self, item: Evidence, deputy_client: Client, act: str) -> None:
        deputy_client.post(reverse("evidence", args=[item.pk]), {"reason": REASON, "act": act})
        assert AuditEntry.objects.filter(event=f"registry:evidence:{act}").exists()

    @pytest.mark.parametrize("reason", EMPTY)
    def test_a_phrase_that_says_nothing_opens_nothing(self, item: Evidence, deputy_client: Client, reason: str) -> None:
        answer = deputy_client.post(reverse("evidence", args=[item.pk]), {"reason": reason, "act": "view"})
        assert answer.context["form"].errors["reason"]
        assert not AuditEntry.objects.filter(event="registry:evidence:view").exists()
        assert deputy_client.get(reverse("evidence_stream", args=[item.pk])).status_code in {403, 404}

    def test_somebody_who_is_not_assigned_finds_none(self, item: Evidence, other_deputy_client: Client) -> None:
        answer = other_deputy_client.post(reverse("evidence", args=[item.pk]), {"reason": REASON, "act": "view"})
        assert answer.status_code == 404
