from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Document
from fusus_portal.ground.agency.policies import newer
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.lifecycle import Stale
from registry.people import locks
from registry.people.models import Agreement, Registrant


def agree(*, registrant: Registrant, by: User, documents: Collection[UUID]) -> None:
    """Record a person's consent to the versions in force. Doing it twice has one effect.

    documents: ids of the versions that the person was shown. Raises NotYours for another's registration, Stale when a
    newer version came in between.
    """
    with transaction.atomic():
        locked = locks.own_registrant(registrant.pk, by=by)
        current = {document.pk: document for document in in_force()}
        if not documents or set(documents) - current.keys():
            raise Stale(newer(), subject=locked.subject)
        known = set(Agreement.objects.filter(registrant=locked).values_list("document_id", flat=True))
        new = [current[pk] for pk in current if pk in documents and pk not in known]
        if new:
            write(registrant=locked, documents=new)
            record(event=Event.REGISTRANT_AGREED, actor=by.actor, subject=locked.subject, facts=facts_of(new))


def write_in_force(*, registrant: Registrant, documents: Collection[UUID] | None) -> dict[str, int | str]:
    """Write the consent given at registering; return it as facts of the entry.

    documents: None if the person was asked nothing. Raises Stale when others than those in force were shown.
    """
    if documents is None:
        return {}
    current = in_force()
    if set(documents) != {document.pk for document in current}:
        raise Stale(newer())
    write(registrant=registrant, documents=current)
    return facts_of(current)


def write(*, registrant: Registrant, documents: Collection[Document]) -> None:
    Agreement.objects.bulk_create(Agreement(registrant=registrant, document=document) for document in documents)


def facts_of(documents: Collection[Document]) -> dict[str, int | str]:
    return {document.kind: document.number for document in documents}
