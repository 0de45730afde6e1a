from uuid import UUID

from celery import shared_task

from fusus_portal.ground.notifications.publishing import broker
from registry.imports import selectors
from registry.imports.services import exports, imports, people


@shared_task(name=imports.WORKER)
def work_on_import(batch: str) -> bool:
    return imports.work(pk=UUID(batch))


@shared_task(name=exports.MAKER)
def make_export(export: str) -> bool:
    return exports.make(pk=UUID(export))


@shared_task(name=imports.SWEEPER)
def take_up_imports() -> int:
    copies = [broker.offer(pk, task=exports.MAKER) for pk in selectors.unfinished_exports()]
    return imports.take_up() + sum(copies)


write_to_imported = shared_task(name=people.POSTMAN)(people.write_due)


@shared_task(name=people.FORGETTER)
def forget_invitations() -> dict[str, int]:
    return {
        "invitations": people.forget_old(),
        "files": imports.discard_old(),
        "exports": exports.expire_due(),
    }


@shared_task(name=selectors.COUNTER)
def count() -> int:
    return len(selectors.count_registry()["lines"])
