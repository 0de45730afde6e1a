"""The box of the console: a number leads to what a person may open, and tells nothing of anything else."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.events import Event
from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.numbers import VIEW, number_of
from registry.incidents.services import incidents
from shop.orders.services import orders as order_services
from shop.returns.models import Return
from tests.factories import LINN_PARK, canvass_at, incident_at, person, registrant_at, request_at
from tests.integration.cores.devices import core_model, in_stock
from tests.integration.critical.scenes import scene
from tests.people import sign_in
from tests.registry.footage.footage import evidence_of
from tests.registry.imports.import_files import brought, line
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns import returned
from tests.shop.warranty import claimed
from tests.told import told

pytestmark = pytest.mark.django_db

NOTHING = "Nothing that you may open has this number"


def asks(client: Client, text: str) -> str:
    """Type into the box; return the path that it leads to, or the page that says why to none."""
    answer = client.get(reverse("lookup"), {"q": text})
    if answer.status_code == HTTPStatus.FOUND:
        return str(answer.headers["Location"])
    return answer.content.decode()


class TestDeputies:
    def test_an_incident_number_leads_to_the_incident(self, deputy: User, deputy_client: Client) -> None:
        incident = incident_at(by=deputy, number="2026-004711")
        for text in ("2026-004711", "2o26 oo47I1", "2026\u2013004711", " 2026004711 "):
            assert asks(deputy_client, text) == reverse("incident", args=[incident.pk])

    def test_a_request_leads_to_its_canvass_and_a_file_to_its_page(self, deputy: User, deputy_client: Client) -> None:
        request = request_at("footage", by=deputy)
        evidence = evidence_of(request)
        assert asks(deputy_client, request.number.lower()) == reverse("canvass", args=[request.canvass_id])
        assert asks(deputy_client, evidence.number) == reverse("evidence", args=[evidence.pk])

    @pytest.mark.parametrize("state", ["sent", "declined", "none", "withdrawn", "expired"])
    def test_whatever_its_owner_said_a_request_leads_to_its_canvass(
        self, deputy: User, deputy_client: Client, state: str
    ) -> None:
        request = request_at(state, by=deputy)
        assert asks(deputy_client, request.number) == reverse("canvass", args=[request.canvass_id])

    def test_a_view_leads_to_its_incident(self) -> None:
        there = scene()
        number = number_of(VIEW, there.view().pk)
        assert asks(sign_in(there.deputy), number) == reverse("incident", args=[there.incident.pk])

    def test_an_incident_of_before_the_format_is_found_as_it_is_written(
        self, deputy: User, deputy_client: Client
    ) -> None:
        incident = incident_at(by=deputy)
        type(incident).objects.filter(pk=incident.pk).update(number="B/77 41")
        assert asks(deputy_client, "b/77  41") == reverse("incident", args=[incident.pk])


class TestNobodyElses:
    """Numbers of a colleague's work and numbers that do not exist get the same page, by the same queries."""

    @pytest.fixture
    def numbers(self) -> dict[str, tuple[str, str]]:
        """Return a number of each kind that is another deputy's, and one of nothing."""
        request = request_at("footage")
        there = scene()
        return {
            "incident": (request.incident.number, "2026-999999"),
            "request": (request.number, "R-ZZZZZZZZ"),
            "evidence": (evidence_of(request).number, "E-ZZZZZZZZ"),
            "view": (number_of(VIEW, there.view().pk), "V-00000000"),
        }

    def test_they_are_the_same(
        self, deputy_client: Client, numbers: dict[str, tuple[str, str]], subtests: pytest.Subtests
    ) -> None:
        for kind, pair in numbers.items():
            with subtests.test(kind=kind):
                mine, nobodys = (
                    told(deputy_client, "get", reverse("lookup"), {"q": number}, apart=number) for number in pair
                )
                assert NOTHING in mine.text
                assert mine == nobodys

    def test_a_deputy_who_was_taken_off_finds_it_no_more(
        self, deputy: User, deputy_client: Client, supervisor: User
    ) -> None:
        incident = incident_at(by=deputy)
        incidents.unassign(incident=incident, user=deputy, by=supervisor)
        assert NOTHING in asks(deputy_client, incident.number)

    def test_a_supervisor_finds_every_incident(self, supervisor_client: Client) -> None:
        incident = incident_at()
        assert asks(supervisor_client, incident.number) == reverse("incident", args=[incident.pk])

    def test_neither_owners_nor_homes_nor_cameras_are_in_it(self, supervisor_client: Client) -> None:
        registrant = registrant_at(LINN_PARK)
        camera = registrant.premises.get().cameras.get()
        for text in (registrant.reference, registrant.user.email, registrant.name, number_of("C", camera.pk)):
            assert NOTHING in asks(supervisor_client, text)

    def test_nothing_of_the_shop_is_found_by_deputies(self, deputy_client: Client) -> None:
        parcel = parcels.labelled()
        for text in (parcel.number, parcel.order.number, parcels.TRACKING, in_stock().serial):
            assert NOTHING in asks(deputy_client, text)

    def test_nothing_of_incidents_is_found_by_clerks(self, clerk_client: Client) -> None:
        request = request_at("sent")
        for text in (request.number, request.incident.number):
            assert NOTHING in asks(clerk_client, text)


