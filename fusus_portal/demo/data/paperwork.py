"""Work that administrators began: an import of a former registry, a copy to approve, a changed address."""

from pathlib import Path

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency
from registry.imports.models import RegistryExport
from registry.imports.parser.columns import guess_columns
from registry.imports.services import exports, imports

FORMER_REGISTRY = Path(__file__).with_name("former_registry.csv")


def begin(*, administrator: User) -> None:
    if RegistryExport.objects.exists():
        return
    exports.propose(reason="The yearly review by the county commission", by=administrator)
    batch = imports.upload(content=FORMER_REGISTRY.read_bytes(), encoding="utf-8", by=administrator)
    imports.check(batch=batch, columns=guess_columns(batch.header), points="rooftop", by=administrator)
    row = Agency.objects.get()
    agency.change_agency(
        by=administrator,
        revision=row.revision,
        name_es="la Oficina del Sheriff del Condado de Jefferson",
        email="cameras@demo.example",
        payee="Jefferson County Treasurer",
        check_address="716 Richard Arrington Jr Blvd N, Birmingham, AL 35203",
        return_address="2200 8th Avenue N, Birmingham, AL 35203",
    )
