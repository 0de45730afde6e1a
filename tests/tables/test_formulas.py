"""No cell of any table that the portal hands out is run by a spreadsheet, whatever people typed.

Each address that answers with a CSV or a ZIP has a row in `TABLES`; one without fails, and so does a module that writes
a CSV past `fusus_portal.ground.tables`.
"""

import csv
import inspect
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.actors import Source, acting_from
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.tables import as_csv
from registry.imports.models import ImportBatch
from registry.incidents.models import IncidentType
from registry.other_counties.models import CountyAgency
from registry.places.models import Camera, Premises
from registry.registrants.models import Registrant
from shop.payments.models import Refund
from tests.access.addresses import addresses
from tests.factories import person, registrant_at, request_at
from tests.people import sign_in
from tests.registry.imports.exports import files_of, ready
from tests.registry.imports.import_files import checked, line
from tests.repo.sources import PACKAGES, ROOT, python_files
from tests.shop.orders import orders

pytestmark = pytest.mark.django_db

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""By what a spreadsheet knows a formula (OWASP, CSV injection); the last ones where people write in full width."""

COMMAND = "cmd|' /C calc'!A0"
FILES = ("text/csv", "application/zip")
WRITERS = ("csv.writer(", "csv.DictWriter(")


def texts() -> Iterator[str]:
    """Yield a formula of each kind, over and over."""
    while True:
        yield from (f"{begin}{COMMAND}" for begin in BEGINNINGS)


def planted() -> Registrant:
    """Return an owner all of whose texts are formulas, who was asked for footage."""
    registrant = registrant_at(cameras=3)
    request_at("sent", registrant=registrant)
    formula = texts()
    for model, names in (
        (Registrant, ("name", "contact_person", "hours")),
        (Premises, ("name", "street", "city")),
        (Camera, ("name", "make", "covers")),
    ):
        for row in model._default_manager.all():
            model._default_manager.filter(pk=row.pk).update(**{name: next(formula) for name in names})
    IncidentType.objects.update(name=next(formula), name_es=next(formula))
    return Registrant.objects.get(pk=registrant.pk)


def posted(browser: Client, name: str, *, query: str = "", **fields: str) -> bytes:
    answer = browser.post(f"{reverse(name)}{query}", fields)
    assert answer.status_code == 200
    return answer.getvalue()


def looks() -> bytes:
    return posted(sign_in(planted().user), "looks_copy")


def own_data() -> bytes:
    return posted(sign_in(planted().user), "export_data")


def registry() -> bytes:
    planted()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files_of(ready()).items():
            archive.writestr(name, content)
    return packed.getvalue()


def agencies() -> bytes:
    CountyAgency.objects.create(county_fips="01117", name=f"={COMMAND}", phone="+1 205 555 0117", email="a@s.example")
    return posted(sign_in(person("administrator")), "county_agencies_export")


def faults() -> bytes:
    batch = checked([line(1, email="nobody@")])
    header = [f"={COMMAND}" if name == "email" else name for name in batch.header]
    ImportBatch.objects.filter(pk=batch.pk).update(header=header)
    return sign_in(person("administrator")).get(reverse("import_faults", args=[batch.pk])).getvalue()


def books() -> bytes:
    gateway = orders.gateway()
    refund = orders.refund_at("succeeded")
    Refund.objects.filter(pk=refund.pk).update(check_number=f"={COMMAND}")
    assert gateway
    today = timezone.localdate(refund.requested_at)
    return posted(sign_in(person("clerk")), "books_file", first=f"{today}", last=f"{today}")


def entries() -> bytes:
    registrant = planted()
    formula = texts()
    for _each in BEGINNINGS:
        with acting_from(Source("203.0.113.9", next(formula))):
            record(
                event=Event.REGISTRANT_CHANGED,
                actor=registrant.user.actor,
                subject=registrant.subject,
                reason=next(formula),
            )
    return posted(sign_in(person("auditor")), "audit_take", query="?event=registry:registrant:change", form="csv")


def figures() -> bytes:
    return Client().get(reverse("figures_csv")).getvalue()


TABLES: dict[str, tuple[Callable[[], bytes], bool]] = {
    "audit_take": (entries, True),
    "books_file": (books, True),
    "county_agencies_export": (agencies, True),
    "export_data": (own_data, True),
    "export_take": (registry, True),
    "figures_csv": (figures, False),  # numbers, days and keys of closed lists
    "import_faults": (faults, True),
    "looks_copy": (looks, True),
}
"""By address: how its table is made, full of formulas, and whether people typed something that is in it."""

NO_TABLE = {
    "audit.console.copies": "is in audit_take",
    "fusus_portal.ground.streets.contents": "is a file of the command, of whoever runs it; its cells are made harmless",
    "fusus_portal.ground.tables": "is what makes cells harmless",
}


def tables_in(content: bytes) -> Iterator[list[list[str]]]:
    """Yield each CSV of an answer as cells, as a spreadsheet reads them."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [archive.read(name) for name in archive.namelist() if name.endswith(".csv")]
    else:
        found = [content]
    for each in found:
        yield list(csv.reader(io.StringIO(each.decode("utf-8-sig"), newline="")))


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_cell_is_a_formula(name: str) -> None:
    make, is_typed = TABLES[name]
    cells = [cell for table in tables_in(make()) for row in table for cell in row]
    assert [cell for cell in cells if cell.startswith(BEGINNINGS) and not is_number(cell)] == []
    assert bool([cell for cell in cells if cell.startswith("'") and COMMAND in cell]) is is_typed


def test_each_address_that_hands_out_a_table_is_here() -> None:
    assert {address.name for address in addresses() if answers_with_table(address.view)} == set(TABLES)


def test_each_module_that_writes_a_table_makes_its_cells_harmless() -> None:
    written = {module_of(path): path.read_text(encoding="utf-8") for path in python_files(*PACKAGES)}
    writers = {name: text for name, text in written.items() if has(text, WRITERS) and "fusus_portal.demo" not in name}
    assert set(writers) == set(NO_TABLE)
    assert [name for name, text in writers.items() if "harmless" not in text] == []


@pytest.mark.parametrize("begin", BEGINNINGS)
def test_a_cell_that_begins_like_a_formula_is_a_text(begin: str) -> None:
    [_head, [cell]] = list(csv.reader(io.StringIO(as_csv([{"name": f"{begin}{COMMAND}"}]), newline="")))
    assert cell == f"'{begin}{COMMAND}"


def answers_with_table(view: Callable[..., Any]) -> bool:
    return has(inspect.getsource(inspect.unwrap(view)), FILES)


def has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
