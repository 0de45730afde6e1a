"""Texts of the annual report, and its releases: a version never changes, and its PDF's hash is in the entry."""

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
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.annual import policies, selectors
from fusus_portal.oversight.annual.definitions import Part
from fusus_portal.oversight.annual.models import AnnualPaper, AnnualReport, AnnualText


def write_text(*, year: int, part: Part, by: User, text: str, revision: int) -> AnnualText:
    """Save the text of a part as a draft. revision: of the text that the person has read, 0 before the first.

    Raises Refused, NotYours if the year can have no report, ValidationError on "text", also if somebody else has
    written there meanwhile.
    """
    policies.may_write(by)
    selectors.public_figures(year)
    plain = policies.check_text(part, text)
    with transaction.atomic():
        row = _locked_text(year, part.key, by)
        if plain == row.text:
            return row
        if row.revision != revision:
            sentence = _("%(person)s changed this part since you opened it. Their text is below; yours is not saved.")
            raise ValidationError({"text": sentence % {"person": row.written_by.pseudonym}})
        row.text, row.revision, row.written_by, row.written_at = plain, revision + 1, by, timezone.now()
        row.save(update_fields=["text", "revision", "written_by", "written_at"])
        facts: dict[str, int | str] = {"year": year, "part": part.key, "revision": row.revision}
        record(event=Event.ANNUAL_TEXT_WRITTEN, actor=by.actor, subject=row.subject, facts=facts)
    return row


def release_report(*, year: int, by: User, seen: str, reason: str = "", is_named: bool = False) -> AnnualReport:
    """Release a version of a report. seen: mark of the draft that the person has read. reason: why it corrects another.

    is_named: the public reads the person's name beside the role. Raises Refused, NotYours if the year can have no
    report, Stale while the log is in doubt, ValidationError on "reason", or on no field: a part is missing, nothing
    differs, or somebody changed the draft meanwhile.
    """
    policies.may_write(by)
    shown = selectors.public_figures(year)
    policies.must_be_trusted(shown)
    with transaction.atomic():
        texts, last = _locked_texts(year), selectors.versions_of_year(year).first()
        content = selectors.numbers_of_year(year, shown)
        number = last.number + 1 if last else 1
        plain = policies.check_reason(reason, number=number)
        policies.check_complete(texts)
        policies.check_differs(content, texts, last)
        if mark_of_draft(content, texts, number) != seen:
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


def mark_of_draft(content: Mapping[str, Any], texts: Mapping[str, str], number: int) -> str:
    """Return a hash that changes with the draft's texts and numbers; in a demo, whose numbers move, with texts only."""
    told = "" if content["is_demo"] else content
    return sha256(json.dumps([number, told, texts], sort_keys=True).encode()).hexdigest()


def _locked_text(year: int, part: str, by: User) -> AnnualText:
    """Return the locked row of a part's text; create it, empty, for the first person who writes this part."""
    AnnualText.objects.get_or_create(year=year, part=part, defaults={"written_by": by})
    rows = AnnualText.objects.select_for_update(of=("self",), no_key=True).select_related("written_by")
    return rows.get(year=year, part=part)


def _locked_texts(year: int) -> dict[str, str]:
    rows = AnnualText.objects.select_for_update(no_key=True).filter(year=year).order_by("part")
    return {row.part: row.text for row in rows if row.text}
