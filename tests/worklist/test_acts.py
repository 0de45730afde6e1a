"""A row that counts names the oldest of its things and leads to it; other rows lead to the page of their own act."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.urls import reverse
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.services import role_changes
from fusus_portal.ground.pages import times
from fusus_portal.ground.worklist.selectors import waiting_for
from fusus_portal.ground.worklist.sources import WorkItem
from fusus_portal.oversight.review.models import ReviewExplanation, ReviewFinding
from registry.canvasses.services import approvals
from registry.imports.models import ImportBatch
from registry.imports.states import ImportState
from registry.incidents.models import Incident
from registry.incidents.services import incidents
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from tests.factories import canvass_at, incident_at, person
from tests.oversight.review.reviewing import card_about, drawn, finding_of, searches, wanted_explanation
from tests.people import sign_in
from tests.registry.imports.exports import proposed as proposed_copy
from tests.registry.imports.import_files import checked, line
from tests.registry.letters.post import printed
from tests.registry.other_counties.elsewhere import lead_at
from tests.shop.orders import orders
from tests.shop.parcels import parcels
from tests.shop.returns.returned import return_at

pytestmark = pytest.mark.django_db


class Expected(NamedTuple):
    """The act of a row. said: words of its thing, in the row and on the page that the act opens."""

    role: str
    tag: str
    label: str
    said: str
    url: str


def returns() -> Expected:
    first, _second = return_at("received"), return_at("received")
    return Expected("clerk", "To inspect", "Inspect", first.number, reverse("return_inspect", args=[first.pk]))


def services_alone() -> Expected:
    first, _second = orders.services_alone(), orders.services_alone()
    return Expected("clerk", "To do", "Open it", first.number, reverse("fulfilment_order", args=[first.number]))


def parcels_of_canceled_orders() -> Expected:
    bought = [parcels.bought(), parcels.bought()]
    first, _second = [parcels.labelled(parcels.packed(order)) for order in bought]
    for order in bought:
        orders.refunded(order.lines.get())
    return Expected("clerk", "Unpack", "Unpack", first.number, reverse("parcel", args=[first.pk]))


def leads() -> Expected:
    first, _second = lead_at(), lead_at()
    return Expected("administrator", "Outreach", "Open it", first.reference, reverse("lead", args=[first.pk]))


def stopped_imports() -> Expected:
    first, second = checked([line(1)]), checked([line(2)])
    ImportBatch.objects.filter(pk__in=[first.pk, second.pk]).update(state=ImportState.FAILED)
    return Expected("administrator", "Import", "See why", first.number, reverse("import_batch", args=[first.pk]))


def overdue_findings() -> Expected:
    searches(2)
    first, second = map(finding_of, drawn().cards.order_by("place"))
    today = timezone.localdate()
    for finding, days in ((first, 3), (second, 2)):
        ReviewFinding.objects.filter(pk=finding.pk).update(due_on=today - timedelta(days=days))
    return Expected("auditor", "Overdue", "Close it", "Random sample", reverse("review_finding", args=[first.pk]))


def explanations() -> Expected:
    searches(2)
    first, _second = map(wanted_explanation, drawn().cards.order_by("place"))
    return Expected("auditor", "Explain", "Explain", "Random sample", reverse("review_card", args=[first.card_id]))


def item_of(user: User, tag: str) -> WorkItem:
    [found] = [item for item in waiting_for(user) if item.tag == tag and not item.is_door]
    return found


@pytest.mark.parametrize(
    "make",
    [
        returns,
        services_alone,
        parcels_of_canceled_orders,
        leads,
        stopped_imports,
        overdue_findings,
        explanations,
    ],
)
def test_a_row_that_counts_names_the_oldest_and_leads_to_it(make: Callable[[], Expected]) -> None:
    expected = make()
    user = person(expected.role)
    item = item_of(user, expected.tag)
    assert item.number == 2
    assert item.where.startswith("The oldest: ")
    assert expected.said in item.where
    assert ", since " in item.where
    assert item.act is not None
    assert (item.act.label, item.act.url, item.act.is_link) == (expected.label, expected.url, True)
    assert expected.said in sign_in(user).get(item.act.url).content.decode()


def test_one_thing_alone_is_not_called_the_oldest() -> None:
    letter, _code = printed()
    assert letter.batch is not None
    item = item_of(person("clerk"), "Print")
    assert item.where == f"1 letter, since {times.day(letter.batch.made_at)}"
    assert item.act is not None
    assert item.act.url == reverse("letter_batches")


def test_returns_say_until_when_they_are_inspected_and_findings_since_when_they_are_late() -> None:
    returns()
    overdue_findings()
    received = item_of(person("clerk"), "To inspect")
    assert received.due is not None
    assert received.due > timezone.now() + timedelta(days=5)
    late = item_of(person("auditor"), "Overdue")
    assert late.due == times.end_of(timezone.localdate() - timedelta(days=3))


def test_a_card_in_which_an_auditor_took_part_is_for_others_to_explain(auditor: User) -> None:
    wanted_explanation(card_about(auditor))
    assert [item for item in waiting_for(auditor) if item.tag == "Explain"] == []
    assert item_of(person("auditor"), "Explain").number == 1
    assert ReviewExplanation.objects.count() == 1


class TestAPersonWithoutRoom:
    @pytest.fixture
    def own(self, deputy: User) -> list[Incident]:
        """Return as many unverified incidents of one person as the limits allow."""
        return [incident_at(verified=False, by=deputy) for _each in range(Limits.current().unverified_incidents_open)]

    def test_the_oldest_is_verified_beside_the_row(self, own: list[Incident], supervisor: User) -> None:
        item, call = item_of(supervisor, "Verify one"), reverse("incident_call", args=[own[0].pk])
        assert item.act is not None
        assert (item.url, item.act.url, item.is_call) == (call, call, True)
        assert item.where == f"The oldest: {own[0].number} · Burglary, since {times.day(own[0].opened_at)}"

    def test_never_one_that_the_reader_changed(self, own: list[Incident], supervisor: User) -> None:
        first = own[0]
        incidents.change(
            incident=first,
            by=supervisor,
            type=first.type,
            place="Kelly Ingram Park",
            point=first.point,
            starts_at=first.starts_at,
            ends_at=first.ends_at,
        )
        item = item_of(supervisor, "Verify one")
        assert item.act is not None
        assert item.act.url == reverse("incident_call", args=[own[1].pk])


def copy_of_the_registry() -> Expected:
    proposed_copy()
    return Expected("administrator", "To approve", "Decide", "Export the registry", reverse("registry_exports"))


def change_to_an_account() -> Expected:
    role_changes.propose(
        kind="disable",
        account=person("clerk"),
        reason="She works on the night shift now.",
        by=person("administrator"),
    )
    return Expected("administrator", "To approve", "Decide", "People and roles", reverse("people"))


def doubtful_return() -> Expected:
    back = return_at("requested")
    return Expected("clerk", "To check", "Check", back.number, reverse("return_case", args=[back.pk]))


def open_week() -> Expected:
    searches(1)
    drawn()
    return Expected("auditor", "Review", "Review", "Weekly review", reverse("review"))


@pytest.mark.parametrize("make", [copy_of_the_registry, change_to_an_account, doubtful_return, open_week])
def test_another_row_leads_to_the_page_of_its_act(make: Callable[[], Expected]) -> None:
    expected = make()
    user = person(expected.role)
    item = item_of(user, expected.tag)
    assert item.act is not None
    assert (item.act.label, item.act.url, item.act.is_link) == (expected.label, expected.url, True)
    assert expected.said in sign_in(user).get(item.act.url).content.decode()


def test_an_approved_canvass_is_sent_and_a_denied_one_has_no_act(deputy: User) -> None:
    approved, denied = canvass_at("waiting"), canvass_at("waiting")
    supervisor = person("supervisor")
    approvals.grant(canvass=approved, by=supervisor)
    approvals.deny(canvass=denied, by=supervisor, note="Draw it around the alley alone.")
    acts = {
        each.pk: next(item.act for item in waiting_for(each.created_by) if item.of == each.incident)
        for each in (approved, denied)
    }
    sends = acts[approved.pk]
    assert sends is not None
    assert (sends.label, sends.url) == ("Send", reverse("canvass", args=[approved.pk]))
    assert acts[denied.pk] is None


def test_a_closing_is_taken_back_by_one_press_and_only_by_those_on_the_incident(deputy: User) -> None:
    incident = incident_at(by=deputy)
    incidents.close(incident=incident, by=deputy)
    act = item_of(deputy, "Closed").act
    assert act is not None
    assert (act.label, act.is_link) == ("Take it back", False)
    assert sign_in(person("deputy")).post(act.url).status_code == 404
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED
    assert sign_in(deputy).post(act.url)["Location"] == reverse("incident", args=[incident.pk])
    incident.refresh_from_db()
    assert incident.state == IncidentState.OPEN
