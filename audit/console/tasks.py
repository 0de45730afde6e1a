"""Tasks of the auditors' pages. Only workers import this: making a print loads the libraries for PDFs."""

import secrets
from functools import partial
from uuid import UUID

from celery import shared_task
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from audit.console import paper, services
from audit.console.models import LogPrint


@shared_task(name=services.MAKER)
def make_print(pk: str) -> bool:
    """Make a print that waits; return True if this call made it. A second call meanwhile does nothing."""
    begun = _begin_print(UUID(pk))
    if begun is None:
        return False
    key = services.print_storage().save(secrets.token_hex(16), ContentFile(paper.drawn(begun)))
    with transaction.atomic():
        waits = LogPrint.objects.filter(pk=begun.pk, made_at__isnull=True, failed_at__isnull=True)
        made = waits.update(key=key, made_at=timezone.now())
        if not made:
            transaction.on_commit(partial(services.print_storage().delete, key))
    return bool(made)


def _begin_print(pk: UUID) -> LogPrint | None:
    with transaction.atomic():
        locked = LogPrint.objects.select_for_update(skip_locked=True).filter(pk=pk, begun_at__isnull=True).first()
        if locked is not None:
            locked.begun_at = timezone.now()
            locked.save()
    return locked


@shared_task(name=services.SWEEPER)
def sweep_prints() -> int:
    return services.sweep_prints()


@shared_task(name=services.MAILER)
def mail_searches() -> int:
    return services.mail_due_searches()
