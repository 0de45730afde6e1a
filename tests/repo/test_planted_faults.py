"""Faults that the checks are there for, planted one by one: each makes its check fail, and the check names it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from fusus_portal.demo.servers import places, servers
from tests.repo.copied import Copy

pytestmark = pytest.mark.long


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: `new` in place of `old` in a file; the tests that must fail, and what they must say."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    says: tuple[str, ...]


FAULTS = {
    "a URL without an access mark": Fault(
        file="fusus_portal/site/urls.py",
        old="urlpatterns = [\n",
        new='urlpatterns = [\n    path("unguarded/", lambda request: None, name="unguarded"),\n',
        tests=("tests/access/test_url_walk.py::test_each_address_has_one_mark",),
        says=("unguarded",),
    ),
    "an event without a sentence": Fault(
        file="audit/log/events.py",
        old='    LOG_OPENED = "audit:log:open",',
        new='    LOG_BURNED = "audit:log:burn"\n    LOG_OPENED = "audit:log:open",',
        tests=("tests/audit/log/test_record.py::test_every_event_has_its_sentence_and_an_area",),
        says=("audit:log:burn",),
    ),
    "a transition without a test": Fault(
        file="registry/incidents/states.py",
        old="    start=[IncidentState.OPEN],\n    transitions={\n",
        new=(
            "    start=[IncidentState.OPEN],\n    transitions={\n"
            "        (IncidentState.OPEN, IncidentState.OPEN): "
            "Rule(Event.INCIDENT_OPENED, Permission.OPEN_INCIDENT),\n"
        ),
        tests=("tests/lifecycle/test_every_transition.py::test_no_driver_takes_a_step_that_is_in_no_table",),
        says=("('incident', 'open', 'open', Role.DEPUTY)",),
    ),
    "a transition that the page of states does not show": Fault(
        file="registry/canvasses/states.py",
        old="        (CanvassState.DRAFT, CanvassState.WAITING):",
        new="        (CanvassState.WAITING, CanvassState.DENIED):",
        tests=("tests/lifecycle/test_states_document.py::test_the_committed_page_is_what_the_tables_say",),
        says=("docs/states.md differs",),
    ),
    "a promise without a control": Fault(
        file="fusus_portal/promises/registry.py",
        old="        kept_by=(",
        new="        kept_by=() and (",
        tests=("tests/repo/test_promises.py", "-k", "R1"),
        says=("[R1]", "nothing keeps it"),
    ),
    "a service that is in no table": Fault(
        file="registry/places/services/cameras.py",
        old="def remove(",
        new="def repaint(*, camera: Camera, by: User) -> None:\n    camera.save()\n\n\ndef remove(",
        tests=("tests/audit/test_every_service.py::test_every_act_is_in_the_table",),
        says=("services without a row: ['registry.places.services.cameras.repaint']",),
    ),
    "a service without its audit entry": Fault(
        file="registry/places/services/cameras.py",
        old="        record_many(event=Event.CAMERA_REMOVED,",
        new="        dict(event=Event.CAMERA_REMOVED,",
        tests=("tests/audit/test_every_service.py", "-k", "cameras.remove"),
        says=("DID NOT RAISE",),
    ),
    "a service with the audit entry of another": Fault(
        file="registry/places/services/cameras.py",
        old="        record_many(event=Event.CAMERA_REMOVED,",
        new="        record_many(event=Event.CAMERA_PAUSED,",
        tests=("tests/audit/test_every_service.py", "-k", "cameras.remove"),
        says=("registry.places.services.cameras.remove leaves no entry",),
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Return a copy of the tree; its servers run until the last test."""
    copied = Copy(tmp_path_factory.mktemp("copy") / "portal")
    started = servers.start_for_tests(copied.root)
    yield copied
    started.leave()
    place = places.tests(copied.root)
    for directory in (place.base, place.postgres_sockets, place.valkey_sockets):
        shutil.rmtree(directory)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_makes_the_tests_fail_and_is_named(copy: Copy, fault: Fault) -> None:
    with copy.planted(fault.file, fault.old, fault.new):
        found = copy.test(*fault.tests)
    assert found.returncode == 1, found.stdout
    for text in fault.says:
        assert text in found.stdout


@pytest.mark.parametrize(
    ("file", "imported"),
    [
        ("audit/log/services.py", "registry.models"),
        ("registry/incidents/services/incidents.py", "registry.canvasses.services.requests"),
        ("registry/canvasses/presenters/console.py", "registry.canvasses.forms"),
        ("registry/places/views.py", "registry.people.locks"),
        ("registry/places/views.py", "registry.people.presenters.profile"),
        ("audit/log/services.py", "audit.ledger.receipts"),
        ("audit/ledger/services.py", "fusus_portal.ground.access.refusals"),
        ("audit/ledger/alarms.py", "audit.ledger.witnesses"),
        ("audit/console/presenters.py", "audit.console.forms"),
        ("shop/orders/services/orders.py", "shop.orders.presenters.money"),
        ("shop/orders/services/orders.py", "shop.payments.presenters"),
        ("shop/orders/services/orders.py", "shop.payments.services.refunds"),
        ("shop/orders/selectors/money.py", "shop.orders.services.invoices"),
        ("shop/parcels/presenters.py", "shop.parcels.forms"),
        ("shop/orders/views/orders.py", "shop.orders.locks"),
        ("shop/returns/selectors.py", "shop.payments.hooks"),
        ("shop/catalogue/views.py", "shop.parcels.views"),
        ("integration/live/presenters.py", "integration.live.forms"),
        ("integration/cores/services/cameras.py", "integration.live.services.views"),
        ("integration/critical/selectors.py", "integration.hooks"),
    ],
)
def test_an_import_against_the_layers_makes_the_check_fail_and_is_named(copy: Copy, file: str, imported: str) -> None:
    with copy.planted(file, "\nfrom ", f"\nimport {imported}\nfrom "):
        found = copy.lint_imports()
    assert found.returncode == 1, found.stdout
    importer = file.removesuffix(".py").replace("/", ".")
    # A long line is broken where the terminal ends.
    assert f"{importer} -> {imported}" in " ".join(found.stdout.split())
