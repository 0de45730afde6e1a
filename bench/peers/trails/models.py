"""One table for each way, all of the same shape: what is changed, and what each way keeps a trail of."""

import pghistory
from auditlog.registry import auditlog
from django.db import models
from simple_history.models import HistoricalRecords


class Act(models.Model):
    """Somebody did something to a camera."""

    deputy = models.CharField(max_length=64)
    camera = models.CharField(max_length=64)
    incident = models.CharField(max_length=64)
    offence = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.camera


class ByNobody(Act):
    """The act alone."""


class ByTheLedger(Act):
    """With an entry by `audit.log.services.record`."""


class BySimpleHistory(Act):
    """django-simple-history."""

    history = HistoricalRecords()


class ByAuditlog(Act):
    """django-auditlog."""


class ByEasyAudit(Act):
    """django-easy-audit."""


@pghistory.track(pghistory.InsertEvent())
class ByPghistory(Act):
    """django-pghistory: a trigger of the database."""


auditlog.register(ByAuditlog)
