"""What the worker does for imports and copies of the registry."""

from uuid import UUID

from celery import shared_task

from fusus_portal.ground.notifications.publishing import broker
from registry.imports import selectors
from registry.imports.services import cleanup, exports, imports, people, worker


@shared_task(name=imports.WORKER)
def work_on_import(batch: str) -> bool:
    """Bring an import as far as it goes."""
    return worker.work(pk=UUID(batch))


@shared_task(name=worker.SWEEPER)
def take_up_imports() -> int:
    """Take up imports and copies of the registry whose worker is gone."""
    copies = [broker.offer(pk, task=exports.MAKER) for pk in selectors.unfinished_exports()]
    return worker.take_up() + sum(copies)


@shared_task(name=people.POSTMAN)
def write_to_imported() -> int:
    """Write to the next people of an import."""
    return people.write_due()


@shared_task(name=people.FORGETTER)
def forget_invitations() -> dict[str, int]:
    """Delete what nobody took up: invitations, files that wait, copies of the registry."""
    return {
        "invitations": people.forget_old(),
        "files": cleanup.discard_old(),
        "exports": exports.expire_due(),
    }


@shared_task(name=selectors.COUNTER)
def count() -> int:
    """Count registrations, cameras and invitations by ZIP code, for the page that shows them."""
    return len(selectors.count_registry().lines)
