"""Releases of the annual report: a version that never changes, with its PDF, whose hash is in the entry."""

import json
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.models import AuditEntry
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual import locks, policies
from fusus_portal.oversight.annual.models import AnnualPaper, AnnualReport
from fusus_portal.oversight.annual.selectors import numbers, reports


def release(*, year: int, by: User, seen: str, reason: str = "", is_named: bool = False) -> AnnualReport:
    """Release a version. seen: mark of the draft that the person has read. reason: of a correction, public.

    is_named: the public reads the person's name beside the role. Raises Refused, NotYours if the year can have no
    report, Stale while the log is in doubt, ValidationError on "reason", or on no field: a part is missing, nothing
    differs, or somebody changed the draft meanwhile.
    """
    policies.may_write(by)
    shown = numbers.public_figures(year)
    policies.must_be_trusted(shown)
    with transaction.atomic():
        texts, last = locks.texts(year), reports.versions(year).first()
        content = numbers.of_year(year, shown)
        number = last.number + 1 if last else 1
        plain = policies.check_reason(reason, number=number)
        policies.check_complete(texts)
        policies.check_differs(content, texts, last)
        if mark(content, texts, number) != seen:
            raise ValidationError(_("The report changed since you opened this page. Read it again, then release it."))
        report = AnnualReport(
            year=year,
            number=number,
            content=content,
            texts=texts,
            reason=plain,
            shown_as=by.name if is_named else "",
            role=by.role,
            released_by=by,
            released_at=timezone.now(),
        )
        pdf = import_module("fusus_portal.oversight.annual.paper").drawn(report)
        report.paper_hash = sha256(pdf).hexdigest()
        report.save(force_insert=True)
        AnnualPaper(report=report, content=pdf).save(force_insert=True)
        facts: dict[str, int | str] = {"year": year, "version": number, "sha256": report.paper_hash}
        record(event=Event.ANNUAL_RELEASED, actor=by.actor, subject=report.subject, reason=plain, facts=facts)
    return report


def mark(content: Mapping[str, Any], texts: Mapping[str, str], number: int) -> str:
    """Return the mark of a draft: it changes with texts and numbers (texts only in a demo, whose numbers move)."""
    told = "" if content["is_demo"] else content
    return sha256(json.dumps([number, told, texts], sort_keys=True).encode()).hexdigest()


def entry_of(report: AnnualReport) -> int | None:
    subject = report.subject
    rows = AuditEntry.objects.filter(
        subject_kind=subject.kind, subject_id=subject.id, event=Event.ANNUAL_RELEASED.value, outcome="done"
    )
    return rows.values_list("id", flat=True).first()
