"""Lists about incidents that administrators keep: the types, and the format of numbers."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Stale
from registry.footage.models import RetentionCategory
from registry.incidents.models import Incident, IncidentType, NumberFormat
from registry.incidents.policies.reasons import check_lawful
from registry.incidents.services import incidents, types
from tests.factories import incident_at
from tests.registry.entries import entries_of
from tests.registry.incidents.test_incident_pages import written

pytestmark = pytest.mark.django_db

BAN = "Footage is never asked for because of a protest"


def described(**changes: object) -> dict[str, object]:
    form = {"name": "Carjacking", "name_es": "Robo de auto", "emergency": "crime", "retention": ""}
    return form | changes


def burglary() -> IncidentType:
    return IncidentType.objects.get(code="burglary")


class TestTheList:
    def test_a_type_that_is_added_can_be_chosen_at_once(
        self, administrator: User, administrator_client: Client, deputy_client: Client
    ) -> None:
        longer = RetentionCategory.objects.get(name="Violent crime")
        administrator_client.post(reverse("incident_type_new"), described(retention=str(longer.pk)))
        added = IncidentType.objects.get(code="carjacking")
        assert (added.name_es, added.emergency, added.retention) == ("Robo de auto", False, longer)
        entry = AuditEntry.objects.get(event=Event.INCIDENT_TYPE_ADDED)
        assert (entry.actor_id, entry.offence_type) == (str(administrator.pk), "carjacking")
        deputy_client.post(reverse("incident_new"), written(type=str(added.pk)))
        assert Incident.objects.get().type == added

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"name": "Unlawful protest"}, "name", BAN),
            ({"name": "Noisy demonstrations"}, "name", BAN),
            ({"name_es": "Manifestación sin permiso"}, "name_es", BAN),
            ({"name_es": "MARCHA de obreros"}, "name_es", BAN),
            ({"name_es": "Huelga"}, "name_es", BAN),
            ({"name": "burglary"}, "name", "on the list already"),
            ({"name": " "}, "name", "Fill in"),
            ({"name_es": ""}, "name_es", "Fill in"),
            ({"retention": str(UUID(int=5))}, "retention", "Select a valid choice"),
            ({"emergency": "maybe"}, "emergency", "Select a valid choice"),
        ],
    )
    def test_it_refuses_what_is_no_crime_and_says_where(
        self, administrator_client: Client, changes: dict[str, object], field: str, sentence: str
    ) -> None:
        before = IncidentType.objects.count()
        answer = administrator_client.post(reverse("incident_type_new"), described(**changes))
        assert sentence in " ".join(answer.context["form"].errors[field])
        assert IncidentType.objects.count() == before

    @pytest.mark.parametrize("names", [("Protest", "Robo"), ("Robbery 2", "Protesta")])
    def test_nobody_renames_a_crime_into_a_protest(
        self, administrator: User, administrator_client: Client, names: tuple[str, str]
    ) -> None:
        changed = described(name=names[0], name_es=names[1])
        answer = administrator_client.post(reverse("incident_type", args=[burglary().pk]), changed)
        assert BAN in answer.content.decode()
        with pytest.raises(ValidationError, match=BAN):
            types.change(
                incident_type=burglary(),
                name=names[0],
                name_es=names[1],
                emergency=False,
                retention=None,
                by=administrator,
            )
        assert burglary().name == "Burglary"

    def test_renaming_keeps_code_and_history(self, administrator: User, administrator_client: Client) -> None:
        address = reverse("incident_type", args=[burglary().pk])
        administrator_client.post(address, described(name="Break-in", retention=""))
        assert burglary().name == "Break-in"
        page = administrator_client.get(address).content.decode()
        assert "Burglary · Robo en un edificio" in page
        assert administrator.pseudonym in page
        administrator_client.post(address, described(name="Burglary", retention=""))
        assert len(administrator_client.get(address).context["changes"]) == 3

    def test_an_administrator_says_that_a_type_is_critical_by_itself(self, administrator_client: Client) -> None:
        address = reverse("incident_type", args=[burglary().pk])
        assert not burglary().declares
        administrator_client.post(address, described(name="Burglary", declares="on"))
        assert burglary().declares
        assert "critical at once" in administrator_client.get(address).content.decode()
        administrator_client.post(address, described(name="Burglary"))
        assert not burglary().declares
        said = [entry.facts for entry in entries_of(Event.INCIDENT_TYPE_CHANGED, burglary())]
        assert [(facts["declares"], facts["kind"]) for facts in said] == [("at once", "crime"), ("", "crime")]

    def test_a_type_in_use_is_retired_and_one_that_never_was_is_deleted(
        self, administrator_client: Client, deputy_client: Client
    ) -> None:
        used, unused = incident_at().type, IncidentType.objects.get(code="arson")
        for one, effect in ((used, "Incidents that have this type keep it"), (unused, "so it is deleted")):
            assert effect in administrator_client.get(reverse("incident_type", args=[one.pk])).text
            administrator_client.post(reverse("incident_type_retire", args=[one.pk]))
        used.refresh_from_db()
        assert used.retired_at is not None
        page = administrator_client.get(reverse("incident_types")).context
        assert [[cell.text for _, cell in (row[0], row[-1])] for row in page["retired"].rows] == [[used.name, 1]]
        for kind, emergency in (("crimes", False), ("emergencies", True)):
            listed = IncidentType.objects.filter(emergency=emergency, retired_at=None)
            assert [row[0][1].text for row in page[kind].rows] == [one.name for one in listed]
        assert not IncidentType.objects.filter(pk=unused.pk).exists()
        answer = deputy_client.post(reverse("incident_new"), written(type=str(used.pk)))
        assert "type" in answer.context["form"].errors
        assert incident_at(code="robbery", by=None).type.code == "robbery"

    def test_a_retired_type_is_taken_by_no_service_and_comes_back(self, administrator: User, deputy: User) -> None:
        incident = incident_at()
        types.retire(incident_type=incident.type, by=administrator)
        with pytest.raises(ValidationError, match="no longer on the agency's list"):
            incident_at(by=deputy)
        with pytest.raises(Stale, match="off the list already"):
            types.retire(incident_type=incident.type, by=administrator)
        types.restore(incident_type=burglary(), by=administrator)
        assert incident_at(by=deputy).type == incident.type

    def test_a_code_is_never_given_twice(self, administrator: User) -> None:
        details: dict[str, Any] = {"name_es": "Robo", "emergency": False, "retention": None, "by": administrator}
        first = types.add(name="Car jacking", **details)
        types.retire(incident_type=first, by=administrator)
        assert types.add(name="Car jacking", **details).code == "car-jacking-2"
        assert len(types.add(name="Burglary of a motor vehicle in a parking deck", **details).code) == 36

    def test_an_incident_with_a_retired_type_goes_on(self, administrator: User) -> None:
        incident = incident_at()
        types.retire(incident_type=incident.type, by=administrator)
        changed = incidents.change(
            incident=incident,
            by=incident.opened_by,
            type=incident.type,
            place="At the fountain",
            point=incident.point,
            starts_at=incident.starts_at,
            ends_at=incident.ends_at,
        )
        assert changed.place == "At the fountain"


@pytest.mark.parametrize(
    "text",
    [
        "El motor quedó en marcha junto a la puerta",
        "Dio marcha atrás contra el poste",
        "First Assembly of God, 11th Avenue",
        "Asamblea de Dios, calle 20",
        "Iglesia protestante de la esquina",
        "March 3, corner of Market Street",
    ],
)
def test_words_that_only_look_like_an_assembly_are_taken(text: str) -> None:
    check_lawful(text, field="place")


@pytest.mark.parametrize(
    "text", ["la marcha del domingo", "PROTESTAS frente al juzgado", "mítines", "un plantón", "asamblea de vecinos"]
)
def test_assemblies_are_refused_in_spanish(text: str) -> None:
    with pytest.raises(ValidationError, match="lawful activity"):
        check_lawful(text, field="place")


class TestTheNumbers:
    def test_the_office_chooses_how_new_numbers_are_written(
        self, administrator: User, administrator_client: Client, deputy_client: Client
    ) -> None:
        old = incident_at(number="2026-000777")
        administrator_client.post(reverse("number_format"), {"pattern": "[SAN]-YY-NNNN"})
        refused = deputy_client.post(reverse("incident_new"), written())
        year = timezone.localdate().year % 100
        assert f"Write the incident number like SAN-{year}-0123." in refused.context["form"].errors["number"]
        deputy_client.post(reverse("incident_new"), written(number=f"san-{year}-0042"))
        assert Incident.objects.filter(number=f"SAN-{year}-0042").exists()
        assert incidents.close(incident=old, by=old.opened_by).number == "2026-000777"
        entry = AuditEntry.objects.get(event=Event.NUMBER_FORMAT_CHANGED)
        assert entry.facts == {"before": "YYYY-NNNNNN", "after": "[SAN]-YY-NNNN"}
        history = administrator_client.get(reverse("number_format")).content.decode()
        assert administrator.pseudonym in history

    def test_examples_change_nothing(self, administrator_client: Client) -> None:
        answer = administrator_client.post(reverse("number_format"), {"pattern": "SO-NNNN", "show": "1"})
        assert "SO-4711" in answer.content.decode()
        live = administrator_client.get(reverse("number_examples"), {"pattern": "SO-NNNN"})
        assert "SO-0123" in live.content.decode()
        assert not NumberFormat.objects.exists()

    @pytest.mark.parametrize("pattern", ["YYY-NNNN", "NN", "(a+)+$", "[SO-NNN"])
    def test_a_format_that_can_not_be_used_is_refused(self, administrator_client: Client, pattern: str) -> None:
        answer = administrator_client.post(reverse("number_format"), {"pattern": pattern})
        assert answer.context["form"].errors["pattern"]
        live = administrator_client.get(reverse("number_examples"), {"pattern": pattern}).content.decode()
        assert 'class="reason"' in live
        assert not NumberFormat.objects.exists()