class TestClerks:
    """A scan leads to the page on which a clerk continues."""

    def test_an_order_leads_to_where_it_is_decided_packed_or_handed_over(self, clerk_client: Client) -> None:
        asked, bought, open_one, ready = (
            orders.submitted(),
            parcels.bought(),
            parcels.packed(),
            parcels.labelled(),
        )
        assert asks(clerk_client, asked.order.number) == reverse("purchase_order", args=[asked.pk])
        assert asks(clerk_client, bought.number) == reverse("fulfilment_order", args=[bought.number])
        assert asks(clerk_client, open_one.order.number) == reverse("parcel", args=[open_one.pk])
        assert asks(clerk_client, ready.order.number) == reverse("parcel_hand_over", args=[ready.pk])

    def test_a_parcel_leads_to_where_it_is_packed_or_handed_over(self, clerk_client: Client) -> None:
        open_one, ready = parcels.packed(), parcels.labelled()
        assert asks(clerk_client, open_one.number) == reverse("parcel", args=[open_one.pk])
        for text in (ready.number, f"]Q1{ready.number}", "9400 1118 9922 3344 5566 77", f"42035203{parcels.TRACKING}"):
            assert asks(clerk_client, text) == reverse("parcel_hand_over", args=[ready.pk])

    def test_a_parcel_of_a_canceled_order_leads_to_where_it_is_unpacked(self, clerk_client: Client) -> None:
        parcel = parcels.labelled()
        order_services.cancel(order=parcel.order, by=person("clerk"))
        assert asks(clerk_client, parcel.number) == reverse("parcel", args=[parcel.pk])

    def test_a_core_leads_to_the_parcel_that_it_is_in(self, clerk_client: Client) -> None:
        ready = parcels.labelled()
        core = ready.items.get().core
        assert core is not None
        assert asks(clerk_client, core.serial) == reverse("parcel_hand_over", args=[ready.pk])
        parcels.handed_over(ready)
        assert asks(clerk_client, core.serial) == reverse("core", args=[core.pk])

    def test_a_parcel_of_another_year_is_found_and_said_to_be_one(self, clerk_client: Client) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=800)):
            old = parcels.shipment_at("delivered")
            year = timezone.localdate().year
        said = f"It is of {year}: Delivered."
        page = clerk_client.get(reverse("lookup"), {"q": old.number}, follow=True).content.decode()
        assert f'<h1>Parcel <span class="nowrap">{old.number}</span>' in page
        assert f"{old.number}: {said}" in page
        new = parcels.labelled()
        both = asks(clerk_client, parcels.TRACKING)
        assert both.count("It is of") == 1
        assert both.index(new.number) < both.index(old.number) < both.index(said)

    def test_cores_by_their_serial_however_it_is_read(self, clerk_client: Client) -> None:
        core = in_stock(model=core_model())
        type(core).objects.filter(pk=core.pk).update(serial="CO-RE10-0L7")
        for text in ("CO-RE10-0L7", "core10ol7", "C0 RE1O-017"):
            assert asks(clerk_client, text) == reverse("core", args=[core.pk])

    @pytest.mark.parametrize(
        ("state", "name", "more"),
        [
            ("label_sent", "return_do", ["receive"]),
            ("received", "return_inspect", []),
            ("inspected", "return_press", ["accept"]),
            ("accepted", "return_case", []),
        ],
    )
    def test_a_return_and_its_label_lead_to_what_is_done_next(
        self, clerk_client: Client, state: str, name: str, more: list[str]
    ) -> None:
        back = returned.return_at(state)
        at = reverse(name, args=[back.pk, *more])
        assert asks(clerk_client, back.number) == at
        Return.objects.filter(pk=back.pk).update(carrier="fedex", tracking="986578788855")
        assert asks(clerk_client, "1001921334250001000300986578788855") == at
        is_waited_for = state != "accepted"
        assert asks(clerk_client, back.core.serial) == (at if is_waited_for else reverse("core", args=[back.core_id]))

    def test_a_claim_and_its_core_lead_to_the_claim_and_then_to_the_old_core(self, clerk_client: Client) -> None:
        claim = claimed.opened()
        for text in (claim.number, claim.core.serial):
            assert asks(clerk_client, text) == reverse("claim_case", args=[claim.pk])
        due = claimed.claim_at("old_unit_due")
        assert asks(clerk_client, due.core.serial) == reverse("claim_do", args=[due.pk, "receive"])

    def test_a_name_is_offered_to_the_list_of_orders(self, clerk_client: Client) -> None:
        order = parcels.bought()
        address = f"{reverse('fulfilment_orders')}?q={quote(order.party)}"
        assert address in asks(clerk_client, order.party)
        assert order.number in clerk_client.get(address).content.decode()

    def test_the_box_takes_the_focus_where_clerks_scan(self, clerk_client: Client, subtests: pytest.Subtests) -> None:
        for name in ("console", "fulfilment", "returns_board", "claims_board", "cores", "lookup"):
            with subtests.test(name=name):
                page = clerk_client.get(reverse(name), {"q": "P-ZZZZZZZZ"}).content.decode()
                box = page.split("data-find>")[0][-400:]
                assert "autofocus" in box
                assert 'value=""' in box

    def test_two_parcels_with_one_tracking_number_are_a_list(self, clerk_client: Client) -> None:
        one, other = parcels.labelled(), parcels.labelled()
        page = asks(clerk_client, parcels.TRACKING)
        assert "Several things have this number" in page
        assert all(reverse("parcel_hand_over", args=[each.pk]) in page and each.number in page for each in (one, other))

    def test_a_parcel_without_a_tracking_number_is_not_found_by_none(self, clerk_client: Client) -> None:
        parcels.packed()
        assert "Find by number" in asks(clerk_client, " - ")


