"""A portal from before the second sharing agreement: the words that were signed then, and the days that go by."""

from datetime import timedelta

from fusus_portal.ground.agency.models import Document
from integration.sharing.models import SharingAgreement
from tests.database.clone import Clone

SECOND = 2


def signed_under_the_first_words(agreement: SharingAgreement) -> SharingAgreement:
    """Make a signature one under the first version, which does not name broken glass."""
    agreement.document = Document.objects.get(kind="sharing", number=1)
    agreement.save(update_fields=["document"])
    return agreement


def before_anybody_was_told(clone: Clone) -> None:
    """Take back that the second versions hold, as it is where somebody registered before they came."""
    _open(clone, f"DELETE FROM agency_announcement WHERE number = {SECOND}")


def before_there_was_a_second(clone: Clone) -> None:
    """Take the second agreement away, too."""
    before_anybody_was_told(clone)
    _open(clone, f"DELETE FROM agency_document WHERE number = {SECOND}", table="agency_document")


def days_go_by(clone: Clone, span: timedelta) -> None:
    """Let so much time pass since everything was announced."""
    earlier = f"interval '{span.total_seconds()} seconds'"
    _open(
        clone,
        f"UPDATE agency_announcement SET announced_at = announced_at - {earlier}, holds_from = holds_from - {earlier}",
    )


def _open(clone: Clone, statement: str, *, table: str = "agency_announcement") -> None:
    with clone.connect() as superuser:
        superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        superuser.execute(statement.encode())
        superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
