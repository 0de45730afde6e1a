"""Makes prints. Only workers import this: it loads the libraries that set type."""

import secrets
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from audit.console.copies import paper
from audit.console.models import LogPrint
from audit.console.services import prints


def make(*, pk: UUID) -> bool:
    """Make a print that waits; return True if this call made it. A second call meanwhile does nothing."""
    begun = _begin(pk)
    if begun is None:
        return False
    key = prints.storage().save(secrets.token_hex(16), ContentFile(paper.drawn(begun)))
    with transaction.atomic():
        waits = LogPrint.objects.filter(pk=pk, made_at__isnull=True, failed_at__isnull=True)
        made = waits.update(key=key, made_at=timezone.now())
        if not made:
            transaction.on_commit(partial(prints.storage().delete, key))
    return bool(made)


def _begin(pk: UUID) -> LogPrint | None:
    with transaction.atomic():
        locked = LogPrint.objects.select_for_update(skip_locked=True).filter(pk=pk, begun_at__isnull=True).first()
        if locked is not None:
            locked.begun_at = timezone.now()
            locked.save()
    return locked