def test_an_administrator_finds_an_import(administrator_client: Client) -> None:
    batch = brought([line()])
    assert asks(administrator_client, batch.number) == reverse("import_batch", args=[batch.pk])


@pytest.mark.parametrize("kind", ["incident", "request", "evidence", "order", "core"])
def test_an_auditor_searches_the_log_for_it(auditor_client: Client, kind: str) -> None:
    made: dict[str, Callable[[], str]] = {
        "incident": lambda: incident_at().number,
        "request": lambda: request_at("sent").number,
        "evidence": lambda: evidence_of(request_at("footage")).number,
        "order": lambda: parcels.bought().number,
        "core": lambda: in_stock().serial,
    }
    number = made[kind]()
    assert asks(auditor_client, number.lower()) == f"{reverse('audit')}?word={number}"


def test_whatever_is_typed_the_answer_is_clear(supervisor_client: Client, subtests: pytest.Subtests) -> None:
    canvass_at("sent")
    for text, heading in (
        ("", "Find by number"),
        ("   ", "Find by number"),
        ("nonsense", NOTHING),
        ("%", NOTHING),
        ("R-ZZZZZZZZ", NOTHING),
        ("7" * 300, "That is longer than any number here"),
        ("<script>alert(1)</script>", NOTHING),
        ("' OR 1=1 --", NOTHING),
        ("\u202e\u200b", NOTHING),
    ):
        with subtests.test(text=text):
            page = asks(supervisor_client, text)
            assert f"<h1>{heading}</h1>" in page
            assert "<script>alert" not in page
            assert reverse("console") in page


def test_a_number_that_was_found_is_no_entry_and_its_page_is_one(deputy: User, deputy_client: Client) -> None:
    incident = incident_at(by=deputy)
    before = AuditEntry.objects.count()
    path = asks(deputy_client, incident.number)
    assert AuditEntry.objects.count() == before
    deputy_client.get(path)
    assert AuditEntry.objects.latest("id").event == Event.INCIDENT_VIEWED
