"""Promise R3 over HTTP: footage is asked for near a crime or emergency, and for nothing else."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import FootageRequest
from registry.incidents.models import Incident, IncidentType
from registry.incidents.services import incidents
from tests.factories import LINN_PARK, incident_at, north_of, registrant_at
from tests.registry.canvasses.test_canvass_pages import drawn
from tests.registry.incidents.dispatching import Sender, deliver, item
from tests.registry.incidents.test_incident_pages import written

pytestmark = pytest.mark.django_db


def ask(client: Client, incident: Incident, **changes: object) -> int:
    """Draw a canvass and send it; return how many owners were asked."""
    answer = client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident, **changes))
    if answer.status_code == 302 and "/canvasses/" in answer.headers["Location"]:
        client.post(f"{answer.headers['Location']}send/")
    return FootageRequest.objects.count()


class TestItHolds:
    def test_a_burglary_that_a_second_person_verified(
        self, deputy: User, deputy_client: Client, supervisor_client: Client
    ) -> None:
        registrant_at(north_of(LINN_PARK, 100))
        deputy_client.post(reverse("incident_new"), written())
        incident = Incident.objects.get()
        supervisor_client.post(reverse("incident_verify", args=[incident.pk]))
        assert ask(deputy_client, incident) == 1

    def test_a_burglary_that_dispatch_verified(
        self, sender: Sender, deputy: User, deputy_client: Client, supervisor_client: Client
    ) -> None:
        registrant_at(north_of(LINN_PARK, 100))
        assert deliver(sender.token(item())).status_code == 200
        incident = Incident.objects.get()
        supervisor_client.post(reverse("incident_assign", args=[incident.pk]), {"user": deputy.pseudonym})
        assert ask(deputy_client, incident) == 1


class TestItRefuses:
    def test_a_camera_that_is_not_nearby(self, deputy: User, deputy_client: Client) -> None:
        registrant_at(north_of(LINN_PARK, 900))
        assert ask(deputy_client, incident_at(by=deputy)) == 0

    def test_an_area_that_is_not_near_the_incident(self, deputy: User, deputy_client: Client) -> None:
        far = north_of(LINN_PARK, 2500)
        registrant_at(far)
        assert ask(deputy_client, incident_at(by=deputy), latitude=far.latitude) == 0

    def test_an_incident_that_is_over(self, deputy: User, deputy_client: Client) -> None:
        registrant_at()
        incident = incident_at(by=deputy)
        incidents.close(incident=incident, by=deputy)
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
        assert (answer.status_code, FootageRequest.objects.count()) == (409, 0)

    def test_a_second_search_that_nobody_verified(self, deputy: User, deputy_client: Client) -> None:
        registrant_at()
        incident = incident_at(by=deputy, verified=False)
        assert ask(deputy_client, incident) == 1
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
        assert answer.status_code == 403
        assert "A supervisor must verify this incident" in answer.content.decode()

    def test_more_after_a_verified_incident_became_another(self, deputy: User, deputy_client: Client) -> None:
        registrant_at()
        incident = incident_at(by=deputy)
        assert ask(deputy_client, incident) == 1
        deputy_client.post(reverse("incident_change", args=[incident.pk]), written(place="Morris Avenue"))
        answer = deputy_client.post(reverse("canvass_new", args=[incident.pk]), drawn(incident))
        assert answer.status_code == 403

    @pytest.mark.parametrize("kind", ["", "00000000-0000-4000-8000-000000000000", "protest"])
    def test_what_is_not_on_the_list(self, deputy_client: Client, kind: str) -> None:
        answer = deputy_client.post(reverse("incident_new"), written(type=kind))
        assert answer.context["form"].errors["type"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("names", [("Protest", "Delito"), ("Crime in town", "Protesta"), ("Vigil", "Marcha")])
    def test_a_protest_on_the_list(self, administrator_client: Client, names: tuple[str, str]) -> None:
        form = {"name": names[0], "name_es": names[1], "emergency": "crime"}
        before = IncidentType.objects.count()
        assert administrator_client.post(reverse("incident_type_new"), form).context["form"].errors
        assert IncidentType.objects.count() == before

    def test_a_protest_from_dispatch(self, sender: Sender) -> None:
        assert deliver(sender.token(item(type="protest"))).status_code == 422
        assert deliver(sender.token(item(place="Marcha en Linn Park"))).status_code == 422
        assert not Incident.objects.exists()

    def test_a_deputy_who_goes_past_the_pages(self, deputy: User) -> None:
        incident = incident_at(by=deputy, verified=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(verified_by=deputy, verified_at=incident.opened_at)
